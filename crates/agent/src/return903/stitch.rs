//! Years of returns as one history: an episode that an older return left open, and a later one does not give again.
//!
//! A return holds every episode of its year, so an episode that was open on 31 March and is not in the next year's return
//! did not go on into that year. If the child's next episode goes on from it, it ended there; otherwise on that 31 March at
//! the latest, for a reason that nobody wrote down. Left open, it would be a child in care who is not.

use std::collections::HashMap;

use hub_domain::Date;
use hub_domain::codes::{year_end, year_label};

use super::episodes::Episode;
use crate::finding::{Finding, Severity};
use crate::source::Reading;

/// REC: a new episode began the same day.
const GOES_ON: &str = "X1";
/// REC: ended for another reason than the list names.
const OTHER: &str = "E8";

/// Closes what a later year's return shows to have ended; each is told.
pub(super) fn close(rows: &mut [Episode<'_>], findings: &mut Vec<Finding>) {
    let Some(latest) = rows.iter().map(|row| row.year).max() else { return };
    let is_left_open = |row: &Episode<'_>| row.year < latest && row.end == Reading::Blank;
    if !rows.iter().any(is_left_open) {
        return;
    }
    let mut chains: HashMap<&str, Vec<(Date, usize)>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Reading::Is(start) = row.start {
            chains.entry(row.child.as_str()).or_default().push((start, at));
        }
    }
    let mut ends: Vec<(usize, Date, &'static str)> = Vec::new();
    for chain in chains.values_mut() {
        chain.sort_unstable();
        for (place, &(start, at)) in chain.iter().enumerate() {
            let Some(row) = rows.get(at).filter(|row| is_left_open(row)) else { continue };
            let next = chain.get(place.saturating_add(1)).filter(|(next, _)| *next > start);
            let goes_on = |at: usize| rows.get(at).is_some_and(|next| !next.cell("RNE").eq_ignore_ascii_case("S"));
            let last_day = year_end(row.year).and_then(|after| after.yesterday().ok());
            let end = match next {
                Some(&(next, at)) if goes_on(at) => Some((next, GOES_ON)),
                Some(&(next, _)) => Some((last_day.map_or(next, |last| last.min(next)), OTHER)),
                None => last_day.map(|last| (last, OTHER)),
            };
            ends.extend(end.filter(|(end, _)| *end >= start).map(|(end, reason)| (at, end, reason)));
        }
    }
    ends.sort_unstable();
    for (at, end, reason) in ends {
        let Some(row) = rows.get_mut(at) else { continue };
        row.end = Reading::Is(end);
        row.ceased = Some(reason);
        findings.push(told(row, reason));
    }
}

fn told(row: &Episode<'_>, reason: &'static str) -> Finding {
    let year = year_label(row.year);
    let message = if reason == GOES_ON {
        format!(
            "open in the return of {year} and not in a later one; taken to end (X1) when the child's next episode begins"
        )
    } else {
        format!("open in the return of {year} and not in a later one; taken to end (E8) by that 31 March")
    };
    let fix = "Nothing, unless the child is still looked after under it: then export the later return again.";
    Finding::new("agent-stitched", Severity::Warning, row.place().at("DEC"), message, fix)
}
