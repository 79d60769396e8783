//! Any bytes at all: never a panic, and nothing of a row in any answer (promise S6).
//!
//! Four hundred cases of each on every change. By hand: `PROPTEST_CASES=100000`, or `HUB_FUZZ_MINUTES=10` for ten minutes of
//! each.
#![cfg(test)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use hub_contract::{Failure, Format, Settings, contract, door, validate};
use hub_domain::Dataset;
use proptest::prelude::*;

/// Everything the crate says about a submission, in one text.
fn answers(dataset: Dataset, format: Format, bytes: &[u8]) -> String {
    let settings = Settings::full("E09000023".parse().unwrap(), "2026-07-21".parse().unwrap());
    let contract = contract(dataset);
    let mut said = String::new();
    let failed = |failure: Failure| match failure {
        Failure::Refused(refusal) => serde_json::to_string(&refusal).unwrap() + &format!("{refusal:?}"),
        failure @ (Failure::Read(_) | Failure::Sink(_)) => panic!("bytes in memory cannot fail to be read: {failure}"),
    };
    said += &door(contract, format, bytes).map_or_else(failed, |report| format!("{report:?}"));
    let mut bodies = 0_u64;
    let outcome = validate(contract, &settings, format, bytes, &mut |row| {
        bodies += 1;
        assert!(serde_json::from_str::<serde_json::Value>(row.body).unwrap().is_array());
        write!(said, "{row:?}").unwrap();
        Ok(())
    });
    match outcome {
        Ok(outcome) => {
            assert_eq!(outcome.report.rows.accepted + u64::try_from(outcome.excluded.len()).unwrap(), bodies);
            said += &outcome.report.render_text();
            said += &serde_json::to_string(&outcome.report).unwrap();
            write!(said, "{outcome:?}").unwrap();
            let mut export = Vec::new();
            outcome.report.findings_csv(&mut export).unwrap();
            said += &String::from_utf8(export).unwrap();
        }
        Err(failure) => said += &failed(failure),
    }
    said
}

fn dataset() -> impl Strategy<Value = Dataset> {
    prop::sample::select(Dataset::ALL.to_vec())
}

/// A word that no message of ours holds.
fn canary() -> impl Strategy<Value = String> {
    prop_oneof![
        "[qzxj]{6,12}",
        "[QZXJ][qzxj]{5} [QZXJ][qzxj]{6}",
        "[QZ][XJ][0-9] [0-9][XJ]{2}",
        "98[0-9]{8}",
        "[=+@][qzxj]{6}",
        "[0-2][1-9]/0[1-9]/20[01][0-9]",
        "[QX][0-9]{12}",
        "\u{1}[qzxj]{8}",
        "é[qzxj]{8}ß",
    ]
}

/// What an environment variable says, as a number.
#[expect(clippy::disallowed_methods, reason = "the switch of a test")]
fn said(variable: &str) -> Option<u32> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Runs a property once, or again and again for `HUB_FUZZ_MINUTES`; says how much was tried.
fn again(name: &str, property: impl Fn(ProptestConfig)) {
    let (cases, long) = (said("PROPTEST_CASES").unwrap_or(400), said("HUB_FUZZ_MINUTES").unwrap_or(0));
    let began = Instant::now();
    let mut tried = 0_u64;
    loop {
        property(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
        tried += u64::from(cases);
        if began.elapsed() >= Duration::from_secs(u64::from(long) * 60) {
            break;
        }
    }
    eprintln!("{name}: {tried} cases in {:?}: no fault", began.elapsed());
}

#[test]
fn any_bytes() {
    again("any_bytes", |config| {
        proptest!(config, |(bytes in prop::collection::vec(any::<u8>(), 0..600), dataset in dataset(), json in any::<bool>())| {
            answers(dataset, if json { Format::Ndjson } else { Format::Csv }, &bytes);
        });
    });
}

#[test]
fn any_cells() {
    again("any_cells", |config| {
        proptest!(config, |(dataset in dataset(), cells in prop::collection::vec(prop::collection::vec("[ -~\\n\\r\\té]{0,16}", 0..40), 0..8))| {
            let names: Vec<&str> = contract(dataset).columns.iter().map(|column| column.name.as_str()).collect();
            let rows = cells.iter().map(|row| row.join(","));
            let text = std::iter::once(names.join(",")).chain(rows).collect::<Vec<_>>().join("\n");
            answers(dataset, Format::Csv, text.as_bytes());
        });
    });
}

#[test]
fn no_value_is_repeated() {
    again("no_value_is_repeated", |config| {
        proptest!(config, |(dataset in dataset(), secret in canary(), place in 0_usize..37, json in any::<bool>())| {
            let columns = &contract(dataset).columns;
            let place = place % columns.len();
            let value = |at: usize| if at == place { secret.clone() } else { columns[at].example.clone() };
            let text = if json {
                let fields: Vec<String> = (0..columns.len())
                    .map(|at| format!("\"{}\":{}", columns[at].name, serde_json::to_string(&value(at)).unwrap()))
                    .collect();
                format!("{{{}}}\n", fields.join(","))
            } else {
                let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                let cells: Vec<String> = (0..columns.len()).map(|at| format!("\"{}\"", value(at).replace('"', "\"\""))).collect();
                format!("{}\n{}\n", names.join(","), cells.join(","))
            };
            let said = answers(dataset, if json { Format::Ndjson } else { Format::Csv }, text.as_bytes());
            prop_assert!(!said.to_lowercase().contains(&secret.to_lowercase()), "{said}");
        });
    });
}

#[test]
fn no_heading_that_may_be_a_value_is_repeated() {
    again("no_heading_that_may_be_a_value_is_repeated", |config| {
        proptest!(config, |(secret in canary())| {
            let text = format!("child_ref,\"{secret}\"\n1,2\n");
            let said = answers(Dataset::Placements, Format::Csv, text.as_bytes());
            let wordlike = secret.bytes().all(|byte| byte.is_ascii_alphabetic());
            prop_assert!(wordlike || !said.contains(&secret), "{said}");
            let headless = format!("\"{secret}\",2\n1,2\n");
            let said = answers(Dataset::Placements, Format::Csv, headless.as_bytes());
            prop_assert!(!said.contains(&secret), "{said}");
        });
    });
}
