//! A seeded source of choices; each part of the region draws from its own, so that changing one leaves the others.

use jiff::{ToSpan, civil::Date};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

/// Choices for one part of the region.
#[derive(Debug)]
pub struct Part(StdRng);

impl Part {
    /// The choices of the part called `name` under `seed`.
    pub fn of(seed: u64, name: &str) -> Self {
        let mixed = name.bytes().fold(seed ^ 0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        Self(StdRng::seed_from_u64(mixed))
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        self.0.random_range(low..=high)
    }

    /// Happens `percent` times in a hundred.
    pub fn percent(&mut self, percent: i32) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of `all`, evenly; `T::default()` of nothing.
    pub fn one<T: Copy + Default>(&mut self, all: &[T]) -> T {
        all.choose(&mut self.0).copied().unwrap_or_default()
    }

    /// One of `all` by weight.
    pub fn weighed<T: Copy + Default>(&mut self, all: &[(T, i32)]) -> T {
        let mut left = self.between(1, all.iter().map(|(_, weight)| weight).sum::<i32>().max(1));
        for (value, weight) in all {
            left -= weight;
            if left <= 0 {
                return *value;
            }
        }
        T::default()
    }

    /// A day from `first` to `last`, both included.
    pub fn day(&mut self, first: Date, last: Date) -> Date {
        let days = first.until(last).map_or(0, |span| span.get_days());
        let ahead = if days > 0 { self.between(0, days) } else { 0 };
        first.checked_add(ahead.days()).unwrap_or(first)
    }
}
