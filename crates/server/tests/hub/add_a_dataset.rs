//! `docs/how-to/add-a-dataset.md`, done from its first command to its last in an empty folder.

use hub_contract::{Contract, Format, Settings, validate};
use hub_domain::record::from_body;
use jiff::civil::date;

use crate::support::Desk;

/// The record type that the page shows, compiled.
#[path = "made/short_break_offer.rs"]
#[expect(unreachable_pub, reason = "as it stands in the crate that it is written for")]
mod made;

use made::ShortBreakOfferRow;

const PAGE: &str = include_str!("../../../../docs/how-to/add-a-dataset.md");
const MADE: &str = include_str!("made/short_break_offer.rs");

/// Something that the page has its reader do.
#[derive(Debug, PartialEq)]
enum Deed {
    /// Write a file.
    Write { path: String, text: String },
    /// Run commands that end so.
    Run { commands: Vec<String>, exit: i32, prints: bool },
    /// See this Rust.
    See(String),
}

/// What the page has its reader do, in order. A comment before a block says what it is.
fn deeds() -> Vec<Deed> {
    let mut deeds = Vec::new();
    let (mut note, mut block): (String, Option<(String, String)>) = Default::default();
    for line in PAGE.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (Some((kind, text)), Some("")) => {
                let (kind, text) = (std::mem::take(kind), std::mem::take(text));
                if let Some(path) = note.strip_prefix("file: ") {
                    deeds.push(Deed::Write { path: path.to_owned(), text });
                } else if kind == "sh" {
                    let commands = text.replace("\\\n", " ").lines().map(str::to_owned).collect();
                    let exit = note.strip_prefix("exits ").map_or(0, |code| code.parse().unwrap());
                    deeds.push(Deed::Run { commands, exit, prints: note == "prints" });
                } else if kind == "rust" {
                    deeds.push(Deed::See(text));
                } else {
                    assert_eq!(kind, "text", "a block that nobody does is text");
                }
                (note, block) = (String::new(), None);
            }
            (Some((_, text)), _) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, Some(kind)) => block = Some((kind.to_owned(), String::new())),
            (None, None) => {
                if let Some(said) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
                    said.clone_into(&mut note);
                }
            }
        }
    }
    deeds
}

/// The words of a command as a shell would part them: blanks part, quotes hold together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in command.chars() {
        match letter {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What a command of the page prints, when it ends as the page says.
fn run(desk: &Desk, command: &str, exit: i32) -> String {
    let words = words(command);
    assert_eq!(words[0], "hub", "{command}");
    let ran = desk.run(&words[1..].iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(ran.code, exit, "{command}\n{ran:?}");
    ran.out
}

#[test]
fn the_page_is_done_from_start_to_finish() {
    let desk = Desk::new();
    let (mut runs, mut printed) = (0, String::new());
    for deed in deeds() {
        match deed {
            Deed::Write { path, text } => {
                let path = desk.path().join(path);
                assert!(path.parent().unwrap().is_dir(), "{} is written before its folder is there", path.display());
                std::fs::write(path, text).unwrap();
            }
            Deed::Run { commands, exit, prints } => {
                runs += commands.len();
                let mut said: Vec<String> = commands.iter().map(|command| run(&desk, command, exit)).collect();
                printed = said.pop().filter(|_| prints).unwrap_or(printed);
            }
            Deed::See(text) => assert_eq!(text, printed, "what the page shows is what the command prints"),
        }
    }
    assert!(runs >= 9, "{runs} commands are not the whole page");
    assert_eq!(printed, MADE, "what is compiled here is what the command prints");

    let text = std::fs::read_to_string(desk.path().join("contracts/short_break_offers/v1.odcs.yaml")).unwrap();
    assert_eq!(hub_contract::lint(&text), [], "the finished contract is as good as the hub's own");
    for made in ["short_break_offers.csv", "short_break_offers.md", "short_break_offers.row.json"] {
        let made = std::fs::read_to_string(desk.path().join(made)).unwrap();
        assert!(made.contains("offered_until"), "{made}");
    }
}

#[test]
fn the_record_type_reads_what_the_contract_accepts() {
    let find = |ending: &str| {
        let found = deeds().into_iter().find_map(|deed| match deed {
            Deed::Write { path, text } if path.ends_with(ending) => Some(text),
            Deed::Write { .. } | Deed::Run { .. } | Deed::See(_) => None,
        });
        found.unwrap()
    };
    let contract = Contract::compile(&find("v1.odcs.yaml")).unwrap();
    let settings = Settings::full("E09000023".parse().unwrap(), date(2026, 7, 21));
    let (mut rows, sample) = (Vec::new(), find("accepted/full.csv"));
    let outcome = validate(&contract, &settings, Format::Csv, sample.as_bytes(), &mut |accepted| {
        rows.push(from_body::<ShortBreakOfferRow>(accepted.body).unwrap());
        Ok(())
    });
    assert!(!outcome.unwrap().report.has_findings());
    let last = ShortBreakOfferRow {
        offer_ref: "sb-2026-0042".to_owned(),
        urn: "1234567".to_owned(),
        setting_ref: None,
        offered_from: date(2026, 8, 7),
        offered_until: None,
        nights: 2,
        status: "taken".to_owned(),
    };
    assert_eq!((rows.len(), rows.last()), (2, Some(&last)));
    assert!(!format!("{last:?}").contains("sb-2026"));
}
