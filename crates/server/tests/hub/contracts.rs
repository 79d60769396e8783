use hub_domain::Dataset;

use crate::support::Desk;

/// The folder of the hub's own contracts.
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts");

#[test]
fn the_hubs_own_contracts_and_samples_have_no_remark() {
    let desk = Desk::new();
    let files: Vec<String> = Dataset::ALL.iter().map(|dataset| format!("{KEPT}/{dataset}/v1.odcs.yaml")).collect();
    let mut words = vec!["contract", "lint", "--as-at", "2026-07-21", "--authority", "E09000023"];
    words.extend(files.iter().map(String::as_str));
    let ran = desk.run(&words);
    assert_eq!((ran.code, ran.out.lines().count()), (0, files.len()), "{}", ran.out);
    assert!(ran.out.lines().all(|line| line.contains(": good, ")), "{}", ran.out);
}

#[test]
fn a_faulty_contract_is_told_and_exits_1() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(format!("{KEPT}/vacancies/v1.odcs.yaml")).unwrap();
    let file = desk.file("bad.yaml", &text.replacen("version: 1", "version: one.1", 1));
    let ran = desk.run(&["contract", "lint", file.to_str().unwrap(), "--json"]);
    assert_eq!((ran.code, ran.json()[0]["remarks"][0]["at"].as_str()), (1, Some("version")), "{ran:?}");
    let file = desk.file("worse.yaml", "kind: DataContract\n");
    let ran = desk.run(&["contract", "lint", file.to_str().unwrap()]);
    assert!(ran.code == 1 && ran.out.contains("missing field"), "{ran:?}");
    assert_eq!(desk.run(&["contract", "lint", "absent.yaml"]).code, 2);
}

#[test]
fn a_difference_that_breaks_exits_1_and_says_why() {
    let desk = Desk::new();
    let same = desk.run(&["contract", "diff", "placements", "placements"]);
    assert_eq!((same.code, same.out.contains("The two say the same.")), (0, true), "{same:?}");
    let text = std::fs::read_to_string(format!("{KEPT}/quality/v1.odcs.yaml")).unwrap();
    let file = desk.file("next.yaml", &text.replacen("      - name: setting_ref", "      - name: home_ref", 1));
    let ran = desk.run(&["contract", "diff", "quality", file.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for said in ["BREAKING  column setting_ref: it is gone", "raise its major number"] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let document = desk.run(&["contract", "diff", "quality", file.to_str().unwrap(), "--json"]).json();
    assert_eq!((&document["weight"], &document["version_says_so"]), (&"breaking".into(), &false.into()));
}

#[test]
fn templates_pages_and_schemas_are_those_of_the_contract() {
    let desk = Desk::new();
    let list = desk.run(&["contract", "list", "--json"]).json();
    assert_eq!(list.as_array().unwrap().len(), Dataset::ALL.len());
    let csv = desk.run(&["contract", "template", "searches"]);
    assert!(csv.out.starts_with("search_ref,") && csv.out.lines().count() == 1, "{csv:?}");
    for dataset in Dataset::ALL {
        let page = desk.run(&["contract", "docs", dataset.as_str()]).out;
        let kept = std::fs::read_to_string(format!("{KEPT}/../docs/reference/{dataset}.md")).unwrap();
        assert_eq!(page, kept, "{dataset}");
        let example = desk.run(&["contract", "template", dataset.as_str(), "--example"]).out;
        assert_eq!(example.lines().count(), 2, "{dataset}");
    }
    assert_eq!(desk.run(&["contract", "template", "searches", "--format", "xlsx"]).code, 2, "a workbook needs --out");
}

#[test]
fn a_dataset_that_is_there_is_not_begun_again_and_a_slip_is_told() {
    let desk = Desk::new();
    let begin = ["contract", "new", "offers", "--column", "offer_ref:token:key"];
    assert_eq!(desk.run(&begin).code, 0);
    assert_eq!(desk.run(&begin).code, 1);
    for column in ["Offer:token:key", "offer_ref:tokn:key", "offer_ref:token", "s:code:key", "s:code=A B:key"] {
        let ran = desk.run(&["contract", "new", "others", "--column", column]);
        assert_eq!(ran.code, 2, "{column}: {ran:?}");
    }
}
