//! Who is signed in, and how sync stands.

use shared::{
    day::Timestamp,
    ids::PersonId,
    people::{Person, Role},
    sync::client::Status,
};

use super::{
    super::{
        api::{Me, SessionView, SyncLine},
        error::Result,
        open::Open,
        store::{attachments, documents, preferences, rows, sync_state::SyncState},
    },
    ledger_lists,
};
use crate::platform::network::Network;

/// The status line; for nobody signed in one that says nothing.
pub fn sync_line(open: Option<&Open>, network: &dyn Network, status: Status) -> Result<SyncLine> {
    let Some(open) = open else {
        return Ok(SyncLine {
            status,
            waiting: 0,
            waiting_photos: 0,
            photos_wait_for_wifi: false,
            photo_under_way: None,
            rejected: 0,
            data_as_of: None,
            clock_offset_ms: 0,
            restoring: false,
            put_off: 0,
        });
    };
    let state = SyncState::load(&open.db)?;
    let (waiting, rejected) = documents::counts(&open.db)?;
    let waiting_photos = attachments::waiting_count(&open.db)?;
    Ok(SyncLine {
        status,
        waiting,
        waiting_photos,
        photos_wait_for_wifi: waiting_photos > 0 && open.photos_wait(network)?,
        photo_under_way: open.tries.borrow().photo,
        rejected,
        data_as_of: state.data_as_of,
        clock_offset_ms: state.clock_offset_ms,
        restoring: state.rereading,
        put_off: documents::put_off_count(&open.db)?,
    })
}

/// The session.
pub fn view(
    open: Option<&Open>,
    known_people: Vec<(PersonId, String)>,
    network: &dyn Network,
    status: Status,
    now: Timestamp,
) -> Result<SessionView> {
    Ok(SessionView {
        me: open.map(|open| me(open, now)).transpose()?,
        known_people,
        sync: sync_line(open, network, status)?,
    })
}

fn me(open: &Open, now: Timestamp) -> Result<Me> {
    let identity = &open.identity;
    let person = rows::person(&open.db, identity.person)?.unwrap_or_else(|| Person {
        id: identity.person,
        name: identity.person_name.clone(),
        role: Role::Rep,
        phone: String::new(),
        active: true,
    });
    let policy = open.settings()?;
    Ok(Me {
        person,
        device: identity.device,
        device_code: identity.device_code.clone(),
        server: identity.server.clone(),
        company_name: rows::company(&open.db)?.map_or_else(String::new, |c| c.name),
        utc_offset_minutes: open.offset_minutes()?,
        today: open.day(now)?,
        figures: policy.figures.list(),
        policy,
        photos_wait_for_wifi: preferences::photos_wait_for_wifi(&open.db)?,
        territories: ledger_lists::my_territories(open)?,
    })
}
