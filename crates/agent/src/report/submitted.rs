//! What the hub made of a submission, as text.

use std::fmt::Write as _;

use hub_domain::Dataset;

use super::render::write_findings;
use crate::finding::Finding;
use crate::hub::{Counts, Submitted};
use hub_contract::layout::{counted, fold, number};

/// One feed's fate.
pub fn render_submitted(dataset: Dataset, submitted: &Submitted, hub: &str, is_dry: bool) -> String {
    let hub = hub.trim_end_matches('/');
    let mut out = match (is_dry, submitted.id.as_str()) {
        (true, _) => format!("{dataset} → {hub}: dry run, nothing was kept; sent for good it would be\n"),
        (false, id) => format!("{dataset} → {hub}: submission {id}\n"),
    };
    out.push_str(&render_status(submitted));
    out
}

/// Verdict, counts and what to do next.
pub fn render_status(submitted: &Submitted) -> String {
    let mut out = String::new();
    let verdict = submitted.verdict.as_deref().filter(|_| submitted.is_decided()).unwrap_or(&submitted.state);
    let said = match verdict {
        "accepted" => "accepted",
        "accepted_with_findings" => "accepted, with findings",
        "held" => "HELD: nothing was applied",
        "rejected" => "REJECTED: nothing was applied, and what the hub held stands",
        "confirmed" => "confirmed; not applied yet",
        "withdrawn" => "withdrawn",
        "superseded" => "superseded by a later submission",
        _ => "received and safe; not decided yet",
    };
    let _ = writeln!(out, "  {said}");
    if let Some(reason) = &submitted.held_reason {
        fold(&mut out, "  why: ", reason);
    }
    if let Some(counts) = &submitted.counts {
        fold(&mut out, "  ", &tell_counts(counts));
    }
    if verdict == "held" && !submitted.id.is_empty() {
        let id = &submitted.id;
        fold(
            &mut out,
            "  next: ",
            &format!("if the files are right, `hub-agent confirm {id}`; otherwise mend and push again"),
        );
    }
    out
}

/// What the hub found that could not be known at the borough.
pub fn render_extra(findings: &[Finding]) -> String {
    let mut out = String::new();
    if !findings.is_empty() {
        let _ = writeln!(out, "  Against what it already held, the hub also found:");
        write_findings(&mut out, findings);
    }
    out
}

fn tell_counts(counts: &Counts) -> String {
    format!(
        "{} read, {} accepted, {} left out; records: {} new, {} changed, {} ended, {} as before",
        counted(counts.rows_read, "row", "rows"),
        number(counts.rows_accepted),
        number(counts.rows_rejected),
        number(counts.opened),
        number(counts.amended),
        number(counts.closed),
        number(counts.unchanged),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_submission_says_why_and_what_next() {
        let submitted = Submitted {
            id: "0190".into(),
            state: "decided".into(),
            verdict: Some("held".into()),
            held_reason: Some("40 % of records would be withdrawn".into()),
            counts: Some(Counts { rows_read: 1200, rows_accepted: 1200, closed: 800, ..Counts::default() }),
            ..Submitted::default()
        };
        let text = render_submitted(Dataset::Placements, &submitted, "https://hub.example/", false);
        assert_eq!(
            text,
            "placements → https://hub.example: submission 0190\n  HELD: nothing was applied\n  why: 40 % of records would be withdrawn\n  \
             1,200 rows read, 1,200 accepted, 0 left out; records: 0 new, 0 changed, 800 ended, 0 as before\n  \
             next: if the files are right, `hub-agent confirm 0190`; otherwise mend and push again\n"
        );
    }
}
