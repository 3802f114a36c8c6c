//! Bugs planted on purpose, to show that the simulator's auditor can fail. Without the feature
//! `planted-bugs` there are none and the questions cost nothing.

macro_rules! bugs {
    ($($(#[$meta:meta])* $name:ident = $slug:literal;)+) => {
        /// A bug that can be planted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Bug { $($(#[$meta])* $name,)+ }

        impl Bug {
            /// All of them.
            pub const ALL: &[Bug] = &[$(Bug::$name,)+];

            /// Name in reports.
            pub fn slug(self) -> &'static str {
                match self { $(Bug::$name => $slug,)+ }
            }
        }
    };
}

bugs! {
    /// The phone does not take acknowledgements.
    DropAck = "drop_an_ack";
    /// The phone takes everything for acknowledged once anything is.
    AckAll = "take_all_for_acked";
    /// The phone does not put some changes into its outbox.
    ForgetOutbox = "forget_the_outbox";
    /// The phone moves its cursor on before it takes the page in.
    CursorFirst = "advance_the_cursor_before_applying";
    /// The phone says *saved* before its disk has it.
    SavedUnflushed = "say_saved_before_the_flush";
    /// The phone keeps customers that have left its scope.
    IgnoreLeave = "ignore_scope_leave";
    /// The phone forgets a comment.
    ForgetComment = "forget_a_comment";
    /// The phone seals another sum than was entered.
    SealAnotherSum = "seal_another_sum";
    /// The phone counts some of its batches by one number, and the server looks at the number alone.
    ReuseBatch = "reuse_a_batch_number";
    /// The phone does not send photos.
    ForgetPhoto = "forget_a_photo";
    /// The server's log skips a number.
    SkipSeq = "skip_a_seq";
    /// The server logs a change twice.
    LogTwice = "apply_a_change_twice";
    /// The server posts an entry twice.
    PostTwice = "post_twice";
    /// The server moves the sums beside the journal twice.
    SumTwice = "move_a_sum_twice";
    /// The server does not carry an approved void out.
    LoseVoid = "lose_the_void";
    /// The server answers before its disk has it.
    AckUnflushed = "ack_before_commit";
    /// The server leaves the last entry of a page out.
    DropTail = "drop_a_pages_tail";
    /// The server leaves the records out when a customer enters a scope.
    EmptySnapshot = "enter_without_records";
    /// The server takes a receipt in whose seal is broken.
    AdmitBrokenSeal = "admit_a_changed_seal";
    /// The server posts the count of a hand-in twice.
    CountTwice = "count_a_hand_in_twice";
    /// The server does not hear a supervisor's word on a request.
    LoseDecision = "lose_a_decision";
    /// The server lets a second answer to a statement take the place of the first.
    SecondAnswer = "let_a_second_answer_stand";
    /// The server sends a phone what its version of the protocol has no word for.
    SendUnspoken = "send_what_has_no_word";
}

#[cfg(feature = "planted-bugs")]
mod switch {
    use super::Bug;
    use std::cell::Cell;

    thread_local! {
        static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    /// Plants a bug for this thread, or none.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.set(bug);
    }

    /// Is this bug planted?
    pub fn is(bug: Bug) -> bool {
        PLANTED.get() == Some(bug)
    }
}

#[cfg(feature = "planted-bugs")]
pub use switch::{is, plant};

/// Is this bug planted? It is not.
#[cfg(not(feature = "planted-bugs"))]
pub const fn is(_: Bug) -> bool {
    false
}
