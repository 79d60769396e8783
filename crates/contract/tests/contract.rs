//! What the contract files say, and what a broken one gets.

#![cfg(test)]

use hub_contract::{Contract, Kind, RuleKind, contract, csv_template, json_schema, reference, table_schema};
use hub_domain::{
    AdmissionRow, Dataset, FosteringRow, LeaverRow, PlacementRow, QualityRow, RegulatorRow, SearchRow, VacancyRow,
};
use serde::Serialize;
use serde_json::Value;

/// Names of a record type's fields, in the order they are written.
fn fields<T: Serialize + Default>() -> Vec<String> {
    let text = serde_json::to_string(&T::default()).unwrap();
    // Read without a map, which would sort the names.
    let names = text.split('"').enumerate().filter(|(at, _)| at % 2 == 1).map(|(_, name)| name.to_owned());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let known = value.as_object().unwrap();
    names.filter(|name| known.contains_key(name)).collect()
}

#[test]
fn record_columns() {
    for (dataset, fields) in [
        (Dataset::Placements, fields::<PlacementRow>()),
        (Dataset::Vacancies, fields::<VacancyRow>()),
        (Dataset::Searches, fields::<SearchRow>()),
        (Dataset::Quality, fields::<QualityRow>()),
        (Dataset::Admissions, fields::<AdmissionRow>()),
        (Dataset::Regulator, fields::<RegulatorRow>()),
        (Dataset::Fostering, fields::<FosteringRow>()),
        (Dataset::CareLeavers, fields::<LeaverRow>()),
    ] {
        let columns: Vec<_> = contract(dataset).columns.iter().map(|column| column.name.clone()).collect();
        assert_eq!(fields, columns, "{dataset}");
    }
}

