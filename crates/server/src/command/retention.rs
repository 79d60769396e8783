//! `retention`: what is kept for how long, and what is due to go.

use clap::{Args, Subcommand};
use hub_pipeline::retain::{self, Deletion, How, Periods, Rule};
use serde_json::{Value, json};

use super::office::{Office, name_of};
use super::{Global, Stop};
use crate::screen::{Answer, local, table};

/// How long what is over is kept: days for each rule. A period shorter than the hub itself needs is lengthened to that.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_field_names, reason = "each is the flag of that name")]
pub(crate) struct HowLong {
    /// The bytes of submissions, as they were sent.
    #[arg(long, env = "HUB_KEEP_PAYLOADS", value_name = "DAYS", default_value_t = Rule::Payloads.usual(),
          value_parser = clap::value_parser!(u32).range(30..=36_600))]
    keep_payloads: u32,
    /// Versions of records that are no longer believed.
    #[arg(long, env = "HUB_KEEP_ROWS", value_name = "DAYS", default_value_t = Rule::Rows.usual(),
          value_parser = clap::value_parser!(u32).range(822..=36_600))]
    keep_rows: u32,
    /// Notices that are over, with all that hangs on them.
    #[arg(long, env = "HUB_KEEP_NOTICES", value_name = "DAYS", default_value_t = Rule::Notices.usual(),
          value_parser = clap::value_parser!(u32).range(366..=36_600))]
    keep_notices: u32,
    /// What either side and the operator were told.
    #[arg(long, env = "HUB_KEEP_EVENTS", value_name = "DAYS", default_value_t = Rule::Events.usual(),
          value_parser = clap::value_parser!(u32).range(366..=36_600))]
    keep_events: u32,
    /// Jobs that are over.
    #[arg(long, env = "HUB_KEEP_JOBS", value_name = "DAYS", default_value_t = Rule::Jobs.usual(),
          value_parser = clap::value_parser!(u32).range(7..=36_600))]
    keep_jobs: u32,
    /// Webhooks that are over, with every attempt.
    #[arg(long, env = "HUB_KEEP_DELIVERIES", value_name = "DAYS", default_value_t = Rule::Deliveries.usual(),
          value_parser = clap::value_parser!(u32).range(30..=36_600))]
    keep_deliveries: u32,
    /// Reconciliations, and what disagrees no longer.
    #[arg(long, env = "HUB_KEEP_DISCREPANCIES", value_name = "DAYS",
          default_value_t = Rule::Discrepancies.usual(), value_parser = clap::value_parser!(u32).range(92..=36_600))]
    keep_discrepancies: u32,
}

impl HowLong {
    /// The periods.
    pub(crate) fn periods(&self) -> Periods {
        let all = Rule::ALL.iter().map(|rule| (*rule, self.days(*rule)));
        all.fold(Periods::default(), |periods, (rule, days)| periods.with(rule, days))
    }

    const fn days(&self, rule: Rule) -> u32 {
        match rule {
            Rule::Payloads => self.keep_payloads,
            Rule::Rows => self.keep_rows,
            Rule::Notices => self.keep_notices,
            Rule::Events => self.keep_events,
            Rule::Jobs => self.keep_jobs,
            Rule::Deliveries => self.keep_deliveries,
            Rule::Discrepancies => self.keep_discrepancies,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Retention {
    /// Show each rule: its period, the shortest it may be, and why it is kept that long.
    Rules(HowLong),
    /// Say what is due to go now, and delete nothing.
    Due(HowLong),
    /// Delete what is due now, as the schedule does every day, and keep the proof.
    Run(HowLong),
}

pub(super) async fn run(command: Retention, global: &Global) -> Result<Answer, Stop> {
    match command {
        Retention::Rules(keep) => rules(&keep.periods()),
        Retention::Due(keep) => delete(&keep, How::Tell, global).await,
        Retention::Run(keep) => delete(&keep, How::Delete("operator"), global).await,
    }
}

fn rules(periods: &Periods) -> Result<Answer, Stop> {
    let row = |rule: &Rule| {
        vec![rule.to_string(), periods.of(*rule).to_string(), rule.least().to_string(), rule.why().to_owned()]
    };
    let rows: Vec<Vec<String>> = Rule::ALL.iter().map(row).collect();
    let describe = |rule: &Rule| json!({ "rule": rule, "days": periods.of(*rule), "least": rule.least(), "usual": rule.usual(), "why": rule.why() });
    let documents: Vec<Value> = Rule::ALL.iter().map(describe).collect();
    Answer::new(table(&["rule", "days", "least", "why"], &rows), documents)
}

async fn delete(keep: &HowLong, how: How<'_>, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?.keeping(keep.periods());
    let all = retain::retain(&office.hub, how).await?;
    Answer::list(&["authority", "what", "from before", "count", "proof"], &all, |one: &Deletion| {
        vec![
            name_of(one.authority),
            one.subject.clone(),
            local(one.before),
            one.count.to_string(),
            one.content.chars().take(16).collect(),
        ]
    })
}
