//! Promise D7: one that poisons, and everybody else's p99 with it against without it.

use clap::ValueEnum;

use super::receiver::Manner;
use super::{Options, Round, once};
use crate::load::spread;

/// What is wrong with the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Poison {
    /// The first host's endpoint takes every letter and never answers: each holds its place for the 15 seconds of an attempt.
    Silent,
    /// The first host's endpoint answers 500 to everything.
    Refusing,
    /// One notice of the first host's is answered 500 whenever it comes; the others are taken.
    Notice,
}

impl Poison {
    const fn manner(self) -> Manner {
        match self {
            Self::Silent => Manner::Silent,
            Self::Refusing => Manner::Refuses,
            Self::Notice => Manner::RefusesOne,
        }
    }
}

/// Runs without, with, with, without, so that a machine that grows slower or faster favours neither; the ratio of the sums.
/// What is measured is every host's deliveries but the first's, in runs of both kinds.
pub(super) async fn run(options: &Options, poison: Poison) -> anyhow::Result<()> {
    let (mut ratios, mut plains, mut poisoned) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..options.runs {
        let first = p99(&once(options, Manner::Takes, 1).await?);
        let with = [p99(&once(options, poison.manner(), 1).await?), p99(&once(options, poison.manner(), 1).await?)];
        let without = [first, p99(&once(options, Manner::Takes, 1).await?)];
        let ratio = (with[0] + with[1]) / (without[0] + without[1]);
        println!(
            "p99 of the rest of {} notices to {} receivers on {}, s: without {:.3}, with {:.3}, with {:.3}, without {:.3}: \
             ratio {ratio:.2}",
            options.notices, options.receivers, options.on, without[0], with[0], with[1], without[1]
        );
        ratios.push(ratio);
        plains.extend(without);
        poisoned.extend(with);
    }
    println!("p99 without, s: {}", spread(&mut plains));
    println!("p99 with {poison:?}, s: {}", spread(&mut poisoned));
    println!("ratio, promised 1.2 at most: {}", spread(&mut ratios));
    Ok(())
}

/// The wait that 99 of 100 deliveries do not exceed, seconds.
fn p99(round: &Round) -> f64 {
    let mut waits = round.waits.clone();
    waits.sort_by(f64::total_cmp);
    let place = (waits.len() * 99).div_ceil(100).saturating_sub(1);
    waits.get(place).copied().unwrap_or(f64::NAN)
}
