//! `authority`: who takes part.

use clap::{Args, Subcommand};
use hub_domain::{AuthorityCode, Dataset, Date};
use hub_pipeline::feeds::MemberSettings;
use hub_store::member::{self, Member};
use serde::Serialize;

use super::office::{Office, name_of, parse_authority, parse_date, today};
use super::settle::{self, Set};
use super::{Global, Stop};
use crate::screen::Answer;

#[derive(Debug, Subcommand)]
pub(super) enum Authority {
    /// List the authorities that take part; with --known, every authority the hub knows by heart.
    List {
        /// Also those that do not take part.
        #[arg(long)]
        known: bool,
    },
    /// Let an authority take part, or change what was settled.
    Add(Add),
    /// Settle what an authority has decided about its notices, or show it. Each change is recorded as an event, and its
    /// notices follow at once.
    Set(Set),
}

/// What `authority add` is told.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// Its GSS code or name; X00000001 or region for the sender of what no authority owns.
    #[arg(value_name = "CODE", value_parser = parse_authority)]
    code: AuthorityCode,
    /// The day it joined; today when not given. Children placed before then are register entries, not notices.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    joined: Option<Date>,
    /// Feeds it sends: usual (placements, vacancies, searches, quality), all (also admissions, fostering, care_leavers),
    /// none, or names by comma. The region's own sender, X00000001, sends regulator and nothing else.
    #[arg(long, value_name = "FEEDS", default_value = "usual", value_parser = parse_feeds)]
    feeds: Feeds,
}

/// Which feeds are expected.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Feeds(Vec<Dataset>);

fn parse_feeds(text: &str) -> Result<Feeds, String> {
    match text {
        "all" => Ok(Feeds(Dataset::ALL.into_iter().filter(|dataset| !dataset.is_regional()).collect())),
        "usual" => Ok(Feeds(Dataset::USUAL.to_vec())),
        "none" => Ok(Feeds(Vec::new())),
        names => {
            let feeds: Result<Vec<Dataset>, _> = names.split(',').map(|name| name.trim().parse()).collect();
            let names: Vec<&str> = Dataset::ALL.iter().map(|dataset| dataset.as_str()).collect();
            feeds.map(Feeds).map_err(|_| format!("give usual, all, none, or some of {}", names.join(",")))
        }
    }
}

/// An authority as it is listed.
#[derive(Serialize)]
struct Listed {
    code: AuthorityCode,
    name: String,
    joined_on: Option<Date>,
    feeds: Vec<Dataset>,
}

pub(super) async fn run(authority: Authority, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match authority {
        Authority::List { known } => list(&office, known).await,
        Authority::Add(add) => register(&office, &add).await,
        Authority::Set(set) => settle::run(&office, &set).await,
    }
}

async fn register(office: &Office, add: &Add) -> Result<Answer, Stop> {
    let is_region = add.code == AuthorityCode::REGION;
    if let Some(other) = add.feeds.0.iter().find(|dataset| dataset.is_regional() != is_region) {
        let whose = if is_region { "an authority sends it" } else { "the region's own sender, X00000001, sends it" };
        return Err(Stop::Refused(format!("{other} is not among the feeds of {}: {whose}", name_of(add.code))));
    }
    if !is_region && hub_domain::authority::find(add.code).is_none() {
        let told =
            format!("{} is not an authority that the hub knows: `hub authority list --known` shows those", add.code);
        return Err(Stop::Refused(told));
    }
    let mut tx = office.hub.store.begin().await?;
    // Joining again changes the day and the feeds; what was settled about notices stays.
    let before = member::find(&mut tx, add.code).await?;
    let before = before.and_then(|member| serde_json::from_str(&member.settings).ok()).unwrap_or_default();
    let agreed = MemberSettings { feeds: add.feeds.0.clone(), ..before };
    let member = Member {
        code: add.code,
        name: name_of(add.code),
        joined_on: add.joined.unwrap_or_else(today),
        settings: serde_json::to_string(&agreed).map_err(anyhow::Error::from)?,
    };
    member::upsert(&mut tx, &member).await?;
    tx.commit().await?;
    let text = format!("{} ({}) takes part from {}.\n", member.name, member.code, member.joined_on);
    Answer::new(text, Listed::from(member))
}

async fn list(office: &Office, known: bool) -> Result<Answer, Stop> {
    let mut link = office.read().await?;
    let mut all: Vec<Listed> = member::senders(&mut link).await?.into_iter().map(Listed::from).collect();
    if known {
        let joined: Vec<AuthorityCode> = all.iter().map(|listed| listed.code).collect();
        let others = hub_domain::authority::all().iter().filter(|other| !joined.contains(&other.code));
        all.extend(others.map(|other| Listed {
            code: other.code,
            name: other.name.clone(),
            joined_on: None,
            feeds: Vec::new(),
        }));
        all.sort_by_key(|listed| listed.code);
    }
    Answer::list(&["code", "name", "joined", "feeds"], &all, |listed| {
        let feeds: Vec<&str> = listed.feeds.iter().map(|feed| feed.as_str()).collect();
        vec![listed.code.to_string(), listed.name.clone(), crate::screen::or_dash(listed.joined_on), feeds.join(",")]
    })
}

impl From<Member> for Listed {
    fn from(member: Member) -> Self {
        let agreed: MemberSettings = serde_json::from_str(&member.settings).unwrap_or_default();
        Self { code: member.code, name: member.name, joined_on: Some(member.joined_on), feeds: agreed.feeds }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_all_none_or_some() {
        let all = parse_feeds("all").unwrap().0;
        assert_eq!((all.len(), all.contains(&Dataset::Regulator)), (Dataset::ALL.len() - 1, false));
        assert_eq!(parse_feeds("usual"), Ok(Feeds(Dataset::USUAL.to_vec())));
        assert_eq!(parse_feeds("none"), Ok(Feeds(Vec::new())));
        assert_eq!(parse_feeds("placements, quality"), Ok(Feeds(vec![Dataset::Placements, Dataset::Quality])));
        assert!(parse_feeds("placement").unwrap_err().contains("placements,vacancies"));
    }
}
