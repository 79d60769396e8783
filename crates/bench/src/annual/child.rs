//! One made-up child's year.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Last day of the return's year.
pub const LAST: Date = date(2026, 3, 31);
/// Its first.
pub const FIRST: Date = date(2025, 4, 1);

pub struct Child {
    pub number: String,
    pub sex: &'static str,
    pub born: Date,
    pub ethnicity: &'static str,
    pub is_uasc: bool,
    pub is_leaver: bool,
    pub home: usize,
    pub episodes: Vec<Episode>,
}

pub struct Episode {
    pub start: Date,
    pub end: Option<Date>,
    pub rne: &'static str,
    pub legal: &'static str,
    pub need: &'static str,
    pub place: &'static str,
    pub provider: &'static str,
    pub ceased: &'static str,
    pub change: &'static str,
    pub postcode: usize,
    pub urn: String,
}

/// Draws a child; the same for the same seed and number.
pub fn draw(seed: u64, number: u32, postcodes: usize) -> Child {
    let mut rng = StdRng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(u64::from(number)));
    let is_uasc = rng.random_ratio(7, 100);
    // One in twenty has left care, and is asked after: who is in OC3 is in the header too.
    let is_leaver = number.is_multiple_of(20);
    let years = if is_leaver {
        rng.random_range(18..21)
    } else if is_uasc {
        16
    } else {
        rng.random_range(1..17)
    };
    let born = LAST.saturating_sub((years * 365 + rng.random_range(40..360)).days());
    let episodes = if is_leaver { Vec::new() } else { episodes(&mut rng, born, postcodes) };
    Child {
        number: format!("C{:07}", u64::from(number) * 37 + 1_000_003),
        sex: ["M", "F"][rng.random_range(0..2)],
        born,
        ethnicity: ["WBRI", "BCRB", "BAFR", "MWBC", "WOTH", "ABAN", "OOTH"][rng.random_range(0..7)],
        is_uasc: is_uasc && !is_leaver,
        is_leaver,
        home: rng.random_range(0..postcodes),
        episodes,
    }
}

fn episodes(rng: &mut StdRng, born: Date, postcodes: usize) -> Vec<Episode> {
    let kinds = [("U6", "PR4"), ("U4", "PR1"), ("U6", "PR1"), ("U1", "PR1"), ("K2", "PR4"), ("U5", "PR1")];
    let need = ["N1", "N1", "N5", "N4", "N8"][rng.random_range(0..5)];
    let legal = ["C2", "C2", "C1", "V2"][rng.random_range(0..4)];
    let earliest = born.saturating_add(20.days()).max(FIRST.saturating_sub(900.days()));
    let span = earliest.until(LAST.saturating_sub(30.days())).map_or(0, |span| span.get_days()).max(1);
    let mut start = earliest.saturating_add(rng.random_range(0..span).days());
    let count = rng.random_range(1..4);
    let mut episodes: Vec<Episode> = Vec::new();
    for nth in 0..count {
        let (place, provider) = kinds[rng.random_range(0..kinds.len())];
        let next = start.saturating_add(rng.random_range(25..200).days());
        let is_last = nth + 1 == count || next >= LAST.saturating_sub(10.days());
        let leaves = is_last && next < LAST && next > FIRST && rng.random_ratio(3, 10);
        let end = (!is_last || leaves).then_some(next);
        episodes.push(Episode {
            start,
            end,
            rne: if nth == 0 { "S" } else { "P" },
            legal,
            need,
            place,
            provider,
            ceased: if leaves {
                "E4A"
            } else if is_last {
                ""
            } else {
                "X1"
            },
            change: if is_last { "" } else { "CARPL" },
            postcode: rng.random_range(0..postcodes),
            urn: format!("SC{:06}", rng.random_range(10_000..12_000)),
        });
        if is_last {
            break;
        }
        start = next;
    }
    episodes
}

impl Child {
    /// A number of its own for choices that hang on nothing else.
    pub fn turn(&self) -> usize {
        self.number.bytes().fold(7, |sum, byte| sum * 31 % 9973 + usize::from(byte))
    }
}
