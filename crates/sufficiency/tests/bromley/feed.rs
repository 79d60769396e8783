//! A feed of whole days that makes the printed weeks: one child for each placement, with changes of status, hospital stays and
//! placements of before the year among them, none of which may count.

use std::fmt::Write as _;

use hub_domain::Date;
use jiff::ToSpan as _;
use jiff::civil::date;

use crate::printed::{BANDS, Printed, Row};

const FROM: Date = date(2021, 4, 1);
const YEAR: u64 = 365;
const HEAD: &str = "child_ref,episode_start,episode_end,birth_month,sex,ethnicity,uasc,reason_new_episode,legal_status,\
                    category_of_need,placement_type,placement_provider,reason_ceased,placement_la,setting_ref\n";

/// 903 PLACE and PLACE_PROVIDER of each printed kind, as they were in 2021/22.
fn codes(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "Connected person, long term" => ("U1", "PR1"),
        "Connected person, not long term" => ("U3", "PR1"),
        "Foster long term, in-house" => ("U4", "PR1"),
        "Foster long term, private or voluntary" => ("U4", "PR4"),
        "Foster not long term, in-house" => ("U6", "PR1"),
        "Foster not long term, private or voluntary" => ("U6", "PR5"),
        "Adoption" => ("A5", "PR1"),
        "Children's homes" => ("K2", "PR4"),
        "Family centre or mother and baby unit" => ("R3", "PR4"),
        "Independent living" => ("P2", "PR1"),
        "Medical care" => ("R2", "PR3"),
        "Other" => ("Z1", ""),
        "Placed with own parents" => ("P1", "PR0"),
        "Residential care" => ("R1", "PR4"),
        "Residential schools" => ("S1", "PR4"),
        "Secure children's homes" => ("K1", "PR2"),
        "Semi-independent" => ("H5", "PR4"),
        "YOI or prison" => ("R5", "PR3"),
        other => panic!("{other} is not in the table"),
    }
}

/// A month of birth that keeps a child in its band all year.
fn birth_month(band: usize) -> &'static str {
    ["2019-06", "2014-06", "2010-06", "2007-06", "2004-06"][band]
}

/// The weeks of so many days, half up.
fn weeks(days: u64) -> u64 {
    (days * 2 + 7) / 14
}

/// Days for every cell: at first seven a week, then a day more or less here and there until every printed total is met.
fn days(printed: &Printed) -> Vec<[u64; 5]> {
    let cell = |row: &Row, band: usize| (row.weeks[band] * 7).max(row.counts[band]);
    let mut days: Vec<[u64; 5]> = printed.rows.iter().map(|row| std::array::from_fn(|band| cell(row, band))).collect();
    for (row, days) in printed.rows.iter().zip(&mut days) {
        while weeks(days.iter().sum()) != row.weeks[5] {
            let up = weeks(days.iter().sum()) < row.weeks[5];
            let moved = (0..BANDS.len()).any(|band| nudge(row, days, band, up));
            assert!(moved, "{} cannot be met by whole days", row.kind);
        }
    }
    let printed_total: u64 = printed.rows.iter().map(|row| row.weeks[5]).sum();
    loop {
        let total: u64 = days.iter().flatten().sum();
        if weeks(total) == printed_total {
            return days;
        }
        let up = weeks(total) < printed_total;
        let mut cells = printed.rows.iter().zip(&mut days);
        let moved = cells.any(|(row, days)| (0..BANDS.len()).any(|band| nudge_within(row, days, band, up)));
        assert!(moved, "the whole cannot be met by whole days");
    }
}

/// A day more or less, if the cell still rounds to what was printed and is no more than its placements can take.
fn nudge(row: &Row, days: &mut [u64; 5], band: usize, up: bool) -> bool {
    let next = if up { days[band] + 1 } else { days[band].saturating_sub(1) };
    let fits = next != days[band]
        && weeks(next) == row.weeks[band]
        && (row.counts[band]..=row.counts[band] * YEAR).contains(&next);
    if fits {
        days[band] = next;
    }
    fits
}

