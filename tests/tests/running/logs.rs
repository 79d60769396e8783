//! The page of log lines says what the program writes: every message and field in the code is on it, and nothing else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Crates whose lines are not the hub's.
const OTHERS: [&str; 4] = ["demo", "testkit", "testdb", "bench"];

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            all.push(path);
        }
    }
}

/// A line that the program may write: its message, and its fields.
type Line = (String, Vec<String>);

/// Every line in a source.
fn lines(source: &str) -> Vec<Line> {
    let mut found = Vec::new();
    for level in ["error", "warn", "info", "debug", "trace"] {
        let call = format!("tracing::{level}!(");
        for (at, _) in source.match_indices(&call) {
            found.push(line(arguments(&source[at + call.len()..])));
        }
    }
    found
}

/// The arguments of a call, one by one.
fn arguments(rest: &str) -> Vec<String> {
    let (mut all, mut now, mut depth, mut quoted, mut before) = (Vec::new(), String::new(), 0, false, ' ');
    for letter in rest.chars() {
        quoted ^= letter == '"' && before != '\\';
        match letter {
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                all.push(std::mem::take(&mut now));
                before = letter;
                continue;
            }
            _ => {}
        }
        now.push(letter);
        before = letter;
    }
    all.push(now);
    all.retain(|argument| !argument.trim().is_empty());
    all
}

fn line(mut arguments: Vec<String>) -> Line {
    let message = arguments.pop().expect("a message");
    let message = message.trim().trim_matches('"').split_whitespace().collect::<Vec<_>>().join(" ");
    let name = |argument: &String| {
        argument.split('=').next().unwrap_or_default().trim().trim_start_matches(['%', '?']).to_owned()
    };
    (message, arguments.iter().map(name).collect())
}

/// What the page lacks.
fn lacking(page: &str, all: &[Line]) -> BTreeSet<String> {
    let mut lacking = BTreeSet::new();
    for (message, fields) in all {
        if !page.contains(&format!("| {message} |")) {
            lacking.insert(message.clone());
        }
        lacking.extend(fields.iter().filter(|field| !page.contains(&format!("\n| `{field}` |"))).cloned());
    }
    lacking
}

#[test]
fn every_line_and_field_is_on_the_page_and_nothing_else() {
    let page = std::fs::read_to_string(root().join("docs/reference/logs.md")).expect("the page");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root().join("crates")).expect("crates") {
        let folder = entry.expect("a crate").path();
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        if !OTHERS.contains(&name.as_str()) {
            sources(&folder.join("src"), &mut files);
        }
    }
    let all: Vec<Line> =
        files.iter().flat_map(|file| lines(&std::fs::read_to_string(file).expect("a source"))).collect();
    assert!(all.len() > 40, "{} lines", all.len());
    assert_eq!(lacking(&page, &all), BTreeSet::new(), "write them into docs/reference/logs.md");
    let (_, table) = page.split_once("## Lines").expect("a table");
    let messages: BTreeSet<&str> = all.iter().map(|(message, _)| message.as_str()).collect();
    let told =
        table.lines().filter_map(|row| row.strip_prefix("| ")?.split(" | ").nth(1)).filter(|told| *told != "message");
    let stale: Vec<&str> = told.filter(|told| !messages.contains(told)).collect();
    assert!(stale.is_empty(), "the program writes these no longer: {stale:?}");
    // The planted faults.
    let planted = lines(r#"tracing::warn!(surprise = %one.id, other, "something new");"#);
    assert_eq!(planted, [("something new".to_owned(), vec!["surprise".to_owned(), "other".to_owned()])]);
    assert_eq!(lacking(&page, &planted).len(), 3);
}
