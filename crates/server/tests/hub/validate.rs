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
fn agent_says(arguments: &[&str], folder: &Path) -> (String, String) {
    let config = folder.join("no-settings.json");
    let words = ["hub-agent", "--config", config.to_str().unwrap(), "validate"];
    let arguments: Vec<OsString> = words.iter().chain(arguments).map(OsString::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = hub_agent::command::run(arguments, &mut out, &mut err);
    assert!(err.is_empty(), "{}", String::from_utf8_lossy(&err));
    (format!("{code:?}"), String::from_utf8(out).unwrap())
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
            let (code, text) = agent_says(&arguments, desk.path());
            assert_eq!((format!("{:?}", exit(ran.code)), ran.out.as_str()), (code, text.as_str()), "{path}");
            assert_eq!(ran.err, "", "{path}");
        }
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
