//! See `fuzz::hydrate`. Half of the mutations alter one part of one change and leave the rest readable.
#![no_main]

use fuzz::{guard, hydrate, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(
    init: guard::install(),
    |data: &[u8]| {
        hydrate::run(data);
    }
);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let altered = if seed % 2 == 0 { alter_one(&data[..size], seed / 2) } else { None };
    match altered {
        Some(input) if input.len() <= max_size => {
            data[..input.len()].copy_from_slice(&input);
            input.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
});

fn alter_one(input: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut frames = hydrate::frames(input);
    let index = seed as usize % frames.len().max(1);
    let altered = mutate::one_part(frames.get(index)?, seed, &mut |part, room| {
        let length = part.len();
        part.resize(room, 0);
        let length = fuzzer_mutate(part, length, room);
        part.truncate(length);
    })?;
    frames[index] = &altered;
    Some(hydrate::input(&frames))
}
