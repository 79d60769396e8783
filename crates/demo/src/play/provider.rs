//! What homes told the host of the demonstration: its own feed of admissions (SI 2015/541 reg 41), the third account.
//!
//! One home tells of the child whom nobody gave notice of, one says another first day than the placing authority, and one
//! admits a child of whom the hub has heard nothing at all.

use std::time::Duration;

use hub_agent::Submission;
use hub_domain::{AuthorityCode, Dataset, Date, Mode};
use jiff::ToSpan as _;
use serde::Deserialize;
use uuid::Uuid;

use super::{Callers, PlayError, Stage, Trouble, borough};
use crate::region::{Member, NIGHT};
use crate::sheet::Sheet;

/// How long the host's agent waits for a verdict.
const PATIENCE: Duration = Duration::from_mins(2);
/// A home of the host's that no placement names.
const NOBODYS_HOME: &str = "SC990001";
const HEADINGS: [&str; 8] =
    ["admission_ref", "urn", "notified_under", "placing_la", "notice_ref", "birth_month", "admitted_on", "notified_on"];

/// A child in the host's area, as the host's people read it.
#[derive(Debug, Deserialize)]
struct Entry {
    notice: Uuid,
    birth_month: String,
    placing: Party,
    since: Date,
    home: Home,
    clock: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct Party {
    code: AuthorityCode,
}

#[derive(Debug, Deserialize)]
struct Home {
    urn: Option<String>,
}

/// The host files what its homes have told it.
pub(super) async fn file(stage: &Stage, callers: &Callers, trouble: &Trouble) -> Result<(), PlayError> {
    let host = trouble.host;
    let path = format!("/v1/register?authority={}&limit=200", host.code);
    let mut register: Vec<Entry> = callers.of_member(host)?.all(&path).await?;
    register.retain(|entry| entry.clock.is_some() && entry.home.urn.is_some());
    register.sort_by_key(|entry| (entry.since, entry.notice));
    let mut sheet = Sheet::headed(&HEADINGS);
    let quiet = register.iter().find(|entry| trouble.silent == Some(entry.notice));
    let other = register.iter().find(|entry| !trouble.concerns(entry.notice));
    let rows = [("ad-1", quiet, 0), ("ad-2", other, 1)];
    let tonight = NIGHT.to_string();
    for (reference, entry, late) in rows.into_iter().filter_map(|(name, entry, late)| Some((name, entry?, late))) {
        let on = entry.since.checked_add(late.days()).unwrap_or(entry.since).to_string();
        let (placing, urn) = (entry.placing.code.to_string(), entry.home.urn.as_deref().unwrap_or_default());
        let notice = entry.notice.to_string();
        sheet.row(&[reference, urn, "reg_41", &placing, &notice, &entry.birth_month, &on, &tonight]);
    }
    let placing = register.first().map(|entry| entry.placing.code.to_string()).unwrap_or_default();
    let yesterday = NIGHT.yesterday().unwrap_or(NIGHT).to_string();
    sheet.row(&["ad-3", NOBODYS_HOME, "reg_41", &placing, "", "2011-04", &yesterday, &tonight]);
    send(stage, host, &sheet.finish()).await
}

async fn send(stage: &Stage, host: &'static Member, csv: &[u8]) -> Result<(), PlayError> {
    let failed = |source| PlayError::Push { borough: host.name(), source };
    let client = borough::client(stage, host)?;
    let submission = Submission {
        authority: host.authority(),
        dataset: Dataset::Admissions,
        mode: Mode::Full,
        as_at: NIGHT,
        covers_from: None,
        dry_run: false,
        correction: false,
        csv,
    };
    let received = client.submit(&submission).await.map_err(failed)?;
    client.await_report(&received.id, PATIENCE).await.map_err(failed)?;
    Ok(())
}
