use serde_json::{Value, json};

use crate::support::Desk;

#[test]
fn definitions_are_listed_and_shown_in_every_version() {
    let desk = Desk::new();
    let listed = desk.run(&["definition", "list", "--json"]).json();
    let versions: Vec<&Value> =
        listed.as_array().unwrap().iter().filter(|one| one["id"] == "market_gaps").map(|one| &one["version"]).collect();
    assert_eq!(versions, [&json!(2), &json!(1)], "the one in force first");
    assert_eq!(desk.run(&["definition", "show", "market_gaps", "--json"]).json()["version"], json!(2));
    let before = desk.run(&["definition", "show", "market_gaps", "--version", "1"]);
    assert!(before.code == 0 && before.out.contains("version 1, replaced by 2"), "{before:?}");
    for wrong in ["nothing", "market_gaps --version 9"] {
        let args: Vec<&str> = ["definition", "show"].into_iter().chain(wrong.split(' ')).collect();
        let ran = desk.run(&args);
        assert!(ran.code == 1 && ran.err.contains("hub definition list"), "{ran:?}");
    }
    assert!(desk.run(&["definition", "page"]).out.starts_with("# Definitions"));
    assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), 0, "no hub is needed to say what a figure means");
}

#[test]
fn versions_are_compared_for_one_authority() {
    let desk = Desk::migrated();
    let compare = |id: &str| desk.run(&["definition", "compare", id, "--authority", "lewisham"]);
    let ran = compare("market_gaps");
    assert!(ran.code == 0 && ran.out.contains("version 1 and version 2"), "{ran:?}");
    assert!(ran.out.contains("weeks_waiting"), "a measure of one version alone is named: {ran:?}");
    let ran = compare("flows");
    assert!(ran.code == 1 && ran.err.contains("has one version"), "{ran:?}");
    assert_eq!(compare("nothing").code, 1);
    assert_eq!(desk.run(&["definition", "compare", "market_gaps"]).code, 2, "of whom?");
}

#[test]
fn questions_are_asked_by_name_or_number_of_the_latest_release() {
    let desk = Desk::migrated();
    let listed = desk.run(&["questions", "--json"]).json();
    assert_eq!((listed.as_array().unwrap().len(), &listed[14]["id"]), (17, &json!("recurring-gaps")));
    assert_eq!(listed, desk.run(&["question", "list", "--json"]).json());
    for args in [&["ask", "15"][..], &["question", "page"], &["gaps"]] {
        let early = desk.run(args);
        assert!(early.code == 1 && early.err.contains("hub release publish"), "{args:?} {early:?}");
    }
    for wrong in ["0", "18", "07", "nothing"] {
        let ran = desk.run(&["ask", wrong]);
        assert!(ran.code == 2 && ran.err.contains("hub questions"), "{ran:?}");
    }
    assert_eq!(desk.run(&["release", "publish"]).code, 0);
    let by_number = desk.run(&["ask", "15", "--json"]).json();
    assert_eq!(by_number, desk.run(&["question", "show", "recurring-gaps", "--json"]).json());
    assert_eq!(by_number["answers"][0]["table"], "question_15");
    let told = desk.run(&["ask", "kinship-approvals"]);
    assert!(told.out.contains("Missing: The day a temporary approval"), "{told:?}");
    assert_eq!(desk.run(&["gaps", "--json"]).json(), json!([]));
    assert_eq!(desk.run(&["vacancies", "--json"]).json(), json!([]));
    let shown = desk.run(&["release", "list", "--json"]).json();
    let shown = desk.run(&["release", "show", shown[0]["id"].as_str().unwrap()]);
    assert!(shown.out.contains("(proved)"), "{shown:?}");
    let replayed = desk.run(&["replay", "--host", "lewisham", "--age-band", "13-15", "--json"]).json();
    assert_eq!(replayed["rows"][0]["places"], "4");
}
