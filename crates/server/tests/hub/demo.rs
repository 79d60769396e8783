use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use hub_testdb::{Backend, TestDb};
use serde_json::Value;

use crate::support::{Desk, Ran, program};

/// Plays one night in a folder that stands for the machine's temporary one.
fn played(desk: &Desk, more: &[&str]) -> Value {
    let temporary = desk.path().to_str().unwrap();
    let args = [&["demo", "--once", "--json", "--seed", "1"], more].concat();
    let ran: Ran = desk.run_in(&args, &[("TMPDIR", temporary), ("HUB_LOG", "error")]);
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
        let second = scope.spawn(|| played(&other, &[]));
        (played(&one, &[]), second.join().unwrap())
    });
    assert!(is_empty(one.path()) && is_empty(other.path()));
    let story = figures(first);
    assert_eq!(story, figures(second));
    told_whole(&story);
    told_the_host(&story["morning"]);
    went_as_it_should(&story["distant"]);
}

/// `docs/reference/questions.md` is what the region of the demonstration answers, whichever database it is kept in. To write
/// it anew: `HUB_WRITE_REFERENCE=1 cargo test -p hub-server --test hub demo`.
#[test]
fn the_same_seed_tells_the_same_story_and_answers_the_same_on_both_databases() {
    hub_testdb::run(Backend::Postgres, async |db: TestDb| {
        let desk = Desk::new();
        let story = figures(played(&desk, &["--database-url", db.url()]));
        assert_eq!(story, figures(played(&desk, &["--folder", "kept"])));
        let page = |url: &str| {
            let ran = desk.run(&["question", "page", "--database-url", url]);
            assert_eq!(ran.code, 0, "{ran:?}");
            ran.out
        };
        let worked = page("sqlite:kept/hub.sqlite");
        assert_eq!(page(db.url()), worked);
        is_the_reference_page(&worked);
    });
}

#[expect(clippy::disallowed_methods, reason = "the switch of a test")]
fn is_the_reference_page(worked: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/questions.md");
    if std::env::var("HUB_WRITE_REFERENCE").is_ok() {
        std::fs::write(path, worked).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap_or_default() == worked,
        "docs/reference/questions.md is not what the demonstration answers: HUB_WRITE_REFERENCE=1 cargo test -p hub-server --test hub demo"
    );
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

/// The morning list has each of what a host must see, and says who acts.
fn told_the_host(morning: &Value) {
    let lines = morning["lines"].as_array().unwrap();
    let of = |trouble: &str| -> Vec<&Value> { lines.iter().filter(|line| line["trouble"] == trouble).collect() };
    let (missing, disputed, undirected) = (of("missing"), of("disputed"), of("undirected"));
    assert_eq!((missing.len(), disputed.len(), undirected.len()), (1, 1, 1), "{morning:#}");
    assert_eq!((&missing[0]["standing"], &missing[0]["act"]), (&"presumed_missing".into(), &"placing".into()));
    assert_eq!((&disputed[0]["state"], &disputed[0]["act"]), (&"disputed".into(), &"placing".into()));
    assert_eq!(undirected[0]["class"], "at_a_distance");
    let late = of("late_emergency");
    assert!(late.iter().all(|line| line["clock_status"] == "late" && line["standing"] == "stated"));
    assert!(late.iter().any(|line| line["working_days"].as_i64() < Some(0)), "an emergency told of too late");
    assert!(lines.iter().any(|line| line["clock_status"] == "met"), "and one in time");
    // Of all that falls under a clock one stay was kept quiet about; homes told of it, of another first day, and of a child
    // whom nobody had spoken of.
    let left = &morning["reconciliation"];
    assert_eq!(
        left["by_kind"],
        serde_json::json!({ "missing_notice": 1, "mismatch": 1, "provider_only": 1 }),
        "{left:#}"
    );
    assert_eq!(left["by_act"], serde_json::json!({ "placing": 2, "provider": 1 }), "{left:#}");
    let said = |kind: &str| {
        let line = left["lines"].as_array().unwrap().iter().find(|line| line["kind"] == kind).unwrap();
        ["episode", "notice", "admission"].map(|account| line["said"][account].is_string())
    };
    assert_eq!(said("missing_notice"), [true, false, true]);
    assert_eq!(said("mismatch"), [true, true, true]);
    assert_eq!(said("provider_only"), [false, false, true]);
}

/// Consulted on, told of in time, sealed, signed and opened.
fn went_as_it_should(distant: &Value) {
    assert_eq!((&distant["class"], &distant["clock_status"]), (&"at_a_distance".into(), &"met".into()), "{distant:#}");
    assert_eq!((&distant["flags"], &distant["state"]), (&serde_json::json!([]), &"complete".into()), "{distant:#}");
    assert!(distant["sealed"].as_array().unwrap().len() == 7 && distant["sealed"] == distant["opened"], "{distant:#}");
    let history = [
        "consulted",
        "delivered",
        "acknowledged",
        "stated",
        "delivered",
        "sealed",
        "details_read",
        "acknowledged",
        "completed",
    ];
    assert_eq!(distant["history"], serde_json::json!(history));
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

/// The headings of the screen, in their order.
const SCREEN: [&str; 7] = [
    "WHAT CAME",
    "WHO WAS TOLD",
    "THE HOST'S MORNING LIST",
    "Reconciled:",
    "WHAT IS MISSING",
    "NOBODY HAS LOOKED AT",
    "WHAT WAS PUBLISHED",
];

/// The gate has to let every region's release through, and the screen has to have something to say of it.
#[test]
fn other_seeds_are_told_too_on_a_screen_of_text() {
    for seed in ["2", "3"] {
        let desk = Desk::new();
        let environment = [("TMPDIR", desk.path().to_str().unwrap()), ("HUB_LOG", "error")];
        let ran = desk.run_in(&["demo", "--once", "--seed", seed], &environment);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        assert!(ran.out.contains(&format!("(seed {seed})")), "{}", ran.out);
        let mut rest = ran.out.as_str();
        for heading in SCREEN {
            let (_, after) = rest.split_once(heading).unwrap_or_else(|| panic!("{heading} in:\n{}", ran.out));
            rest = after;
        }
        assert!(ran.out.contains("Run it without --once"), "{}", ran.out);
        assert!(is_empty(desk.path()), "nothing is left behind");
    }
}

#[cfg(unix)]
#[test]
fn it_serves_until_ctrl_c_and_then_clears_its_folder() {
    let desk = Desk::new();
    let mut child = Command::new(program())
        .args(["demo", "--seed", "4", "--listen", "127.0.0.1:0"])
        .current_dir(desk.path())
        .env_clear()
        .env("TMPDIR", desk.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut screen = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("until Ctrl-C") {
        assert_ne!(screen.read_line(&mut said).unwrap(), 0, "it ended:\n{said}");
    }
    let address = said.split("Serving on http://").nth(1).unwrap().split_whitespace().next().unwrap();
    let mut asked = TcpStream::connect(address).unwrap();
    write!(asked, "GET /health/ready HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    asked.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(!is_empty(desk.path()), "its files and its database are there while it serves");
    let told = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(is_empty(desk.path()), "nothing is left behind");
}
