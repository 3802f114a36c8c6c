//! Changes of a change: one part is altered, the others stay readable.

use super::chunk::Parts;

/// What alters bytes: takes them with the length that they may grow to.
pub type Alter<'a> = dyn FnMut(&mut Vec<u8>, usize) + 'a;

/// Alters one part of a frame, chosen by `seed`; none if the frame can't be taken apart.
pub fn one_part(frame: &[u8], mut seed: u32, alter: &mut Alter<'_>) -> Option<Vec<u8>> {
    let mut parts = Parts::of(frame)?;
    let mut draw = |n: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % n.max(1)
    };
    let columns = parts.columns.len();
    match draw(16) {
        0 => parts.actor[..].iter_mut().for_each(|b| *b ^= 1),
        1 => parts.seq = draw(5) as u64,
        2 => parts.start_op = parts.start_op.wrapping_add(draw(5) as u64).wrapping_sub(2),
        3 => {
            if parts.dependencies.pop().is_none() {
                parts.dependencies.push([draw(256) as u8; 32]);
            }
        }
        4 if columns > 0 => drop(parts.columns.remove(draw(columns))),
        5 if columns > 0 => {
            let copied = parts.columns[draw(columns)].1.clone();
            parts.columns[draw(columns)].1 = copied;
        }
        6 => parts.other_actors.push(vec![draw(256) as u8; 16]),
        7 if columns > 0 => {
            // The same number of bytes at another place of the column.
            let (_, data) = &mut parts.columns[draw(columns)];
            let length = data.len();
            data.rotate_left(draw(length));
        }
        _ if columns > 0 => {
            let (_, data) = &mut parts.columns[draw(columns)];
            let room = data.len() + 16;
            alter(data, room);
        }
        _ => {
            let room = parts.actor.len() + 1;
            alter(&mut parts.actor, room);
        }
    }
    Some(parts.frame())
}
