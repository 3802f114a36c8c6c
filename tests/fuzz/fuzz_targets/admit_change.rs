//! See `fuzz::admit`. Half of the mutations alter one part of the change and leave the rest readable.
#![no_main]

use fuzz::{admit, guard, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(
    init: guard::install(),
    |data: &[u8]| {
        admit::run(data);
    }
);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let altered = match data[..size].split_first() {
        Some((_, frame)) if seed % 2 == 0 => mutate::one_part(frame, seed, &mut |part, room| {
            let length = part.len();
            part.resize(room, 0);
            let length = fuzzer_mutate(part, length, room);
            part.truncate(length);
        }),
        _ => None,
    };
    match altered {
        Some(frame) if frame.len() < max_size => {
            data[1..=frame.len()].copy_from_slice(&frame);
            1 + frame.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});
