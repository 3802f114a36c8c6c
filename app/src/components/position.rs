//! Where a visit was against where the customer is: a sketch to scale, drawn without a map service.

use dioxus::prelude::*;
use shared::evidence::{Fix, GeoPoint};

use super::{
    icon::{Icon, IconName},
    surface::Tag,
    tone::Tone,
};
use crate::{
    format,
    i18n::{t, t_args},
};

const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 150.0;
/// Free space kept around what is shown.
const MARGIN: f64 = 30.0;

/// The sketch: circle of accuracy around the check-in, the customer's place, the line between, a scale.
#[component]
pub fn PositionMap(
    #[props(default)] fix: Option<Fix>,
    #[props(default)] customer: Option<GeoPoint>,
    /// What that comes to: red if it is too far.
    tone: Tone,
    /// The same in words.
    note: String,
) -> Element {
    let Some(fix) = fix else {
        return rsx! {
            div { class: "map none",
                Icon { name: IconName::Pin }
                span { "{note}" }
            }
        };
    };
    let far = tone == Tone::Red;
    let sketch = Sketch::new(fix, customer);
    let label = match customer {
        Some(place) => t_args(
            "map-label",
            &[(
                "distance",
                format::distance(fix.point.distance_m(place)).into(),
            )],
        ),
        None => t("map-label-alone"),
    };
    let (x, y) = sketch.fix;
    let (scale_m, scale_width) = sketch.scale();
    let far_class = if far { "far" } else { "" };
    rsx! {
        div { class: if sketch.rises() { "map flip" } else { "map" },
            svg { view_box: "0 0 340 150", preserve_aspect_ratio: "xMidYMid slice", role: "img", "aria-label": "{label}",
                path {
                    class: "road",
                    stroke_width: "9",
                    d: "M-10 110C80 90 120 120 180 70S300 40 360 20M60 -10C80 60 140 80 150 170M230 -10C220 50 260 90 330 170",
                }
                circle { class: "accuracy {far_class}", cx: "{x:.1}", cy: "{y:.1}", r: "{sketch.accuracy:.1}" }
                if let Some((px, py)) = sketch.customer {
                    path { class: "gap {far_class}", stroke_width: "2", fill: "none", d: "M{x:.1} {y:.1}L{px:.1} {py:.1}" }
                    g { transform: "translate({px:.1} {py:.1})", stroke_width: "2", stroke_linejoin: "round",
                        path { class: "place", d: "M-9 8V-3L0-9L9-3V8z" }
                        path { class: "place-door", d: "M-3 8V2H3V8" }
                    }
                }
                circle { class: "here {far_class}", cx: "{x:.1}", cy: "{y:.1}", r: "8", stroke_width: "3" }
            }
            span { class: "map-note", Tag { tone, icon: IconName::Pin, "{note}" } }
            span { class: "map-scale", width: "{scale_width}%", {format::distance(scale_m)} }
        }
    }
}

/// Places in the units of the drawing, north up, both points and the accuracy inside the margin.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sketch {
    fix: (f64, f64),
    customer: Option<(f64, f64)>,
    accuracy: f64,
    metres_per_unit: f64,
}

impl Sketch {
    fn new(fix: Fix, customer: Option<GeoPoint>) -> Self {
        let (east, north) = customer.map_or((0.0, 0.0), |place| offset_m(fix.point, place));
        let accuracy = f64::from(fix.accuracy_m.min(5_000));
        let across = east.abs() / (WIDTH - 2.0 * MARGIN);
        let down = north.abs() / (HEIGHT - 2.0 * MARGIN);
        // Never closer than 1 m a unit, so that a few metres of noise do not look like a distance.
        let metres_per_unit = across
            .max(down)
            .max(accuracy / (HEIGHT / 2.0 - 12.0))
            .max(1.0);
        let middle = (WIDTH / 2.0, HEIGHT / 2.0);
        let half = (east / metres_per_unit / 2.0, north / metres_per_unit / 2.0);
        Sketch {
            fix: (middle.0 - half.0, middle.1 + half.1),
            customer: customer.map(|_| (middle.0 + half.0, middle.1 - half.1)),
            accuracy: (accuracy / metres_per_unit).max(14.0),
            metres_per_unit,
        }
    }

    /// Whether the lower left corner is taken, so that the note stands in the upper one.
    fn rises(self) -> bool {
        self.customer
            .is_some_and(|(x, y)| (x - self.fix.0) * (y - self.fix.1) < 0.0)
    }

    /// A round length on the ground (1, 2 or 5 and zeros) and how much of the drawing's width it takes, in percent.
    fn scale(self) -> (u32, String) {
        let longest_m = 70.0 * self.metres_per_unit;
        let rounds = (1..7_u32).flat_map(|zeros| [1, 2, 5].map(|first| first * 10_u32.pow(zeros)));
        let metres = rounds
            .take_while(|metres| f64::from(*metres) <= longest_m)
            .last()
            .unwrap_or(10);
        let permille = f64::from(metres) / self.metres_per_unit / WIDTH * 1_000.0;
        let permille = permille.round() as u32;
        (metres, format!("{}.{}", permille / 10, permille % 10))
    }
}

/// Metres east and north from one place to another; exact enough within a city.
fn offset_m(from: GeoPoint, to: GeoPoint) -> (f64, f64) {
    const METRES_PER_E7: f64 = 0.011_131_949;
    let north = (f64::from(to.lat_e7) - f64::from(from.lat_e7)) * METRES_PER_E7;
    let east = (f64::from(to.lon_e7) - f64::from(from.lon_e7)) * METRES_PER_E7 * from.parallel();
    (east, north)
}

#[cfg(test)]
mod tests {
    use shared::day::Timestamp;

    use super::*;

    fn fix(lat_e7: i32, lon_e7: i32, accuracy_m: u32) -> Fix {
        Fix {
            point: GeoPoint { lat_e7, lon_e7 },
            accuracy_m,
            at: Timestamp(0),
        }
    }

    #[test]
    fn the_scale_shows_a_round_length() {
        for (metres_per_unit, metres, percent) in [
            (1.0, 50, "14.7"),
            (2.0, 100, "14.7"),
            (12.0, 500, "12.3"),
            (99.0, 5_000, "14.9"),
        ] {
            let sketch = Sketch {
                fix: (0.0, 0.0),
                customer: None,
                accuracy: 1.0,
                metres_per_unit,
            };
            assert_eq!(sketch.scale(), (metres, percent.to_owned()));
        }
    }

    #[test]
    fn both_places_lie_inside_the_sketch_at_any_distance() {
        let place = GeoPoint {
            lat_e7: 306_000_000,
            lon_e7: 1_040_000_000,
        };
        for (lat_e7, lon_e7, accuracy_m) in [
            (306_000_000, 1_040_000_000, 0),
            (306_001_000, 1_040_002_000, 12),
            (310_000_000, 1_050_000_000, 30),
            (-900_000_000, -1_800_000_000, u32::MAX),
        ] {
            let sketch = Sketch::new(fix(lat_e7, lon_e7, accuracy_m), Some(place));
            for (x, y) in [Some(sketch.fix), sketch.customer].into_iter().flatten() {
                assert!(
                    (0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y),
                    "{sketch:?}"
                );
            }
        }
    }
}
