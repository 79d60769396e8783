//! The table of either side, exact: what it was told, or told, is its own to count.

use std::collections::BTreeMap;

use hub_domain::AuthorityCode;
use hub_domain::timeliness::{NoticeStart, Timeliness};
use serde::Serialize;

/// How one authority gave notice to another of the placements that began in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `2026-08`.
    pub month: String,
    /// Who placed.
    pub placing: AuthorityCode,
    /// In whose area.
    pub host: AuthorityCode,
    /// Placements begun of which notice was due.
    pub starts: u32,
    /// Before the due date.
    pub in_time: u32,
    /// The four below together.
    pub not_in_time: u32,
    /// After the due date.
    pub late: u32,
    /// Not at all, and five working days or more past due.
    pub missing: u32,
    /// Late or not at all, and said not to have been reasonably practicable.
    pub not_practicable: u32,
    /// Not yet, and not due or not five working days past due.
    pub open: u32,
    /// Of those that came late, working days: the lower of the two in the middle of an even number.
    pub median_working_days_late: Option<u32>,
}

/// The lines of these starts, by month and then by code.
pub fn by_month(starts: &[NoticeStart]) -> Vec<Line> {
    let mut groups: BTreeMap<(String, AuthorityCode, AuthorityCode), Vec<&NoticeStart>> = BTreeMap::new();
    for start in starts {
        let month = format!("{:04}-{:02}", start.on.year(), start.on.month());
        groups.entry((month, start.placing, start.host)).or_default().push(start);
    }
    groups.into_iter().map(|((month, placing, host), starts)| line(month, (placing, host), &starts)).collect()
}

fn line(month: String, (placing, host): (AuthorityCode, AuthorityCode), starts: &[&NoticeStart]) -> Line {
    let count = |outcome: Timeliness| {
        u32::try_from(starts.iter().filter(|start| start.outcome == outcome).count()).unwrap_or(u32::MAX)
    };
    let mut late: Vec<u32> = starts.iter().filter_map(|start| start.days_late).collect();
    late.sort_unstable();
    let whole = u32::try_from(starts.len()).unwrap_or(u32::MAX);
    let in_time = count(Timeliness::InTime);
    Line {
        month,
        placing,
        host,
        starts: whole,
        in_time,
        not_in_time: whole.saturating_sub(in_time),
        late: count(Timeliness::Late),
        missing: count(Timeliness::Missing),
        not_practicable: count(Timeliness::NotPracticable),
        open: count(Timeliness::Open),
        median_working_days_late: late.get(late.len().saturating_sub(1) / 2).copied(),
    }
}
