//! `holiday`: the bank holidays that due dates are counted by.

use clap::{Args, Subcommand};
use hub_domain::Date;
use hub_pipeline::holidays::{self, Holiday as Listed, ProclaimRefusal, Proclamation};
use serde_json::json;

use super::office::{Office, parse_date};
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash};

#[derive(Debug, Subcommand)]
pub(super) enum Holiday {
    /// List the bank holidays of England and Wales that due dates are counted by.
    List(List),
    /// Say that a day is a bank holiday: one that was proclaimed, or all of a new year's together. The due dates of notices
    /// that wait move with it.
    Add(Add),
    /// Say that a day is no bank holiday after all. To move one, add its new day first.
    Remove(Remove),
}

/// What `holiday list` is told.
#[derive(Debug, Args)]
pub(super) struct List {
    /// This year's alone; without it, those of every year that is known.
    #[arg(long)]
    year: Option<i16>,
}

/// What `holiday add` is told.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// The days, YYYY-MM-DD. A year beyond those known is given whole: all of its bank holidays, eight at least.
    #[arg(required = true, value_name = "DAY", value_parser = parse_date)]
    days: Vec<Date>,
    /// What it is for, such as "State funeral".
    #[arg(long, default_value = "")]
    name: String,
}

/// What `holiday remove` is told.
#[derive(Debug, Args)]
pub(super) struct Remove {
    /// The days, YYYY-MM-DD.
    #[arg(required = true, value_name = "DAY", value_parser = parse_date)]
    days: Vec<Date>,
    /// Why, in a few words.
    #[arg(long, default_value = "")]
    name: String,
}

pub(super) async fn run(command: Holiday, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    match command {
        Holiday::List(asked) => list(&office, asked.year).await,
        Holiday::Add(Add { days, name }) => say(&office, &Proclamation { days, are_holidays: true, name }).await,
        Holiday::Remove(Remove { days, name }) => say(&office, &Proclamation { days, are_holidays: false, name }).await,
    }
}

async fn list(office: &Office, year: Option<i16>) -> Result<Answer, Stop> {
    let mut all = holidays::all(&office.hub).await?;
    all.retain(|one| year.is_none_or(|year| one.day.year() == year));
    Answer::list(&["day", "weekday", "bank holiday", "name", "from", "said"], &all, |one| {
        vec![
            one.day.to_string(),
            one.day.strftime("%A").to_string(),
            if one.is_holiday { "yes" } else { "no" }.to_owned(),
            if one.name.is_empty() { "-".to_owned() } else { one.name.clone() },
            source(one).to_owned(),
            or_dash(one.said_at.map(local)),
        ]
    })
}

const fn source(one: &Listed) -> &'static str {
    if one.said_at.is_some() { "operator" } else { "program or file" }
}

const WHEN: &str = "a hub that serves does it now, or when it starts";

/// Says it. The dates are moved by the hub that serves, which knows the address that its letters bear.
async fn say(office: &Office, proclamation: &Proclamation) -> Result<Answer, Stop> {
    let new = holidays::proclaim(&office.hub, proclamation).await.map_err(refuse)?;
    let waiting = holidays::waiting(&office.hub).await?;
    let word = if proclamation.are_holidays { "a bank holiday" } else { "no bank holiday" };
    let line = |day: &Date| {
        let how = if new.contains(day) { "is now" } else { "was already" };
        format!("{day} {how} {word}.\n")
    };
    let mut text: String = proclamation.days.iter().map(line).collect();
    let dates = match waiting {
        0 => "No due date moves with it.\n".to_owned(),
        1 => format!("The due dates of 1 notice move with it: {WHEN}.\n"),
        many => format!("The due dates of {many} notices move with it: {WHEN}.\n"),
    };
    text.push_str(&dates);
    let document = json!({
        "days": proclamation.days,
        "are_holidays": proclamation.are_holidays,
        "name": proclamation.name.trim(),
        "new": new,
        "notices_to_move": waiting,
    });
    Answer::new(text, document)
}

fn refuse(refusal: ProclaimRefusal) -> Stop {
    match refusal {
        ProclaimRefusal::Fault(fault) => fault.into(),
        refused @ (ProclaimRefusal::Weekend(_)
        | ProclaimRefusal::NotAHoliday(_)
        | ProclaimRefusal::Name
        | ProclaimRefusal::Incomplete(_)) => Stop::Refused(refused.to_string()),
    }
}
