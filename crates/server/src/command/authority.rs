//! `authority`: who takes part.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::{Args, Subcommand};
use hub_domain::{AuthorityCode, Dataset, Date};
use hub_notices::Described;
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
    #[command(flatten)]
    beyond: Beyond,
}

/// What is said of an authority that the hub does not know by heart: in Wales or Scotland, or new.
#[derive(Debug, Args)]
struct Beyond {
    /// Its name, where the hub does not know it.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Its first day in being, where the hub does not know it.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// Its last day in being, likewise.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Option<Date>,
    /// Every authority that adjoins it, by comma, or none: from any other it is at a distance (reg 11(5)). Without this,
    /// placements there are flagged as of unknown class unless the hub is certain.
    #[arg(long, value_name = "CODES", value_parser = parse_neighbours)]
    adjoins: Option<Neighbours>,
}

/// Which authorities adjoin one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Neighbours(BTreeSet<AuthorityCode>);

fn parse_neighbours(text: &str) -> Result<Neighbours, String> {
    let names = text.split(',').map(str::trim).filter(|name| *name != "none");
    names.map(parse_authority).collect::<Result<_, _>>().map(Neighbours)
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
    let mut tx = office.hub.store.begin().await?;
    // Joining again changes the day and the feeds; what was settled about notices stays.
    let before = member::find(&mut tx, add.code).await?;
    let name = name(add, before.as_ref())?;
    let before: MemberSettings =
        before.and_then(|member| serde_json::from_str(&member.settings).ok()).unwrap_or_default();
    let described = add.beyond.over(before.described.clone())?;
    let agreed = MemberSettings { feeds: add.feeds.0.clone(), described, ..before };
    let member = Member {
        code: add.code,
        name,
        joined_on: add.joined.unwrap_or_else(today),
        settings: serde_json::to_string(&agreed).map_err(anyhow::Error::from)?,
    };
    member::upsert(&mut tx, &member).await?;
    tx.commit().await?;
    let mut text = format!("{} ({}) takes part from {}.\n", member.name, member.code, member.joined_on);
    let released = hub_pipeline::held::release(&office.hub).await?;
    if released > 0 {
        let _ = writeln!(text, "Notices that had waited for a host and can be told now: {released}.");
    }
    Answer::new(text, Listed::from(member))
}

/// Its name: by heart where the hub knows the authority, else as the operator gives it or gave it before.
fn name(add: &Add, before: Option<&Member>) -> Result<String, Stop> {
    let Add { code, beyond, .. } = add;
    if *code == AuthorityCode::NONE {
        return Err(Stop::Refused(format!("{code} is the code of no authority")));
    }
    if *code == AuthorityCode::REGION || hub_domain::authority::find(*code).is_some() {
        let told = format!("{} is known by heart: --name, --from, --to and --adjoins are for others", name_of(*code));
        return if beyond.is_silent() { Ok(name_of(*code)) } else { Err(Stop::Refused(told)) };
    }
    let named = beyond.name.clone().or_else(|| before.map(|before| before.name.clone()));
    named.filter(|name| !name.trim().is_empty()).ok_or_else(|| {
        Stop::Refused(format!(
            "{code} is not an authority that the hub knows: `hub authority list --known` shows those. To register it all \
             the same, give --name, and --from, --to and --adjoins as far as they are known"
        ))
    })
}

impl Beyond {
    fn is_silent(&self) -> bool {
        self.name.is_none() && self.from.is_none() && self.to.is_none() && self.adjoins.is_none()
    }

    /// What is said now in place of what was said before; the rest stays.
    fn over(&self, before: Described) -> Result<Described, Stop> {
        let adjoins = self.adjoins.as_ref().map(|said| said.0.clone()).or(before.adjoins);
        let said = Described { from: self.from.or(before.from), to: self.to.or(before.to), adjoins };
        if said.from.zip(said.to).is_some_and(|(from, to)| to < from) {
            return Err(Stop::Refused("--to is a day before --from".to_owned()));
        }
        Ok(said)
    }
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
