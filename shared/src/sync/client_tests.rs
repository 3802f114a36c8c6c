//! What the phone's session promises.

use proptest::prelude::*;

use super::{client::*, message::*};
use crate::{day::Timestamp, document::fixtures::NOON, ids::ChangeHash};

fn page(seq: u64, answers: usize, more: bool) -> Event {
    let answer = Answer {
        hash: ChangeHash([0; 32]),
        outcome: Outcome::Acked { seq },
    };
    Event::Answered(Box::new(SyncResponse {
        version: PROTOCOL_VERSION,
        epoch: 1,
        generation: 1,
        standing: Standing::Current,
        answers: vec![answer; answers],
        entries: vec![],
        cursor: Cursor {
            seq,
            part: 0,
            chain: None,
        },
        more,
        head_seq: if more { seq + 1 } else { seq },
        server_clock: NOON,
        fetched: Vec::new(),
        fetched_entries: Vec::new(),
        history_days: 0,
    }))
}

/// The batch of a revoked device is kept for review.
fn under_review() -> Event {
    let Event::Answered(mut response) = page(5, 0, false) else {
        unreachable!("a page is an answer")
    };
    response.standing = Standing::UnderReview;
    Event::Answered(response)
}

fn applied(waiting: u64, more: bool) -> Event {
    Event::Applied { waiting, more }
}

fn unreachable() -> Event {
    Event::Failed(Failure::Unreachable)
}

/// What a row of events, a second apart, ends in: `send`, `apply`, `wait <seconds>` or `nothing`.
fn end(events: &[Event]) -> String {
    let mut session = Session::default();
    let mut last = vec![];
    let mut now = NOON;
    for event in events {
        now = now.plus_ms(1_000);
        last = session.handle(event.clone(), now, 0);
    }
    let effect = last.iter().find_map(|effect| match effect {
        Effect::BuildAndSend => Some("send".to_owned()),
        Effect::ApplyPage(_) => Some("apply".to_owned()),
        Effect::WaitUntil(due) => Some(format!("wait {}", due.ms_since(now) / 1_000)),
        Effect::Report(_) => None,
    });
    effect.unwrap_or_else(|| "nothing".to_owned())
}

#[test]
fn a_session_sends_when_there_is_reason_to_and_else_waits() {
    use Event::{HeadMoved, Online, OutboxGrew, Timer, Wake};
    let check = |what: &str, events: &[Event], expected: &str| {
        assert_eq!(end(events), expected, "{what}");
    };
    let done = || [Wake, page(5, 0, false), applied(0, false)];
    let after = |more: &[Event]| [&done()[..], more].concat();

    check("opened", &[Wake], "send");
    check("asked twice", &[Wake, Wake], "nothing");
    check("answered", &[Wake, page(5, 0, false)], "apply");
    check("applied", &done(), "wait 50");
    check("idle poll", &after(&[Timer]), "wait 49");
    check("saved", &after(&[OutboxGrew]), "send");
    check("news", &after(&[HeadMoved(6)]), "send");
    check("old news", &after(&[HeadMoved(5)]), "nothing");
    check(
        "more pages",
        &[Wake, page(5, 0, true), applied(0, true)],
        "send",
    );
    check(
        "more, but nothing comes",
        &after(&[Wake, page(5, 0, true), applied(0, true)]),
        "wait 50",
    );
    check(
        "outbox larger than a batch",
        &[Wake, page(5, 9, false), applied(3, false)],
        "send",
    );
    check(
        "the next batch of a revoked device",
        &after(&[Wake, under_review(), applied(1, false)]),
        "send",
    );
    check(
        "only what is not answered waits",
        &after(&[Wake, page(5, 0, false), applied(3, false)]),
        "wait 50",
    );
    check(
        "saved while sending",
        &[Wake, OutboxGrew, page(5, 0, false), applied(0, false)],
        "send",
    );
    check(
        "news while sending",
        &[Wake, HeadMoved(6), page(5, 0, false), applied(0, false)],
        "send",
    );
    check("failed", &[Wake, unreachable()], "wait 2");
    check(
        "failed while applying",
        &[Wake, page(5, 0, false), unreachable()],
        "wait 2",
    );
    check(
        "failed thrice",
        &[Wake, unreachable(), Wake, unreachable()],
        "wait 2",
    );
    check(
        "saved while waiting",
        &[Wake, unreachable(), OutboxGrew],
        "wait 1",
    );
    check(
        "the live channel is back",
        &[Wake, unreachable(), HeadMoved(1)],
        "send",
    );
    check("off line", &after(&[Online(false)]), "wait 150");
    check(
        "saved off line",
        &after(&[Online(false), OutboxGrew]),
        "nothing",
    );
    check("asked off line", &after(&[Online(false), Wake]), "wait 150");
    check(
        "on line again",
        &after(&[Online(false), Online(true)]),
        "send",
    );
    check(
        "revoked",
        &[Wake, Event::Failed(Failure::Unauthorized), OutboxGrew],
        "nothing",
    );
    check(
        "revoked, news",
        &[Wake, Event::Failed(Failure::Unauthorized), HeadMoved(9)],
        "nothing",
    );
    check(
        "signed in again",
        &[Wake, Event::Failed(Failure::Unauthorized), Wake],
        "send",
    );
    let refused = Event::Failed(Failure::Refused("message.version".into()));
    check("refused", &[Wake, refused.clone()], "wait 30");
    check(
        "refused, news",
        &[Wake, refused.clone(), HeadMoved(9)],
        "nothing",
    );
    check("refused, saved", &[Wake, refused, OutboxGrew], "nothing");
    check(
        "an answer nobody waits for",
        &after(&[page(6, 0, false)]),
        "nothing",
    );
}

