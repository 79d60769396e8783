//! The samples beside the contracts: accepted ones yield nothing, rejected ones exactly the findings written beside
//! them, and every rule is broken by some sample.
//!
//! To write the findings anew after a change of rule: `HUB_WRITE_FINDINGS=1 cargo test -p hub-contract --test samples`,
//! then read the difference.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use hub_contract::{Against, Failure, Format, Report, RuleKind, Said, Settings, contract, door, validate};
use hub_domain::{Dataset, Mode};
use serde_json::{Value, json};

/// Lewisham on 21 July 2026. A name that ends in `.changes` or `.window` is sent in that mode.
fn settings(name: &str) -> Settings {
    let mut settings = Settings::full("E09000023".parse().unwrap(), "2026-07-21".parse().unwrap());
    if name.contains(".changes.") {
        settings.mode = Mode::Changes;
    }
    if name.contains(".window.") {
        settings.mode = Mode::Window;
        settings.covers_from = Some("2026-07-01".parse().unwrap());
    }
    settings
}

fn judge(dataset: Dataset, path: &Path) -> Report {
    let name = path.file_name().unwrap().to_str().unwrap();
    let format: Format = path.extension().unwrap().to_str().unwrap().parse().unwrap();
    let (contract, settings) = (contract(dataset), settings(name));
    let bytes = fs::read(path).unwrap();
    let refused = |failure: Failure| match failure {
        Failure::Refused(refusal) => Report::refused(contract, &settings, format, refusal),
        failure @ (Failure::Read(_) | Failure::Sink(_)) => panic!("{name}: {failure}"),
    };
    if let Err(failure) = door(contract, format, bytes.as_slice()) {
        return refused(failure);
    }
    match validate(contract, &settings, format, bytes.as_slice(), &mut |_| Ok(())) {
        Ok(outcome) => outcome.report,
        Err(failure) => refused(failure),
    }
}

/// Every sample of a kind, by dataset.
fn samples(kind: &str) -> Vec<(Dataset, PathBuf)> {
    let mut found = Vec::new();
    for dataset in Dataset::ALL {
        let folder = format!("{}/../../contracts/{dataset}/samples/{kind}", env!("CARGO_MANIFEST_DIR"));
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending != "json") {
                found.push((dataset, path));
            }
        }
    }
    found.sort();
    assert!(found.len() >= 4, "a sample of each dataset at least");
    found
}

/// What is written beside a rejected sample.
fn golden(report: &Report) -> Value {
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "rule": finding.rule,
                "severity": finding.severity,
                "row": finding.row,
                "line": finding.line,
                "other_row": finding.other_row,
                "column": finding.column,
                "value_class": finding.value_class,
                "message": finding.message,
                "fix": finding.fix,
            })
        })
        .collect();
    json!({ "rows": report.rows, "refusal": report.refusal, "findings": findings })
}

