//! Chance that can be played again, and how much of it.

use std::sync::OnceLock;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// A seeded source of random numbers.
#[derive(Debug)]
pub struct Chance(StdRng);

impl Chance {
    /// The chance of one test: its name and [`seed`] make it.
    pub fn of(test: &str) -> Self {
        let mixed = test.bytes().fold(seed(), |sum, byte| sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
        Self(StdRng::seed_from_u64(mixed))
    }

    /// A number in `0..below`.
    ///
    /// # Panics
    /// When `below` is nought.
    pub fn below(&mut self, below: usize) -> usize {
        self.0.random_range(0..below)
    }

    /// A number in `from..=to`.
    pub fn between(&mut self, from: u64, to: u64) -> u64 {
        self.0.random_range(from..=to)
    }

    /// So many random bytes.
    pub fn bytes(&mut self, many: usize) -> Vec<u8> {
        let mut bytes = vec![0; many];
        self.0.fill(bytes.as_mut_slice());
        bytes
    }

    /// Puts a list in random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// What chance is drawn from: `HUB_SEED`, or a fresh one each run, said once so that a failure can be played again.
pub fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let given = std::env::var("HUB_SEED").ok().and_then(|text| text.parse().ok());
        let seed = given.unwrap_or_else(|| rand::rng().random_range(0..1_000_000));
        eprintln!("HUB_SEED={seed} plays this run again");
        seed
    })
}

/// How many trials: what the environment variable says, else `usual`.
pub fn trials(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
