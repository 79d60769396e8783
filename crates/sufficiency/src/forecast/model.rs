//! Stock and flow: who is in care now grows older and may leave; others enter.
//!
//! Birthdays are known, so ageing is exact; what is estimated is how likely a child of a band is to leave in a month, and
//! how many enter at each age. An exponential smoothing of each band would know neither of the two, and a seasonal one would
//! have a year and a half to learn its twelve seasons from.

use hub_domain::Date;
use hub_domain::ages::StrategyBand;
use jiff::ToSpan as _;

use super::spell::{ADULT, MONTH, Spell, days};

/// Months from which the rates are estimated: as many as can be held also for the back-test of a year.
pub(super) const LEARNT: i32 = 18;
/// Bands, in the order of [`StrategyBand::ALL`].
pub(super) const BANDS: usize = 5;
/// Ages at entry, single years.
const AGES: usize = 18;
/// Child-months of all ages that each band borrows: a band with few children leans on the others.
const BORROWED: f64 = 12.0;
/// The middle of each quarter of a year of age: children enter all through it.
const QUARTERS: [f64; 4] = [0.125, 0.375, 0.625, 0.875];
/// Two-sided 80 percent of a normal distribution.
const NORMAL_80: f64 = 1.281_551_6;

/// What happened in the months learnt from.
pub(super) struct Rates {
    /// The chance to leave in a month, by band.
    leave: [f64; BANDS],
    /// Child-months seen, by band: how well that is known.
    seen: [f64; BANDS],
    /// Children entering in a month, by age.
    enter: [f64; AGES],
    /// How much more entries vary from month to month than chance alone would have them: siblings enter together.
    spread: f64,
}

/// How many children there will be, and how far that may be off.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Expected {
    pub(super) mean: f64,
    variance: f64,
}

impl Expected {
    /// Two numbers together, as if they moved apart from each other.
    pub(super) fn and(&self, other: &Self) -> Self {
        Self { mean: self.mean + other.mean, variance: self.variance + other.variance }
    }

    /// The middle, and the ends between which four outcomes of five should lie; whole children.
    pub(super) fn interval(&self) -> [i64; 3] {
        let half = NORMAL_80 * self.variance.max(0.0).sqrt();
        [self.mean, (self.mean - half).max(0.0), self.mean + half].map(whole)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::as_conversions, reason = "a number of children is far below 2^63")]
fn whole(children: f64) -> i64 {
    children.round() as i64
}

/// The band of an age in years; `None` for adults and the unborn.
pub(super) fn band(age: f64) -> Option<usize> {
    if !(0.0..f64::from(ADULT)).contains(&age) {
        return None;
    }
    // The upper ends of the bands but the last, in years.
    Some([5.0, 10.0, 13.0, 16.0].iter().filter(|upper| age >= **upper).count())
}

/// The key of a band.
pub(super) fn key(band: usize) -> &'static str {
    StrategyBand::ALL.get(band).map_or("", |band| band.as_str())
}

