//! What breaks an agreement and what does not: the placements and quality contracts, each with one thing changed.

#![cfg(test)]

use hub_contract::{Comparison, Contract, Weight, compare, contract, lint};
use hub_domain::Dataset;

fn text_of(dataset: Dataset) -> String {
    contract(dataset).text.clone()
}

/// Compares a contract with itself, one thing in it changed.
fn changed(dataset: Dataset, from: &str, to: &str) -> Comparison {
    let text = text_of(dataset);
    assert!(text.contains(from), "{from}");
    let newer = Contract::compile(&text.replacen(from, to, 1)).unwrap();
    compare(contract(dataset), &newer)
}

/// The heaviest change, and where and what it is.
fn heaviest(comparison: &Comparison) -> (Weight, String) {
    let first = comparison.changes.first().unwrap();
    (first.weight, format!("{}: {}", first.at, first.what))
}

const URN: &str = "      - name: urn\n        logicalType: string\n        physicalType: urn\n";

#[test]
fn every_kind_of_change_has_its_weight() {
    let last = "    quality:\n";
    let column = |rest: &str| {
        format!(
            "      - name: fresh\n        logicalType: integer\n        physicalType: integer\n{rest}        description: \"New.\"\n"
        )
    };
    let (blank, filled) = (column(""), column("        required: true\n"));
    let table: [(&str, String, Weight, &str); 13] = [
        (last, format!("{blank}{last}"), Weight::Compatible, "column fresh: it is new, at the end, and may be blank"),
        (last, format!("{filled}{last}"), Weight::Breaking, "column fresh: it is new and required"),
        (URN, format!("{blank}{URN}"), Weight::Breaking, "column fresh: it is new, and not at the end"),
        ("      - name: urn\n", "      - name: provider_urn\n".into(), Weight::Breaking, "column urn: it is gone"),
        (
            "value: [visit, concern,",
            "value: [visit, telephone, concern,".into(),
            Weight::Compatible,
            "column kind: codes are new: telephone",
        ),
        ("value: [visit, concern,", "value: [concern,".into(), Weight::Breaking, "column kind: codes are gone: visit"),
        ("value: \"09:00\"", "value: \"08:00\"".into(), Weight::Breaking, "terms: due by 08:00 rather than 09:00"),
        ("value: \"09:00\"", "value: \"10:00\"".into(), Weight::Compatible, "terms: due by 10:00 rather than 09:00"),
        (
            "shrinkShare, value: 0.2",
            "shrinkShare, value: 0.1".into(),
            Weight::Breaking,
            "terms: the share of records that may close is stricter",
        ),
        (
            "shrinkShare, value: 0.2",
            "shrinkShare, value: 0.5".into(),
            Weight::Compatible,
            "terms: the share of records that may close is milder",
        ),
        (
            "rowsWithErrors, value: leave-out",
            "rowsWithErrors, value: reject".into(),
            Weight::Breaking,
            "terms: what becomes of a row with an error is stricter",
        ),
        ("severity: warning", "severity: error".into(), Weight::Breaking, "a warning becomes an error"),
        ("name: \"", "name: \"Provider ".into(), Weight::Words, "contract: its title is worded otherwise"),
    ];
    for (from, to, weight, said) in table {
        let found = heaviest(&changed(Dataset::Quality, from, &to));
        assert!(found.0 == weight && found.1.contains(said), "{to}: {found:?}");
    }
}

#[test]
fn a_version_says_what_it_changes_or_is_told_to() {
    let text = text_of(Dataset::Quality);
    let older = contract(Dataset::Quality);
    let [major, minor, _] = older.version.split('.').map(|part| part.parse::<u32>().unwrap()).collect::<Vec<_>>()[..]
    else {
        panic!("three numbers")
    };
    let at = format!("version: {}", older.version);
    let says = |version: String, from: &str, to: &str| {
        let text = text.replacen(&at, &format!("version: {version}"), 1).replacen(from, to, 1);
        compare(older, &Contract::compile(&text).unwrap()).version_says_so
    };
    let (breaks, adds) = (("value: \"09:00\"", "value: \"08:00\""), ("value: \"09:00\"", "value: \"10:00\""));
    assert!(says(format!("{}.0.0", major + 1), breaks.0, breaks.1));
    assert!(!says(format!("{major}.{}.0", minor + 1), breaks.0, breaks.1));
    assert!(says(format!("{major}.{}.0", minor + 1), adds.0, adds.1));
    assert!(!says(format!("{major}.{minor}.999"), adds.0, adds.1));
    assert!(says(older.version.clone(), "apiVersion", "apiVersion"), "nothing changed");
}

#[test]
fn more_room_in_a_column_breaks_nothing_and_less_does() {
    let grown = changed(Dataset::Placements, "maxLength: 64", "maxLength: 80");
    assert!(!grown.is_breaking() && grown.weight == Some(Weight::Compatible), "{grown}");
    let shrunk = changed(Dataset::Placements, "maxLength: 64", "maxLength: 32");
    assert!(shrunk.is_breaking(), "{shrunk}");
    let told = changed(Dataset::Placements, "classification: child-level", "classification: \"\"");
    assert!(told.to_string().contains("no longer held to be about a child"), "{told}");
}

#[test]
fn the_hubs_own_contracts_have_no_remark_and_planted_faults_have() {
    for dataset in Dataset::ALL {
        assert_eq!(lint(&text_of(dataset)), [], "{dataset}");
    }
    let text = text_of(Dataset::Searches);
    for (from, to, said) in [
        ("version: ", "version: v", "it is not three numbers"),
        ("examples: [\"", "examples: [\"= ", "the example is not of the column's own form"),
        ("      - name: child_ref\n", "      - name: child_nhs\n", "asks for what the hub does not collect"),
        ("physicalType: token\n", "physicalType: text\n", "free text among columns about children"),
        ("        classification: child-level\n", "", "not marked child-level"),
        ("id: searches", "id: seekings", "the table bears the id"),
    ] {
        assert!(text.contains(from), "{from}");
        let remarks = lint(&text.replacen(from, to, 1));
        assert!(remarks.iter().any(|remark| remark.what.contains(said)), "{to}: {remarks:?}");
    }
}
