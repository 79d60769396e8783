//! The operator's commands where there is something: a hub that serves, and a borough's agent that has pushed to it.

use std::ffi::OsString;
use std::path::Path;

use serde_json::{Value, json};

use crate::serve::Serving;
use crate::support::Desk;

/// A small return as DfE defines it.
const RETURN: [(&str, &str); 3] = [
    ("header.csv", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,M,03/02/2012,WBRI,A123456789012,,\n"),
    (
        "episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n\
         A1,01/05/2024,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n",
    ),
    ("uasc.csv", "CHILD,SEX,DOB,DUC\n"),
];

/// What the borough types, in a folder of its own; how it ended, and what was said.
fn agent(folder: &Path, words: &[&str]) -> (bool, String) {
    let config = folder.join("hub-agent.json");
    let words = ["hub-agent", "--config", config.to_str().unwrap()].into_iter().chain(words.iter().copied());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = hub_agent::command::run(words.map(OsString::from), &mut out, &mut err);
    let said = [out, err].map(|text| String::from_utf8(text).unwrap()).concat();
    (format!("{code:?}") == format!("{:?}", std::process::ExitCode::SUCCESS), said)
}

/// A borough's folder with its keys, for the hub at this address.
fn borough(desk: &Desk, name: &str, address: &str) -> std::path::PathBuf {
    let folder = desk.path().join(name);
    let hub = format!("http://{address}");
    let (is_made, said) = agent(
        &folder,
        &[
            "init",
            "--authority",
            "E09000023",
            "--hub",
            &hub,
            "--client-id",
            "lewisham",
            "--dir",
            folder.to_str().unwrap(),
        ],
    );
    assert!(is_made, "{said}");
    folder
}

fn push(folder: &Path, as_at: &str) -> (bool, String) {
    let files: Vec<String> = RETURN
        .iter()
        .map(|(name, text)| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        })
        .collect();
    let words: Vec<&str> = ["push", "--as-at", as_at].into_iter().chain(files.iter().map(String::as_str)).collect();
    agent(folder, &words)
}

#[test]
fn what_was_sent_is_listed_shown_and_taken_back_and_keys_change_hands() {
    let desk = Desk::migrated();
    assert_eq!(desk.run(&["authority", "add", "lewisham", "--joined", "2024-04-01"]).code, 0);
    let serving = Serving::start(&desk, &[]);
    let (old, new) = (borough(&desk, "old", &serving.address), borough(&desk, "new", &serving.address));
    let (first, second) = (old.join("client.jwk"), new.join("client.jwk"));
    let add = ["client", "add", "lewisham", "--role", "borough", "--authority", "lewisham", "--jwk"];
    assert_eq!(desk.run(&[&add[..], &[first.to_str().unwrap()]].concat()).code, 0);
    let (is_sent, said) = push(&old, "2025-03-30");
    assert!(is_sent, "{said}");

    let listed = desk.run(&["submission", "list", "--json"]).json();
    let [one] = &listed.as_array().unwrap()[..] else { panic!("one submission: {listed}") };
    assert_eq!((&one["dataset"], &one["counts"]["opened"]), (&"placements".into(), &1.into()));
    let id = one["id"].as_str().unwrap();
    assert!(desk.run(&["submission", "list"]).out.contains(id));
    for none in [&["--authority", "kent"][..], &["--dataset", "quality"]] {
        assert_eq!(desk.run(&[&["submission", "list", "--json"], none].concat()).json(), json!([]), "{none:?}");
    }
    let shown = desk.run(&["submission", "show", id, "--json"]).json();
    assert_eq!((&shown["id"], &shown["report"]["rows"]["accepted"]), (&id.into(), &1.into()));
    let text = desk.run(&["submission", "show", id]).out;
    assert!(text.contains("records: 1 new") && text.contains("Lewisham") && !text.contains("A1"), "{text}");

    // The next key, and the last beside it; then the next alone.
    let rotate = ["client", "rotate", "lewisham", "--jwk", second.to_str().unwrap()];
    assert_eq!(desk.run(&[&rotate[..], &["--keep"]].concat()).code, 0);
    for folder in [&old, &new] {
        assert!(push(folder, "2025-03-31").0, "{}", folder.display());
    }
    let changed = desk.run(&rotate);
    assert!(changed.code == 0 && !changed.out.contains("secret"), "{changed:?}");
    let (is_sent, said) = push(&old, "2025-04-01");
    assert!(!is_sent && said.contains("does not accept client lewisham"), "{said}");
    assert!(push(&new, "2025-04-01").0);

    let withdrawn = desk.run(&["submission", "withdraw", id, "--json"]).json();
    assert_eq!((&withdrawn["id"], &withdrawn["verdict"]), (&id.into(), &"withdrawn".into()));
    let again = desk.run(&["submission", "withdraw", id]);
    assert!(again.code == 1 && again.err.contains("not applied"), "{again:?}");
    scheduled(&desk);
    assert_eq!(serving.terminate().0, Some(0));
}

/// A hub that has served has registered its schedules, each with its pattern and its next run.
fn scheduled(desk: &Desk) {
    let listed = desk.run(&["schedule", "list", "--json"]).json();
    let publish: Vec<&Value> = listed.as_array().unwrap().iter().filter(|one| one["name"] == "publish").collect();
    assert_eq!((publish.len(), &publish[0]["pattern"], &publish[0]["enabled"]), (1, &"0 6 * * *".into(), &true.into()));
    assert!(listed.as_array().unwrap().iter().all(|one| one["next"].is_string()), "{listed}");
    let text = desk.run(&["schedule", "list"]).out;
    assert!(text.contains("0 6 * * *") && text.contains("reconcile"), "{text}");
}