#[test]
fn accepted_samples_yield_nothing() {
    for (dataset, path) in samples("accepted") {
        let report = judge(dataset, &path);
        assert!(!report.has_findings(), "{}\n{}", path.display(), report.render_text());
        assert!(report.rows.accepted > 0 && report.rows.accepted == report.rows.read, "{}", path.display());
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch of a test")]
fn rejected_samples_yield_exactly_what_is_written() {
    for (dataset, path) in samples("rejected") {
        let report = judge(dataset, &path);
        assert!(report.has_findings(), "{} yields nothing", path.display());
        let beside = path.with_extension("findings.json");
        let found = golden(&report);
        if std::env::var("HUB_WRITE_FINDINGS").is_ok() {
            fs::write(&beside, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        }
        let written: Value = serde_json::from_str(&fs::read_to_string(&beside).unwrap_or_default()).unwrap_or_default();
        assert_eq!(found, written, "{}\n{}", path.display(), report.render_text());
    }
}

/// Bodies by key, with the row of each, of the held pair's file of that name; and the report on it.
fn night(name: &str) -> (BTreeMap<String, (u64, String)>, Report) {
    let path = format!("{}/../../contracts/placements/samples/held/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut rows = BTreeMap::new();
    let outcome = validate(
        contract(Dataset::Placements),
        &settings(name),
        Format::Csv,
        fs::read(path).unwrap().as_slice(),
        &mut |row| {
            rows.insert(row.key.to_owned(), (row.row, row.body.to_owned()));
            Ok(())
        },
    );
    (rows, outcome.unwrap().report)
}

fn child(key: &str) -> &str {
    key.split('/').next().unwrap()
}

/// Two nights: what the second says against what the first left held. Between them they break every such rule.
#[test]
#[expect(clippy::disallowed_methods, reason = "the switch of a test")]
fn what_contradicts_what_is_held_is_found_and_nothing_else() {
    let ((held, _), (said, mut report)) = (night("before.csv"), night("after.csv"));
    assert!(!report.has_findings(), "each night is good by itself: {}", report.render_text());
    let contract = contract(Dataset::Placements);
    let mut against = Against::new(contract, &settings("after.csv")).unwrap();
    for (key, (row, body)) in &said {
        let said_now = Said { row: *row, body };
        match held.get(key) {
            Some((_, before)) if before == body => {}
            Some((_, before)) => against.amends(said_now, before),
            None => {
                let own = || held.iter().filter(|(other, _)| child(other) == child(key));
                let all: Vec<&str> = own().map(|(_, (_, body))| body.as_str()).collect();
                let missing: Vec<&str> =
                    own().filter(|(other, _)| !said.contains_key(*other)).map(|(_, (_, body))| body.as_str()).collect();
                against.opens(said_now, &all, &missing);
            }
        }
    }
    against.finish(&mut report);
    let beside = format!("{}/../../contracts/placements/samples/held/after.findings.json", env!("CARGO_MANIFEST_DIR"));
    if std::env::var("HUB_WRITE_FINDINGS").is_ok() {
        fs::write(&beside, serde_json::to_string_pretty(&golden(&report)).unwrap() + "\n").unwrap();
    }
    let written: Value = serde_json::from_str(&fs::read_to_string(&beside).unwrap_or_default()).unwrap_or_default();
    assert_eq!(golden(&report), written, "{}", report.render_text());
    let broken: BTreeSet<&str> = report.rules.iter().map(|rule| rule.rule.as_str()).collect();
    let rules: BTreeSet<&str> =
        contract.rules.iter().filter(|rule| rule.kind == RuleKind::Held).map(|rule| rule.id.as_str()).collect();
    assert_eq!(broken, rules);
}

#[test]
fn every_rule_is_broken_by_a_sample() {
    let mut unbroken = Vec::new();
    let mut broken = BTreeSet::new();
    for (dataset, path) in samples("rejected") {
        broken.extend(judge(dataset, &path).rules.into_iter().map(|rule| (dataset, rule.rule)));
    }
    for dataset in Dataset::ALL {
        for rule in &contract(dataset).rules {
            let own = broken.contains(&(dataset, rule.id.clone())) || rule.kind == RuleKind::Held;
            // Rules of form are shared: it is enough that one dataset's samples break each.
            let shared =
                rule.source.starts_with("The hub's rules of form") && broken.iter().any(|(_, id)| *id == rule.id);
            if !own && !shared {
                unbroken.push(format!("{dataset} {}", rule.id));
            }
        }
    }
    assert!(unbroken.is_empty(), "no sample breaks: {unbroken:?}");
}

#[test]
fn every_refusal_of_the_door_has_a_sample() {
    let codes: BTreeSet<Box<str>> = samples("rejected")
        .iter()
        .filter_map(|(dataset, path)| judge(*dataset, path).refusal)
        .map(|refusal| refusal.code)
        .collect();
    let expected = [
        "bare-carriage-return",
        "date-of-birth",
        "duplicate-heading",
        "empty-file",
        "full-postcode",
        "heading-case",
        "missing-column",
        "nhs-number",
        "no-headings",
        "not-json",
        "not-utf-8",
        "nul-byte",
        "personal-name",
        "unexpected-op",
        "unique-pupil-number",
        "unknown-column",
        "utf-16",
    ];
    assert_eq!(codes.iter().map(AsRef::as_ref).collect::<Vec<_>>(), expected);
}
