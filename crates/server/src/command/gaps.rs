//! `gaps`: where children are left without a home, and what one more place would do.

use clap::Args;
use hub_sufficiency::{Gap, OneMore};

use super::question::latest;
use super::{Global, Stop};
use crate::screen::{Answer, or_dash};

/// What `gaps` is told.
#[derive(Debug, Args)]
pub(super) struct Gaps {
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=200))]
    limit: u64,
}

pub(super) async fn run(asked: &Gaps, global: &Global) -> Result<Answer, Stop> {
    let most = usize::try_from(asked.limit).unwrap_or(usize::MAX);
    let gaps = latest(global).await?.gaps(most)?;
    let headings =
        ["area", "kind of home", "ages", "searching", "unserved", "places in reach", "dearer weeks", "one more"];
    Answer::list(&headings, &gaps, row)
}

fn row(gap: &Gap) -> Vec<String> {
    vec![
        gap.area_name.clone(),
        gap.provision_name.clone(),
        gap.age_band.clone(),
        or_dash(gap.searching),
        gap.unserved.to_string(),
        or_dash(gap.reachable_places),
        or_dash(gap.weeks_farther_or_dearer),
        or_dash(gap.one_more.as_ref().map(say)),
    ]
}

/// Where it would stand, how many it could serve, and whose those are.
fn say(one: &OneMore) -> String {
    let boroughs: Vec<String> =
        one.boroughs.iter().map(|part| format!("{} {}", part.borough_name, part.could_serve)).collect();
    let whose = if boroughs.is_empty() { String::new() } else { format!(": {}", boroughs.join(", ")) };
    format!("in {} ({}, {}) could serve {}{whose}", one.host_name, one.age_band, one.need, one.could_serve)
}
