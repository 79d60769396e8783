//! The sector's own published sample return: 2,675 invented children, 5,050 episodes, and every fault
//! that a validator's authors could think of. It is not part of this repository.

use std::path::{Path, PathBuf};

use hub_agent::report::{Length, render_feed};
use hub_agent::{Input, Options, PseudonymKey, prepare};
use hub_domain::{Dataset, Mode};

fn sample() -> Option<PathBuf> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ssda903_samples/csc-validator-be-903");
    folder.is_dir().then_some(folder)
}

#[test]
fn the_sample_return_becomes_a_feed_and_a_report() {
    let Some(folder) = sample() else {
        // Past the harness's capture: what did not run must be seen.
        let words = b"NOT RUN: the published SSDA903 sample is not beside this repository: nothing was prepared\n";
        std::io::Write::write_all(&mut std::io::stderr(), words).unwrap();
        return;
    };
    let read = |name: &str| Input::read(&folder.join(name)).unwrap();
    let inputs = ["header.csv", "episodes.csv", "uasc.csv", "sw_episodes.csv", "oc2.csv"].map(read);
    let options = Options {
        authority: "E09000023".parse().unwrap(),
        as_at: jiff::civil::date(2018, 3, 31),
        mode: Mode::Full,
        covers_from: None,
        key: PseudonymKey::from_bytes([3; 32]),
        postcodes: None,
        mappings: Vec::new(),
    };
    let preparation = prepare(&inputs, &options).unwrap();
    let used = preparation.files.iter().filter(|file| file.is_used).count();
    assert_eq!((preparation.files.len(), used), (5, 3));

    let feed = preparation.feed(Dataset::Placements).unwrap();
    assert_eq!((feed.report.rows.read, feed.children), (5_050, 2_123));
    assert!(!feed.is_refused(), "{:?}", feed.report.refusal);
    assert!(!feed.would_be_rejected());
    assert_eq!(feed.report.rows.accepted + feed.report.rows.rejected, 5_050);
    assert!(feed.report.rows.accepted > 4_000);

    // Old sex codes are read, full dates of birth and postcodes are gone.
    let text = std::str::from_utf8(&feed.csv).unwrap();
    let row = text.lines().nth(3).unwrap();
    assert!(row.contains(",2011-09,F,REFU,") && row.contains("EH14 8,WD10 6"), "{row}");
    assert!(!text.contains("WD10 6ZQ") && !text.contains("384923"));

    // A finding points at the line of the return: line 36 of episodes.csv ends X1 without a date.
    let at =
        |rule: &str| feed.findings.iter().filter(|f| f.rule == rule).filter_map(|f| f.place.line).collect::<Vec<_>>();
    assert!(at("903-148").contains(&36));
    assert!(at("903-144").contains(&51));
    assert_eq!(at("903-EPI").len(), 552);

    let report = render_feed(feed, Length::Usual);
    for part in
        ["5,050 rows about 2,123 children", "mending this alone lets in", "--postcodes", "episodes.csv, LS, lines 51"]
    {
        assert!(report.contains(part), "{part} in:\n{report}");
    }
    assert!(report.lines().all(|line| line.chars().count() <= 160));
}
