//! DfE's daily payload, made into changes of the placements feed.

#![cfg(test)]

use std::collections::BTreeMap;

use hub_agent::PseudonymKey;
use hub_agent::daily::{Beside, Daily, Memory, Payload, Setup, postcodes, translate};
use hub_agent::postcode::Directory;
use hub_contract::{Format, Settings, contract, door, validate};
use hub_domain::{Dataset, Mode};

const PAYLOAD: &str = include_str!("payload.json");
const BESIDE: &str = include_str!("beside.csv");
const DIRECTORY: &str = "pcds,lat,long,laua\nSE13 6LT,51.46,-0.01,E09000023\nBR1 1AA,51.40,0.02,E09000006\n";

fn key() -> PseudonymKey {
    PseudonymKey::from_bytes([7; 32])
}

/// What a payload comes to for Lewisham.
fn day(payload: &str, memory: &mut Memory) -> Daily {
    let payload = Payload::read(payload).unwrap();
    let directory = Directory::read(DIRECTORY.as_bytes(), &postcodes(&payload)).unwrap();
    let (key, beside) = (key(), Beside::read(BESIDE).unwrap());
    let authority = "E09000023".parse().unwrap();
    translate(&payload, &Setup { authority, key: &key, directory: Some(&directory), beside: &beside }, memory)
}

/// Rows of the submission: cells by heading.
fn rows(daily: &Daily) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(daily.csv.as_bytes());
    let headings = reader.headers().unwrap().clone();
    let named = |record: csv::StringRecord| {
        headings.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| named(record.unwrap())).collect()
}

/// A partial record of the first child.
fn partial(placement: &str) -> String {
    format!(
        r#"{{"la_code": 209, "Children": {{"la_child_id": "MADE-UP-1", "social_care_episodes":
            [{{"social_care_episode_id": "REF-1", "child_looked_after_placements": [{placement}]}}]}}}}"#
    )
}

#[test]
fn the_hub_accepts_what_a_payload_comes_to() {
    let daily = day(PAYLOAD, &mut Memory::default());
    assert_eq!((daily.upserts, daily.deletes, daily.left_out.as_slice()), (3, 0, [].as_slice()));
    let contract = contract(Dataset::Placements);
    let settings =
        Settings { mode: Mode::Changes, ..Settings::full("E09000023".parse().unwrap(), "2026-07-21".parse().unwrap()) };
    door(contract, Format::Csv, daily.csv.as_bytes()).unwrap();
    let outcome = validate(contract, &settings, Format::Csv, daily.csv.as_bytes(), &mut |_| Ok(())).unwrap();
    assert!(!outcome.report.has_errors() && outcome.report.rows.accepted == 3, "{}", outcome.report.render_text());
}

#[test]
fn what_the_hub_need_not_know_stays() {
    let mut memory = Memory::default();
    let daily = day(PAYLOAD, &mut memory);
    for kept in ["MADE-UP", "Made", "2012-09-14", "6LT", "1AA", "A00000", "9001", "L1", "REF-1"] {
        assert!(!daily.csv.contains(kept), "{kept}");
    }
    let rows = rows(&daily);
    let moved = rows.iter().find(|row| row["episode_start"] == "2026-05-04").unwrap();
    for (column, cell) in [
        ("_op", "upsert"),
        ("birth_month", "2012-09"),
        ("placement_sector", "BR1 1"),
        ("placement_la", "E09000006"),
        ("reason_new_episode", "P"),
        ("placement_provider", "PR4"),
        ("legal_status", "C2"),
        ("uasc", "false"),
        ("episode_end", ""),
    ] {
        assert_eq!(moved[column], cell, "{column}");
    }
    assert_eq!(moved["setting_ref"].len(), 40, "as the return's own episodes have it");
    assert!(!memory.write().unwrap().contains("2012-09-14") && !format!("{memory:?}{daily:?}").contains("MADE"));
}

#[test]
fn a_partial_record_is_filled_from_what_is_remembered() {
    let mut memory = Memory::default();
    day(PAYLOAD, &mut memory);
    let mut memory = Memory::read(&memory.write().unwrap()).unwrap();
    let ended = r#"{"child_looked_after_placement_id": "L2", "start_date": "2026-05-04", "start_reason": "P",
        "placement_type": "U6", "postcode": "BR1 1AA", "end_date": "2026-07-20", "end_reason": "E4A"}"#;
    let rows = rows(&day(&partial(ended), &mut memory));
    assert_eq!((rows.len(), rows[0]["episode_end"].as_str(), rows[0]["sex"].as_str()), (1, "2026-07-20", "F"));
    let unknown = day(&partial(ended), &mut Memory::default());
    assert_eq!((unknown.upserts, unknown.left_out[0].missing), (0, "birth_month"), "never guessed");
}

#[test]
fn what_is_purged_is_withdrawn_and_a_corrected_start_moves() {
    let mut memory = Memory::default();
    let first = day(PAYLOAD, &mut memory);
    let child = rows(&first)[0]["child_ref"].clone();
    let keys = |daily: &Daily| -> Vec<(String, String)> {
        rows(daily).into_iter().map(|row| (row["_op"].clone(), row["episode_start"].clone())).collect()
    };
    let said = |op: &str, start: &str| (op.to_owned(), start.to_owned());
    let moved = r#"{"child_looked_after_placement_id": "L2", "start_date": "2026-05-05", "start_reason": "P",
        "placement_type": "U6", "postcode": "BR1 1AA"}"#;
    let daily = day(&partial(moved), &mut memory);
    assert_eq!(keys(&daily), [said("delete", "2026-05-04"), said("upsert", "2026-05-05")]);
    let purged = r#"{"child_looked_after_placement_id": "L2", "purge": true}"#;
    assert_eq!(keys(&day(&partial(purged), &mut memory)), [said("delete", "2026-05-05")]);
    let again = day(&partial(purged), &mut memory);
    assert_eq!((again.deletes, again.left_out[0].missing), (0, "purge"), "what is not known is said");
    let whole = r#"[{"la_child_id": "MADE-UP-1", "purge": true}, {"la_child_id": "MADE-UP-2",
        "social_care_episodes": [{"social_care_episode_id": "R2", "purge": true}]}]"#;
    let daily = day(whole, &mut memory);
    let mut starts: Vec<String> = keys(&daily).into_iter().map(|(_, start)| start).collect();
    starts.sort();
    assert_eq!((starts, daily.upserts), (vec!["2026-02-03".to_owned(), "2026-06-01".to_owned()], 0));
    assert!(rows(&daily).iter().any(|row| row["child_ref"] == child));
}

#[test]
fn what_is_no_payload_is_told_without_repeating_it() {
    for text in ["", "{", "[1]", "{\"la_code\": 1}", "[{\"la_child_id\": 7}]", "\"MADE-UP\""] {
        let error = Payload::read(text).unwrap_err().to_string();
        assert!(error.starts_with("it does not read as a daily payload") && !error.contains("MADE"), "{text}: {error}");
    }
    for (text, said) in [
        ("start,urn\n", "no column child"),
        ("child,first_name\nx,y\n", "column 2"),
        ("child,episode_end\n", "column 2"),
    ] {
        assert!(Beside::read(text).unwrap_err().to_string().contains(said), "{text}");
    }
}
