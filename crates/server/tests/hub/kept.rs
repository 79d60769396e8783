//! What is kept: copied and made again, deleted when its period has passed, handed out and erased.

use std::path::Path;

use crate::support::Desk;

#[test]
fn a_hub_is_backed_up_and_made_again_in_another_place() {
    let desk = Desk::migrated();
    assert_eq!(desk.run(&["authority", "add", "lewisham"]).code, 0);
    let made = desk.run(&["backup", "backups", "--json"]);
    assert_eq!(made.code, 0, "{made:?}");
    let backup = made.json()["backup"].as_str().unwrap().to_owned();
    let mut sums = std::process::Command::new("sha256sum");
    sums.args(["-c", "SHA256SUMS"]).current_dir(desk.path().join(&backup));
    assert!(sums.output().unwrap().status.success(), "sha256sum agrees");
    let checked = desk.run(&["restore", "--check", &backup]);
    assert!(checked.code == 0 && checked.out.contains("The backup is whole"), "{checked:?}");
    let elsewhere = ["--database-url", "sqlite:elsewhere/hub.sqlite"];
    let restore = |args: &[&str]| desk.run(&[&["restore", &backup], args].concat());
    let restored = restore(&elsewhere);
    assert!(restored.code == 0 && restored.out.contains("Restored and read back"), "{restored:?}");
    assert!(desk.run(&[&["authority", "list"][..], &elsewhere].concat()).out.contains("Lewisham"));
    let again = restore(&elsewhere);
    assert!(again.code == 1 && again.err.contains("the database is not empty"), "{again:?}");
    let slip = desk.run(&["restore", "nowhere", "--database-url", "sqlite:slip/hub.sqlite"]);
    assert!(slip.code == 1 && slip.err.contains("holds no manifest"), "{slip:?}");
    assert!(!desk.path().join("slip").exists(), "nothing is made on the way");
}

#[test]
fn older_backups_go_and_nothing_else_does() {
    let desk = Desk::migrated();
    let folder = desk.path().join("backups");
    let taken = |stamp: &str| {
        std::fs::create_dir_all(folder.join(stamp)).unwrap();
        std::fs::write(folder.join(stamp).join("manifest.json"), "{}").unwrap();
    };
    for stamp in ["hub-20260101T000000Z", "hub-20260102T000000Z", "hub-20260103T000000Z", "hub-of-mine"] {
        taken(stamp);
    }
    let ran = desk.run(&["backup", "backups", "--keep", "2", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut left: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    left.sort();
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(left.contains(&"hub-of-mine".to_owned()) && left.contains(&"hub-20260103T000000Z".to_owned()), "{left:?}");
    assert_eq!(ran.json()["deleted"].as_array().unwrap().len(), 2);
}

#[test]
fn the_page_of_retention_says_what_the_program_keeps() {
    let desk = Desk::new();
    let rules = desk.run(&["retention", "rules", "--json"]).json();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/retention.md");
    let page = std::fs::read_to_string(page).unwrap();
    let rules = rules.as_array().unwrap();
    assert_eq!(rules.len(), 7);
    for rule in rules {
        let (name, why) = (rule["rule"].as_str().unwrap(), rule["why"].as_str().unwrap());
        let row = page.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).unwrap_or_default();
        let told = format!("| {} | {} | {why} |", rule["usual"], rule["least"]);
        assert!(row.ends_with(&told), "{row:?} and not {told:?}");
    }
    let set = desk.run(&["retention", "rules", "--keep-jobs", "30", "--json"]).json();
    assert!(set.as_array().unwrap().iter().any(|rule| rule["rule"] == "jobs" && rule["days"] == 30), "{set}");
    assert_eq!(desk.run(&["retention", "rules", "--keep-rows", "30"]).code, 2, "shorter than the hub looks back");
}

#[test]
fn a_child_nobody_knows_is_neither_handed_out_nor_erased() {
    let desk = Desk::migrated();
    let which = ["made_up_child", "--authority", "lewisham"];
    let run = |args: &[&str]| desk.run(&[&["child"], args, &which].concat());
    assert!(run(&["export"]).err.contains("nothing is held"));
    assert!(run(&["erase", "--reason", "asked"]).err.contains("--yes"));
    let refused = run(&["erase", "--reason", "asked", "--yes"]);
    assert!(refused.code == 1 && refused.err.contains("nothing is held"), "{refused:?}");
    assert_eq!(desk.run(&["audit", "verify"]).out, "0 entries of 0 authorities follow each from the one before.\n");
    assert_eq!(desk.run(&["audit", "list", "--authority", "lewisham"]).out, "Nothing.\n");
    assert_eq!(desk.run(&["retention", "due"]).out, "Nothing.\n");
}
