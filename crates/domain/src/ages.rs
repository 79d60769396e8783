//! Ages in whole years, and the two banding schemes that must live side by side: the boroughs' own
//! strategies use one, DfE's statistics the other. A table always says which it used.
//!
//! Only the month of birth is known, so the birthday is taken as the first of it.

use jiff::civil::Date;

/// Whole years on `on` of someone born in `birth_month` (`YYYY-MM`); `None` when the month does not
/// read as one or is after `on`.
pub fn age_on(birth_month: &str, on: Date) -> Option<i16> {
    let born = birth_date(birth_month)?;
    if on < born {
        return None;
    }
    let before_birthday = on.month() < born.month();
    Some(on.year() - born.year() - i16::from(before_birthday))
}

/// The `age`th birthday; the zeroth is the day of birth. `None` when the month does not read as one.
pub fn birthday(birth_month: &str, age: i16) -> Option<Date> {
    let born = birth_date(birth_month)?;
    Date::new(born.year().checked_add(age)?, born.month(), 1).ok()
}

fn birth_date(birth_month: &str) -> Option<Date> {
    let (year, month) = birth_month.split_once('-')?;
    let digits = |text: &str, len| text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

crate::words! {
    /// The bands of the boroughs' sufficiency strategies.
    StrategyBand("strategy age band") {
        /// Under five.
        From0To4 = "0-4", "0 to 4";
        /// Five to nine.
        From5To9 = "5-9", "5 to 9";
        /// Ten to twelve.
        From10To12 = "10-12", "10 to 12";
        /// Thirteen to fifteen.
        From13To15 = "13-15", "13 to 15";
        /// Sixteen and over.
        From16 = "16+", "16 and over";
    }
}

crate::words! {
    /// The bands of DfE's statistics.
    StatisticalBand("statistical age band") {
        /// Under one.
        Under1 = "<1", "Under 1";
        /// One to four.
        From1To4 = "1-4", "1 to 4";
        /// Five to nine.
        From5To9 = "5-9", "5 to 9";
        /// Ten to fifteen.
        From10To15 = "10-15", "10 to 15";
        /// Sixteen and over.
        From16 = "16+", "16 and over";
    }
}

impl StrategyBand {
    /// The band of an age in whole years.
    pub const fn of(age: i64) -> Self {
        match age {
            ..=4 => Self::From0To4,
            5..=9 => Self::From5To9,
            10..=12 => Self::From10To12,
            13..=15 => Self::From13To15,
            16.. => Self::From16,
        }
    }
}

impl StatisticalBand {
    /// The band of an age in whole years.
    pub const fn of(age: i64) -> Self {
        match age {
            ..=0 => Self::Under1,
            1..=4 => Self::From1To4,
            5..=9 => Self::From5To9,
            10..=15 => Self::From10To15,
            16.. => Self::From16,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_birthday_is_the_first_of_the_month() {
        assert_eq!(age_on("2012-09", date(2026, 8, 31)), Some(13));
        assert_eq!(age_on("2012-09", date(2026, 9, 1)), Some(14));
        assert_eq!(age_on("2026-09", date(2026, 9, 30)), Some(0));
        assert_eq!(age_on("2026-10", date(2026, 9, 30)), None);
        assert_eq!(birthday("2008-02", 18), Some(date(2026, 2, 1)));
    }

    #[test]
    fn what_is_not_a_month_has_no_age() {
        for text in ["", "2012", "2012-13", "2012-00", "12-09", "2012-9", "2012-09-01", "+012-09"] {
            assert_eq!(age_on(text, date(2026, 9, 1)), None, "{text}");
        }
    }

    #[test]
    fn every_age_has_one_band_in_each_scheme() {
        let strategy: Vec<_> = (0..=17).map(|age| StrategyBand::of(age).as_str()).collect();
        assert_eq!(strategy[4..=5], ["0-4", "5-9"]);
        assert_eq!(strategy[9..=10], ["5-9", "10-12"]);
        assert_eq!(strategy[12..=13], ["10-12", "13-15"]);
        assert_eq!(strategy[15..=16], ["13-15", "16+"]);
        let statistical: Vec<_> = (0..=17).map(|age| StatisticalBand::of(age).as_str()).collect();
        assert_eq!(statistical[0..=1], ["<1", "1-4"]);
        assert_eq!(statistical[4..=5], ["1-4", "5-9"]);
        assert_eq!(statistical[9..=10], ["5-9", "10-15"]);
        assert_eq!(statistical[15..=16], ["10-15", "16+"]);
    }
}