#[test]
fn keys_and_terms() {
    let key = |dataset| {
        let contract = contract(dataset);
        contract.key.iter().map(|at| contract.columns[*at].name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(key(Dataset::Placements), ["child_ref", "episode_start"]);
    assert_eq!(key(Dataset::Vacancies), ["urn", "setting_ref"]);
    assert_eq!(key(Dataset::Searches), ["search_ref"]);
    assert_eq!(key(Dataset::Quality), ["event_ref"]);
    assert_eq!(key(Dataset::Admissions), ["admission_ref"]);
    assert_eq!(key(Dataset::Regulator), ["urn", "entry", "aspect", "effective_from"]);
    assert_eq!(key(Dataset::Fostering), ["household_ref"]);
    assert_eq!(key(Dataset::CareLeavers), ["person_ref", "age"]);
    for dataset in Dataset::ALL {
        let contract = contract(dataset);
        assert!((contract.shrink_share - 0.20).abs() < 1e-9);
        assert_eq!((contract.dataset, contract.name.as_str()), (Some(dataset), dataset.as_str()));
        assert!(contract.sla.deliver_by.hour() < 12);
        assert!(contract.text.contains(dataset.as_str()));
    }
}

#[test]
fn every_implemented_rule_is_listed_and_well_worded() {
    for dataset in Dataset::ALL {
        let contract = contract(dataset);
        for rule in &contract.rules {
            assert!(!rule.title.ends_with('.') && rule.fix.ends_with('.'), "{}", rule.id);
            assert!(!rule.source.is_empty(), "{}", rule.id);
        }
        let ids: std::collections::HashSet<_> = contract.rules.iter().map(|rule| &rule.id).collect();
        assert_eq!(ids.len(), contract.rules.len());
        assert_eq!(hub_contract::unlisted_rules(contract), Vec::<&str>::new(), "{dataset}");
    }
    assert_eq!(contract(Dataset::Placements).rule("903-501").unwrap().kind, RuleKind::Set);
}

#[test]
fn columns_about_children_are_marked() {
    for (dataset, marked) in [
        (Dataset::Placements, true),
        (Dataset::Searches, true),
        (Dataset::Vacancies, false),
        (Dataset::Quality, false),
        (Dataset::Admissions, true),
        (Dataset::Regulator, false),
        (Dataset::Fostering, false),
        (Dataset::CareLeavers, true),
    ] {
        assert!(contract(dataset).columns.iter().all(|column| column.child_level == marked), "{dataset}");
    }
    let texts = contract(Dataset::Placements).columns.iter().filter(|column| matches!(column.kind, Kind::Text { .. }));
    assert_eq!(texts.count(), 0, "no free text about children");
}

/// Compiles the placements contract with one thing changed and says why that fails.
fn refusal_of(from: &str, to: &str) -> String {
    let text = &contract(Dataset::Placements).text;
    assert!(text.contains(from), "{from}");
    let broken = text.replacen(from, to, 1);
    Contract::compile(&broken).unwrap_err().to_string()
}

#[test]
fn a_broken_contract_says_where() {
    for (from, to, said) in [
        ("status: active", "status: active\nteam: x", "unknown field `team`"),
        ("        required: true", "        required: true\n        secret: yes", "unknown field `secret`"),
        ("physicalType: token", "physicalType: tokn", "column child_ref: unknown physicalType tokn"),
        ("logicalType: date", "logicalType: string", "column episode_start: logicalType must be date"),
        ("id: \"903-501\"", "id: \"903-9999\"", "rule 903-9999: the hub has no set rule of that id for placements"),
        ("id: \"903-148\"", "id: \"903-147\"", "rule 903-147: listed twice"),
        ("severity: error", "severity: fatal", "severity must be error, warning or info, not fatal"),
        ("implementation: row", "implementation: column", "implementation must be format, row, set or held"),
        ("ssda903:RNE", "ssda903:RNX", "column reason_new_episode: no code list is called RNX"),
        ("primaryKeyPosition: 2", "primaryKeyPosition: 3", "numbered from 1 without a gap"),
        ("property: shrinkShare, value: 0.2", "property: shrinkShare, value: 2", "customProperties shrinkShare"),
        ("property: shrinkShare", "property: shrnkShare", "customProperties shrnkShare: unknown"),
        ("apiVersion: v3.1.0", "apiVersion: v2.2.0", "apiVersion: must be v3.1.0"),
        ("kind: DataContract", "kind: DataProduct", "kind: must be DataContract"),
        ("value: \"07:00\"", "value: \"7am\"", "must be HH:MM"),
        ("frequency, value: daily", "frequency, value: hourly", "must be daily, weekdays, monthly or quarterly"),
        ("frequency, value: daily", "frequency, value: monthly", "dueDay: goes with frequency monthly or quarterly"),
        (
            "{property: rejectShare",
            "{property: sentBy, value: region}\n  - {property: rejectShare",
            "sentBy: is region",
        ),
        ("id: placements", "id: placement", "the table bears the id of the contract"),
        ("value: \"903-146\"", "value: \"903-246\"", "no format rule is called 903-246"),
    ] {
        let error = refusal_of(from, to);
        assert!(error.contains(said), "{to}: {error}");
    }
}

#[test]
fn templates_and_schemas_name_the_columns() {
    assert!(csv_template(contract(Dataset::Quality)).starts_with("event_ref,urn,setting_ref,kind,"));
    let schema = table_schema(contract(Dataset::Placements));
    assert_eq!(schema["fields"].as_array().unwrap().len(), 37);
    assert_eq!(schema["primaryKey"], serde_json::json!(["child_ref", "episode_start"]));
    assert_eq!(schema["fields"][4]["type"], "yearmonth");
    assert_eq!(schema["fields"][12]["constraints"]["enum"][1], "PR1");
}

/// What a cell holds in quotes, where that is a number or a truth: the hub reads those too.
fn in_quotes(cell: &Value) -> Value {
    cell.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| cell.clone())
}

/// Whether a cell is of the type that its schema names, and one of its codes where it has some.
fn fits(schema: &Value, cell: &Value) -> bool {
    if let Some(forms) = schema["anyOf"].as_array() {
        return forms.iter().any(|form| fits(form, cell));
    }
    if let Some(kinds) = schema["type"].as_array() {
        return kinds.iter().any(|kind| fits(&serde_json::json!({ "type": kind }), cell));
    }
    let is_code = schema["enum"].as_array().is_none_or(|codes| codes.contains(cell));
    is_code
        && match schema["type"].as_str() {
            Some("string") => cell.is_string(),
            Some("boolean") => in_quotes(cell).is_boolean(),
            Some("integer") => in_quotes(cell).is_i64(),
            Some("number") => cell.is_number(),
            Some("null") => cell.is_null(),
            Some("array") => cell.as_array().is_some_and(|all| all.iter().all(|one| fits(&schema["items"], one))),
            _ => schema["enum"].is_array(),
        }
}

#[test]
fn a_json_schema_describes_the_rows_of_the_accepted_samples() {
    let mut rows = 0;
    for dataset in Dataset::ALL {
        let schema = json_schema(contract(dataset));
        let properties = schema["properties"].as_object().unwrap();
        assert_eq!(properties.len(), contract(dataset).columns.len() + 1, "every column, and _op");
        let required = schema["else"]["required"].as_array().unwrap();
        let folder = format!("{}/../../contracts/{dataset}/samples/accepted", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        for path in files.filter(|path| path.extension().is_some_and(|kind| kind == "ndjson")) {
            for line in std::fs::read_to_string(&path).unwrap().lines().filter(|line| !line.trim().is_empty()) {
                let row: Value = serde_json::from_str(line).unwrap();
                let cells = row.as_object().unwrap();
                assert!(required.iter().all(|name| cells.contains_key(name.as_str().unwrap())), "{line}");
                let wrong: Vec<&String> =
                    cells.iter().filter(|(name, cell)| !fits(&properties[*name], cell)).map(|(name, _)| name).collect();
                assert!(wrong.is_empty(), "{dataset} {wrong:?}: {line}");
                rows += 1;
            }
        }
    }
    assert!(rows >= 3, "{rows} rows prove little");
    let placements = &json_schema(contract(Dataset::Placements))["properties"];
    assert_eq!(placements["birth_month"]["pattern"], "^[0-9]{4}-(0[1-9]|1[0-2])$");
    let needs = &json_schema(contract(Dataset::Vacancies))["properties"]["needs"];
    assert!(fits(needs, &serde_json::json!(["solo"])) && !fits(needs, &serde_json::json!(["dragons"])), "{needs}");
}

/// `docs/reference` is made from the contracts. To write it anew: `HUB_WRITE_REFERENCE=1 cargo test -p hub-contract`.
#[test]
#[expect(clippy::disallowed_methods, reason = "the switch of a test")]
fn reference_pages_match() {
    for dataset in Dataset::ALL {
        let path = format!("{}/../../docs/reference/{dataset}.md", env!("CARGO_MANIFEST_DIR"));
        let page = reference(contract(dataset));
        if std::env::var("HUB_WRITE_REFERENCE").is_ok() {
            std::fs::create_dir_all(std::path::Path::new(&path).parent().unwrap()).unwrap();
            std::fs::write(&path, &page).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(&path).unwrap_or_default(),
            page,
            "docs/reference/{dataset}.md is not what the contract makes"
        );
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the switch of a test")]
fn the_page_of_rules_is_the_rules() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/rules.md");
    let page = hub_contract::rules_page();
    if std::env::var("HUB_WRITE_REFERENCE").is_ok() {
        std::fs::write(path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), page, "write it with HUB_WRITE_REFERENCE=1");
}
