//! Was a visit at the customer's? (How far is too far is a setting; a fix is believed as far as its accuracy goes.)

use serde::{Deserialize, Serialize};

use super::Settings;
use crate::evidence::{Fix, GeoPoint};

/// Where a visit was against where the customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaceCheck {
    /// Within the setting or the accuracy.
    AtCustomer {
        /// Metres.
        distance_m: u32,
    },
    /// Too far.
    Far {
        /// Metres.
        distance_m: u32,
    },
    /// The customer's place is not known.
    CustomerPlaceUnknown,
    /// The phone gave no position.
    NoFix,
}

impl PlaceCheck {
    /// Of a fix against the customer's place: the one rule for the visit log, the form and a visit's details.
    pub fn of(fix: Option<Fix>, place: Option<GeoPoint>, settings: &Settings) -> Self {
        match (fix, place) {
            (None, _) => Self::NoFix,
            (_, None) => Self::CustomerPlaceUnknown,
            (Some(fix), Some(place)) => {
                let distance_m = fix.point.distance_m(place);
                if distance_m <= settings.far_from_customer_m.max(fix.accuracy_m) {
                    Self::AtCustomer { distance_m }
                } else {
                    Self::Far { distance_m }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Timestamp;

    /// A fix so many metres north of the shop.
    fn fix(north_m: i32, accuracy_m: u32) -> Option<Fix> {
        Some(Fix {
            point: GeoPoint {
                lat_e7: SHOP.lat_e7 + north_m * 90,
                ..SHOP
            },
            accuracy_m,
            at: Timestamp(0),
        })
    }

    const SHOP: GeoPoint = GeoPoint {
        lat_e7: 306_000_000,
        lon_e7: 1_040_000_000,
    };

    #[test]
    fn a_visit_is_at_the_customers_within_the_setting_or_the_accuracy_of_its_fix() {
        let settings = Settings::default();
        for (fix, place, expected) in [
            (fix(0, 10), Some(SHOP), "at"),
            (fix(200, 10), Some(SHOP), "at"),
            (fix(320, 10), Some(SHOP), "far"),
            (fix(2_300, 10), Some(SHOP), "far"),
            (fix(2_300, 2_500), Some(SHOP), "at"),
            (fix(0, 10), None, "place unknown"),
            (None, Some(SHOP), "no fix"),
            (None, None, "no fix"),
        ] {
            let (found, metres) = match PlaceCheck::of(fix, place, &settings) {
                PlaceCheck::AtCustomer { distance_m } => ("at", Some(distance_m)),
                PlaceCheck::Far { distance_m } => ("far", Some(distance_m)),
                PlaceCheck::CustomerPlaceUnknown => ("place unknown", None),
                PlaceCheck::NoFix => ("no fix", None),
            };
            assert_eq!(found, expected, "{fix:?}");
            let north = fix.map_or(0, |fix| (fix.point.lat_e7 - SHOP.lat_e7) / 90);
            assert!(
                metres.is_none_or(|m| (m as i32 - north).abs() <= 5),
                "{metres:?}"
            );
        }
    }
}
