//! `quality`: how good each sender's feeds are.

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use hub_contract::neutral;
use hub_domain::{AuthorityCode, Date, london_midnight};
use hub_pipeline::members::SettleRefusal;
use hub_pipeline::trend::{self, Line, Point};
use jiff::ToSpan as _;
use serde_json::json;

use super::office::{Office, name_of, parse_authority, parse_date, today};
use super::{Global, Stop};
use crate::screen::{Answer, local, or_dash};

#[derive(Debug, Subcommand)]
pub(super) enum Quality {
    /// Show what was measured of each submission of an authority, oldest first.
    Trend(Trend),
    /// Set the senders beside each other: those who agreed to be seen, or with --everybody all of them.
    League {
        #[command(flatten)]
        over: Over,
        /// Also those who did not agree; for the operator's eyes.
        #[arg(long)]
        everybody: bool,
    },
    /// Record that an authority agrees, or no longer agrees, that the consortium sees how good its feeds are.
    Share(Share),
    /// Print a line for each sender and feed as CSV, to be merged into letters: each sender gets its own.
    Scorecard(Over),
}

/// What `quality trend` is told.
#[derive(Debug, Args)]
pub(super) struct Trend {
    /// Whose.
    #[arg(value_parser = parse_authority)]
    authority: AuthorityCode,
    /// Received on this day or later; 92 days before today when not given.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    since: Option<Date>,
}

/// Over how many days.
#[derive(Debug, Args)]
pub(super) struct Over {
    /// How many days before now.
    #[arg(long, value_name = "N", default_value_t = trend::USUAL_DAYS, value_parser = clap::value_parser!(i32).range(1..=366))]
    days: i32,
}

/// What `quality share` is told.
#[derive(Debug, Args)]
pub(super) struct Share {
    /// Who agrees.
    #[arg(value_parser = parse_authority)]
    authority: AuthorityCode,
    /// yes or no.
    #[arg(value_parser = ["yes", "no"])]
    answer: String,
    /// Who decided, for the record.
    #[arg(long, value_name = "WHO", default_value = "operator")]
    by: String,
}

pub(super) async fn run(asked: Quality, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    // What was decided since the last look is measured first.
    trend::measure(&office.hub).await?;
    match asked {
        Quality::Trend(asked) => show(&office, &asked).await,
        Quality::League { over, everybody } => league(&office, over.days, !everybody).await,
        Quality::Share(asked) => share(&office, &asked).await,
        Quality::Scorecard(over) => {
            let lines = trend::league(&office.hub, over.days, false).await?;
            Answer::new(scorecard(&lines, over.days), &lines)
        }
    }
}

async fn show(office: &Office, asked: &Trend) -> Result<Answer, Stop> {
    let today = today();
    let since = asked.since.unwrap_or_else(|| today.checked_sub(92.days()).unwrap_or(today));
    let from = london_midnight(since).unwrap_or(hub_domain::Timestamp::MIN);
    let points = trend::own(&office.hub, asked.authority, from).await?;
    let rows: Vec<Vec<String>> = points.iter().map(row).collect();
    let headings = [
        "dataset",
        "received",
        "as at",
        "verdict",
        "minutes late",
        "rows",
        "left out",
        "findings",
        "opened",
        "reopened",
        "stale",
    ];
    let documents: Vec<_> = points
        .iter()
        .map(|point| {
            json!({
                "dataset": point.dataset,
                "received_at": point.received_at,
                "submission": point.submission,
                "measured": point.measured,
            })
        })
        .collect();
    Answer::new(crate::screen::table(&headings, &rows), documents)
}

fn row(point: &Point) -> Vec<String> {
    let measured = &point.measured;
    vec![
        point.dataset.to_string(),
        local(point.received_at),
        measured.as_at.to_string(),
        measured.verdict.as_str().to_owned(),
        measured.minutes_late.to_string(),
        measured.rows.to_string(),
        measured.rejected.to_string(),
        measured.findings.values().sum::<u64>().to_string(),
        measured.opened.to_string(),
        measured.reopened.to_string(),
        or_dash(measured.stale),
    ]
}

async fn league(office: &Office, days: i32, only_agreed: bool) -> Result<Answer, Stop> {
    let lines = trend::league(&office.hub, days, only_agreed).await?;
    let headings = [
        "authority",
        "dataset",
        "sent",
        "on time %",
        "left out %",
        "complete %",
        "least complete",
        "commonest rule",
        "reopened %",
        "stale %",
    ];
    Answer::list(&headings, &lines, |line| {
        vec![
            name_of(line.authority),
            line.dataset.to_string(),
            line.submissions.to_string(),
            or_dash(line.on_time),
            or_dash(line.rows_left_out),
            or_dash(line.complete),
            or_dash(line.least_complete.clone()),
            or_dash(line.commonest_rule.clone()),
            or_dash(line.reopened),
            or_dash(line.stale),
        ]
    })
}

