//! The replica's main loop, the same in a thread and in a worker: own the stores, open, answer, drive
//! sync, and let go when another tab takes over.

use futures::{
    FutureExt, StreamExt,
    channel::{mpsc, oneshot},
    select_biased,
    stream::FuturesUnordered,
};

use super::{
    actor::Actor,
    api::{Notice, ReplicaFailure, Reply, Request},
    bell::Bell,
    host::Host,
};

/// A request and where its reply goes.
pub struct Job {
    /// What is asked.
    pub request: Request,
    /// Where the reply goes; a caller that has gone away is no error.
    pub answer: oneshot::Sender<Reply>,
}

/// How to come by the stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Only if nobody else has them.
    Try,
    /// As soon as nobody else has them.
    Wait,
    /// At once; whoever has them loses them.
    Steal,
}

/// Lets one process or tab at a time have the stores of this device.
pub trait Gate {
    /// Tries to become the owner.
    fn own(&self, how: How) -> impl Future<Output = bool>;
    /// Done when another tab has taken the stores over.
    fn lost(&self) -> impl Future<Output = ()>;
    /// What the replica stands on, once it owns the stores.
    fn host(&self) -> impl Future<Output = Result<Host, ReplicaFailure>>;
    /// Called when every store is closed.
    fn release(&self);
}

/// Runs until the last caller has gone.
pub async fn serve(gate: impl Gate, mut jobs: mpsc::UnboundedReceiver<Job>, bell: Bell) {
    loop {
        if !gate.own(How::Try).await {
            bell.ring(Notice::OwnedElsewhere);
            if !wait_for_stores(&gate, &mut jobs).await {
                return;
            }
        }
        let opened = match gate.host().await {
            Ok(host) => Actor::open(host, bell.clone()).await,
            Err(failure) => Err(failure),
        };
        match opened {
            Ok(actor) => {
                let over = run(&gate, &actor, &mut jobs).await;
                // Every database must be closed before the files can be let go.
                actor.close();
                drop(actor);
                gate.release();
                if over {
                    return;
                }
            }
            // Say why to the next caller, then try again.
            Err(failure) => match jobs.next().await {
                Some(job) => answer(job, Reply::Failed(failure)),
                None => return,
            },
        }
    }
}

/// Turns callers away until the stores are ours; false if the last caller has gone.
async fn wait_for_stores(gate: &impl Gate, jobs: &mut mpsc::UnboundedReceiver<Job>) -> bool {
    let mut free = std::pin::pin!(gate.own(How::Wait).fuse());
    loop {
        select_biased! {
            mine = free => if mine { return true },
            job = jobs.next() => match job {
                None => return false,
                Some(job) if job.request == Request::TakeOver => {
                    let mine = gate.own(How::Steal).await;
                    answer(job, if mine { Reply::Done } else { owned_elsewhere() });
                    if mine { return true }
                }
                Some(job) => answer(job, owned_elsewhere()),
            },
        }
    }
}

/// Answers until the stores are lost (false) or the last caller has gone (true).
async fn run(gate: &impl Gate, actor: &Actor, jobs: &mut mpsc::UnboundedReceiver<Job>) -> bool {
    let mut running = FuturesUnordered::new();
    let mut lost = std::pin::pin!(gate.lost().fuse());
    let mut driver = std::pin::pin!(actor.drive().fuse());
    loop {
        select_biased! {
            () = lost => return false,
            job = jobs.next() => match job {
                None => return true,
                Some(Job { request, answer }) => running.push(async move {
                    let reply = actor.call(request).await;
                    // A caller that has gone away wants no reply.
                    let _ = answer.send(reply);
                }),
            },
            _ = running.select_next_some() => {}
            () = driver => {}
        }
    }
}

fn answer(job: Job, reply: Reply) {
    let _ = job.answer.send(reply);
}

fn owned_elsewhere() -> Reply {
    Reply::Failed(ReplicaFailure {
        code: "store.owned_elsewhere".into(),
        detail: "another tab or window has the stores".into(),
    })
}
