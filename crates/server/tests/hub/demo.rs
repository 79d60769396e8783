use std::path::Path;

use serde_json::Value;

use crate::support::{Desk, Ran};

/// Plays one night in a folder that stands for the machine's temporary one.
fn played(desk: &Desk, seed: &str) -> Value {
    let temporary = desk.path().to_str().unwrap();
    let ran: Ran = desk.run_in(&["demo", "--once", "--json", "--seed", seed], &[("TMPDIR", temporary)]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    ran.json()
}

/// What must be the same each time: everything but ids of what was sent, addresses, secrets and timings.
fn figures(mut story: Value) -> Value {
    let members = story.as_object_mut().unwrap();
    members.remove("timings");
    members.remove("next");
    members["release"].as_object_mut().unwrap().remove("id");
    for submission in members["submissions"].as_array_mut().unwrap() {
        submission.as_object_mut().unwrap().remove("id");
    }
    story
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn the_same_seed_tells_the_same_story_and_leaves_nothing_behind() {
    let (one, other) = (Desk::new(), Desk::new());
    let (first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(|| played(&other, "1"));
        (played(&one, "1"), second.join().unwrap())
    });
    assert!(is_empty(one.path()) && is_empty(other.path()));
    let story = figures(first);
    assert_eq!(story, figures(second));
    told_whole(&story);
}

/// The story has what a commissioner is promised.
fn told_whole(story: &Value) {
    let list = |name: &str| story[name].as_array().unwrap();
    let submissions = list("submissions");
    assert_eq!(submissions.len(), 28, "four feeds of each of seven boroughs");
    assert!(submissions.iter().all(|one| one["verdict"].as_str().unwrap().starts_with("accepted")));
    let found = submissions.iter().any(|one| one["findings"].as_array().is_some_and(|rules| !rules.is_empty()));
    assert!(found && submissions.iter().all(|one| one["rows_accepted"].as_u64() >= Some(1)));
    let placements: Vec<&Value> = list("notices").iter().filter(|notice| notice["kind"] == "placement").collect();
    assert!(placements.iter().all(|notice| notice["due_at"].is_string() && notice["class"].is_string()));
    let joined = |notice: &&&Value| notice["delivery"] != "not_joined";
    assert!(
        placements.iter().filter(joined).all(|notice| notice["delivered"] == true),
        "every notice reached its host"
    );
    assert!(placements.iter().any(|notice| notice["acknowledged"] == true));
    assert!(list("hosts").iter().all(|host| host["refused"] == 0), "every signature was believed");
    assert!(list("hosts").iter().any(|host| host["delivery"] == "inbox" && host["delivered"].as_u64() > Some(0)));
    let gaps: Vec<u64> = list("gaps").iter().map(|gap| gap["unserved"].as_u64().unwrap()).collect();
    assert!(gaps.len() == 5 && gaps.is_sorted_by(|a, b| a >= b) && gaps.iter().all(|gap| *gap >= 5), "{gaps:?}");
    let stale = list("stale_vacancies");
    assert!(stale.len() == 5 && stale.iter().all(|one| one["confirmed_days"].as_u64() > one["fresh_days"].as_u64()));
    assert_eq!(story["release"]["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn a_folder_with_something_in_it_and_an_address_beyond_this_machine_are_refused() {
    let desk = Desk::new();
    let file = desk.file("mine.txt", "mine");
    assert_eq!(desk.run(&["demo", "--once", "--folder", "."]).code, 2);
    assert_eq!(desk.run(&["demo", "--once", "--listen", "0.0.0.0:0"]).code, 2);
    assert!(file.exists() && std::fs::read_dir(desk.path()).unwrap().count() == 1);
}

#[test]
fn a_hub_in_use_is_left_alone() {
    let desk = Desk::migrated();
    assert_eq!(desk.run(&["authority", "add", "lewisham"]).code, 0);
    let before = desk.run(&["authority", "list"]).out;
    let ran = desk.run(&["demo", "--once", "--database-url", "sqlite:hub-data/hub.sqlite"]);
    assert!(ran.code == 1 && ran.err.contains("empty"), "{ran:?}");
    assert_eq!(desk.run(&["authority", "list"]).out, before);
}
