//! `schedule`: what runs when.

use clap::{Args, Subcommand};
use hub_jobs::schedule::{Misfire, Schedule as Pattern};
use hub_store::schedule::{self as kept, Schedule as Kept};
use jiff::Timestamp;
use serde::Serialize;

use super::office::Office;
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash};

#[derive(Debug, Subcommand)]
pub(super) enum Schedule {
    /// List the schedules of this hub, as it registered them when it last started.
    List,
    /// Show the coming runs, soonest first.
    Next(Next),
}

/// What `schedule next` is told.
#[derive(Debug, Args)]
pub(super) struct Next {
    /// How many runs to show.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    count: u16,
}

/// A schedule as it is listed.
#[derive(Serialize)]
struct Listed {
    name: String,
    pattern: String,
    enabled: bool,
    misfire: String,
    /// The last slot that was dealt with.
    last_slot: Timestamp,
    next: Option<Timestamp>,
}

/// A coming run.
#[derive(Serialize, PartialEq, Debug)]
struct Coming {
    at: Timestamp,
    schedule: String,
}

pub(super) async fn run(schedule: Schedule, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    let mut link = office.read().await?;
    let all = kept::all(&mut link).await?;
    let now = office.now();
    match schedule {
        Schedule::List => {
            let listed = all.into_iter().map(|kept| listed(kept, now)).collect::<Result<Vec<_>, _>>()?;
            Answer::list(
                &["schedule", "pattern (London)", "enabled", "if missed", "dealt with until", "next"],
                &listed,
                |one| {
                    let enabled = if one.enabled { "yes" } else { "no" };
                    let (last, next) = (local(one.last_slot), or_dash(one.next.map(local)));
                    vec![one.name.clone(), one.pattern.clone(), enabled.to_owned(), one.misfire.clone(), last, next]
                },
            )
        }
        Schedule::Next(next) => {
            let coming = coming(&all, now, usize::from(next.count))?;
            Answer::list(&["when (London)", "schedule"], &coming, |run| vec![local(run.at), run.schedule.clone()])
        }
    }
}

fn pattern(kept: &Kept) -> Result<Pattern, Stop> {
    Pattern::new(&kept.name, &kept.pattern, Misfire::Latest).map_err(|error| Stop::Fault(error.into()))
}

fn listed(kept: Kept, now: Timestamp) -> Result<Listed, Stop> {
    let next = pattern(&kept)?.next_after(now).filter(|_| kept.enabled);
    let Kept { name, pattern, enabled, misfire, last_slot } = kept;
    Ok(Listed { name, pattern, enabled, misfire, last_slot, next })
}

/// The first `count` runs after `now` of all that are enabled.
fn coming(all: &[Kept], now: Timestamp, count: usize) -> Result<Vec<Coming>, Stop> {
    let mut runs = Vec::new();
    for kept in all.iter().filter(|kept| kept.enabled) {
        let pattern = pattern(kept)?;
        let slots = std::iter::successors(pattern.next_after(now), |slot| pattern.next_after(*slot)).take(count);
        runs.extend(slots.map(|at| Coming { at, schedule: kept.name.clone() }));
    }
    runs.sort_by(|a, b| (a.at, &a.schedule).cmp(&(b.at, &b.schedule)));
    runs.truncate(count);
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coming_runs_are_merged_soonest_first_and_disabled_ones_left_out() {
        let now: Timestamp = "2026-10-25T00:10:00Z".parse().unwrap();
        let kept = |name: &str, pattern: &str, enabled| Kept {
            name: name.to_owned(),
            pattern: pattern.to_owned(),
            enabled,
            misfire: "latest".to_owned(),
            last_slot: now,
        };
        let all =
            [kept("chase", "*/15 * * * *", true), kept("publish", "30 1 * * *", true), kept("off", "* * * * *", false)];
        let runs: Vec<(String, String)> =
            coming(&all, now, 4).unwrap().into_iter().map(|run| (run.at.to_string(), run.schedule)).collect();
        // 01:30 in London is 00:30 in UTC, before the clocks go back that night.
        let expected = [
            "2026-10-25T00:15:00Z chase",
            "2026-10-25T00:30:00Z chase",
            "2026-10-25T00:30:00Z publish",
            "2026-10-25T00:45:00Z chase",
        ];
        assert_eq!(runs.iter().map(|(at, name)| format!("{at} {name}")).collect::<Vec<_>>(), expected);
    }
}
