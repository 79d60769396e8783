use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn after(day: Date, n: u32) -> Date {
    Calendar::england_and_wales().add_working_days(day, n).unwrap()
}

#[test]
fn five_working_days_over_christmas_easter_and_august() {
    assert_eq!(after(date(2026, 12, 24), 5), date(2027, 1, 5));
    assert_eq!(after(date(2026, 4, 1), 5), date(2026, 4, 10));
    assert_eq!(after(date(2026, 8, 22), 5), date(2026, 8, 28));
    assert_eq!(after(date(2026, 8, 24), 5), date(2026, 9, 1));
    assert_eq!(after(date(2027, 12, 24), 5), date(2028, 1, 5));
    assert_eq!(after(date(2028, 4, 13), 5), date(2028, 4, 24));
}

#[test]
fn ten_working_days_over_christmas() {
    assert_eq!(after(date(2026, 12, 18), 10), date(2027, 1, 6));
}

#[test]
fn the_event_itself_is_day_0_even_on_a_holiday() {
    assert_eq!(after(date(2026, 12, 25), 0), date(2026, 12, 25));
    assert_eq!(after(date(2026, 12, 25), 1), date(2026, 12, 29));
}

#[test]
fn past_the_last_known_year_it_refuses() {
    let calendar = Calendar::england_and_wales();
    let beyond = |year| BeyondKnownHolidays { year, first: 2024, last: 2028 };
    assert_eq!(calendar.known_years(), (2024, 2028));
    assert_eq!(calendar.add_working_days(date(2028, 12, 22), 4), Err(beyond(2029)));
    assert_eq!(calendar.add_working_days(date(2028, 12, 22), 3), Ok(date(2028, 12, 29)));
    assert_eq!(calendar.is_working(date(2023, 12, 29)), Err(beyond(2023)));
    assert_eq!(calendar.working_days_between(date(2028, 12, 29), date(2029, 1, 2)), Err(beyond(2029)));
}

#[test]
fn a_calendar_of_no_holidays_knows_no_year() {
    assert!(Calendar::of([]).is_working(date(2026, 6, 1)).is_err());
}

#[test]
fn what_remains_is_none_on_the_day_and_negative_after() {
    let calendar = Calendar::england_and_wales();
    let due = date(2026, 9, 1);
    assert_eq!(calendar.remaining(due, date(2026, 8, 24)), Ok(5));
    assert_eq!(calendar.remaining(due, due), Ok(0));
    assert_eq!(calendar.remaining(due, date(2026, 9, 3)), Ok(-2));
}

#[test]
fn england_and_wales_has_eight_holidays_a_year_on_weekdays() {
    let calendar = Calendar::england_and_wales();
    for year in 2024..=2028 {
        let of_year = calendar.holidays.iter().filter(|day| day.year() == year).count();
        assert_eq!(of_year, 8, "{year}");
    }
    assert!(!calendar.holidays.iter().any(|day| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)));
}

fn day() -> impl Strategy<Value = Date> {
    (0_i64..1700).prop_map(|n| date(2024, 1, 1).saturating_add(jiff::Span::new().days(n)))
}

proptest! {
    #[test]
    fn counting_undoes_adding(from in day(), n in 0_u32..30) {
        let calendar = Calendar::england_and_wales();
        let to = after(from, n);
        prop_assert_eq!(calendar.working_days_between(from, to), Ok(i32::try_from(n).unwrap()));
        prop_assert_eq!(calendar.working_days_between(to, from), Ok(-i32::try_from(n).unwrap()));
        prop_assert!(n == 0 || calendar.is_working(to).unwrap());
    }

    #[test]
    fn days_add_up_wherever_they_are_cut(a in day(), b in day(), c in day()) {
        let calendar = Calendar::england_and_wales();
        let between = |x, y| calendar.working_days_between(x, y).unwrap();
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
    }
}

#[test]
fn a_proclaimed_day_counts_and_a_new_year_is_known_whole_or_not_at_all() {
    let known = Calendar::england_and_wales();
    let monday = date(2026, 9, 7);
    let proclaimed = known.with([monday]).unwrap();
    assert_eq!((known.is_working(monday), proclaimed.is_working(monday)), (Ok(true), Ok(false)));
    assert_eq!(proclaimed.add_working_days(date(2026, 9, 4), 1), Ok(date(2026, 9, 8)));
    assert_eq!(proclaimed.known_years(), known.known_years());
    assert_eq!(known.with([monday, monday, date(2026, 12, 25)]), Ok(proclaimed), "said twice is once");
    let year = |year: i16| (1..=8).map(move |month| date(year, month, 1));
    assert_eq!(known.with(year(2029)).unwrap().known_years(), (2024, 2029));
    assert_eq!(known.with(year(2029).skip(1)), Err(IncompleteYear { year: 2029 }));
    assert_eq!(known.with(year(2030)), Err(IncompleteYear { year: 2029 }));
    assert_eq!(known.with([date(2023, 5, 8)]), Err(IncompleteYear { year: 2023 }));
    assert!(known.with([]).unwrap() == *known);
}

#[test]
fn a_holiday_that_is_moved_leaves_its_year_whole_and_one_that_is_taken_out_does_not() {
    let known = Calendar::england_and_wales();
    let (early_may, friday) = (date(2026, 5, 4), date(2026, 5, 8));
    let moved = known.amended([friday], &BTreeSet::from([early_may])).unwrap();
    assert_eq!((moved.is_working(early_may), moved.is_working(friday)), (Ok(true), Ok(false)));
    assert!(!moved.is_holiday(early_may) && moved.is_holiday(friday));
    assert_eq!(moved.holidays().len(), known.holidays().len());
    assert_eq!(known.amended([], &BTreeSet::from([early_may])), Err(IncompleteYear { year: 2026 }));
}
