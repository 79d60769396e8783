//! One placement of the payload as a row of the feed.

use std::collections::BTreeMap;

use hub_contract::contract;
use hub_domain::Dataset;

use super::Setup;
use super::memory::Details;
use super::payload::Placement;
use crate::postcode::Postcode;
use crate::return903::setting_ref;

/// What is known of a placement beside the payload's own record of it.
pub(super) struct Known<'a> {
    pub(super) number: &'a str,
    pub(super) start: &'a str,
    pub(super) details: Option<&'a Details>,
}

/// Why a row cannot be made: the column that is missing, and what to do.
type Missing = (&'static str, &'static str);

const UNSAID: &str = "The payload does not carry it: give it in the file beside (--beside), by child.";
const UNTOLD: &str =
    "No payload so far had child_details of the child: give it in the file beside, or send the child whole once.";

/// The cells of a row but for its key.
pub(super) fn upsert(
    setup: &Setup<'_>,
    known: &Known<'_>,
    placement: &Placement,
) -> Result<BTreeMap<&'static str, String>, Missing> {
    let mut cells: BTreeMap<&'static str, String> = BTreeMap::new();
    for column in &contract(Dataset::Placements).columns {
        if let Some(said) = setup.beside.find(known.number, known.start, &column.name) {
            cells.insert(column.name.as_str(), said.to_owned());
        }
    }
    if let Some(details) = known.details {
        let said = [
            ("birth_month", details.birth_month.as_str()),
            ("sex", details.sex.as_str()),
            ("ethnicity", details.ethnicity.as_str()),
            ("uasc", if details.uasc { "true" } else { "false" }),
        ];
        for (name, value) in said.into_iter().filter(|(_, value)| !value.is_empty()) {
            cells.insert(name, value.to_owned());
        }
    }
    let own = [
        ("episode_end", &placement.end_date),
        ("reason_new_episode", &placement.start_reason),
        ("placement_type", &placement.kind),
        ("reason_ceased", &placement.end_reason),
        ("reason_place_change", &placement.change_reason),
    ];
    for (name, value) in own {
        if let Some(value) = value.as_deref().map(str::trim).filter(|value| !value.is_empty()) {
            cells.insert(name, value.to_owned());
        }
    }
    locate(setup, placement, &mut cells);
    for (name, fix) in [
        ("birth_month", UNTOLD),
        ("sex", UNTOLD),
        ("ethnicity", UNTOLD),
        ("uasc", UNTOLD),
        ("reason_new_episode", "The case system must send start_reason."),
        ("placement_type", "The case system must send placement_type."),
        ("legal_status", UNSAID),
        ("category_of_need", UNSAID),
    ] {
        if !cells.contains_key(name) {
            return Err((name, fix));
        }
    }
    Ok(cells)
}

/// The sector, the host authority where a directory knows it, and the setting's token. The postcode itself goes nowhere.
fn locate(setup: &Setup<'_>, placement: &Placement, cells: &mut BTreeMap<&'static str, String>) {
    let Some(postcode) = placement.postcode.as_deref().and_then(Postcode::parse) else { return };
    cells.insert("placement_sector", postcode.sector().to_owned());
    let host = setup.directory.and_then(|directory| directory.find(&postcode)?.authority);
    if let Some(host) = host {
        cells.entry("placement_la").or_insert_with(|| host.to_string());
    }
    let (urn, kind) = (cells.get("urn").map_or("", String::as_str), placement.kind.as_deref().unwrap_or(""));
    if let Some(token) = setting_ref(setup.key, urn, Some(&postcode), kind) {
        cells.insert("setting_ref", token);
    }
}
