//! Dates as days since 1970: read, written and compared without a calendar library on the hot path.

use jiff::civil::Date;

/// Days from 1 January 1970 to the given date of the proleptic Gregorian calendar.
pub(crate) const fn day_of(year: i32, month: i32, day: i32) -> i32 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The day number of a calendar date.
pub(crate) fn day_number(date: Date) -> i32 {
    day_of(i32::from(date.year()), i32::from(date.month()), i32::from(date.day()))
}

/// Year, month and day of a day number.
pub(crate) const fn civil_of(day: i32) -> (i32, i32, i32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year + era * 400 + carry, month, of_year - (153 * ((month + 9) % 12) + 2) / 5 + 1)
}

/// Reads `YYYY-MM-DD`, from 1900 to 2199.
pub(crate) fn read_date(cell: &[u8]) -> Option<i32> {
    let (month_part, [b'-', tens, units]) = cell.split_last_chunk()? else { return None };
    let (year, month) = read_year_month(month_part)?;
    let day = pair([*tens, *units])?;
    (day >= 1 && day <= days_in(year, month)).then(|| day_of(year, month, day))
}

/// Reads `YYYY-MM` as months since the year 0.
pub(crate) fn read_month(cell: &[u8]) -> Option<i32> {
    let (year, month) = read_year_month(cell)?;
    Some(year * 12 + month - 1)
}

fn read_year_month(cell: &[u8]) -> Option<(i32, i32)> {
    let [century @ .., b'-', tens, units] = cell else { return None };
    let (hundreds, years) = century.split_first_chunk::<2>()?;
    let year = pair(*hundreds)? * 100 + pair(years.try_into().ok()?)?;
    let month = pair([*tens, *units])?;
    ((1900..2200).contains(&year) && (1..=12).contains(&month)).then_some((year, month))
}

/// Whole years from the first of `month` to `day`: the age, taking the birthday as the first of the month.
pub(crate) const fn age_on(month: i32, day: i32) -> i32 {
    let (year, of_year, _) = civil_of(day);
    (year * 12 + of_year - 1 - month).div_euclid(12)
}

/// The first day of a month.
pub(crate) const fn first_of(month: i32) -> i32 {
    day_of(month.div_euclid(12), month.rem_euclid(12) + 1, 1)
}

fn pair(digits: [u8; 2]) -> Option<i32> {
    let [tens, units] = digits.map(|digit| digit.wrapping_sub(b'0'));
    (tens < 10 && units < 10).then(|| i32::from(tens) * 10 + i32::from(units))
}

const fn days_in(year: i32, month: i32) -> i32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_calendar_on_every_day_of_three_centuries() {
        let mut date = jiff::civil::date(1900, 1, 1);
        let mut day = day_number(date);
        while date.year() < 2200 {
            assert_eq!(day_number(date), day);
            assert_eq!(read_date(date.to_string().as_bytes()), Some(day));
            let (y, m, d) = civil_of(day);
            assert_eq!((y, m, d), (date.year().into(), date.month().into(), date.day().into()));
            date = date.tomorrow().unwrap();
            day += 1;
        }
        assert_eq!(day_of(1970, 1, 1), 0);
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "2025-02-29",
            "2025-13-01",
            "2025-00-10",
            "2025-04-31",
            "25-04-30",
            "2025/04/30",
            "30/04/2025",
            "1899-12-31",
            "",
        ] {
            assert_eq!(read_date(text.as_bytes()), None, "{text}");
        }
        assert!(read_date(b"2024-02-29").is_some());
        for text in ["2025-13", "2025-00", "2025-1", "2025-01-01", "05/2010"] {
            assert_eq!(read_month(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_birthday_is_the_first_of_the_month() {
        let born = read_month(b"2010-05").unwrap();
        assert_eq!(age_on(born, day_of(2020, 4, 30)), 9);
        assert_eq!(age_on(born, day_of(2020, 5, 1)), 10);
        assert_eq!(age_on(born, day_of(2010, 4, 30)), -1);
        assert_eq!(first_of(born), day_of(2010, 5, 1));
    }
}
