//! What DfE's rules say of the return itself, as text.

use std::fmt::Write as _;

use hub_contract::layout::{counted, fold, number};

use super::render::{AT_LENGTH, Length, write_briefly, write_group};
use crate::returned::Returned;

/// The rules that ran, what they found, and those that did not run.
pub fn render_returned(returned: &Returned, length: Length) -> String {
    let mut out = String::new();
    let groups = returned.groups();
    let beside = if returned.has_last { ", beside last year's" } else { "" };
    let _ = writeln!(out, "the return of {} itself, by DfE's rules{beside}", returned.year);
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let (ran, not_run) = (count(returned.ran().len()), count(returned.not_run().len()));
    let found = counted(count(returned.count()), "finding", "findings");
    let _ = writeln!(
        out,
        "{} ran, {} did not; {found} besides those above. None keeps a row out of the feeds.",
        counted(ran, "rule", "rules"),
        number(not_run)
    );
    let shown = if length == Length::All { groups.len() } else { AT_LENGTH.min(groups.len()) };
    for group in groups.iter().take(shown) {
        write_group(&mut out, group);
    }
    let rest: Vec<_> = groups.iter().skip(shown).collect();
    write_briefly(&mut out, &rest);
    let unasked = returned.unasked();
    if !unasked.is_empty() {
        let _ = writeln!(out, "\nNOT RUN — nothing is known of these; they are not passed");
        for (why, rules) in &unasked {
            fold(&mut out, "  ", &format!("{why}: {}", rules.join(", ")));
        }
    }
    out
}
