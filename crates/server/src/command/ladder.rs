//! `ladder`: which steps of the ladder of escalation an authority hears.

use clap::{ArgGroup, Args, Subcommand};
use hub_domain::AuthorityCode;
use hub_notices::Step;
use hub_pipeline::ladder::{self, EVERYBODY, Switches};
use hub_store::member;
use jiff::Timestamp;
use serde::Serialize;

use super::office::{Office, name_of, parse_authority};
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash};

#[derive(Debug, Subcommand)]
pub(super) enum Ladder {
    /// List the steps, whom each is for, and whether it is heard.
    List(List),
    /// Switch a step on or off.
    Set(Set),
}

/// What `ladder list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// One authority's; without it, everybody's and those of whoever differs.
    #[arg(long, value_name = "CODE", value_parser = parse_whose)]
    authority: Option<AuthorityCode>,
}

/// What `ladder set` is told.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("switch").required(true).args(["on", "off"])))]
pub(super) struct Set {
    /// Whose: a GSS code or name, or `all` for everybody without a switch of their own.
    #[arg(long, value_name = "CODE", value_parser = parse_whose)]
    authority: AuthorityCode,
    /// Which step, as `hub ladder list` names it.
    #[arg(long, value_name = "STEP", value_parser = parse_step)]
    step: Step,
    /// It is heard.
    #[arg(long)]
    on: bool,
    /// It is not heard.
    #[arg(long)]
    off: bool,
}

/// A step as it stands for an authority.
#[derive(Serialize)]
struct Listed {
    /// GSS code; `all` for whoever has no switch of their own.
    authority: String,
    name: String,
    step: Step,
    audience: Vec<&'static str>,
    enabled: bool,
    /// When somebody set it; none when it is as it came, or as everybody's.
    changed_at: Option<Timestamp>,
}

pub(super) async fn run(command: Ladder, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match command {
        Ladder::List(asked) => list(&office, asked.authority).await,
        Ladder::Set(asked) => set(&office, &asked).await,
    }
}

async fn set(office: &Office, asked: &Set) -> Result<Answer, Stop> {
    if asked.authority != EVERYBODY && member::find(&mut *office.read().await?, asked.authority).await?.is_none() {
        let told = format!("{} does not take part: `hub authority add` lets it", name(asked.authority));
        return Err(Stop::Refused(told));
    }
    // `--off` is the other of the two: clap asks for exactly one.
    ladder::set(&office.hub, asked.authority, asked.step, asked.on).await?;
    let switches = ladder::switches(&office.hub).await?;
    let listed = listed(&switches, asked.authority, asked.step);
    let word = if listed.enabled { "hears" } else { "does not hear" };
    Answer::new(format!("{} {word} {}.\n", listed.name, listed.step), listed)
}

async fn list(office: &Office, of: Option<AuthorityCode>) -> Result<Answer, Stop> {
    let switches = ladder::switches(&office.hub).await?;
    let members = member::all(&mut *office.read().await?).await?;
    let mut all = Vec::new();
    for step in Step::ALL {
        all.push(listed(&switches, of.unwrap_or(EVERYBODY), *step));
        let own = members.iter().filter(|member| of.is_none() && switches.own(member.code, *step).is_some());
        all.extend(own.map(|member| listed(&switches, member.code, *step)));
    }
    Answer::list(&["step", "what", "for", "authority", "heard", "set"], &all, |one| {
        vec![
            one.step.to_string(),
            one.step.label().to_owned(),
            one.audience.join(", "),
            one.name.clone(),
            if one.enabled { "yes" } else { "no" }.to_owned(),
            or_dash(one.changed_at.map(local)),
        ]
    })
}

fn listed(switches: &Switches, authority: AuthorityCode, step: Step) -> Listed {
    Listed {
        authority: if authority == EVERYBODY { ALL.to_owned() } else { authority.to_string() },
        name: name(authority),
        step,
        audience: step.audiences().iter().map(|audience| audience.as_str()).collect(),
        enabled: switches.is_on(authority, step),
        changed_at: switches.own(authority, step).map(|switch| switch.changed_at),
    }
}

/// Everybody without a switch of their own.
const ALL: &str = "all";

fn name(authority: AuthorityCode) -> String {
    if authority == EVERYBODY { "Everybody".to_owned() } else { name_of(authority) }
}

fn parse_whose(text: &str) -> Result<AuthorityCode, String> {
    if text == ALL { Ok(EVERYBODY) } else { parse_authority(text) }
}

fn parse_step(text: &str) -> Result<Step, String> {
    let names: Vec<&str> = Step::ALL.iter().map(|step| step.as_str()).collect();
    text.parse().map_err(|_| format!("give one of {}", names.join(", ")))
}
