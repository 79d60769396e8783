//! Made-up episodes for the tests of this crate.

use hub_domain::{AuthorityCode, Date, PlacementRow, authority};

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn code(slug: &str) -> AuthorityCode {
    authority::by_slug(slug).unwrap().code
}

/// `child start..end RNE PLACE [host] [#setting]`, such as `c1 2026-05-01.. S U6 kent #oak`.
pub(crate) fn row(text: &str) -> PlacementRow {
    let mut words = text.split(' ');
    let child = words.next().unwrap();
    let (start, end) = words.next().unwrap().split_once("..").unwrap();
    let mut row = PlacementRow {
        child_ref: format!("made-up-child-of-test-{child}"),
        episode_start: day(start),
        episode_end: (!end.is_empty()).then(|| day(end)),
        birth_month: "2014-05".into(),
        sex: "F".into(),
        ethnicity: "WBRI".into(),
        legal_status: "C2".into(),
        category_of_need: "N1".into(),
        reason_new_episode: words.next().unwrap().into(),
        placement_type: words.next().unwrap().into(),
        placement_provider: Some("PR4".into()),
        approver_role: Some("director".into()),
        registration: Some("registered".into()),
        planned: Some(true),
        ..PlacementRow::default()
    };
    for word in words {
        match word.strip_prefix('#') {
            Some(setting) => row.setting_ref = Some(setting.to_owned()),
            None => row.placement_la = Some(word.parse().unwrap_or_else(|_| code(word))),
        }
    }
    row
}

pub(crate) fn rows(text: &[&str]) -> Vec<PlacementRow> {
    text.iter().map(|line| row(line)).collect()
}

/// A whole notice of a placement, as a borough's system would send it: nothing is wrong with it, nothing but the sealed
/// parts outstanding.
pub(crate) fn statement(child: &str, start: &str, host: &str) -> serde_json::Value {
    let mut sample: serde_json::Value = serde_json::from_str(include_str!("../samples/placement.json")).unwrap();
    sample["child_ref"] = format!("made-up-child-of-test-{child}").into();
    sample["placement_start"] = start.into();
    sample["host"] = code(host).as_str().into();
    sample
}
