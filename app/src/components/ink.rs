//! From pointer samples to the strokes of a signature, and from strokes to lines on the screen.
//!
//! Invariants: points are in pad units (0–1000 across, the height in proportion); times start at 0 and
//! never run backwards; a signature has at most [`MAX_POINTS`] points.

use std::fmt::Write as _;

use shared::evidence::{StrokePoint, Strokes};

/// The pad's width in units.
const PAD_WIDTH: f64 = 1_000.0;
/// The pad's greatest height in units: three times its width.
const PAD_MAX_HEIGHT: f64 = 3_000.0;
/// Most points of a signature; what is drawn beyond is not recorded.
pub const MAX_POINTS: usize = 4_000;
/// Samples closer than this to the one before add nothing.
const MIN_STEP_UNITS: i32 = 3;
/// Shortest line that counts as a signature, in units.
const MIN_LENGTH_UNITS: f64 = 200.0;

/// One reading of the pointer over the pad.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Pixels from the left of the pad.
    pub x_px: f64,
    /// Pixels from the top of the pad.
    pub y_px: f64,
    /// The pad's width in pixels.
    pub width_px: f64,
    /// Milliseconds on a clock that only runs forward.
    pub at_ms: f64,
    /// 0–255; 0 where unknown.
    pub pressure: u8,
}

/// Collects samples into strokes.
#[derive(Clone, Debug, Default)]
pub struct Tracer {
    strokes: Strokes,
    live: Option<Vec<StrokePoint>>,
    started_ms: Option<f64>,
    last_ms: u32,
}

impl Tracer {
    /// The strokes that are finished.
    pub fn strokes(&self) -> &Strokes {
        &self.strokes
    }

    /// Whether a stroke is being drawn.
    pub fn is_drawing(&self) -> bool {
        self.live.is_some()
    }

    /// A finger touched the pad. Says whether a stroke began.
    pub fn begin(&mut self, sample: Sample) -> bool {
        self.end();
        let Some(point) = self.point(sample) else {
            return false;
        };
        self.live = Some(vec![point]);
        true
    }

    /// The finger moved. Says whether the stroke grew.
    pub fn extend(&mut self, sample: Sample) -> bool {
        let Some(point) = self.point(sample) else {
            return false;
        };
        let Some(last) = self.live.as_ref().and_then(|live| live.last().copied()) else {
            return false;
        };
        let step = (i32::from(point.x) - i32::from(last.x)).abs()
            + (i32::from(point.y) - i32::from(last.y)).abs();
        if step < MIN_STEP_UNITS {
            return false;
        }
        if let Some(live) = self.live.as_mut() {
            live.push(point);
        }
        true
    }

    /// The finger left the pad. Says whether a stroke ended.
    pub fn end(&mut self) -> bool {
        match self.live.take() {
            Some(stroke) => {
                self.strokes.0.push(stroke);
                true
            }
            None => false,
        }
    }

    /// Takes the last stroke back.
    pub fn undo(&mut self) {
        self.live = None;
        self.strokes.0.pop();
    }

    /// The line of the stroke being drawn.
    pub fn live_path(&self) -> String {
        let mut path = String::new();
        if let Some(live) = &self.live {
            push_stroke(&mut path, live);
        }
        path
    }

    fn point(&mut self, sample: Sample) -> Option<StrokePoint> {
        let drawn: usize = self.strokes.0.iter().chain(&self.live).map(Vec::len).sum();
        let readable = sample.width_px > 0.0 && sample.x_px.is_finite() && sample.y_px.is_finite();
        if !readable || drawn >= MAX_POINTS {
            return None;
        }
        let scale = PAD_WIDTH / sample.width_px;
        let start = *self.started_ms.get_or_insert(sample.at_ms);
        self.last_ms = self.last_ms.max((sample.at_ms - start).max(0.0) as u32);
        Some(StrokePoint {
            x: (sample.x_px * scale).round().clamp(0.0, PAD_WIDTH) as i16,
            y: (sample.y_px * scale).round().clamp(0.0, PAD_MAX_HEIGHT) as i16,
            t_ms: self.last_ms,
            pressure: sample.pressure,
        })
    }
}

/// Whether enough was drawn to count as a signature: not a dot or a slip of the finger.
pub fn is_enough(strokes: &Strokes) -> bool {
    let length: f64 = strokes
        .0
        .iter()
        .flat_map(|stroke| stroke.windows(2))
        .map(|pair| match pair {
            [a, b] => (f64::from(a.x) - f64::from(b.x)).hypot(f64::from(a.y) - f64::from(b.y)),
            _ => 0.0,
        })
        .sum();
    length >= MIN_LENGTH_UNITS
}

/// All strokes as one SVG path.
pub fn strokes_path(strokes: &Strokes) -> String {
    let mut path = String::new();
    for stroke in &strokes.0 {
        push_stroke(&mut path, stroke);
    }
    path
}

/// A stroke as curves through the middles between its points, which rounds off the steps of the digitiser.
fn push_stroke(path: &mut String, stroke: &[StrokePoint]) {
    let Some(first) = stroke.first() else {
        return;
    };
    // Writing into a String cannot fail.
    let _ = write!(path, "M{} {}", first.x, first.y);
    if stroke.len() == 1 {
        path.push_str("h.1");
        return;
    }
    for pair in stroke.windows(2) {
        if let [a, b] = pair {
            let middle = (
                (i32::from(a.x) + i32::from(b.x)) / 2,
                (i32::from(a.y) + i32::from(b.y)) / 2,
            );
            let _ = write!(path, "Q{} {} {} {}", a.x, a.y, middle.0, middle.1);
        }
    }
    if let Some(last) = stroke.last() {
        let _ = write!(path, "L{} {}", last.x, last.y);
    }
}

