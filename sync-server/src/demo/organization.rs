//! The demo company's people, territories and customers.

use shared::{
    customer::{Contact, ContactRole, Customer, Settlement, Terms},
    day::Day,
    evidence::GeoPoint,
    ids::{CustomerId, PersonId, TerritoryId},
    money::Money,
    people::{Person, Role, Territory},
};

use super::{
    dice::Dice,
    shapes::{CUSTOMERS, INVOICES_PER_CUSTOMER, LATE_SHARE, TERMS},
    words::{self, DISTRICTS, District},
};
use crate::import::search_key;

/// Name of the demo company.
pub const COMPANY_NAME: &str = "城西贸易有限公司";
/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// Territory, its supervisor's place among the supervisors, and how many reps it has.
const TERRITORIES: &[(&str, usize, usize)] =
    &[("城西片区", 0, 3), ("城南片区", 0, 3), ("城东片区", 1, 2)];

/// Somebody of the company; reps have a territory.
#[derive(Clone, Debug)]
pub struct Member {
    /// The person.
    pub person: Person,
    /// Place of their territory, for reps.
    pub territory: Option<usize>,
}

/// A customer and what only the generator knows.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The customer row.
    pub customer: Customer,
    /// Place of the salesperson among the reps.
    pub rep: usize,
    /// Where the shop really stands.
    pub place: GeoPoint,
    /// Share of invoices paid late, per mille.
    pub late_share: u32,
    /// Relative number of invoices.
    pub weight: u64,
}

/// Who there is.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Territories.
    pub territories: Vec<Territory>,
    /// Supervisors.
    pub supervisors: Vec<Member>,
    /// Reps.
    pub reps: Vec<Member>,
    /// The finance clerk and the administrator.
    pub office: Vec<Member>,
    /// Customers.
    pub shops: Vec<Shop>,
}

/// A person's name.
pub fn person_name(dice: &mut Dice) -> String {
    let family = dice.weighted(words::FAMILY, "王");
    format!("{family}{}", dice.text(words::GIVEN))
}

/// A telephone number of a range that nobody is given.
pub fn phone(dice: &mut Dice) -> String {
    format!("1{}0{:08}", dice.between(3, 9), dice.below(100_000_000))
}

/// Makes the organization as it stood at the beginning of the books.
pub fn organization(seed: u64, first_day: Day) -> Organization {
    let at_ms = first_day.number() * DAY_MS;
    let mut dice = Dice::new(seed, "people");
    let mut names = std::collections::BTreeSet::new();
    let mut member = |dice: &mut Dice, role: Role, territory: Option<usize>| {
        let name = loop {
            let name = person_name(dice);
            if names.insert(name.clone()) {
                break name;
            }
        };
        let person = Person {
            id: PersonId(dice.uuid(at_ms)),
            name,
            role,
            phone: phone(dice),
            active: true,
        };
        Member { person, territory }
    };
    let supervisors: Vec<Member> = (0..2)
        .map(|_| member(&mut dice, Role::Supervisor, None))
        .collect();
    let office = vec![
        member(&mut dice, Role::Finance, None),
        member(&mut dice, Role::Admin, None),
    ];
    let mut territories = Vec::new();
    let mut reps = Vec::new();
    for (place, (name, supervisor, count)) in TERRITORIES.iter().enumerate() {
        territories.push(Territory {
            id: TerritoryId(dice.uuid(at_ms)),
            name: (*name).to_owned(),
            supervisor: supervisors.get(*supervisor).map(|s| s.person.id),
        });
        reps.extend((0..*count).map(|_| member(&mut dice, Role::Rep, Some(place))));
    }
    let shops = shops(seed, at_ms, &territories, &reps);
    Organization {
        territories,
        supervisors,
        reps,
        office,
        shops,
    }
}

