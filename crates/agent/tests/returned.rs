//! DfE's rules over the return itself, as `validate` tells them.

#![expect(clippy::unwrap_used, reason = "the helpers of a test program")]

use hub_agent::report::{Length, render_returned};
use hub_agent::returned::Returned;
use hub_agent::{Input, Options, Preparation, PseudonymKey, prepare};
use hub_domain::Mode;

const HEADER: &str =
    "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,F,03/02/2012,WBRI,UN1,0,\nB2,M,14/11/2009,BCRB,B123456789012,,\n";
const HEADINGS: &str =
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n";
const OPEN: &str = "A1,01/05/2024,S,C2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\n";
const SAME_DAY: &str = "B2,01/06/2025,S,C2,N1,U6,PR1,01/06/2025,E4A,,SE13 6LT,SE6 4RU,SC012345\n";

fn input(name: &str, text: &str) -> Input {
    Input { name: name.into(), bytes: text.into() }
}

fn prepared(files: &[Input]) -> Preparation {
    let options = Options {
        authority: "E09000023".parse().unwrap(),
        as_at: jiff::civil::date(2025, 12, 7),
        mode: Mode::Full,
        covers_from: None,
        key: PseudonymKey::from_bytes([3; 32]),
        postcodes: None,
        mappings: Vec::new(),
    };
    prepare(files, &options).unwrap()
}

/// Rule, file, line and heading.
fn found(returned: &Returned) -> Vec<(String, String, u64, String)> {
    let told = returned.findings().map(|finding| {
        let place = finding.place;
        (finding.rule, place.file.to_string(), place.line.unwrap(), place.column.unwrap().to_string())
    });
    told.collect()
}

#[test]
fn what_the_feed_cannot_show_is_told_by_file_line_and_heading() {
    let preparation = prepared(&[input("h.csv", HEADER), input("e.csv", &format!("{HEADINGS}{OPEN}{SAME_DAY}"))]);
    let returned = preparation.returned.as_ref().unwrap();
    let found = found(returned);
    let upn = ("903-209".to_owned(), "h.csv".to_owned(), 2, "UPN".to_owned());
    assert!(found.contains(&upn), "{found:?}");
    // What the contract says of the feed's row is not said again.
    let feed = &preparation.feeds[0];
    assert!(feed.findings.iter().any(|finding| finding.rule == "903-355" && finding.place.line == Some(3)));
    assert!(found.iter().all(|(rule, ..)| rule != "903-355"), "{found:?}");
    assert!(!feed.csv.windows(3).any(|bytes| bytes == b"UN1"), "nothing of it is sent");
}

#[test]
fn a_rule_without_its_file_is_not_run_and_said_so() {
    let preparation = prepared(&[input("h.csv", HEADER), input("e.csv", &format!("{HEADINGS}{OPEN}"))]);
    let returned = preparation.returned.as_ref().unwrap();
    let unasked = returned.unasked();
    assert!(unasked["no missing file was given"].contains(&"1004"), "{unasked:?}");
    assert!(unasked["no episodes file of last year's return was given"].contains(&"502"));
    assert!(returned.ran().all(|rule| rule != "1004"));
    let text = render_returned(returned, Length::Usual);
    assert!(text.contains("the return of 2025/26 itself") && text.contains("NOT RUN"), "{text}");
    assert!(text.contains("903-209") && text.contains("h.csv, UPN, line 2"), "{text}");
    for private in ["A1", "03/02/2012", "UN1"] {
        assert!(!text.contains(&format!(" {private} ")), "{text}");
    }
}

#[test]
fn of_two_years_the_later_is_judged_beside_the_earlier() {
    let last = format!(
        "{HEADINGS}A1,01/05/2024,S,V2,N1,U6,PR1,,,,SE13 6LT,SE6 4RU,SC012345\nB2,01/06/2024,S,C2,N1,U6,PR1,01/02/2025,E4A,,SE13 6LT,SE6 4RU,SC012345\n"
    );
    let this = format!("{HEADINGS}{OPEN}B2,01/06/2025,S,C2,N1,U6,PR1,01/07/2025,E4A,,SE13 6LT,SE6 4RU,SC012345\n");
    let was = HEADER.replace("B2,M", "B2,F");
    let files = [input("h1.csv", &was), input("e1.csv", &last), input("h2.csv", HEADER), input("e2.csv", &this)];
    let preparation = prepared(&files);
    let returned = preparation.returned.as_ref().unwrap();
    assert!(returned.has_last && returned.year == "2025/26");
    let found = found(returned);
    let told =
        |rule: &str| found.iter().find(|(told, ..)| told == rule).map(|(_, file, line, _)| (file.as_str(), *line));
    assert_eq!(told("903-202"), Some(("h2.csv", 3)), "{found:?}");
    assert_eq!(told("903-503B"), Some(("e2.csv", 2)), "{found:?}");
    assert_eq!(told("903-502"), None);
}
