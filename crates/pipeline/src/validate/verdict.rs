//! The verdict on a submission.

use hub_contract::{Contract, ErrorPolicy, Report};
use hub_domain::Mode;

/// Feeds smaller than this are guarded against nothing but a file without a row: one home closing in four is news, not a
/// truncated file (decision 0030).
const GUARDED_FROM: u64 = 5;

/// What becomes of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Applied; every row was good.
    Accepted,
    /// Applied; some rows were left out or are doubtful.
    AcceptedWithFindings,
    /// Not applied until its sender confirms it.
    Held(Held),
    /// Not applied.
    Rejected,
}

/// Why a submission is held.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Held {
    /// It would close too many records.
    #[error("it would close {closed} of {believed} records; more than {percent} % needs your confirmation")]
    Shrinks {
        /// Records it would close.
        closed: u64,
        /// Records believed now.
        believed: u64,
        /// The contract's share, per cent.
        percent: u64,
    },
    /// It has no row, and would close every record that it covers.
    #[error("it has no row, and would close {closed} of {believed} records; that needs your confirmation")]
    Empties {
        /// Records it would close.
        closed: u64,
        /// Records believed now.
        believed: u64,
    },
    /// It would end too many children's care at once.
    #[error(
        "it would end the care of {ending} children and leave {staying}; more than {percent} % needs your confirmation"
    )]
    EndsCare {
        /// Children whose care it would end.
        ending: u64,
        /// Children it leaves in care.
        staying: u64,
        /// The contract's share, per cent.
        percent: u64,
    },
}

/// What the guard weighs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guard {
    /// Rows in what was sent.
    pub(super) rows: u64,
    pub(super) believed: u64,
    pub(super) closed: u64,
    pub(super) in_care: u64,
    pub(super) care_ends: u64,
    pub(super) share: f64,
}

/// The verdict on a submission that [is usable](is_unusable).
pub(super) fn judge(mode: Mode, report: &Report, guard: &Guard, confirmed: bool) -> Judgement {
    if let Some(held) = guard.holds(mode).filter(|_| !confirmed) {
        return Judgement::Held(held);
    }
    if report.has_findings() { Judgement::AcceptedWithFindings } else { Judgement::Accepted }
}

/// Refused outright, nothing usable in it, or more wrong with it than its contract allows.
pub(super) fn is_unusable(contract: &Contract, report: &Report) -> bool {
    let nothing_left = report.rows.read > 0 && report.rows.accepted == 0;
    let one_is_enough = contract.error_policy == ErrorPolicy::Reject && report.rows.rejected > 0;
    report.refusal.is_some() || nothing_left || one_is_enough || report.rejected_share() > contract.reject_share
}

impl Guard {
    pub(super) fn holds(&self, mode: Mode) -> Option<Held> {
        if mode != Mode::Changes && self.rows == 0 && self.closed > 0 {
            return Some(Held::Empties { closed: self.closed, believed: self.believed });
        }
        if self.believed < GUARDED_FROM {
            return None;
        }
        let percent = percent(self.share);
        let over = |part: u64, whole: u64| part.saturating_mul(100) > whole.saturating_mul(percent);
        if mode != Mode::Changes && over(self.closed, self.believed) {
            return Some(Held::Shrinks { closed: self.closed, believed: self.believed, percent });
        }
        let children = self.care_ends + self.in_care;
        if mode != Mode::Changes && children >= GUARDED_FROM && over(self.care_ends, children) {
            return Some(Held::EndsCare { ending: self.care_ends, staying: self.in_care, percent });
        }
        None
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a contract's share lies between 0 and 1")]
fn percent(share: f64) -> u64 {
    (share * 100.0).round() as u64
}
