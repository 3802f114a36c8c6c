//! Sync: the wire, the phone's sans-IO session, and what the server lets in.
//!
//! Both ends of the network and the simulator drive the code in this module; it does no IO.

pub mod admission;
#[cfg(test)]
mod admission_hand_in_tests;
#[cfg(test)]
mod admission_proposal_tests;
#[cfg(test)]
mod admission_statement_tests;
#[cfg(test)]
mod admission_tests;
mod bounded;
pub mod client;
#[cfg(test)]
mod client_tests;
mod codec;
#[cfg(test)]
mod codec_tests;
pub mod columns;
mod creation;
#[cfg(test)]
mod creation_tests;
pub mod digest;
pub mod former;
mod frame_bounds;
mod frame_columns;
pub mod limits;
pub mod message;
mod rejection;

/// How Automerge writes a creation change: for `document`, which makes them.
pub(crate) mod creation_frame {
    pub(crate) use super::{
        columns::put_number,
        frame_columns::{
            change::Head,
            rows::{Row, kind, put_signed},
        },
    };
}