fn shops(seed: u64, at_ms: i64, territories: &[Territory], reps: &[Member]) -> Vec<Shop> {
    let mut dice = Dice::new(seed, "customers");
    let mut used = std::collections::BTreeSet::new();
    let mut shops = Vec::with_capacity(CUSTOMERS);
    for n in 0..CUSTOMERS {
        let rep = n % reps.len().max(1);
        let Some(member) = reps.get(rep) else { break };
        let territory = member.territory.unwrap_or(0);
        let Some(home) = territories.get(territory) else {
            break;
        };
        let district = DISTRICTS.get(territory * 2 + usize::from(dice.per_mille(500)));
        let name = loop {
            let name = shop_name(&mut dice);
            if used.insert(name.clone()) {
                break name;
            }
        };
        let late_share = dice.draw(LATE_SHARE) as u32;
        let place = district.map_or(
            GeoPoint {
                lat_e7: 306_600_000,
                lon_e7: 1_040_600_000,
            },
            |d| scatter(&mut dice, d, rep),
        );
        let customer = Customer {
            id: CustomerId(dice.uuid(at_ms)),
            number: format!("C{:04}", n + 1),
            search_key: search_key(&name),
            address: district.map_or_else(String::new, |d| address(&mut dice, d)),
            territory: home.id,
            rep: Some(member.person.id),
            position: dice.per_mille(850).then_some(place),
            contacts: contacts(&mut dice),
            terms: terms(&mut dice, late_share),
            hold: late_share > 800 && dice.per_mille(350),
            name,
        };
        shops.push(Shop {
            customer,
            rep,
            place,
            late_share,
            weight: dice.draw(INVOICES_PER_CUSTOMER) as u64,
        });
    }
    shops
}

fn shop_name(dice: &mut Dice) -> String {
    let trades: Vec<(u32, usize)> = words::TRADES
        .iter()
        .enumerate()
        .map(|(i, t)| (t.weight, i))
        .collect();
    let trade = words::TRADES.get(dice.weighted(&trades, 0));
    let ending = trade.map_or("", |t| dice.text(t.endings));
    if dice.per_mille(180) {
        // Many small shops carry their owner's name.
        let owner = dice.weighted(words::FAMILY, "王");
        let word = dice.text(&["记", "氏", "老", "大姐"]);
        return match word {
            "老" => format!("老{owner}{ending}"),
            word => format!("{owner}{word}{ending}"),
        };
    }
    format!(
        "{}{}{ending}",
        dice.text(words::NAME_HEADS),
        dice.text(words::NAME_TAILS)
    )
}

/// A place in a district; the customers of one rep lie in a part of it of their own.
fn scatter(dice: &mut Dice, district: &District, rep: usize) -> GeoPoint {
    let part = (rep % 3) as i64 - 1;
    GeoPoint {
        lat_e7: district.lat_e7 + dice.between(-110_000, 110_000) as i32,
        lon_e7: district.lon_e7 + (part * 90_000 + dice.between(-70_000, 70_000)) as i32,
    }
}

fn address(dice: &mut Dice, district: &District) -> String {
    let street = dice.text(district.streets);
    let number = dice.between(1, 388);
    match dice.below(4) {
        0 => format!(
            "成都市{}{street}{number}号{}栋{}号",
            district.name,
            dice.between(1, 12),
            dice.between(1, 40)
        ),
        1 => format!(
            "成都市{}{street}{number}号附{}号",
            district.name,
            dice.between(1, 30)
        ),
        _ => format!("成都市{}{street}{number}号", district.name),
    }
}

fn contacts(dice: &mut Dice) -> Vec<Contact> {
    let mut contacts = vec![Contact {
        name: person_name(dice),
        role: ContactRole::DecisionMaker,
        phone: phone(dice),
        note: String::new(),
    }];
    if dice.per_mille(450) {
        let role = if dice.per_mille(600) {
            ContactRole::Accountant
        } else {
            ContactRole::Payer
        };
        contacts.push(Contact {
            name: person_name(dice),
            role,
            phone: phone(dice),
            note: dice.text(words::BEST_TIMES).to_owned(),
        });
    }
    contacts
}

fn terms(dice: &mut Dice, late_share: u32) -> Terms {
    let term_days = dice.weighted(TERMS, 30);
    let grade = match late_share {
        0..=60 => "A",
        61..=350 => "B",
        351..=750 => "C",
        _ => "D",
    };
    let settlement = match term_days {
        0 => Settlement::CashOnDelivery,
        _ if dice.per_mille(60) => Settlement::Quarterly,
        _ => Settlement::Monthly,
    };
    let limit = match grade {
        "A" => dice.between(8, 20) * 10_000,
        "B" => dice.between(5, 12) * 10_000,
        "C" => dice.between(2, 8) * 10_000,
        _ => dice.between(0, 3) * 10_000,
    };
    Terms {
        settlement,
        term_days,
        credit_limit: Money::from_yuan(if term_days == 0 { 0 } else { limit as u32 }),
        grade: grade.to_owned(),
        deduction_rate_bp: dice.weighted(&[(700, 0), (200, 100), (100, 200)], 0),
    }
}
