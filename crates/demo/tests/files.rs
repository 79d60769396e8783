#![expect(clippy::unwrap_used, reason = "a test says so by failing")]
//! The made-up files are what the agent reads and the contracts accept, but for the slips that were put in.

use std::path::Path;

use hub_agent::{Input, Options, Preparation, PseudonymKey, prepare};
use hub_demo::{CAST, Member, NIGHT, Region, Role};
use hub_domain::{Dataset, Mode};

fn prepared(region: &Region, member: &Member, folder: &Path) -> Preparation {
    let paths = region.files(member).write(folder).unwrap();
    let inputs: Vec<Input> =
        paths.iter().filter(|path| !path.ends_with("postcodes.csv")).map(|path| Input::read(path).unwrap()).collect();
    let options = Options {
        authority: member.authority(),
        as_at: NIGHT,
        mode: Mode::Full,
        covers_from: None,
        key: PseudonymKey::from_bytes([7; 32]),
        postcodes: Some(folder.join("postcodes.csv")),
        mappings: Vec::new(),
    };
    prepare(&inputs, &options).unwrap()
}

#[test]
fn every_borough_has_four_feeds_with_a_few_findings() {
    let folder = tempfile::tempdir().unwrap();
    let region = Region::drawn(1);
    for member in CAST.iter().filter(|member| member.role == Role::Borough) {
        let preparation = prepared(&region, member, &folder.path().join(member.code));
        assert_eq!(preparation.findings, [], "{}: the agent knows every file", member.code);
        for dataset in Dataset::USUAL {
            let report = &preparation.feed(dataset).unwrap().report;
            assert_eq!(report.refusal, None, "{} {dataset}", member.code);
            assert!(report.rows.read >= 15, "{} {dataset} {:?}", member.code, report.rows);
            assert!(report.rejected_share() < 0.03, "{} {dataset} {:?}", member.code, report.rows);
        }
        let placements = &preparation.feed(Dataset::Placements).unwrap().report;
        assert!(placements.rows.rejected > 0, "{}: a real return has slips", member.code);
        let warned = placements.count(hub_contract::Severity::Warning);
        assert!((5..placements.rows.read / 10).contains(&warned), "{} {warned} warnings", member.code);
    }
}

#[test]
fn the_same_seed_writes_the_same_bytes_and_another_does_not() {
    let bytes = |seed| {
        Region::drawn(seed).files(&CAST[0]).iter().map(|(name, bytes)| (name, bytes.to_vec())).collect::<Vec<_>>()
    };
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1), bytes(2));
}