#[test]
fn waits_double_up_to_five_minutes() {
    let mut session = Session::default();
    let mut waits = vec![];
    let mut now = NOON;
    session.handle(Event::Wake, now, 0);
    for _ in 0..10 {
        let effects = session.handle(unreachable(), now, u32::MAX);
        let due = effects.iter().find_map(|e| match e {
            Effect::WaitUntil(due) => Some(*due),
            _ => None,
        });
        waits.push(due.unwrap().ms_since(now));
        now = due.unwrap();
        assert!(
            session
                .handle(Event::Timer, now, 0)
                .contains(&Effect::BuildAndSend)
        );
    }
    assert!(
        waits.is_sorted_by(|a, b| a <= b || *b >= 150_000),
        "{waits:?}"
    );
    assert!((2_000..=4_000).contains(&waits[0]) && waits.iter().all(|w| *w <= 300_000));
    assert!(*waits.last().unwrap() >= 150_000);
}

#[test]
fn a_clock_that_is_set_back_does_not_stop_sync() {
    let mut session = Session::default();
    session.handle(Event::Wake, NOON, 0);
    session.handle(page(1, 0, false), NOON, 0);
    session.handle(applied(0, false), NOON, 0);
    let yesterday = NOON.plus_ms(-86_400_000);
    assert!(
        session
            .handle(Event::Timer, yesterday, 0)
            .contains(&Effect::BuildAndSend)
    );
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Wake),
        Just(Event::OutboxGrew),
        (0..9u64).prop_map(Event::HeadMoved),
        any::<bool>().prop_map(Event::Online),
        Just(Event::Timer),
        (0..9u64, 0..3usize, any::<bool>()).prop_map(|(s, a, m)| page(s, a, m)),
        (0..3u64, any::<bool>()).prop_map(|(w, m)| applied(w, m)),
        Just(unreachable()),
        Just(Event::Failed(Failure::Unauthorized)),
        Just(Event::Failed(Failure::Refused("x".into()))),
    ]
}

/// The world around a session, as far as its promises go.
#[derive(Default)]
struct World {
    sending: bool,
    applying: bool,
    timer: Option<Timestamp>,
    revoked: bool,
    online: bool,
}

impl World {
    fn before(&mut self, event: &Event) {
        match event {
            Event::Online(online) => self.online = *online,
            Event::Wake => self.revoked = false,
            Event::Applied { .. } => self.applying = false,
            Event::Answered(_) => self.sending = false,
            Event::Failed(failure) if self.sending || self.applying => {
                (self.sending, self.applying) = (false, false);
                self.revoked = *failure == Failure::Unauthorized;
            }
            _ => {}
        }
    }

    fn after(&mut self, effects: &[Effect]) -> Result<(), TestCaseError> {
        for effect in effects {
            match effect {
                Effect::BuildAndSend => {
                    prop_assert!(!self.sending && !self.applying, "two requests under way");
                    prop_assert!(self.online && !self.revoked, "sent off line or revoked");
                    (self.sending, self.timer) = (true, None);
                }
                Effect::ApplyPage(_) => self.applying = true,
                Effect::WaitUntil(due) => self.timer = Some(*due),
                Effect::Report(_) => {}
            }
        }
        let moving = self.sending || self.applying || self.timer.is_some() || self.revoked;
        prop_assert!(moving, "stuck");
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn one_request_at_a_time_and_never_stuck(
        events in prop::collection::vec((any_event(), 0..90_000i64, any::<u32>()), 0..60),
    ) {
        let mut session = Session::default();
        let mut world = World { online: true, ..World::default() };
        let mut now = NOON;
        let woken = session.handle(Event::Wake, now, 1);
        world.after(&woken)?;
        for (event, passed_ms, jitter) in events {
            // The world answers what was asked, once; the session may get the rest at any time.
            let stray = match event {
                Event::Answered(_) => !world.sending,
                Event::Applied { .. } => !world.applying,
                _ => false,
            };
            if stray {
                prop_assert!(session.handle(event, now, jitter).is_empty(), "stray event");
                continue;
            }
            now = now.plus_ms(passed_ms);
            world.before(&event);
            let effects = session.handle(event, now, jitter);
            world.after(&effects)?;
        }
        // With the network back and a server that answers, it comes to rest.
        session.handle(Event::Online(true), now, 0);
        session.handle(Event::Wake, now, 0);
        for seq in 10..14 {
            session.handle(page(seq, 0, false), now, 0);
            session.handle(applied(0, false), now, 0);
        }
        let idle = session.handle(Event::Timer, now.plus_ms(71_000), 0);
        prop_assert!(idle.contains(&Effect::BuildAndSend));
    }
}