/// The rectangle (x, y, width, height) to show strokes in, with a margin; never smaller than a third of the pad,
/// so that a small signature stays small.
pub fn bounds(strokes: &Strokes) -> (i32, i32, i32, i32) {
    const MARGIN: i32 = 30;
    let points = || strokes.0.iter().flatten();
    let (Some(left), Some(right), Some(top), Some(bottom)) = (
        points().map(|p| i32::from(p.x)).min(),
        points().map(|p| i32::from(p.x)).max(),
        points().map(|p| i32::from(p.y)).min(),
        points().map(|p| i32::from(p.y)).max(),
    ) else {
        return (0, 0, 1000, 400);
    };
    let (width, height) = ((right - left).max(360), (bottom - top).max(150));
    let (middle_x, middle_y) = ((left + right) / 2, (top + bottom) / 2);
    (
        middle_x - width / 2 - MARGIN,
        middle_y - height / 2 - MARGIN,
        width + 2 * MARGIN,
        height + 2 * MARGIN,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(x_px: f64, y_px: f64, at_ms: f64) -> Sample {
        Sample {
            x_px,
            y_px,
            width_px: 500.0,
            at_ms,
            pressure: 0,
        }
    }

    #[test]
    fn samples_become_points_in_pad_units_with_times_from_zero() {
        let mut tracer = Tracer::default();
        assert!(tracer.begin(sample(10.0, 20.0, 5_000.0)));
        assert!(tracer.extend(sample(250.0, 100.0, 5_016.4)));
        assert!(tracer.end());
        assert!(tracer.begin(sample(500.0, 10.0, 5_600.0)));
        assert!(tracer.end());
        let point = |x, y, t_ms| StrokePoint {
            x,
            y,
            t_ms,
            pressure: 0,
        };
        assert_eq!(
            tracer.strokes().0,
            vec![
                vec![point(20, 40, 0), point(500, 200, 16)],
                vec![point(1000, 20, 600)]
            ]
        );
    }

    #[test]
    fn odd_readings_never_leave_the_pad_or_run_back_in_time() {
        let mut tracer = Tracer::default();
        assert!(
            !tracer.begin(Sample {
                width_px: 0.0,
                ..sample(1.0, 1.0, 0.0)
            }),
            "pad not laid out yet"
        );
        assert!(!tracer.begin(sample(f64::NAN, 1.0, 0.0)));
        assert!(!tracer.extend(sample(1.0, 1.0, 0.0)), "no stroke to extend");
        assert!(tracer.begin(sample(-50.0, 1e9, 100.0)));
        assert!(tracer.extend(sample(1e9, -1.0, 40.0)));
        assert!(
            !tracer.extend(sample(1e9, -1.0, 50.0)),
            "the same place again adds nothing"
        );
        tracer.end();
        let stroke = &tracer.strokes().0[0];
        assert_eq!(
            (stroke[0].x, stroke[0].y, stroke[1].x, stroke[1].y),
            (0, 3000, 1000, 0)
        );
        assert!(stroke[1].t_ms >= stroke[0].t_ms);
    }

    #[test]
    fn a_signature_has_a_greatest_size() {
        let mut tracer = Tracer::default();
        tracer.begin(sample(0.0, 0.0, 0.0));
        for step in 0..MAX_POINTS * 2 {
            tracer.extend(sample(
                if step % 2 == 0 { 400.0 } else { 0.0 },
                0.0,
                step as f64,
            ));
        }
        tracer.end();
        assert_eq!(
            tracer.strokes().0.iter().map(Vec::len).sum::<usize>(),
            MAX_POINTS
        );
        assert!(!tracer.begin(sample(0.0, 0.0, 0.0)));
    }

    #[test]
    fn undo_takes_back_one_stroke_at_a_time() {
        let mut tracer = Tracer::default();
        for x in [1.0, 100.0] {
            tracer.begin(sample(x, 1.0, 0.0));
            tracer.end();
        }
        tracer.undo();
        assert_eq!(tracer.strokes().0.len(), 1);
        tracer.undo();
        tracer.undo();
        assert!(tracer.strokes().0.is_empty());
    }

    #[test]
    fn a_dot_is_no_signature() {
        let mut tracer = Tracer::default();
        tracer.begin(sample(10.0, 10.0, 0.0));
        tracer.end();
        assert!(!is_enough(tracer.strokes()));
        tracer.begin(sample(10.0, 10.0, 0.0));
        tracer.extend(sample(150.0, 40.0, 90.0));
        tracer.end();
        assert!(is_enough(tracer.strokes()));
        assert!(!is_enough(&Strokes::default()));
    }

    #[test]
    fn strokes_draw_as_one_path_inside_their_bounds() {
        let point = |x, y| StrokePoint {
            x,
            y,
            t_ms: 0,
            pressure: 0,
        };
        let strokes = Strokes(vec![
            vec![point(100, 100), point(200, 300), point(400, 120)],
            vec![point(500, 200)],
        ]);
        assert_eq!(
            strokes_path(&strokes),
            "M100 100Q100 100 150 200Q200 300 300 210L400 120M500 200h.1"
        );
        assert_eq!(bounds(&strokes), (70, 70, 460, 260));
        assert_eq!(strokes_path(&Strokes::default()), "");
        assert_eq!(bounds(&Strokes::default()), (0, 0, 1000, 400));
    }
}
