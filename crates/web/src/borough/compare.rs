//! A submission beside the one of the same feed before it: last night, for a nightly feed.

use hub_store::submission::{Counts, Filter, State, Submission};

use super::submissions::read;
use crate::layout::{Cell, Head, Page, Table, date};
use crate::refused::Refused;

/// How far back the one before is looked for.
const BACK: i64 = 10;

/// Counts beside those of the one before it.
pub(super) async fn compare(page: &Page, found: &Submission) -> Result<Table, Refused> {
    let filter = Filter {
        authority: Some(found.authority),
        dataset: Some(found.dataset),
        before: Some((found.received_at, found.id)),
        limit: BACK,
    };
    let earlier = read(page, found.authority, &filter).await?;
    let before = earlier.iter().find(|one| one.state == State::Decided && one.counts.is_some());
    let (Some(now), Some((before, then))) =
        (&found.counts, before.and_then(|one| one.counts.as_ref().map(|counts| (one, counts))))
    else {
        return Ok(
            Table::new("Compared with the one before it", []).or_else("There is none before it to compare with.")
        );
    };
    let heads = [
        Head::text("What"),
        Head::number(format!("Described {}", date(before.as_at))),
        Head::number(format!("Described {}", date(found.as_at))),
        Head::number("Difference"),
    ];
    Ok(Table::new("Compared with the one before it", heads).with(lines(then, now)))
}

/// One of the counts.
pub(super) type Count = fn(&Counts) -> u64;

/// Every count, by its name for people.
pub(super) fn named_counts() -> impl Iterator<Item = (&'static str, Count)> {
    let all: [(&str, Count); 7] = [
        ("Rows read", |counts| counts.rows_read),
        ("Rows taken", |counts| counts.rows_accepted),
        ("Rows left out because of an error", |counts| counts.rows_rejected),
        ("Records that are new", |counts| counts.opened),
        ("Records that changed", |counts| counts.amended),
        ("Records that are no more", |counts| counts.closed),
        ("Records as they were", |counts| counts.unchanged),
    ];
    all.into_iter()
}

fn lines(then: &Counts, now: &Counts) -> Vec<Vec<Cell>> {
    let line = |(name, of): (&'static str, Count)| {
        let (then, now) = (of(then), of(now));
        let difference = i128::from(now) - i128::from(then);
        let sign = if difference > 0 { "+" } else { "" };
        vec![Cell::text(name), Cell::number(then), Cell::number(now), Cell::number(format!("{sign}{difference}"))]
    };
    named_counts().map(line).collect()
}
