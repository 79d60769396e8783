//! Verdicts and arrivals in words.

use hub_domain::Dataset;
use hub_pipeline::feeds::Arrival;
use hub_store::submission::{State, Submission, Verdict};

use crate::layout::{Cell, Tone};

/// What was decided of a submission, or that nothing is yet.
pub(crate) fn verdict_cell(state: State, verdict: Option<Verdict>) -> Cell {
    let (tone, words) = match (state, verdict) {
        (State::Received, _) | (State::Decided, None) => (Tone::Plain, "being judged"),
        (State::Confirmed, _) => (Tone::Plain, "confirmed, being judged again"),
        (State::Decided, Some(Verdict::Accepted)) => (Tone::Good, "accepted"),
        (State::Decided, Some(Verdict::AcceptedWithFindings)) => (Tone::Soon, "accepted, with findings"),
        (State::Decided, Some(Verdict::Held)) => (Tone::Urgent, "held: wants your word"),
        (State::Decided, Some(Verdict::Rejected)) => (Tone::Urgent, "rejected"),
        (State::Decided, Some(Verdict::Withdrawn)) => (Tone::Plain, "withdrawn"),
        (State::Decided, Some(Verdict::Superseded)) => (Tone::Plain, "replaced by a later one"),
    };
    Cell::tag(tone, words)
}

/// Whether a night's feed came.
pub(crate) fn arrival_cell(arrival: Arrival) -> Cell {
    let (tone, words) = match arrival {
        Arrival::OnTime => (Tone::Good, "came in time"),
        Arrival::ArrivedLate => (Tone::Soon, "came late"),
        Arrival::Late => (Tone::Soon, "late"),
        Arrival::Missing => (Tone::Urgent, "missing"),
        Arrival::Never => (Tone::Urgent, "has never come"),
        Arrival::Expected => (Tone::Plain, "expected"),
    };
    Cell::tag(tone, words)
}

/// A feed's name for people.
pub(crate) fn dataset_name(dataset: Dataset) -> String {
    let words = dataset.to_string().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Whether the hub believes what it said.
pub(super) fn stands(submission: &Submission) -> bool {
    submission.state == State::Decided && submission.verdict.is_some_and(Verdict::is_applied)
}