impl Rates {
    /// Learns from the months before `origin`, as they were known on it.
    pub(super) fn learn<'a>(spells: impl Iterator<Item = &'a Spell> + Clone, origin: Date) -> Self {
        let from = origin.checked_sub(LEARNT.months()).unwrap_or(Date::MIN);
        let (mut seen, mut left, mut entered) = ([0.0; BANDS], [0.0; BANDS], [0.0; AGES]);
        let mut by_month = vec![0.0; usize::try_from(LEARNT).unwrap_or(1)];
        for spell in spells.filter(|spell| spell.start <= origin) {
            expose(spell, from, origin, &mut seen);
            if let Some(on) = spell.left_on(origin).filter(|on| *on > from) {
                add(&mut left, band(spell.age(on)), 1.0);
            }
            if spell.start > from {
                let years = spell.age(spell.start);
                add(&mut entered, single(years), 1.0);
                add(&mut by_month, position(days(from, spell.start) / MONTH), 1.0);
            }
        }
        let months = f64::from(LEARNT);
        let overall = (left.iter().sum::<f64>() + 0.5) / (seen.iter().sum::<f64>() + BORROWED);
        let mut leave = [0.0; BANDS];
        for ((leave, left), seen) in leave.iter_mut().zip(left).zip(seen) {
            *leave = ((left + BORROWED * overall) / (seen + BORROWED)).min(0.5);
        }
        Self { leave, seen, enter: entered.map(|entered| entered / months), spread: spread(&by_month) }
    }

    /// The children of each band `months` after `origin`.
    pub(super) fn project<'a>(
        &self,
        spells: impl Iterator<Item = &'a Spell>,
        origin: Date,
        months: i32,
    ) -> [Expected; BANDS] {
        let mut bands = [Expected::default(); BANDS];
        let target = origin.checked_add(months.months()).unwrap_or(origin);
        self.stay(spells.filter(|spell| spell.holds(origin)), (origin, target), months, &mut bands);
        self.arrive(months, &mut bands);
        bands
    }

    /// Who is there: each stays with a chance, by the bands passed through.
    fn stay<'a>(
        &self,
        spells: impl Iterator<Item = &'a Spell>,
        (origin, target): (Date, Date),
        months: i32,
        bands: &mut [Expected; BANDS],
    ) {
        // How much each band's number would move with each band's chance to leave.
        let mut moves = [[0.0; BANDS]; BANDS];
        for spell in spells.filter(|spell| target < spell.adult_on()) {
            let Some(to) = band(spell.age(target)) else { continue };
            let now = spell.age(origin);
            let mut passed = [0.0; BANDS];
            for month in 0..months {
                add(&mut passed, band(now + f64::from(month) / 12.0), 1.0);
            }
            let stays: f64 = passed.iter().zip(self.leave).map(|(months, leave)| (1.0 - leave).powf(*months)).product();
            let (Some(there), Some(moved)) = (bands.get_mut(to), moves.get_mut(to)) else { continue };
            there.mean += stays;
            there.variance += stays * (1.0 - stays);
            for ((moved, months), leave) in moved.iter_mut().zip(passed).zip(self.leave) {
                *moved += stays * months / (1.0 - leave);
            }
        }
        for (there, moved) in bands.iter_mut().zip(moves) {
            let doubt = moved.iter().zip(self.leave).zip(self.seen);
            there.variance += doubt
                .map(|((moved, leave), seen)| moved * moved * leave * (1.0 - leave) / (seen + BORROWED))
                .sum::<f64>();
        }
    }

    /// Who comes: as many in a month as came, each staying with the chance of its band.
    fn arrive(&self, months: i32, bands: &mut [Expected; BANDS]) {
        for (years, enter) in (0_u8..).map(f64::from).zip(self.enter) {
            // What one more entry a month at this age would add to each band.
            let mut adds = [0.0; BANDS];
            for (month, quarter) in (0..months).flat_map(|month| QUARTERS.map(|quarter| (month, quarter))) {
                let stay = f64::from(months - month) - 0.5;
                let first = band(years + quarter).and_then(|at| self.leave.get(at)).copied().unwrap_or(0.0);
                add(&mut adds, band(years + quarter + stay / 12.0), (1.0 - first).powf(stay) / 4.0);
            }
            for (there, adds) in bands.iter_mut().zip(adds) {
                there.mean += adds * enter;
                there.variance += self.spread * enter * (adds + adds * adds / f64::from(LEARNT));
            }
        }
    }
}

/// Child-months of a spell in each band between two days.
fn expose(spell: &Spell, from: Date, to: Date, seen: &mut [f64; BANDS]) {
    let (first, last) = (spell.start.max(from), spell.end.unwrap_or(to).min(to).min(spell.adult_on()));
    let whole = days(first, last) / MONTH;
    if whole <= 0.0 {
        return;
    }
    let steps = whole.ceil();
    let mut done = 0.0;
    while done < steps {
        add(seen, band(spell.age(first) + done / 12.0), (whole - done).min(1.0));
        done += 1.0;
    }
}

fn add(sums: &mut [f64], at: Option<usize>, by: f64) {
    if let Some(sum) = at.and_then(|at| sums.get_mut(at)) {
        *sum += by;
    }
}

/// The single year of an age.
fn single(years: f64) -> Option<usize> {
    band(years).and_then(|_| position(years))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::as_conversions,
    reason = "checked to be neither negative nor large"
)]
fn position(number: f64) -> Option<usize> {
    (0.0..1_000.0).contains(&number).then(|| number.floor() as usize)
}

/// Variance of monthly entries over their mean, at least one.
fn spread(by_month: &[f64]) -> f64 {
    let months = f64::from(LEARNT);
    let mean = by_month.iter().sum::<f64>() / months;
    if mean <= 0.0 {
        return 1.0;
    }
    let squares: f64 = by_month.iter().map(|month| (month - mean).powi(2)).sum();
    (squares / (months - 1.0) / mean).max(1.0)
}
