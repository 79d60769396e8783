//! Header, episodes and UASC as DfE CSV, with the slips that real returns have; the borough's own extract; and the part of
//! a postcode directory that covers them.

use std::collections::BTreeMap;

use hub_domain::adjacency::{PlacementClass, classify};
use jiff::ToSpan;

use super::Borough;
use crate::child::Stay;
use crate::place::Spot;
use crate::region::NIGHT;
use crate::sheet::{Sheet, day};

/// One row in this many has a slip.
const SLIP: usize = 97;

pub(super) fn header(borough: &Borough<'_>) -> Vec<u8> {
    let mut sheet = Sheet::headed(&["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]);
    for (nth, child) in borough.children.iter().enumerate() {
        let ethnicity = if nth % SLIP == 11 { "" } else { child.ethnicity };
        sheet.row(&[&child.number, child.sex, &day(child.born), ethnicity, "UN1", "", ""]);
    }
    sheet.finish()
}

pub(super) fn episodes(borough: &Borough<'_>) -> Vec<u8> {
    let headings = [
        "CHILD",
        "DECOM",
        "RNE",
        "LS",
        "CIN",
        "PLACE",
        "PLACE_PROVIDER",
        "DEC",
        "REC",
        "REASON_PLACE_CHANGE",
        "HOME_POST",
        "PL_POST",
        "URN",
    ];
    let mut sheet = Sheet::headed(&headings);
    let rows = borough.children.iter().flat_map(|child| child.stays.iter().map(move |stay| (child, stay)));
    for (nth, (child, stay)) in rows.enumerate() {
        let ended = stay.end.map(day).unwrap_or_default();
        let ceased = stay.ceased.unwrap_or_default();
        let (place, ceased, change) = match nth % (SLIP * 3) {
            41 => ("U9", ceased, stay.change.unwrap_or_default()),
            120 => (stay.place, "", stay.change.unwrap_or_default()),
            200 => (stay.place, ceased, ""),
            _ => (stay.place, ceased, stay.change.unwrap_or_default()),
        };
        let home = if child.uasc { "" } else { &child.home.postcode };
        sheet.row(&[
            child.number.as_str(),
            &day(stay.start),
            stay.rne,
            stay.legal,
            stay.need,
            place,
            stay.provider.unwrap_or_default(),
            &ended,
            ceased,
            change,
            home,
            &stay.spot.postcode,
            stay.urn.as_deref().unwrap_or_default(),
        ]);
    }
    sheet.finish()
}

pub(super) fn uasc(borough: &Borough<'_>) -> Vec<u8> {
    let mut sheet = Sheet::headed(&["CHILD", "SEX", "DOB", "DUC"]);
    for child in borough.children.iter().filter(|child| child.uasc) {
        let ceases = child.born.checked_add(18.years()).unwrap_or(child.born);
        sheet.row(&[&child.number, child.sex, &day(child.born), &day(ceases)]);
    }
    sheet.finish()
}

pub(super) fn extract(borough: &Borough<'_>) -> Vec<u8> {
    let headings = [
        "child",
        "start",
        "setting_ref",
        "weekly_cost",
        "route",
        "framework_ref",
        "emergency",
        "planned",
        "distance_reason",
        "registration",
        "approver_role",
        "approved_on",
    ];
    let mut sheet = Sheet::headed(&headings);
    let stays = borough.children.iter().flat_map(|child| child.stays.iter().map(move |stay| (child, stay)));
    for (nth, (child, stay)) in stays.enumerate() {
        let away = stay.spot.la.as_str() != borough.member.code;
        let reasons = ["not_available", "no_provision", "preference", "safeguarding"];
        let reason = reasons.get(nth % reasons.len()).filter(|_| away).copied().unwrap_or_default();
        let approved = if away { day(stay.start) } else { String::new() };
        sheet.row(&[
            child.number.as_str(),
            &day(stay.start),
            &stay.setting,
            &format!("{}.{:02}", stay.cost / 100, stay.cost % 100),
            stay.route,
            framework(stay, nth),
            if stay.emergency { "Y" } else { "N" },
            if stay.emergency { "N" } else { "Y" },
            reason,
            if stay.place.starts_with('K') { "registered" } else { "not_required" },
            approver(borough, stay, nth),
            &approved,
        ]);
    }
    sheet.finish()
}

/// The framework that the place was called off from; now and then nobody wrote it down.
fn framework(stay: &Stay, nth: usize) -> &'static str {
    match stay.route {
        "framework" | "dps" if nth % SLIP == 17 => "",
        "framework" => "SEL-FOSTERING-2025",
        "dps" => "SEL-DPS-2024",
        _ => "",
    }
}

/// Who approved a placement out of area: the director at a distance, but for a slip.
fn approver(borough: &Borough<'_>, stay: &Stay, nth: usize) -> &'static str {
    match classify(borough.member.authority(), stay.spot.la, stay.start) {
        PlacementClass::InArea | PlacementClass::Unknown => "",
        PlacementClass::AtADistance if nth % SLIP != 31 => "director",
        PlacementClass::AtADistance | PlacementClass::Adjoining { .. } => "nominated_officer",
    }
}

pub(super) fn postcodes(borough: &Borough<'_>) -> Vec<u8> {
    let mut spots: BTreeMap<&str, &Spot> = BTreeMap::new();
    for child in &borough.children {
        spots.insert(&child.home.postcode, &child.home);
        spots.extend(child.stays.iter().map(|stay| (stay.spot.postcode.as_str(), &stay.spot)));
    }
    let mut sheet = Sheet::headed(&["pcds", "lat", "long", "oslaua"]);
    for (postcode, spot) in spots {
        sheet.row(&[postcode, &format!("{:.4}", spot.latitude), &format!("{:.4}", spot.longitude), spot.la.as_str()]);
    }
    debug_assert!(NIGHT.year() == 2026, "the directory is of the night's year");
    sheet.finish()
}
