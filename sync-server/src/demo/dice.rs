//! Seeded chance in whole numbers: per mille, ranges, weighted choices, and distributions given by
//! their quantiles.
//!
//! Invariant: the same seed gives the same sequence on every machine; no floating point number.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use uuid::{Builder, Uuid};

/// A source of chance.
pub struct Dice(ChaCha8Rng);

/// A distribution by its quantiles: (per mille of draws at or below, value), both rising, from 0 to
/// 1000; between two of them values are spread evenly.
pub type Quantiles = &'static [(u32, i64)];

impl Dice {
    /// A source that depends on the seed and on what it is for, so that one part of the company does
    /// not change when another draws more.
    pub fn new(seed: u64, purpose: &str) -> Self {
        use sha2::{Digest, Sha256};
        let hash = Sha256::new()
            .chain_update(seed.to_le_bytes())
            .chain_update(purpose)
            .finalize();
        Self(ChaCha8Rng::from_seed(hash.into()))
    }

    /// A number in `0..n`; 0 if `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        // Multiply-shift: the bias of n/2⁶⁴ is far below what anybody could notice.
        ((u128::from(self.0.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// A number in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).max(0) as u64 + 1;
        low + self.below(span) as i64
    }

    /// True in so many of 1,000 draws.
    pub fn per_mille(&mut self, share: u32) -> bool {
        self.below(1_000) < u64::from(share)
    }

    /// One of the choices, if there is one.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let index = self.below(choices.len() as u64);
        choices.get(index as usize)
    }

    /// One of the texts; empty if there is none.
    pub fn text(&mut self, choices: &[&'static str]) -> &'static str {
        self.pick(choices).copied().unwrap_or("")
    }

    /// One of the choices by weight; `fallback` if the weights are all zero.
    pub fn weighted<T: Copy>(&mut self, choices: &[(u32, T)], fallback: T) -> T {
        let total: u64 = choices.iter().map(|(w, _)| u64::from(*w)).sum();
        let mut at = self.below(total);
        for (weight, choice) in choices {
            if at < u64::from(*weight) {
                return *choice;
            }
            at -= u64::from(*weight);
        }
        fallback
    }

    /// A value of a distribution.
    pub fn draw(&mut self, quantiles: Quantiles) -> i64 {
        let at = self.below(1_000_000) as i64;
        quantile(quantiles, at)
    }

    /// Shuffles in place.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i as u64 + 1) as usize;
            items.swap(i, j);
        }
    }

    /// An id that sorts by the given time.
    pub fn uuid(&mut self, at_ms: i64) -> Uuid {
        let mut random = [0u8; 10];
        self.0.fill_bytes(&mut random);
        Builder::from_unix_timestamp_millis(at_ms.max(0) as u64, &random).into_uuid()
    }

    /// Sixteen bytes, as an Automerge actor has.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0u8; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

/// The value at so many millionths of a distribution.
fn quantile(quantiles: Quantiles, at: i64) -> i64 {
    let mut before = (0, quantiles.first().map_or(0, |(_, v)| *v));
    for (mille, value) in quantiles {
        let knot = (i64::from(*mille) * 1_000, *value);
        if at <= knot.0 {
            let width = (knot.0 - before.0).max(1);
            return before.1 + (knot.1 - before.1) * (at - before.0) / width;
        }
        before = knot;
    }
    before.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_purpose_give_the_same_sequence() {
        let roll = |seed, purpose: &str| {
            let mut dice = Dice::new(seed, purpose);
            (0..8).map(|_| dice.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(roll(1, "a"), roll(1, "a"));
        assert_ne!(roll(1, "a"), roll(2, "a"));
        assert_ne!(roll(1, "a"), roll(1, "b"));
    }

    #[test]
    fn quantiles_are_met_at_their_knots_and_between() {
        const Q: Quantiles = &[(0, 10), (500, 20), (1_000, 120)];
        for (at, expected) in [
            (0, 10),
            (250_000, 15),
            (500_000, 20),
            (750_000, 70),
            (1_000_000, 120),
        ] {
            assert_eq!(quantile(Q, at), expected);
        }
        assert_eq!(quantile(&[], 5), 0);
    }

    #[test]
    fn draws_stay_in_their_range() {
        let mut dice = Dice::new(7, "range");
        for _ in 0..1_000 {
            assert!((3..=5).contains(&dice.between(3, 5)));
            assert_eq!(dice.below(0), 0);
        }
        assert_eq!(dice.weighted(&[], 'x'), 'x');
        assert_eq!(dice.weighted(&[(0, 'a'), (1, 'b')], 'x'), 'b');
    }
}
