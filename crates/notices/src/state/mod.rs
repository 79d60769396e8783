//! Which state a notice is in, and who may move it where.
//!
//! States are the sum of append-only events. Only the placing authority raises, changes, ends and
//! withdraws (its feed is its word, and so are its statements); only the host opens, acknowledges,
//! queries and disputes; only the hub holds, records a delivery and finds a notice complete. A dispute
//! never stops a clock. How far a host has got with a notice is its state; who has given notice at all is
//! its [`Standing`](crate::Standing).

mod words;

pub use words::{DisputeReason, EventKind, NoticeState, Party};

use EventKind::{
    Acknowledged, AddressOpened, Changed, Completed, Consulted, Corrected, Delivered, DetailsRead, Disputed, Drafted,
    Ended, EndingNotified, Escalated, Held, Opened, Queried, Raised, Registered, Rescheduled, Sealed, Seen, Stated,
    Withdrawn,
};
use NoticeState as State;

/// Why an event was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The party may not do this to any notice.
    #[error("{party} may not mark a notice {event}")]
    NotTheirs {
        /// Who asked.
        party: Party,
        /// What for.
        event: EventKind,
    },
    /// The notice's state does not allow it.
    #[error("a notice that is {state} cannot be marked {event}")]
    NotNow {
        /// The state it is in.
        state: State,
        /// What was asked.
        event: EventKind,
    },
    /// There is no notice yet.
    #[error("there is no notice to mark {event}")]
    NoNotice {
        /// What was asked.
        event: EventKind,
    },
}

impl Refusal {
    /// A stable code for callers.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotTheirs { .. } => "notice-not-yours",
            Self::NotNow { .. } => "notice-state",
            Self::NoNotice { .. } => "notice-absent",
        }
    }
}

/// The state after `party` marks a notice (`None` = not yet one) with `event`.
pub fn apply(state: Option<State>, party: Party, event: EventKind) -> Result<State, Refusal> {
    if event.owner() != party {
        return Err(Refusal::NotTheirs { party, event });
    }
    let Some(state) = state else { return begin(event) };
    let next = match event {
        Raised | Registered => raise(state),
        Held => matches!(state, State::Draft | State::Held | State::Withdrawn | State::Ended).then_some(State::Held),
        // A draft of a notice on a shell moves nothing that the host sees.
        Drafted => (state.is_live() || state == State::Draft).then_some(state),
        Consulted => consult(state),
        Stated | Corrected | EndingNotified => state_anew(state, event),
        Changed => change(state),
        Seen => (state != State::Held && state != State::Draft && state != State::Withdrawn).then_some(state),
        Completed => matches!(state, State::Acknowledged | State::Complete).then_some(State::Complete),
        // An end that the feed showed may then be stated.
        Ended => (state.is_live() || state == State::Ended).then_some(State::Ended),
        Withdrawn => (state != State::Withdrawn).then_some(State::Withdrawn),
        // Said of a notice in any state but one that was taken back, and moves nothing.
        Escalated | Rescheduled | Sealed => (state != State::Withdrawn).then_some(state),
        Delivered => advance(state, State::Delivered),
        Opened => advance(state, State::Opened),
        DetailsRead | AddressOpened => fetch(state),
        Acknowledged => answer(state, State::Acknowledged),
        Queried => answer(state, State::Queried),
        Disputed => answer(state, State::Disputed),
    };
    next.ok_or(Refusal::NotNow { state, event })
}

fn begin(event: EventKind) -> Result<State, Refusal> {
    match event {
        Raised | Registered | Consulted => Ok(State::Raised),
        Held => Ok(State::Held),
        Drafted => Ok(State::Draft),
        Delivered | Opened | Acknowledged | Queried | Disputed | Changed | Ended | Withdrawn | Stated | Corrected
        | EndingNotified | Seen | Completed | Escalated | Rescheduled | Sealed | DetailsRead | AddressOpened => {
            Err(Refusal::NoNotice { event })
        }
    }
}

/// A consultation begins a notice, or is said again; once a placement is told of, it is too late for one.
fn consult(state: State) -> Option<State> {
    match state {
        State::Disputed => Some(State::Disputed),
        State::Ended => None,
        State::Draft
        | State::Held
        | State::Raised
        | State::Delivered
        | State::Opened
        | State::Acknowledged
        | State::Complete
        | State::Queried
        | State::Withdrawn => Some(State::Raised),
    }
}

/// The placing authority's own word must reach the host anew, and answers what the host asked; a dispute stays open
/// until the host says otherwise, and what is over stays so.
fn state_anew(state: State, event: EventKind) -> Option<State> {
    match state {
        State::Disputed => Some(State::Disputed),
        State::Ended => (event != EndingNotified).then_some(State::Ended),
        State::Held => (event == Corrected).then_some(State::Held),
        State::Draft | State::Withdrawn => None,
        State::Raised | State::Delivered | State::Opened | State::Acknowledged | State::Complete | State::Queried => {
            Some(State::Raised)
        }
    }
}

/// A notice is raised once held, and again when an ended or withdrawn placement turns out to stand.
fn raise(state: State) -> Option<State> {
    matches!(state, State::Draft | State::Held | State::Ended | State::Withdrawn).then_some(State::Raised)
}

/// A new version must be delivered and acknowledged anew; a question or dispute stays open until the
/// host says otherwise, and a correction to an ended notice does not reopen it.
fn change(state: State) -> Option<State> {
    match state {
        State::Raised | State::Delivered | State::Opened | State::Acknowledged | State::Complete => Some(State::Raised),
        State::Queried | State::Disputed | State::Ended => Some(state),
        State::Draft | State::Held | State::Withdrawn => None,
    }
}

/// Delivery and opening are progress: repeated or late, they never turn a notice back.
fn advance(state: State, to: State) -> Option<State> {
    match state {
        State::Draft | State::Held => None,
        State::Raised => Some(to),
        State::Delivered if to == State::Opened => Some(to),
        State::Delivered
        | State::Opened
        | State::Acknowledged
        | State::Complete
        | State::Queried
        | State::Disputed
        | State::Ended
        | State::Withdrawn => Some(state),
    }
}

/// Whoever fetches the details has looked; of a notice taken back there is nothing to fetch.
fn fetch(state: State) -> Option<State> {
    if state == State::Withdrawn { None } else { advance(state, State::Opened) }
}

/// What the host says of a live notice stands; of one that is over, it is recorded and moves nothing.
/// A question does not unsay a dispute.
fn answer(state: State, to: State) -> Option<State> {
    match (state, to) {
        (State::Draft | State::Held, _) | (State::Withdrawn, State::Queried | State::Disputed) => None,
        (State::Ended | State::Withdrawn, _) => Some(state),
        (State::Disputed, State::Queried) => Some(State::Disputed),
        (State::Complete, State::Acknowledged) => Some(State::Complete),
        _ => Some(to),
    }
}

#[cfg(test)]
mod tests;
