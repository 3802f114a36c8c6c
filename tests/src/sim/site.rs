//! The server of a run, called in process: the real store, the real answer to a sync, on encoded bytes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use app::platform::network::{Answer, Call};
use shared::{
    day::Timestamp,
    ids::{ContentHash, DeviceId, PersonId},
    sync::{limits, message::SyncRequest},
};
use sync_server::{
    api::{self, enrol::FormerView},
    auth,
    blobs::{BlobError, Blobs},
    problem::Problem,
    store::{
        Store, StoreError, WriteTx, attachments, backup,
        devices::{self, CODE_CHARS, Device, NewDevice},
    },
};
use uuid::Uuid;

use super::{older, time::Time};
use crate::{
    fault_vfs::{Crash, Disk, Faults},
    records::Dice,
};

/// The ledger's file.
const LEDGER: &str = "company.db";
const BACKUP: &str = "backup.db";

/// The server.
pub struct Site {
    dir: PathBuf,
    /// What its ledger lies on; photos lie in a folder.
    pub disk: Disk,
    store: Option<Store>,
    blobs: Blobs,
    /// The time that it goes by.
    pub time: Time,
    /// Entries of a page, beyond which it is cut.
    pub page_entries: usize,
    /// Is what revoked devices send kept for review? Without, they are turned away at the door.
    pub keeps_for_review: bool,
    restored: u32,
    dice: Dice,
}

fn answer(status: u16, body: Vec<u8>) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body,
    }
}

fn refused(problem: &Problem) -> Answer {
    answer(
        problem.status,
        serde_json::to_vec(problem).unwrap_or_default(),
    )
}

