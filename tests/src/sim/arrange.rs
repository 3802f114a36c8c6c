//! What administrators do, and what befalls phones as such: reassigning, revoking, enrolling anew, new
//! customers and payments; clones, backups, wrong clocks, dead zones.

use super::{
    faults::Fault,
    network::{Event, errors},
    office::PHONES,
    people::{START, sum, uuid},
    phone::Phone,
    run::Run,
};
use crate::fault_vfs::{Crash, Disk, Faults};
use app::replica::api::Request;
use shared::{
    day::{Day, Timestamp},
    ids::{PaymentId, PersonId},
    invoice::Payment,
    people::Role,
};

impl Run {
    /// Something an administrator does.
    pub(super) fn arrange(&mut self) {
        self.run_office();
        match self.dice.between(0, 99) {
            0..35 => self.reassign(),
            35..45 => self.move_territory(),
            45..52 => self.change_leader(),
            52..60 => self.revoke(),
            60..68 => {
                let people = self.people.people.clone();
                let person = self.dice.pick(&people).clone();
                self.set_active(person.id, !person.active);
            }
            68..75 => {
                let reps = self.people.of_role(Role::Rep);
                let rep = *self.dice.pick(&reps);
                let site = self.site.borrow();
                self.people
                    .new_customer(&mut self.dice, &site, &mut self.auditor, rep);
            }
            75..85 => {
                let customer = self.dice.pick(&self.people.customers).id;
                let site = self.site.borrow();
                self.people
                    .new_invoice(&mut self.dice, &site, &mut self.auditor, customer);
            }
            _ => self.book_payment(),
        }
        self.look_at_server();
        self.tell_channels();
    }

    fn reassign(&mut self) {
        let reps = self.people.of_role(Role::Rep);
        let mut customer = self.dice.pick(&self.people.customers).clone();
        customer.rep = match self.dice.between(0, 9) {
            0 => None,
            _ => Some(*self.dice.pick(&reps)),
        };
        self.tell(|| {
            format!(
                "{} is now with {:?} in {}",
                customer.id, customer.rep, customer.territory
            )
        });
        let site = self.site.borrow();
        self.people
            .put_customer(&site, &mut self.auditor, &customer);
    }

    fn move_territory(&mut self) {
        let mut customer = self.dice.pick(&self.people.customers).clone();
        customer.territory = self.dice.pick(&self.people.territories).id;
        self.tell(|| {
            format!(
                "{} is now with {:?} in {}",
                customer.id, customer.rep, customer.territory
            )
        });
        let site = self.site.borrow();
        self.people
            .put_customer(&site, &mut self.auditor, &customer);
    }

    fn change_leader(&mut self) {
        let leaders = self.people.of_role(Role::Supervisor);
        let mut territory = self.dice.pick(&self.people.territories).clone();
        territory.supervisor = match self.dice.between(0, 9) {
            0 => None,
            _ => Some(*self.dice.pick(&leaders)),
        };
        let site = self.site.borrow();
        self.people
            .put_territory(&site, &mut self.auditor, &territory);
    }

    /// Revokes one device of somebody, and gives its owner a new sign-in some of the time.
    fn revoke(&mut self) {
        let number = self.dice.draw() as usize % self.phones.len();
        let Some(device) = self.device_of(number) else {
            return;
        };
        let site = self.site.clone();
        self.people.revoke(&site.borrow(), device);
        let person = self.phones[number].person;
        let is_active = self
            .people
            .people
            .iter()
            .any(|p| p.id == person && p.active);
        let may_return = is_active && !self.phones[number].is_shut_out;
        if may_return && self.phones[number].online.get() && self.dice.between(0, 1) == 0 {
            self.enrol(number);
        }
    }

    /// Disables or enables a person.
    pub(super) fn set_active(&mut self, id: PersonId, active: bool) {
        let found = self.people.people.iter().find(|p| p.id == id).cloned();
        if let Some(mut person) = found {
            person.active = active;
            let site = self.site.borrow();
            self.people.put_person(&site, &mut self.auditor, &person);
        }
    }

    fn book_payment(&mut self) {
        self.marks += 1;
        let customer = self.dice.pick(&self.people.customers).id;
        let payment = Payment {
            id: PaymentId(uuid(&mut self.dice)),
            customer,
            number: format!("SK-{}", self.marks),
            day: Day::of(Timestamp(START), 480),
            amount: sum(&mut self.dice),
            invoice: None,
        };
        let site = self.site.borrow();
        self.people.put_payment(&site, &mut self.auditor, &payment);
    }

