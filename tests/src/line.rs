//! A line between phones and a server in the same process: the server's own functions behind the
//! addresses that phones call, without HTTP. It can be cut, and it remembers what went over it.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use app::platform::{
    LocalBoxFuture,
    network::{Answer, Call, Network, Pieces, Unreachable},
};
use shared::{
    ids::DeviceId,
    sync::message::{self, SyncRequest, SyncResponse},
};
use sync_server::{
    api::sync,
    auth, clock, hex,
    problem::Problem,
    store::{
        Store,
        devices::{self, NewDevice},
    },
};
use uuid::Uuid;

/// A batch that a phone sent, with what it was answered, if it was.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The device's token.
    pub token: String,
    /// The body as it was sent.
    pub body: Vec<u8>,
    /// What came back.
    pub answers: Option<Vec<message::Answer>>,
}

/// The line. Clones are the same line.
#[derive(Clone, Default)]
pub struct Line(Rc<Inner>);

#[derive(Default)]
struct Inner {
    store: RefCell<Option<Arc<Store>>>,
    sent: RefCell<Vec<Sent>>,
    problems: RefCell<Vec<Problem>>,
}

impl Line {
    /// To this server.
    pub fn to(store: Store) -> Self {
        let line = Self::default();
        line.connect(store);
        line
    }

    /// From now on to this server.
    pub fn connect(&self, store: Store) {
        *self.0.store.borrow_mut() = Some(Arc::new(store));
    }

    /// Nobody is at the other end; the server's store is closed.
    pub fn cut(&self) {
        *self.0.store.borrow_mut() = None;
    }

    /// Batches (requests that carry changes) sent so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.0.sent.borrow().clone()
    }

    /// Problems that the server answered with so far.
    pub fn problems(&self) -> Vec<Problem> {
        self.0.problems.borrow().clone()
    }

    /// The server's store, if the line is not cut.
    pub fn store(&self) -> Option<Arc<Store>> {
        self.0.store.borrow().clone()
    }

    fn enrol(&self, store: &Store, body: &[u8]) -> Result<Answer, Problem> {
        let ask: sync_server::api::enrol::EnrolRequest =
            serde_json::from_slice(body).map_err(|_| Problem::internal())?;
        // Every device of this server gets an id and a token of its own, the same from run to run.
        let others = store.read(|conn| devices::all(conn).map(|all| all.len()))?;
        let number = others as u64 + 1;
        let device = NewDevice {
            id: DeviceId(Uuid::from_u128(0xd000 + u128::from(number))),
            label: ask.label,
            public_key: hex::decode_32(&ask.public_key).ok_or_else(Problem::internal)?,
            token: format!("token-{number}"),
        };
        let now = clock::now();
        let former: Vec<_> = ask.former.iter().filter_map(|f| f.read()).collect();
        let enrolled = store.write_at(now, |tx| {
            devices::enrol_again(tx, &ask.code, &device, &former, now)
        })?;
        let body = serde_json::json!({
            "device": enrolled.id.to_string(),
            "device_code": enrolled.code,
            "token": device.token,
            "person": { "id": enrolled.person.id.to_string(), "name": enrolled.person.name },
        });
        Ok(answer(201, body.to_string().into_bytes()))
    }

    fn sync(&self, store: &Store, call: &Call) -> Result<Answer, Problem> {
        let token = call.token.clone().unwrap_or_default();
        let request = SyncRequest::decode(&call.body).map_err(|_| Problem::internal())?;
        let carries = !request.frames.is_empty();
        if carries {
            self.0.sent.borrow_mut().push(Sent {
                token: token.clone(),
                body: call.body.clone(),
                answers: None,
            });
        }
        let response = serve(store, &token, &request)?;
        if let (true, Some(sent)) = (carries, self.0.sent.borrow_mut().last_mut()) {
            sent.answers = Some(response.answers.clone());
        }
        let body = response.encode().map_err(|_| Problem::internal())?;
        Ok(answer(200, body))
    }
}

/// What the server answers to a sync with this token.
pub fn serve(store: &Store, token: &str, request: &SyncRequest) -> Result<SyncResponse, Problem> {
    let device = store.read(|conn| devices::by_token(conn, token))?;
    sync::answer(store, &auth::check(device)?, request, clock::now())
}

fn answer(status: u16, body: Vec<u8>) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body,
    }
}

impl Network for Line {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, Unreachable>> {
        let Some(store) = self.store() else {
            return Box::pin(async { Err(Unreachable("the line is cut".to_owned())) });
        };
        let answered = match call.url.rsplit('/').next() {
            Some("enrol") => self.enrol(&store, &call.body),
            Some("sync") => self.sync(&store, &call),
            _ => Err(Problem::no_such_address()),
        };
        let answered = answered.unwrap_or_else(|problem| {
            let body = serde_json::to_vec(&problem).unwrap_or_default();
            let status = problem.status;
            self.0.problems.borrow_mut().push(problem);
            answer(status, body)
        });
        Box::pin(async { Ok(answered) })
    }

    fn stream(&self, _call: Call) -> LocalBoxFuture<'static, Result<(u16, Pieces), Unreachable>> {
        Box::pin(async { Err(Unreachable("no live channel on this line".to_owned())) })
    }
}
