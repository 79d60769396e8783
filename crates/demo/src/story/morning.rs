//! One host's morning list: who is placed in its area under a clock, how notice of each stands, and who must act.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use hub_domain::{AuthorityCode, Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::tally;
use crate::play::{Callers, PlayError};
use crate::region::Member;

/// What a host authority finds in the morning.
#[derive(Debug, Clone, Serialize)]
pub struct Morning {
    /// The host.
    pub host: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Children of other authorities in its area, with and without a clock.
    pub children: u64,
    /// Those whose placement falls under a clock; what wants somebody first.
    pub lines: Vec<Line>,
    /// What the night's reconciliation left for it.
    pub reconciliation: Reconciled,
}

/// A child in the host's area. It names neither child nor home.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// The notice.
    pub notice: Uuid,
    /// Name of the authority that placed the child.
    pub placing_name: String,
    /// First day there.
    pub since: Date,
    /// `adjoining`, `at_a_distance` or `unknown`.
    pub class: String,
    /// Who has given notice: `stated`, `presumed_missing`.
    pub standing: String,
    /// How far the host has got.
    pub state: String,
    /// What wants a person's eye.
    pub flags: Vec<String>,
    /// `planned` or `emergency`.
    pub clock: String,
    /// `running`, `met`, `late` or `overdue`.
    pub clock_status: String,
    /// Working days left; negative: late by so many.
    pub working_days: i32,
    /// What is amiss.
    pub trouble: Option<Trouble>,
    /// Who must act: `placing` or `host`.
    pub act: Option<&'static str>,
}

/// What is amiss with a line, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Nobody has given notice.
    Missing,
    /// The host says that it is wrong.
    Disputed,
    /// At a distance, and the director's approval is not shown.
    Undirected,
    /// An emergency whose notice came after the fifth working day.
    LateEmergency,
    /// Notice of a planned placement came after it began.
    Late,
}

/// What the last reconciliation left for the host.
#[derive(Debug, Clone, Serialize)]
pub struct Reconciled {
    /// Discrepancies that stand, from the host's side, by kind.
    pub by_kind: BTreeMap<String, u64>,
    /// The same by who must act: `placing`, `host` or `provider`.
    pub by_act: BTreeMap<String, u64>,
    /// Each of them, with what the three accounts say.
    pub lines: Vec<Disagreement>,
}

/// Something that episode, notice and the home's own word do not agree about. It names neither child nor home.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Disagreement {
    /// `missing_notice`, `provider_only`, `mismatch`, …
    pub kind: String,
    /// The fact that is told in two ways, such as `start`.
    pub field: Option<String>,
    /// Who placed, where that is known.
    pub placing: Option<Party>,
    /// What each says.
    pub said: Said,
    /// `placing`, `host` or `provider`.
    pub act: String,
    /// From which day.
    pub since: Date,
    /// The notice, where there is one.
    pub notice: Option<Uuid>,
}

/// What each account says, where it speaks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Said {
    /// The placing authority's feed.
    pub episode: Option<String>,
    /// Its notice.
    pub notice: Option<String>,
    /// The home, through the host.
    pub admission: Option<String>,
}

/// What is read of the register.
#[derive(Deserialize)]
struct Entry {
    notice: Uuid,
    placing: Party,
    since: Date,
    class: String,
    standing: String,
    state: String,
    flags: Vec<String>,
    clock: Option<Clock>,
}

/// An authority.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Party {
    /// GSS code.
    pub code: AuthorityCode,
    /// Its name, where the hub knows it.
    pub name: Option<String>,
}

#[derive(Deserialize)]
struct Clock {
    kind: String,
    status: String,
    working_days: i32,
}

