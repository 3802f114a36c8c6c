//! The network as a phone sees it. What it sends is laid before the run, which decides what becomes of
//! it; enrolment alone is answered at once.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use app::platform::{
    LocalBoxFuture,
    network::{Answer, Call, Network, Pieces, Unreachable},
};
use futures::{
    FutureExt, StreamExt,
    channel::{mpsc, oneshot},
};

use super::site::Site;

/// What a waiting call gets in the end.
pub type Outcome = Result<Answer, Unreachable>;

/// A call on its way.
pub struct Flight {
    /// Which phone sent it.
    pub phone: usize,
    /// In which of its lives.
    pub life: u64,
    /// What it sent.
    pub call: Call,
    /// Where its answer goes.
    pub reply: oneshot::Sender<Outcome>,
}

/// A live channel that is open.
pub struct Channel {
    /// Whose.
    pub phone: usize,
    /// Where the server's news go.
    pub news: mpsc::UnboundedSender<Result<Vec<u8>, Unreachable>>,
}

/// What all phones share.
#[derive(Clone)]
pub struct Air {
    /// Calls that the run has not looked at yet.
    pub flights: Rc<RefCell<VecDeque<Flight>>>,
    /// Live channels.
    pub channels: Rc<RefCell<Vec<Channel>>>,
    /// The server, for enrolment.
    pub site: Rc<RefCell<Site>>,
}

/// One phone's network.
pub struct PhoneNetwork {
    /// The common air.
    pub air: Air,
    /// Which phone.
    pub phone: usize,
    /// Which life of it.
    pub life: u64,
    /// Has it a connection?
    pub online: Rc<Cell<bool>>,
}

fn gone(why: &str) -> Unreachable {
    Unreachable(why.to_owned())
}

impl Network for PhoneNetwork {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Outcome> {
        if !self.online.get() {
            return futures::future::ready(Err(gone("offline"))).boxed_local();
        }
        if call.url.ends_with("/v1/enrol") {
            let answer = self.air.site.borrow_mut().enrol(&call.body);
            return futures::future::ready(Ok(answer)).boxed_local();
        }
        let (reply, answer) = oneshot::channel();
        self.air.flights.borrow_mut().push_back(Flight {
            phone: self.phone,
            life: self.life,
            call,
            reply,
        });
        async move { answer.await.unwrap_or_else(|_| Err(gone("dropped"))) }.boxed_local()
    }

    fn stream(&self, _: Call) -> LocalBoxFuture<'static, Result<(u16, Pieces), Unreachable>> {
        if !self.online.get() {
            return futures::future::ready(Err(gone("offline"))).boxed_local();
        }
        let (news, pieces) = mpsc::unbounded();
        let mut channels = self.air.channels.borrow_mut();
        channels.retain(|c| c.phone != self.phone && !c.news.is_closed());
        channels.push(Channel {
            phone: self.phone,
            news,
        });
        futures::future::ready(Ok((200, pieces.boxed_local()))).boxed_local()
    }
}
