//! `authority set`: what an authority settles about notices.

use clap::Args;
use hub_domain::AuthorityCode;
use hub_notices::Rules;
use hub_pipeline::members::{self, SettleRefusal};
use serde_json::Value;

use super::Stop;
use super::office::{Office, name_of, parse_authority};
use crate::screen::{Answer, table};

/// What an authority may settle, and what each is.
const SETTINGS: [(&str, &str); 6] = [
    ("own_carers", "give notice of children with its own foster carers over the border (true, false)"),
    ("own_parents", "give notice of children placed with their own parents over the border (true, false)"),
    ("adoption", "give notice of children placed for adoption over the border (true, false)"),
    ("emergency_days", "working days to tell the host of an emergency placement (the law: 5)"),
    ("ending_days", "working days to tell the host of an ending (the law: 10)"),
    ("match_days", "days a stated start may lie from the one in the feed"),
];

/// What `authority set` is told.
#[derive(Debug, Args)]
pub(super) struct Set {
    /// Its GSS code or name.
    #[arg(value_name = "CODE", value_parser = parse_authority)]
    code: AuthorityCode,
    /// What to settle, such as own_carers=false; shows what is settled when nothing is given.
    #[arg(value_name = "NAME=VALUE", value_parser = parse_setting)]
    settings: Vec<(String, Value)>,
    /// Who decided, for the record.
    #[arg(long, value_name = "WHO", default_value = "operator")]
    by: String,
}

fn parse_setting(text: &str) -> Result<(String, Value), String> {
    let names = || SETTINGS.map(|(name, _)| name).join(", ");
    let (name, value) = text.split_once('=').ok_or_else(|| format!("give NAME=VALUE; names are {}", names()))?;
    if !SETTINGS.iter().any(|(known, _)| *known == name) {
        return Err(format!("no such setting; there are {}", names()));
    }
    let value: Value = serde_json::from_str(value).map_err(|_| "give true, false or a whole number".to_owned())?;
    let days = name.ends_with("_days");
    let fits = if days { value.as_u64().is_some_and(|days| (1..=60).contains(&days)) } else { value.is_boolean() };
    if fits {
        Ok((name.to_owned(), value))
    } else if days {
        Err("give a number of days from 1 to 60".to_owned())
    } else {
        Err("give true or false".to_owned())
    }
}

pub(super) async fn run(office: &Office, set: &Set) -> Result<Answer, Stop> {
    let rules = members::rules(&office.hub, set.code).await.map_err(|refusal| refuse(refusal, set.code))?;
    let mut settled = serde_json::to_value(&rules).map_err(anyhow::Error::from)?;
    if let Some(known) = settled.as_object_mut() {
        known.extend(set.settings.iter().cloned());
    }
    if !set.settings.is_empty() {
        let rules: Rules = serde_json::from_value(settled.clone()).map_err(anyhow::Error::from)?;
        let done = members::settle(&office.hub, set.code, &set.by, &rules).await;
        done.map_err(|refusal| refuse(refusal, set.code))?;
    }
    show(&settled)
}

fn show(settled: &Value) -> Result<Answer, Stop> {
    let value = |name: &str| settled.get(name).map(ToString::to_string).unwrap_or_default();
    let rows: Vec<Vec<String>> =
        SETTINGS.iter().map(|(name, what)| vec![(*name).to_owned(), value(name), (*what).to_owned()]).collect();
    let known = |(name, _): &(&str, &str)| Some(((*name).to_owned(), settled.get(*name)?.clone()));
    let document: serde_json::Map<String, Value> = SETTINGS.iter().filter_map(known).collect();
    Answer::new(table(&["setting", "value", "meaning"], &rows), document)
}

fn refuse(refusal: SettleRefusal, code: AuthorityCode) -> Stop {
    match refusal {
        SettleRefusal::NotAMember => {
            Stop::Refused(format!("{} does not take part: `hub authority add {code}` lets it", name_of(code)))
        }
        SettleRefusal::Fault(fault) => fault.into(),
    }
}