/// The host's people ask with their own token.
pub(super) async fn read(callers: &Callers, host: &Member) -> Result<Morning, PlayError> {
    let caller = callers.of_member(host)?;
    let code = host.authority();
    let entries: Vec<Entry> = caller.all(&format!("/v1/register?authority={code}&limit=200")).await?;
    let mut found: Vec<Disagreement> =
        caller.all(&format!("/v1/reconciliation?authority={code}&side=host&limit=200")).await?;
    let children = entries.len() as u64;
    let mut lines: Vec<Line> = entries.into_iter().filter_map(line).collect();
    // What is amiss first, the worst of it first; then what has least time left.
    lines.sort_by_key(|line| (line.trouble.is_none(), line.trouble, line.working_days, line.since, line.notice));
    found.sort_by(|a, b| (&a.kind, &a.field, a.since, a.notice).cmp(&(&b.kind, &b.field, b.since, b.notice)));
    let reconciliation = Reconciled {
        by_kind: tally(found.iter().map(|one| one.kind.clone())),
        by_act: tally(found.iter().map(|one| one.act.clone())),
        lines: found,
    };
    Ok(Morning { host: code, name: host.name(), children, lines, reconciliation })
}

impl Reconciled {
    /// The list as the host reads it in a terminal: what each of the three accounts says.
    pub(super) fn write(&self, out: &mut String) -> fmt::Result {
        writeln!(out, "\nTHREE ACCOUNTS OF EACH PLACEMENT, and what they do not agree about")?;
        if self.lines.is_empty() {
            return writeln!(out, "  Nothing: every episode has its notice, and every admission its episode.");
        }
        writeln!(
            out,
            "  {:<20}{:<13}{:<14}{:<14}{:<14}{:<10}since",
            "what", "placed by", "episode", "notice", "admission", "must act"
        )?;
        for line in &self.lines {
            let what = line.field.as_ref().map_or_else(|| line.kind.clone(), |field| format!("{field} differs"));
            let placing = line.placing.as_ref().and_then(|placing| placing.name.as_deref()).unwrap_or("not named");
            let or_dash = |said: &Option<String>| said.clone().unwrap_or_else(|| "–".to_owned());
            let said = [&line.said.episode, &line.said.notice, &line.said.admission].map(or_dash);
            writeln!(
                out,
                "  {:<20}{placing:<13}{:<14}{:<14}{:<14}{:<10}{}",
                what.replace('_', " "),
                said[0],
                said[1],
                said[2],
                line.act,
                line.since
            )?;
        }
        Ok(())
    }
}

/// A line for an entry with a clock.
fn line(entry: Entry) -> Option<Line> {
    let clock = entry.clock?;
    let trouble = trouble(&entry.standing, &entry.state, &entry.flags, (&clock.kind, clock.working_days));
    let awaits_host = matches!(entry.state.as_str(), "raised" | "delivered" | "opened");
    let act = match trouble {
        Some(Trouble::Missing | Trouble::Disputed | Trouble::Undirected) => Some("placing"),
        _ => awaits_host.then_some("host"),
    };
    Some(Line {
        notice: entry.notice,
        placing_name: entry.placing.name.unwrap_or_else(|| entry.placing.code.to_string()),
        since: entry.since,
        class: entry.class,
        standing: entry.standing,
        state: entry.state,
        flags: entry.flags,
        clock: clock.kind,
        clock_status: clock.status,
        working_days: clock.working_days,
        trouble,
        act,
    })
}

fn trouble(standing: &str, state: &str, flags: &[String], (clock, days): (&str, i32)) -> Option<Trouble> {
    if standing == "presumed_missing" {
        return Some(Trouble::Missing);
    }
    if state == "disputed" {
        return Some(Trouble::Disputed);
    }
    if flags.iter().any(|flag| flag == "director_approval_missing") {
        return Some(Trouble::Undirected);
    }
    (days < 0).then_some(if clock == "emergency" { Trouble::LateEmergency } else { Trouble::Late })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_that_is_amiss_is_named() {
        let flags = ["director_approval_missing".to_owned()];
        let table = [
            ("presumed_missing", "disputed", &flags[..], ("planned", -3), Some(Trouble::Missing)),
            ("stated", "disputed", &flags[..], ("planned", -3), Some(Trouble::Disputed)),
            ("stated", "delivered", &flags[..], ("planned", -3), Some(Trouble::Undirected)),
            ("stated", "delivered", &[], ("emergency", -1), Some(Trouble::LateEmergency)),
            ("stated", "delivered", &[], ("planned", -1), Some(Trouble::Late)),
            ("stated", "delivered", &[], ("emergency", 0), None),
        ];
        for (standing, state, flags, clock, expected) in table {
            assert_eq!(trouble(standing, state, flags, clock), expected, "{standing} {state} {clock:?}");
        }
    }
}
