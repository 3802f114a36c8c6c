//! The design system: the parts that screens are built from.
//!
//! Parts know no domain type but `Money`, `Day`, `Timestamp`, strokes and positions; words that depend on
//! a record are passed in, the rest come from [`crate::i18n`]. Styles stand in `assets/components.css`
//! under the class names used here. The page's policy forbids inline styles, so a computed size is set as
//! a single property (`width: "40%"`), never through a `style` attribute.

pub mod amount;
pub mod button;
pub mod choice;
pub mod comments;
pub mod count_row;
pub mod desk;
pub mod field;
pub mod frame;
pub mod icon;
pub mod ink;
pub mod link;
pub mod money_pad;
pub mod overlay;
pub mod paper;
pub mod photo;
pub mod position;
pub mod record;
pub mod signature;
pub mod surface;
pub mod tone;

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod tokens;

pub use amount::*;
pub use button::*;
pub use choice::*;
pub use comments::*;
pub use count_row::*;
pub use desk::*;
pub use field::*;
pub use frame::*;
pub use icon::*;
pub use ink::MAX_POINTS;
pub use link::*;
pub use money_pad::*;
pub use overlay::*;
pub use paper::*;
pub use photo::*;
pub use position::*;
pub use record::*;
pub use signature::*;
pub use surface::*;
pub use tone::*;
