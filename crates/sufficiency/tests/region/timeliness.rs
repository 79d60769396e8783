//! Notice of placements, month by month, counted by hand and through the gate.

use std::collections::BTreeMap;

use hub_disclosure::{Gated, Policy, Shown, gate};
use hub_domain::timeliness::{NoticeStart, Timeliness};
use hub_domain::{AuthorityCode, Date, authority};
use hub_sufficiency::Region;
use jiff::ToSpan as _;
use jiff::civil::date;

const AS_AT: Date = date(2026, 9, 20);
const TABLE: &str = "notice_timeliness";

fn code(slug: &str) -> AuthorityCode {
    authority::by_slug(slug).unwrap().code
}

fn start(placing: &str, host: &str, on: Date, outcome: Timeliness, days_late: Option<u32>) -> NoticeStart {
    NoticeStart { placing: code(placing), host: code(host), on, outcome, days_late }
}

fn gated(starts: Vec<NoticeStart>) -> Gated {
    let mut region = Region::new(AS_AT, ["lewisham", "croydon", "bromley"].map(code));
    for start in starts {
        region.notice(start);
    }
    let tables = region.finish().tables().into_iter().filter(|table| table.name == TABLE).collect();
    gate(tables, &Policy::default()).unwrap()
}

/// The cells of the row with these labels, as text.
fn row(gated: &Gated, month: &str, placing: &str, host: &str) -> Option<String> {
    let table = gated.table(TABLE).unwrap();
    let place = |word: &str| authority::by_slug(word).map_or_else(|| word.to_owned(), |found| found.code.to_string());
    let (placing, host) = (place(placing), place(host));
    let is_it = |labels: &[String]| labels[0] == month && labels[1] == placing && labels[4] == host;
    let row = table.rows().iter().find(|row| is_it(row.labels()))?;
    let cell = |cell: &Shown| match cell {
        Shown::Count(count) | Shown::Held(count) => count.to_string(),
        Shown::Hidden => "c".to_owned(),
        Shown::Figure(number) => format!("~{number}"),
        Shown::Text(text) => text.clone(),
        Shown::Blank => "-".to_owned(),
    };
    Some(row.cells().iter().map(cell).collect::<Vec<_>>().join(" "))
}

#[test]
fn a_pair_is_counted_by_month_and_outcome_with_the_median_of_those_late() {
    let july = date(2026, 7, 6);
    let many = |outcome, count: usize| (0..count).map(move |_| start("lewisham", "kent", july, outcome, None));
    let late = [9, 1, 2, 30, 4, 3].map(|days| start("lewisham", "kent", july, Timeliness::Late, Some(days)));
    let starts = many(Timeliness::InTime, 12).chain(many(Timeliness::Missing, 7)).chain(late);
    let gated = gated(starts.collect());
    for (month, placing, host) in
        [("2026-07", "all", "all"), ("all", "lewisham", "all"), ("all", "all", "outside_region"), ("all", "all", "all")]
    {
        assert_eq!(
            row(&gated, month, placing, host).as_deref(),
            Some("25 12 13 6 7 0 0 ~3"),
            "{month} {placing} {host}"
        );
    }
    assert_eq!(row(&gated, "all", "lewisham", "outside_region").as_deref(), Some("25 12 13 - - - - -"), "a pair");
    assert_eq!(row(&gated, "all", "croydon", "all"), None, "a pair with nothing has no row");
    assert_eq!(row(&gated, "2026-08", "all", "all"), None);
}

#[test]
fn small_counts_are_hidden_and_so_is_a_median_of_few() {
    let august = date(2026, 8, 3);
    let mut starts = vec![start("lewisham", "bromley", august, Timeliness::Late, Some(17)); 3];
    starts.extend(vec![start("lewisham", "bromley", august, Timeliness::InTime, None); 20]);
    let gated = gated(starts);
    let shown = row(&gated, "all", "lewisham", "bromley").unwrap();
    assert!(shown.split(' ').nth(2) == Some("c"), "three were not in time: {shown}");
    let everything = format!("{:?}", gated.table(TABLE).unwrap());
    assert!(!everything.contains("17"), "nothing anywhere says how late the three were");
}

#[test]
fn only_the_month_of_the_day_and_twelve_before_it_count() {
    let on = |day: Date| start("lewisham", "kent", day, Timeliness::InTime, None);
    let mut starts = vec![on(date(2025, 9, 1)); 5];
    starts.extend(vec![on(date(2025, 8, 31)); 7]);
    starts.extend(vec![on(date(2026, 9, 21)); 9]);
    starts.push(start("kent", "lewisham", AS_AT, Timeliness::InTime, None));
    let gated = gated(starts);
    assert_eq!(
        row(&gated, "all", "all", "all").as_deref(),
        Some("5 5 0 0 0 0 0 -"),
        "nor one that a non-member placed"
    );
    assert_eq!(row(&gated, "2025-09", "all", "all").as_deref(), Some("5 5 0 0 0 0 0 -"));
}

/// A year of a region: every borough places in eight others, in and out of it, some months often.
fn year(members: usize) -> Region {
    let mut region = Region::new(AS_AT, london(members));
    for start in starts_of_a_year(&london(members)) {
        region.notice(start);
    }
    region
}

fn london(members: usize) -> Vec<AuthorityCode> {
    let london = authority::all().iter().filter(|authority| authority.is_london()).map(|authority| authority.code);
    london.take(members).collect()
}

fn starts_of_a_year(london: &[AuthorityCode]) -> Vec<NoticeStart> {
    let mut starts = Vec::new();
    for (n, &placing) in london.iter().enumerate() {
        for i in 0..240_usize {
            let host = london[(n + 1 + (i * i) % 8 * (1 + i % 3)) % london.len()];
            let host = if i % 5 == 0 { code("kent") } else { host };
            let on = date(2025, 9, 1).checked_add(i32::try_from(i * 383 / 240).unwrap().days()).unwrap();
            let outcome = Timeliness::ALL[(i + n) % 7 % 5];
            let days_late = (outcome == Timeliness::Late).then_some(u32::try_from(i % 11).unwrap());
            if host != placing {
                starts.push(NoticeStart { placing, host, on, outcome, days_late });
            }
        }
    }
    starts
}

/// A pair's row that told what each late notice was instead hid four safe cells in five; as it is, less than one in five.
#[test]
fn a_year_of_the_region_passes_the_gate_and_most_of_it_is_shown() {
    let tables = year(33).finish().tables().into_iter().filter(|table| table.name == TABLE).collect();
    let utility = gate(tables, &Policy::default()).unwrap().utility();
    assert!(utility.cells > 1_000 && utility.small > 0, "{utility:?}");
    assert!(utility.shown_per_mille() >= 800, "{utility:?}");
}

/// Why no release has pair by month (decisions 12 and 23): not one row of this year has five starts, so not one could be
/// shown; each side reads its own exactly, elsewhere.
#[test]
fn no_pairs_month_is_large_enough_to_be_shown() {
    let mut rows: BTreeMap<(AuthorityCode, AuthorityCode, (i16, i8)), usize> = BTreeMap::new();
    for start in starts_of_a_year(&london(33)) {
        *rows.entry((start.placing, start.host, (start.on.year(), start.on.month()))).or_default() += 1;
    }
    let safe = rows.values().filter(|starts| **starts >= 5).count();
    assert_eq!((rows.len(), safe), (3_300, 0));
}