    /// Something befalls a phone.
    pub(super) fn befall(&mut self, number: usize) {
        if self.dice.between(0, 3) == 0 {
            self.back_up(number);
        }
        if self.phones[number].is_gone {
            return;
        }
        if self.strikes(Fault::PhoneGone) && self.phones.len() < PHONES {
            return self.lose_phone(number);
        }
        if self.strikes(Fault::AppUpgraded) {
            self.upgrade_app(number);
        }
        if self.strikes(Fault::PhoneRolledBack) && self.backups.contains_key(&number) {
            self.roll_back(number);
        }
        if self.strikes(Fault::PhoneCloned) && self.phones.len() < PHONES {
            self.clone_phone(number);
        }
        self.spoil_disk(number);
        let minutes = self.dice.between(-50, 50);
        let clocks = [
            (Fault::ClockMinutes, minutes * 60_000),
            (Fault::ClockDays, minutes * 12 * 3_600_000),
            (Fault::ClockBackwards, -minutes.abs() * 600_000),
            (Fault::TimeZone, (minutes / 5) * 3_600_000),
        ];
        for (fault, ms) in clocks {
            if self.strikes(fault) {
                self.phones[number].ahead_ms.set(ms);
                self.due(number, fault);
            }
        }
    }

    /// The fault counts with the phone's next sync that carries data.
    pub(super) fn due(&mut self, number: usize, fault: Fault) {
        self.due_faults.entry(number).or_default().insert(fault);
    }

    fn back_up(&mut self, number: usize) {
        let snapshot = self.phones[number].disk.snapshot();
        self.tell(|| format!("phone {number} is backed up"));
        self.backups.insert(number, snapshot);
        self.auditor.backed_up(number);
    }

    fn roll_back(&mut self, number: usize) {
        let Some(snapshot) = self.backups.get(&number).cloned() else {
            return;
        };
        self.tell(|| format!("phone {number} is set back to a backup"));
        self.phones[number].crash(Crash::Kill);
        self.phones[number].disk.restore(&snapshot);
        self.auditor.rolled_back(number);
        self.due(number, Fault::PhoneRolledBack);
        self.open(number);
    }

    fn clone_phone(&mut self, from: usize) {
        let number = self.phones.len();
        let snapshot = self.phones[from].disk.snapshot();
        let disk = Disk::from_snapshot(self.dice.draw(), &snapshot);
        let person = self.phones[from].person;
        let mut twin = Phone::new(number, person, disk);
        twin.is_shut_out = self.phones[from].is_shut_out;
        self.tell(|| format!("phone {number} is a copy of phone {from}"));
        self.phones.push(twin);
        self.auditor.cloned(from, number);
        self.due(from, Fault::PhoneCloned);
        self.due(number, Fault::PhoneCloned);
        self.open(number);
    }

    /// A phone's disk fails for a while: no room, or errors.
    fn spoil_disk(&mut self, number: usize) {
        for fault in [Fault::PhoneDiskFull, Fault::PhoneDiskErrors] {
            if self.phones[number].is_open() && self.strikes(fault) {
                let step = self.dice.draw() % 20;
                let faults = match fault {
                    Fault::PhoneDiskFull => Faults {
                        room: Some(step * 1_000),
                        ..Faults::default()
                    },
                    _ => errors(step),
                };
                let before = self.failures(number);
                self.phones[number].disk.set_faults(faults);
                let pause = self.dice.between(5_000, 300_000);
                self.later(pause, Event::DiskMended(number, fault, before));
                return;
            }
        }
    }

    fn failures(&self, number: usize) -> u64 {
        let struck = self.phones[number].disk.struck();
        struck.disk_full + struck.short_writes + struck.failed_syncs
    }

    /// A phone's disk is in order again; what failed meanwhile counts with its next sync.
    pub(super) fn mend_disk(&mut self, number: usize, fault: Fault, before: u64) {
        if self.failures(number) > before {
            self.due(number, fault);
        }
        self.phones[number].disk.no_faults();
        if self.phones[number].is_open() {
            self.look_at_phone(number);
        }
    }

    /// The phone is in a dead zone for a while.
    pub(super) fn go_offline(&mut self, number: usize) {
        self.phones[number].online.set(false);
        if self.dice.between(0, 1) == 0 {
            self.ask(number, Request::Online(false));
        }
        let pause = self.dice.between(10_000, 7_200_000);
        self.later(pause, Event::Online(number));
    }

    /// It has a connection again.
    pub(super) fn back_online(&mut self, number: usize) {
        self.phones[number].online.set(true);
        if self.phones[number].is_open() {
            self.ask(number, Request::Online(true));
            self.run_phone(number);
        }
    }
}