/// The same, if the row's total still rounds to what was printed.
fn nudge_within(row: &Row, days: &mut [u64; 5], band: usize, up: bool) -> bool {
    let before = *days;
    let fits = nudge(row, days, band, up) && weeks(days.iter().sum()) == row.weeks[5];
    if !fits {
        *days = before;
    }
    fits
}

/// The feed.
pub(crate) fn text(printed: &Printed) -> String {
    let mut feed = Feed { text: HEAD.to_owned(), children: 0 };
    for (row, days) in printed.rows.iter().zip(days(printed)) {
        for (band, (days, count)) in days.into_iter().zip(row.counts).enumerate() {
            for number in 0..count {
                feed.placement(codes(&row.kind), band, days / count + u64::from(number < days % count));
            }
        }
    }
    feed.short_breaks();
    feed.text
}

struct Feed {
    text: String,
    children: u64,
}

/// A row's own part: reason it began, legal status, type and provider, reason it ceased.
struct Part<'a> {
    reason: &'a str,
    status: &'a str,
    codes: (&'a str, &'a str),
    ceased: &'a str,
}

impl Feed {
    /// A placement of so many days of the year, by a child of its own.
    fn placement(&mut self, codes: (&str, &str), band: usize, days: u64) {
        self.children += 1;
        let child = self.children;
        let span = i64::try_from(days).unwrap().days();
        let (start, end) = if days == YEAR || child.is_multiple_of(2) {
            (date(2022, 4, 1).checked_sub(span).unwrap(), None)
        } else {
            let offset = i64::try_from(child * 37 % (YEAR - days)).unwrap().days();
            let start = FROM.checked_add(offset).unwrap();
            (start, Some(start.checked_add(span).unwrap()))
        };
        let whole = Part { reason: "S", status: "C2", codes, ceased: if end.is_some() { "E8" } else { "" } };
        match child % 4 {
            // Elsewhere until the first day of the year, which is not in the year.
            1 if start == FROM => {
                let before = Part { codes: ("R1", "PR4"), ceased: "X1", ..whole };
                self.row(band, (date(2020, 9, 1), Some(FROM)), &before);
                self.row(band, (start, end), &Part { reason: "P", ..whole });
            }
            // A change of legal status is no placement.
            2 if days > 20 => {
                let middle = start.checked_add(10.days()).unwrap();
                self.row(band, (start, Some(middle)), &Part { ceased: "X1", ..whole });
                self.row(band, (middle, end), &Part { reason: "L", status: "C1", ..whole });
            }
            // A stay in hospital is bridged.
            3 if days > 20 => {
                let [away, back] = [5, 9].map(|n: i32| start.checked_add(n.days()).unwrap());
                self.row(band, (start, Some(away)), &Part { ceased: "X1", ..whole });
                self.row(band, (away, Some(back)), &Part { reason: "P", codes: ("T1", ""), ceased: "X1", ..whole });
                self.row(band, (back, end), &Part { reason: "P", ..whole });
            }
            _ => self.row(band, (start, end), &whole),
        }
    }

    /// Agreed series of short breaks are outside "looked after".
    fn short_breaks(&mut self) {
        for band in 0..BANDS.len() {
            self.children += 1;
            let part = Part { reason: "S", status: "V4", codes: ("K2", "PR4"), ceased: "" };
            self.row(band, (date(2021, 6, 1), None), &part);
        }
    }

    fn row(&mut self, band: usize, (start, end): (Date, Option<Date>), part: &Part<'_>) {
        let (child, end) = (self.children, end.map_or(String::new(), |end| end.to_string()));
        let (place, provider) = part.codes;
        let Part { reason, status, ceased, .. } = part;
        // No setting is named: the reasons tell.
        writeln!(
            self.text,
            "c_bromley_made_up_{child:06},{start},{end},{},F,WBRI,false,{reason},{status},N1,{place},{provider},{ceased},E09000006,",
            birth_month(band)
        )
        .unwrap();
    }
}
