use std::ffi::OsString;
use std::path::{Path, PathBuf};

use hub_domain::Dataset;

use crate::support::Desk;

/// Every sample file of a dataset, except the golden findings beside them.
fn samples(dataset: Dataset, kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../contracts/{dataset}/samples/{kind}"));
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| !file.to_str().unwrap().ends_with(".findings.json"));
    files.sort();
    files
}

/// What the agent says of the same file, with its exit code. It is run in this process: it is a library too.
fn agent_says(arguments: &[&str], folder: &Path) -> (String, [String; 2]) {
    let config = folder.join("no-settings.json");
    let words = ["hub-agent", "--config", config.to_str().unwrap(), "validate"];
    let arguments: Vec<OsString> = words.iter().chain(arguments).map(OsString::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = hub_agent::command::run(arguments, &mut out, &mut err);
    (format!("{code:?}"), [out, err].map(|text| String::from_utf8(text).unwrap()))
}

#[test]
fn it_says_what_the_agent_says_of_every_sample() {
    let desk = Desk::new();
    for dataset in Dataset::ALL {
        for file in samples(dataset, "accepted").into_iter().chain(samples(dataset, "rejected")) {
            let name = dataset.as_str();
            let mode = if file.to_str().unwrap().contains(".changes.") { "changes" } else { "full" };
            let path = file.to_str().unwrap();
            let arguments =
                [path, "--contract", name, "--as-at", "2026-04-07", "--authority", "E09000023", "--mode", mode];
            let ran = desk.run(&[&["validate"], &arguments[..]].concat());
            let said = (format!("{:?}", exit(ran.code)), [ran.out, ran.err]);
            assert_eq!(said, agent_says(&arguments, desk.path()), "{path}");
            assert_eq!(said.1[1], "", "{path}");
        }
    }
}

#[test]
fn it_ends_as_the_agent_does_when_a_file_is_not_there_or_an_option_is_wrong() {
    let desk = Desk::new();
    let table: [(&[&str], &str); 4] = [
        (&["absent.csv", "--contract", "placements"], "there is no file absent.csv"),
        (&["absent.csv", "--contract", "palcements"], "palcements"),
        (&["absent.csv", "--contract", "placements", "--mode", "window"], "--covers-from"),
        (&["absent.csv", "--contract", "placements", "--as-at", "soon"], "soon"),
    ];
    for (arguments, word) in table {
        let ran = desk.run(&[&["validate"], arguments].concat());
        let (code, [out, err]) = agent_says(arguments, desk.path());
        assert_eq!((ran.code, code), (2, format!("{:?}", exit(2))), "{arguments:?}");
        assert!(ran.err.contains(word) && err.contains(word), "{}{err}", ran.err);
        assert_eq!((ran.out.as_str(), out.as_str()), ("", ""));
    }
}

fn exit(code: i32) -> std::process::ExitCode {
    std::process::ExitCode::from(u8::try_from(code).unwrap())
}

#[test]
fn it_exits_0_when_good_1_when_not_and_prints_a_document_when_asked() {
    let desk = Desk::new();
    let good = samples(Dataset::Vacancies, "accepted").remove(0);
    let ran = desk.run(&["validate", good.to_str().unwrap(), "--contract", "vacancies", "--as-at", "2026-04-07"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let bad = samples(Dataset::Placements, "rejected").into_iter().find(|file| file.ends_with("door-upn.csv")).unwrap();
    let ran =
        desk.run(&["validate", bad.to_str().unwrap(), "--contract", "placements", "--as-at", "2026-04-07", "--json"]);
    assert_eq!(ran.code, 1);
    assert!(ran.json()["refusal"]["code"].is_string(), "{ran:?}");
    let folder = desk.run(&["validate", ".", "--contract", "placements"]);
    assert_eq!(folder.code, 3, "a folder cannot be read: {folder:?}");
}
