//! `vacancies`: the live board, and how far each report can be believed. A home of one or two places is personal data: what
//! is printed here goes no further.

use clap::Args;
use hub_domain::{AuthorityCode, Date, Need, Provision};
use hub_pipeline::vacancies::board;
use hub_sufficiency::{Confidence, Entry, Filter};
use serde_json::Value;

use super::office::{Office, name_of, parse_authority, parse_date};
use super::{Global, Stop};
use crate::screen::{Answer, or_dash, table};

/// What `vacancies` is told.
#[derive(Debug, Args)]
pub(super) struct Vacancies {
    /// For whom: whose concerns bind, and where distances begin.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: Option<AuthorityCode>,
    /// Kinds of home, by comma or by repeating.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    provision: Vec<Provision>,
    /// Takes a child of this age.
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(i64).range(0..=25))]
    age: Option<i64>,
    /// Takes a child of this sex.
    #[arg(long, value_name = "SEX", value_parser = ["M", "F", "U"])]
    sex: Option<String>,
    /// Meets all of these needs, by comma or by repeating.
    #[arg(long, value_name = "NEED", value_delimiter = ',')]
    needs: Vec<Need>,
    /// Room for so many children together.
    #[arg(long, value_name = "N")]
    siblings: Option<i64>,
    /// Stands in one of these authorities.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = parse_authority)]
    host: Vec<AuthorityCode>,
    /// Farthest, in miles.
    #[arg(long, value_name = "MILES")]
    max_miles: Option<f64>,
    /// A place is free by this day.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    needed_by: Option<Date>,
    /// Leave out what cannot be used.
    #[arg(long)]
    usable_only: bool,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    limit: u64,
}

impl Vacancies {
    fn filter(self) -> Filter {
        Filter {
            provision: self.provision,
            age: self.age,
            sex: self.sex,
            needs: self.needs,
            siblings: self.siblings,
            host: self.host,
            near: self.authority,
            max_miles: self.max_miles,
            needed_by: self.needed_by,
            usable_only: self.usable_only,
        }
    }
}

pub(super) async fn run(asked: Vacancies, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    let built = board(&office.hub).await?;
    let (asker, most) = (asked.authority, usize::try_from(asked.limit).unwrap_or(usize::MAX));
    let mut found = built.board.search(asker, &asked.filter());
    found.truncate(most);
    let headings = ["setting", "urn", "kind", "stands in", "miles", "places", "usable", "confidence"];
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    Answer::new(table(&headings, &rows), found)
}

fn row(entry: &Entry) -> Vec<String> {
    let why = entry.reasons.iter().map(|why| serde_json::to_value(why).unwrap_or(Value::Null));
    let why: Vec<String> = why.filter_map(|why| why.as_str().map(str::to_owned)).collect();
    vec![
        entry.setting_ref.clone(),
        entry.urn.clone(),
        entry.provision.clone(),
        name_of(entry.host_la),
        or_dash(entry.miles),
        entry.available_places.to_string(),
        if entry.usable { "yes".to_owned() } else { why.join(", ") },
        explained(&entry.confidence),
    ]
}

/// The score, and what it is made of: never a bare number.
fn explained(confidence: &Confidence) -> String {
    let part = |reason: &hub_sufficiency::Reason| {
        format!("{} {}/{} ({})", reason.about.replace('_', " "), reason.points, reason.of, reason.words)
    };
    let parts: Vec<String> = confidence.reasons.iter().map(part).collect();
    format!("{}: {}", confidence.score, parts.join("; "))
}