fn trouble(status: u16, code: &str) -> Answer {
    let text = format!(r#"{{"code":"{code}","detail":""}}"#);
    answer(status, text.into_bytes())
}

/// What a server says that knows only the version before of the protocol.
pub fn other_version() -> Answer {
    trouble(400, "message.version")
}

/// Is the call a sync?
pub fn is_sync(call: &Call) -> bool {
    call.url.ends_with("/v1/sync")
}

impl Site {
    /// A server over a folder.
    pub fn new(dir: &Path, time: Time, seed: u64) -> Self {
        let disk = Disk::new(seed);
        Self {
            dir: dir.to_owned(),
            store: Some(disk.open_store(dir).unwrap()),
            disk,
            blobs: Blobs::new(dir),
            time,
            page_entries: limits::ENTRIES_PER_PAGE,
            keeps_for_review: false,
            restored: 0,
            dice: Dice(seed),
        }
    }

    /// The store.
    pub fn store(&self) -> &Store {
        self.store.as_ref().expect("the server runs")
    }

    /// The process ends, by now or by a fault that has struck already, and is started again.
    pub fn crash(&mut self, crash: Crash) {
        if !self.disk.is_stopped() {
            self.disk.crash(crash);
        }
        self.store = None;
        self.disk.power_on();
        self.store = Some(self.disk.open_store(&self.dir).unwrap());
    }

    /// Stops the server, so that its files can be worked on.
    fn stop(&mut self) {
        self.disk.crash(Crash::Kill);
        self.store = None;
        self.disk.power_on();
    }

    /// Makes a backup, as the command does.
    pub fn back_up(&self) -> Vec<u8> {
        self.store().back_up(&self.disk.path(BACKUP)).unwrap();
        let mut files = self.disk.snapshot();
        let bytes = files.file(BACKUP).unwrap_or_default().to_vec();
        files.remove(BACKUP);
        self.disk.remove(BACKUP);
        bytes
    }

    /// Brings a backup back, as the command does: that works in a folder, of which the outcome is laid
    /// on the disk.
    pub fn restore(&mut self, backup: &[u8]) {
        self.stop();
        self.restored += 1;
        let folder = self.dir.join(format!("restored-{}", self.restored));
        fs::create_dir_all(&folder).unwrap();
        let mut files = self.disk.snapshot();
        for name in [LEDGER, "company.db-wal"] {
            if let Some(bytes) = files.file(name) {
                fs::write(folder.join(name), bytes).unwrap();
            }
        }
        let from = folder.join(BACKUP);
        fs::write(&from, backup).unwrap();
        backup::restore(&folder, &from, "before").unwrap();
        assert!(
            !folder.join("company.db-wal").exists(),
            "the restored ledger is closed"
        );
        older::replace(&mut files, LEDGER, fs::read(folder.join(LEDGER)).unwrap());
        fs::remove_dir_all(&folder).unwrap();
        self.disk.restore(&files);
        self.store = Some(self.disk.open_store(&self.dir).unwrap());
    }

    /// Is started again in a newer version, on a ledger of an older schema. May be killed while it brings
    /// that up to date, and is started once more then.
    pub fn migrate(&mut self, version: usize, killed_at: Option<(u64, Crash)>) {
        self.stop();
        older::set_back(&self.disk, LEDGER, older::LEDGER, version).unwrap();
        self.disk.set_faults(Faults {
            crash_at: killed_at,
            ..Faults::default()
        });
        let opened = self.disk.open_store(&self.dir);
        self.store = match opened {
            Ok(store) if !self.disk.is_stopped() => Some(store),
            _ => {
                assert!(self.disk.is_stopped(), "only a killed server does not open");
                self.disk.power_on();
                Some(self.disk.open_store(&self.dir).unwrap())
            }
        };
        self.disk.no_faults();
    }

    /// Does something as an administrator would.
    pub fn write<T>(&self, work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, StoreError>) -> T {
        self.store().write_at(self.time.stamp(), work).unwrap()
    }

    /// A one-time code for somebody.
    pub fn code(&mut self, person: PersonId) -> String {
        let mut random = [0u8; CODE_CHARS];
        random.iter_mut().for_each(|b| *b = self.dice.draw() as u8);
        let now = self.time.stamp();
        self.write(|tx| devices::create_code(tx, person, now, random))
    }

    /// `POST /v1/enrol`.
    pub fn enrol(&mut self, body: &[u8]) -> Answer {
        let Ok(asked) = serde_json::from_slice::<serde_json::Value>(body) else {
            return trouble(400, "enrol.malformed");
        };
        let text = |key: &str| asked[key].as_str().unwrap_or_default().to_owned();
        let mut random = [0u8; 10];
        random.iter_mut().for_each(|b| *b = self.dice.draw() as u8);
        let now = self.time.stamp();
        let ms = u64::try_from(now.0).unwrap_or(0);
        let new = NewDevice {
            id: DeviceId(uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid()),
            label: text("label"),
            public_key: hex(&text("public_key")),
            token: format!("token-{:016x}{:016x}", self.dice.draw(), self.dice.draw()),
        };
        let former: Vec<FormerView> =
            serde_json::from_value(asked["former"].clone()).unwrap_or_default();
        let former: Vec<_> = former.iter().filter_map(FormerView::read).collect();
        let enrolled = self.store().write_at(now, |tx| {
            devices::enrol_again(tx, &text("code"), &new, &former, now)
        });
        let device = match enrolled {
            Ok(device) => device,
            Err(error) => return refused(&Problem::from(error)),
        };
        let given = serde_json::json!({
            "device": device.id.to_string(), "device_code": device.code, "token": new.token, "head_seq": 0,
            "server_clock": now.0, "company": { "id": Uuid::nil().to_string(), "name": "" },
            "person": { "id": device.person.id.to_string(), "name": device.person.name,
                        "role": device.person.role.slug() },
        });
        answer(201, serde_json::to_vec(&given).unwrap_or_default())
    }

    /// Who calls. What a revoked device still sends is kept for review; nothing else is done for it.
    fn caller(&self, call: &Call) -> Result<Device, Problem> {
        let token = call.token.clone().unwrap_or_default();
        let device = self
            .store()
            .read(|conn| -> Result<_, StoreError> { devices::by_token(conn, &token) })?;
        match device {
            Some(device) if self.keeps_for_review && is_sync(call) => Ok(device),
            device => auth::check(device),
        }
    }

    /// Everything but enrolment.
    pub fn handle(&self, call: &Call) -> Answer {
        let device = match self.caller(call) {
            Ok(device) => device,
            Err(problem) => return refused(&problem),
        };
        if is_sync(call) {
            return self.sync(&device, &call.body);
        }
        match call.url.rsplit_once("/v1/attachments/") {
            Some((_, hash)) => self.attachment(&device, call, hash),
            None => trouble(404, "http.not_found"),
        }
    }

    fn sync(&self, device: &Device, body: &[u8]) -> Answer {
        let malformed = |code: &str| trouble(400, code);
        let request = match SyncRequest::decode(body) {
            Ok(request) => request,
            Err(error) => return malformed(error.code()),
        };
        let now = self.time.stamp();
        match api::sync::answer_in_pages(self.store(), device, &request, now, self.page_entries) {
            Err(problem) => refused(&problem),
            Ok(response) => match response.encode() {
                Ok(bytes) => answer(200, bytes),
                Err(error) => malformed(error.code()),
            },
        }
    }

    fn attachment(&self, device: &Device, call: &Call, hash: &str) -> Answer {
        let Ok(hash) = hash.parse::<ContentHash>() else {
            return trouble(400, "attachment.bad_hash");
        };
        let known = self
            .store()
            .read(|conn| attachments::known_to(conn, hash, device.person.id));
        let known = match known {
            Ok(Some(known)) if known.size_bytes <= limits::ATTACHMENT_BYTES => known,
            Ok(_) => return trouble(404, "attachment.unknown"),
            Err(error) => return refused(&Problem::from(error)),
        };
        let at = |status: u16, offset: u64| Answer {
            headers: vec![("upload-offset".to_owned(), offset.to_string())],
            ..answer(status, Vec::new())
        };
        match call.method {
            "HEAD" => at(200, self.blobs.received(hash)),
            "PATCH" => {
                let offset = call
                    .headers
                    .iter()
                    .find(|(name, _)| *name == "upload-offset");
                let offset = offset.and_then(|(_, n)| n.parse().ok()).unwrap_or(0);
                match self
                    .blobs
                    .append(hash, offset, &call.body, known.size_bytes)
                {
                    Ok(n) if n == known.size_bytes && !known.complete => {
                        let now = self.time.stamp();
                        let noted = self
                            .store()
                            .write_at(now, |tx| attachments::complete(tx, hash, n));
                        match noted {
                            Ok(()) => at(204, n),
                            Err(error) => refused(&Problem::from(error)),
                        }
                    }
                    Ok(n) => at(204, n),
                    Err(BlobError::Offset { expected }) => at(409, expected),
                    Err(_) => trouble(422, "attachment.refused"),
                }
            }
            _ => match self.blobs.read(hash, 0, u64::MAX) {
                Ok(Some((bytes, _))) => answer(200, bytes),
                _ => trouble(404, "attachment.not_yet"),
            },
        }
    }

    /// Has all of an attachment arrived?
    pub fn has_blob(&self, hash: ContentHash) -> bool {
        matches!(self.blobs.read(hash, 0, u64::MAX), Ok(Some(_)))
    }

    /// The server's clock.
    pub fn now(&self) -> Timestamp {
        self.time.stamp()
    }
}

fn hex(text: &str) -> [u8; 32] {
    let mut out = [0u8; 32];
    for (byte, pair) in out.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).unwrap_or_default();
        *byte = u8::from_str_radix(pair, 16).unwrap_or(0);
    }
    out
}
