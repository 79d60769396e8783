//! A past release looked at again: shown, attacked, made anew, explained.

use hub_pipeline::publish::{self, Anew, NotThere};
use hub_store::release;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Explain, describe, shown_share};
use crate::command::Stop;
use crate::command::office::Office;
use crate::screen::{Answer, local};

pub(super) async fn show(office: &Office, id: Uuid) -> Result<Answer, Stop> {
    let mut link = office.read().await?;
    let kept = release::find(&mut link, id).await?.ok_or_else(|| stop(NotThere::Release))?;
    let summary: Value = serde_json::from_str(&kept.summary).unwrap_or_default();
    let number = |name: &str| summary.get(name).map_or_else(|| "-".to_owned(), Value::to_string);
    let mut text = format!(
        "Release {} to {}, true of {}, published {} ({}).\n  id      {id}\n  digest  {}\n  shown   {} of the counts that are \
         safe\n  counts  {}: {} hidden on their own account, {} beside those, {} held as they were\n  gaps    {}\n",
        kept.number,
        kept.audience,
        kept.as_at,
        local(kept.published_at),
        kept.reason,
        kept.digest,
        shown_share(&kept),
        number("cells"),
        number("hidden_small"),
        number("hidden_beside"),
        number("held"),
        proved(&summary),
    );
    if summary.get("costs").is_some() {
        text.extend([format!("  costs   {}: {} shown\n", number("costs"), number("costs_shown"))]);
    }
    Answer::new(text, describe(&kept))
}

/// Whether the assignment behind the market gaps is the best there is.
fn proved(summary: &Value) -> String {
    let assignment = summary.get("assignment");
    let part = |name: &str| assignment.and_then(|assignment| assignment.get(name));
    match (part("is_best").and_then(Value::as_bool), part("fewer_unserved_at_most")) {
        (Some(true), _) => "searches and vacancies are assigned in the best way there is (proved)".to_owned(),
        (Some(false), Some(fewer)) => {
            format!("no other assignment would leave more than {fewer} children fewer unserved")
        }
        _ => "-".to_owned(),
    }
}

pub(super) async fn audit(office: &Office, id: Uuid) -> Result<Answer, Stop> {
    let attack = publish::attack(&office.hub, id).await.map_err(stop)?;
    let audit = &attack.audit;
    let mut text = format!(
        "Release {} to {}, attacked by {} with the {} before it: {} counts and costs tried, {} worked out, {} printed wrong.\n",
        attack.release.number,
        attack.release.audience,
        audit.attackers,
        attack.remembered,
        audit.attacked,
        audit.recovered.len(),
        attack.wrong.len(),
    );
    text.extend(audit.recovered.iter().map(|cell| format!("  worked out  {cell}\n")));
    text.extend(attack.wrong.iter().map(|cell| format!("  wrong       {cell}\n")));
    let found = json!({
        "release": id,
        "attackers": audit.attackers,
        "releases_before": attack.remembered,
        "attacked": audit.attacked,
        "recovered": audit.recovered,
        "wrong": attack.wrong,
    });
    let is_good = audit.recovered.is_empty() && attack.wrong.is_empty();
    let mut answer = Answer::new(text, found)?;
    answer.is_good = is_good;
    Ok(answer)
}

pub(super) async fn recompute(office: &Office, id: Uuid) -> Result<Answer, Stop> {
    let (kept, tables) = publish::recompute(&office.hub, id).await.map_err(stop)?;
    let those = |wanted: Anew| -> Vec<&str> {
        tables.iter().filter(|(_, anew)| *anew == wanted).map(|(name, _)| name.as_str()).collect()
    };
    let (same, other, lost) = (those(Anew::Same).len(), those(Anew::Differs), those(Anew::NotKept));
    let mut text = format!(
        "Release {} made anew from the records as they were known: {same} of {} tables are the same, byte for byte.\n",
        kept.number,
        tables.len()
    );
    text.extend(other.iter().map(|name| format!("  differs  {name}\n")));
    let why = "its definition's version is no longer known";
    text.extend(lost.iter().map(|name| format!("  not kept {name}: {why}\n")));
    let found = json!({ "release": id, "same": same, "differs": other, "not_kept": lost });
    let mut answer = Answer::new(text, &found)?;
    answer.is_good = other.is_empty();
    Ok(answer)
}

pub(super) async fn explain(office: &Office, asked: &Explain) -> Result<Answer, Stop> {
    let Explain { id, table, row, authority } = asked;
    let asker = authority.as_ref().map(std::slice::from_ref);
    let found = publish::explain(&office.hub, *id, table, row, asker).await.map_err(stop)?;
    let mut text = format!("{table}, {} release true of {}\n  {}\n", found.audience, found.as_at, found.definition);
    text.extend(found.rows.iter().map(|row| {
        let cells: Vec<String> = row.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
        format!("Row   {}\n", cells.join("  "))
    }));
    text.extend(found.rules.iter().map(|rule| format!("Rule  {rule}\n")));
    text.extend(found.submissions.iter().map(|one| {
        let (authority, dataset) = (one.authority, one.dataset.as_str());
        format!("From  {authority} {dataset} {} ({}, as at {}, {})\n", one.seq, one.mode, one.as_at, one.submission)
    }));
    Answer::new(text, &found)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn stop(refusal: NotThere) -> Stop {
    match refusal {
        NotThere::Fault(fault) => fault.into(),
        NotThere::Gate(refused) => {
            Stop::Refused(format!("the records the release rests on do not pass the gate: {refused}"))
        }
        other @ (NotThere::Release | NotThere::NotKept | NotThere::Row(_)) => Stop::Refused(other.to_string()),
    }
}
