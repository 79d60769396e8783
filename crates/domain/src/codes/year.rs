//! Collection years: 1 April to 31 March, named by the year they end in.

use jiff::civil::Date;

/// The collection year that holds `date`, by the year it ends in: 2026 for 1 April 2025.
pub fn collection_year(date: Date) -> i16 {
    if date.month() >= 4 { date.year().saturating_add(1) } else { date.year() }
}

/// First day of collection year `year`; `None` outside the calendar.
pub fn year_start(year: i16) -> Option<Date> {
    Date::new(year.checked_sub(1)?, 4, 1).ok()
}

/// Day after the last of collection year `year`; `None` outside the calendar.
pub fn year_end(year: i16) -> Option<Date> {
    Date::new(year, 4, 1).ok()
}

/// The year as people write it: `2025/26`.
pub fn year_label(year: i16) -> String {
    format!("{}/{:02}", year.saturating_sub(1), year.rem_euclid(100))
}
