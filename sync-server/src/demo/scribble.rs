//! Signatures as a hand would draw them: a few bent strokes for each character of the name.
//!
//! Whole numbers only, so that the same seed draws the same strokes on every machine.

use shared::evidence::{StrokePoint, Strokes};

use super::dice::Dice;

/// Height of the pad in its own units (1000 wide).
const PAD_HEIGHT: i64 = 420;

/// Draws a name of so many characters.
pub fn scribble(dice: &mut Dice, characters: usize) -> Strokes {
    let count = characters.clamp(1, 5) as i64;
    let cell = 760 / count;
    let mut strokes = Vec::new();
    let mut t_ms = 0u32;
    for character in 0..count {
        let left = 110 + character * cell;
        for _ in 0..dice.between(3, 6) {
            strokes.push(stroke(dice, left, cell, &mut t_ms));
            t_ms += dice.between(60, 170) as u32;
        }
        t_ms += dice.between(90, 240) as u32;
    }
    Strokes(strokes)
}

/// One stroke: a quadratic curve through the character's cell, thinner where it ends.
fn stroke(dice: &mut Dice, left: i64, cell: i64, t_ms: &mut u32) -> Vec<StrokePoint> {
    let mut corner = || {
        (
            left + dice.between(0, cell - 20),
            dice.between(PAD_HEIGHT / 5, PAD_HEIGHT * 4 / 5),
        )
    };
    let (from, bend, to) = (corner(), corner(), corner());
    let steps = dice.between(6, 11);
    let mut points = Vec::new();
    for step in 0..=steps {
        let rest = steps - step;
        let curve = |a: i64, b: i64, c: i64| {
            (a * rest * rest + 2 * b * rest * step + c * step * step) / (steps * steps)
        };
        let pressed = 90 + 100 * step * rest * 4 / (steps * steps) + dice.between(-12, 12);
        points.push(StrokePoint {
            x: curve(from.0, bend.0, to.0).clamp(0, 1_000) as i16,
            y: curve(from.1, bend.1, to.1).clamp(0, PAD_HEIGHT) as i16,
            t_ms: *t_ms,
            pressure: pressed.clamp(1, 255) as u8,
        });
        *t_ms += dice.between(11, 19) as u32;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_stays_on_the_pad_and_time_runs_forward() {
        let drawn = scribble(&mut Dice::new(1, "scribble"), 3);
        let points: Vec<&StrokePoint> = drawn.0.iter().flatten().collect();
        assert!((60..300).contains(&points.len()), "{}", points.len());
        assert!(points.windows(2).all(|w| w[0].t_ms < w[1].t_ms));
        assert!(
            points
                .iter()
                .all(|p| (0..=1_000).contains(&p.x) && (0..=420).contains(&p.y) && p.pressure > 0)
        );
    }
}
