//! What makes a record evidence: where and when it was made, who signed, the strokes they drew.
//!
//! Source: Electronic Signature Law art. 13 (data exclusive to the signer, under the signer's sole
//! control at signing, later change of signature or content detectable).

use autosurgeon::{Hydrate, Reconcile};
use serde::{Deserialize, Serialize};

use crate::{
    day::Timestamp,
    ids::{ContentHash, ElementId, PersonId},
};

/// A place on earth in WGS-84, in units of 10⁻⁷ degrees (about 1 cm).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Reconcile, Hydrate)]
pub struct GeoPoint {
    /// Latitude, −900,000,000 to 900,000,000.
    pub lat_e7: i32,
    /// Longitude, −1,800,000,000 to 1,800,000,000.
    pub lon_e7: i32,
}

impl GeoPoint {
    /// Distance along the ground to another place, in metres (haversine; good to 0.5 %).
    pub fn distance_m(self, other: GeoPoint) -> u32 {
        let radians = |e7: i32| (f64::from(e7) / 1e7).to_radians();
        let (lat1, lat2) = (radians(self.lat_e7), radians(other.lat_e7));
        let (dlat, dlon) = (lat2 - lat1, radians(other.lon_e7) - radians(self.lon_e7));
        let a = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
        (2.0 * 6_371_008.8 * a.sqrt().min(1.0).asin()).round() as u32
    }
}

/// A position fix: place, accuracy and time as the phone's positioning gave them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Reconcile, Hydrate)]
pub struct Fix {
    /// Place.
    pub point: GeoPoint,
    /// Radius of uncertainty in metres.
    pub accuracy_m: u32,
    /// Time of the fix, from the positioning system where it gives one.
    pub at: Timestamp,
}

/// One sample of a drawn stroke. The pad is 1000 units wide. JSON has it as `[x, y, t_ms, pressure]`: a
/// signature has hundreds of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i16, i16, u32, u8)", into = "(i16, i16, u32, u8)")]
pub struct StrokePoint {
    /// Units from the left.
    pub x: i16,
    /// Units from the top.
    pub y: i16,
    /// Milliseconds since the first point of the signature.
    pub t_ms: u32,
    /// Pressure 0–255; 0 where the device has none.
    pub pressure: u8,
}

impl From<(i16, i16, u32, u8)> for StrokePoint {
    fn from((x, y, t_ms, pressure): (i16, i16, u32, u8)) -> Self {
        Self {
            x,
            y,
            t_ms,
            pressure,
        }
    }
}

impl From<StrokePoint> for (i16, i16, u32, u8) {
    fn from(p: StrokePoint) -> Self {
        (p.x, p.y, p.t_ms, p.pressure)
    }
}

/// A drawn signature: its strokes in the order drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Strokes(pub Vec<Vec<StrokePoint>>);

/// Who signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Name.
    pub name: String,
    /// Position at the customer's, for example 法定代表人.
    pub role: String,
    /// Telephone, may be empty.
    pub phone: String,
}

/// A signature of a person at the customer's, with what makes it evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed.
    pub signer: Signer,
    /// What they drew.
    pub strokes: Strokes,
    /// When, by the phone's clock.
    pub at: Timestamp,
    /// Where, if the phone knew.
    pub fix: Option<Fix>,
}

/// A comment on a record: an immutable element of its `comments` list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Reconcile, Hydrate)]
pub struct Comment {
    /// Identity.
    pub id: ElementId,
    /// Who wrote it; admission checks that it is who pushed it.
    pub author: PersonId,
    /// When, by the author's clock.
    pub at: Timestamp,
    /// What they wrote.
    pub text: String,
}

/// A photo or other file that belongs to a record: an immutable element of its `attachments` list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Reconcile, Hydrate)]
pub struct Attachment {
    /// Identity.
    pub id: ElementId,
    /// SHA-256 of the bytes, under which they are stored and fetched.
    pub content: ContentHash,
    /// Media type, for example `image/jpeg`.
    pub media_type: String,
    /// Length of the bytes.
    pub size_bytes: u64,
    /// Who added it.
    pub author: PersonId,
    /// When, by their clock.
    pub at: Timestamp,
    /// What it shows, may be empty.
    pub caption: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_agrees_with_a_known_pair() {
        // Shanghai People's Square to Hongqiao station, about 14 km by the map.
        let square = GeoPoint {
            lat_e7: 312_304_000,
            lon_e7: 1_214_737_000,
        };
        let station = GeoPoint {
            lat_e7: 311_946_000,
            lon_e7: 1_213_209_000,
        };
        assert!(
            (14_800..15_300).contains(&square.distance_m(station)),
            "{}",
            square.distance_m(station)
        );
        assert_eq!(square.distance_m(square), 0);
    }
}
