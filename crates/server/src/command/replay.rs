//! `replay`: what a home would have done, had it been there.

use clap::Args;
use hub_domain::ages::StrategyBand;
use hub_domain::{AuthorityCode, Date, Provision, london_date};
use hub_pipeline::replay::{ReplayRefusal, replay};
use hub_sufficiency::Proposal;
use serde_json::Value;

use super::office::{Office, parse_authority, parse_date};
use super::{Global, Stop};
use crate::screen::{Answer, table};

/// What `replay` is told.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Authority it would have stood in.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    host: AuthorityCode,
    /// Ages it takes: 0-4, 5-9, 10-12, 13-15 or 16+.
    #[arg(long, value_name = "BAND")]
    age_band: StrategyBand,
    /// Places, 1 to 10.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=10))]
    places: u32,
    /// Kind of home: childrens_home, foster_household or supported_accommodation.
    #[arg(long, value_name = "KIND", default_value_t = Provision::ChildrensHome)]
    provision: Provision,
    /// First day: the first of a month [default: 24 months ago].
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// It also takes children who live alone with staff, or under a deprivation of liberty order.
    #[arg(long)]
    takes_solo: bool,
    /// Pence a week for a place [default: the middle cost of the stays looked at].
    #[arg(long, value_name = "PENCE", value_parser = clap::value_parser!(i64).range(1..=5_000_000))]
    weekly_fee: Option<i64>,
}

pub(super) async fn run(asked: &Replay, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    let proposal = Proposal {
        provision: asked.provision,
        places: asked.places,
        age_band: asked.age_band,
        host: asked.host,
        from: asked.from.unwrap_or_else(|| Proposal::earliest(london_date(office.now()))),
        takes_solo: asked.takes_solo,
        weekly_fee: asked.weekly_fee,
    };
    let replayed = replay(&office.hub, proposal).await.map_err(refuse)?;
    let document: Value = serde_json::from_slice(&replayed.json).map_err(anyhow::Error::from)?;
    Answer::new(show(&document), document)
}

/// One figure a line: its value, and the middle eight tenths of the draws.
fn show(document: &Value) -> String {
    let row = document.get("rows").and_then(|rows| rows.get(0)).unwrap_or(&Value::Null);
    let cell = |name: &str| match row.get(name) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let measures = document.get("measures").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let rows: Vec<Vec<String>> = measures
        .filter(|name| !name.ends_with("_low") && !name.ends_with("_high"))
        .map(|name| {
            vec![name.replace('_', " "), cell(name), cell(&format!("{name}_low")), cell(&format!("{name}_high"))]
        })
        .collect();
    table(&["figure", "replayed", "low", "high"], &rows)
}

fn refuse(refusal: ReplayRefusal) -> Stop {
    match refusal {
        ReplayRefusal::Proposal(wrong) => Stop::Usage(wrong.to_string()),
        ReplayRefusal::Fault(fault) => fault.into(),
        ReplayRefusal::Gate(refused) => Stop::Refused(format!("the release gate refused: {refused}")),
    }
}