async fn share(office: &Office, asked: &Share) -> Result<Answer, Stop> {
    let shares = asked.answer == "yes";
    let before =
        trend::share(&office.hub, asked.authority, &asked.by, shares).await.map_err(|refusal| match refusal {
            SettleRefusal::NotAMember => Stop::Refused(format!("{} does not take part", name_of(asked.authority))),
            SettleRefusal::Fault(fault) => fault.into(),
        })?;
    let said = match (before, shares) {
        (true, true) => "was in the league already",
        (false, true) => "is in the league from now on",
        (true, false) => "is no longer in the league",
        (false, false) => "was not in the league",
    };
    let document = json!({ "authority": asked.authority, "shares": shares, "shared_before": before });
    Answer::new(format!("{} {said}.\n", name_of(asked.authority)), document)
}

const SCORECARD: [&str; 17] = [
    "authority",
    "name",
    "dataset",
    "days",
    "submissions",
    "on_time_percent",
    "rejected_percent",
    "rows_left_out_percent",
    "complete_percent",
    "least_complete_column",
    "least_complete_percent",
    "commonest_rule",
    "commonest_rule_count",
    "reopened_percent",
    "stale_percent",
    "last_as_at",
    "sentence",
];

/// One line for each sender and feed; RFC 4180, and no cell that a spreadsheet takes for a formula.
fn scorecard(lines: &[Line], days: i32) -> String {
    let mut text = SCORECARD.join(",") + "\r\n";
    for line in lines {
        let number = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
        let cells = [
            line.authority.to_string(),
            name_of(line.authority),
            line.dataset.to_string(),
            days.to_string(),
            line.submissions.to_string(),
            number(line.on_time),
            number(line.rejected),
            number(line.rows_left_out),
            number(line.complete),
            line.least_complete.clone().unwrap_or_default(),
            number(line.least_complete_share),
            line.commonest_rule.clone().unwrap_or_default(),
            line.commonest_count.to_string(),
            number(line.reopened),
            number(line.stale),
            line.last_as_at.map_or_else(String::new, |day| day.to_string()),
            sentence(line, days),
        ];
        let cells: Vec<String> = cells.into_iter().map(|cell| quoted(&neutral(cell))).collect();
        text.push_str(&(cells.join(",") + "\r\n"));
    }
    text
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// What the line comes to, to be printed in a letter as it stands.
fn sentence(line: &Line, days: i32) -> String {
    if line.submissions == 0 {
        return format!("Nothing came in {days} days.");
    }
    let mut said = format!("{} came in {days} days", line.submissions);
    if let Some(share) = line.on_time {
        let _ = write!(said, ", {share} % of them on time");
    }
    if let (Some(column), Some(share)) = (&line.least_complete, line.least_complete_share) {
        let _ = write!(said, "; the column that fewest records fill is {column} ({share} %)");
    }
    if let Some(rule) = &line.commonest_rule {
        let _ = write!(said, "; the rule broken most often is {rule} ({} times)", line.commonest_count);
    }
    if let Some(share) = line.stale.filter(|share| *share > 0) {
        let _ = write!(said, "; nobody has looked at {share} % of the vacancies for more than a week");
    }
    said + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scorecard_reads_as_a_letter_and_runs_as_no_formula() {
        let line = Line {
            authority: "E09000023".parse().unwrap(),
            dataset: hub_domain::Dataset::Vacancies,
            submissions: 28,
            on_time: Some(96),
            rejected: Some(0),
            rows_left_out: Some(1),
            complete: Some(61),
            least_complete: Some("faith".to_owned()),
            least_complete_share: Some(4),
            commonest_rule: Some("=places-sum".to_owned()),
            commonest_count: 12,
            reopened: None,
            stale: Some(30),
            last_as_at: None,
        };
        let text = scorecard(std::slice::from_ref(&line), 28);
        assert!(text.contains(",'=places-sum,12,,30,,\"28 came in 28 days, 96 % of them on time; "), "{text}");
        assert!(text.contains("nobody has looked at 30 % of the vacancies for more than a week."), "{text}");
        let none = Line { submissions: 0, ..line };
        assert_eq!(sentence(&none, 28), "Nothing came in 28 days.");
    }
}
