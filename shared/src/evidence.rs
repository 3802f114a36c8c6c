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
        let halfway = |e7: i64| sine(radians(e7) / 2.0).powi(2);
        let (lat1, lat2) = (i64::from(self.lat_e7), i64::from(other.lat_e7));
        let east = (i64::from(other.lon_e7) - i64::from(self.lon_e7)).rem_euclid(TURN_E7);
        let a = halfway(lat2 - lat1)
            + self.parallel() * other.parallel() * halfway(east.min(TURN_E7 - east));
        (2.0 * 6_371_008.8 * arcsine(a.sqrt().min(1.0))).round() as u32
    }

    /// How long a degree of longitude is here, of what it is at the equator: the cosine of the latitude.
    pub fn parallel(self) -> f64 {
        sine(radians(QUARTER_TURN_E7 - i64::from(self.lat_e7).abs()))
    }
}

const TURN_E7: i64 = 3_600_000_000;
const QUARTER_TURN_E7: i64 = TURN_E7 / 4;

fn radians(e7: i64) -> f64 {
    e7 as f64 * (std::f64::consts::PI / 1_800_000_000.0)
}

/// The sine of at most a quarter turn, to nine places. (The client is downloaded: the sine of every angle, which the
/// standard library would bring along in the browser, is 2 KB of it.)
fn sine(x: f64) -> f64 {
    let square = x * x;
    let steps = [156.0, 110.0, 72.0, 42.0, 20.0, 6.0];
    x * steps
        .iter()
        .fold(1.0, |inner, step| 1.0 - square / step * inner)
}

/// The arc of a sine of 0 to 1, to six places.
fn arcsine(s: f64) -> f64 {
    if s > 0.5 {
        return std::f64::consts::FRAC_PI_2 - 2.0 * arcsine(((1.0 - s) / 2.0).sqrt());
    }
    let square = s * s;
    let terms = [
        63.0 / 2_816.0,
        35.0 / 1_152.0,
        5.0 / 112.0,
        3.0 / 40.0,
        1.0 / 6.0,
        1.0,
    ];
    s * terms.iter().fold(0.0, |sum, term| sum * square + term)
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

    proptest::proptest! {
        #[test]
        fn distances_are_those_on_a_sphere(
            lat1 in -900_000_000..=900_000_000, lon1 in -1_800_000_000..=1_800_000_000,
            lat2 in -900_000_000..=900_000_000, lon2 in -1_800_000_000..=1_800_000_000,
            is_near in proptest::bool::ANY,
        ) {
            let from = GeoPoint { lat_e7: lat1, lon_e7: lon1 };
            let to = match is_near {
                true => GeoPoint { lat_e7: lat1 + lat2 / 10_000, lon_e7: lon1 + lon2 / 10_000 },
                false => GeoPoint { lat_e7: lat2, lon_e7: lon2 },
            };
            let angle = |e7: i32| (f64::from(e7) / 1e7).to_radians();
            let (a, b) = (angle(from.lat_e7), angle(to.lat_e7));
            let half = |angle: f64| (angle / 2.0).sin().powi(2);
            let chord = half(b - a) + a.cos() * b.cos() * half(angle(to.lon_e7) - angle(from.lon_e7));
            let expected = 2.0 * 6_371_008.8 * chord.sqrt().min(1.0).asin();
            let found = f64::from(from.distance_m(to));
            proptest::prop_assert!((found - expected).abs() <= 1.0 + expected / 1e5, "{found} {expected}");
            proptest::prop_assert!((from.parallel() - a.cos()).abs() < 1e-8);
        }
    }
}
