//! Columns of two versions.

use super::{Changes, Weight};
use crate::model::code::CodeList;
use crate::model::{Column, Contract, Kind};

const NOT_TAKEN: &str = "A file that has it is refused at the door, and records kept before have it in that place.";
const SHIFTS: &str =
    "Records are arrays in the order of the contract: what was kept before would be read under another heading.";
const UNSENT: &str = "No sender fills it yet: every row would be left out.";
const ROOM: &str = "Whatever was good before is good still.";
const NARROWER: &str = "A cell that was good before may be of the wrong form now.";
const KEYED: &str =
    "Records are known by their key: every one that is kept would be withdrawn and come again under another.";

pub(super) fn compare(older: &Contract, newer: &Contract, changes: &mut Changes) {
    let names = |contract: &Contract| -> Vec<String> {
        contract.key.iter().filter_map(|at| contract.columns.get(*at)).map(|column| column.name.clone()).collect()
    };
    let (before, after) = (names(older), names(newer));
    if before != after {
        let what = format!("{} becomes {}", before.join(" and "), after.join(" and "));
        changes.say(Weight::Breaking, "key", what, KEYED);
    }
    for column in older.columns.iter().filter(|column| newer.position(&column.name).is_none()) {
        changes.say(Weight::Breaking, at(column), "it is gone", NOT_TAKEN);
    }
    for (place, column) in newer.columns.iter().enumerate() {
        match older.position(&column.name) {
            None => added(column, place >= older.columns.len(), changes),
            Some(before) => {
                if let Some(older) = older.columns.get(before) {
                    changed(older, column, changes);
                }
                if before != place {
                    let what = format!("it moves from place {} to {}", before + 1, place + 1);
                    changes.say(Weight::Breaking, at(column), what, SHIFTS);
                }
            }
        }
    }
}

fn at(column: &Column) -> String {
    format!("column {}", column.name)
}

fn added(column: &Column, is_last: bool, changes: &mut Changes) {
    if !is_last {
        changes.say(Weight::Breaking, at(column), "it is new, and not at the end", SHIFTS);
    } else if column.required {
        changes.say(Weight::Breaking, at(column), "it is new and required", UNSENT);
    } else {
        changes.say(Weight::Compatible, at(column), "it is new, at the end, and may be blank", ROOM);
    }
}

fn changed(older: &Column, newer: &Column, changes: &mut Changes) {
    let at = at(newer);
    match (older.required, newer.required) {
        (false, true) => {
            let why = "A row in which it is blank is left out from now on.";
            changes.say(Weight::Breaking, &at, "it becomes required", why);
        }
        (true, false) => {
            let why = "Every file is as good as before; who reads records must expect a blank.";
            changes.say(Weight::Compatible, &at, "it may be blank", why);
        }
        _ => {}
    }
    if older.list != newer.list {
        let what = if newer.list { "it becomes a list" } else { "it is no longer a list" };
        let why = "A list and a single value are kept in different forms.";
        changes.say(Weight::Breaking, &at, what, why);
    }
    if older.kind != newer.kind {
        let (weight, why) =
            if holds(older.kind, newer.kind) { (Weight::Compatible, ROOM) } else { (Weight::Breaking, NARROWER) };
        changes.say(weight, &at, format!("{} becomes {}", older.form(), newer.form()), why);
    }
    if let (Some(before), Some(after)) = (&older.codes, &newer.codes) {
        codes(&at, before, after, changes);
    }
    if read_as(older) != read_as(newer) {
        let why = "The same code would be kept as another than before.";
        changes.say(Weight::Breaking, &at, "codes are read as others than before", why);
    }
    match (older.child_level, newer.child_level) {
        (true, false) => {
            let why = "Its values were promised never to be repeated; now they may be.";
            changes.say(Weight::Breaking, &at, "it is no longer held to be about a child", why);
        }
        (false, true) => {
            let why = "Its values are repeated nowhere from now on; every file is as good as before.";
            changes.say(Weight::Compatible, &at, "it is held to be about a child", why);
        }
        _ => {}
    }
    changes.words(&at, "meaning", (&older.note, &newer.note));
    changes.words(&at, "example", (&older.example, &newer.example));
}

/// Whether whatever fits one kind fits the other and is kept in the same form.
fn holds(older: Kind, newer: Kind) -> bool {
    match (older, newer) {
        (Kind::Token { min, max, open }, Kind::Token { min: least, max: most, open: opened }) => {
            least <= min && most >= max && (opened || !open)
        }
        (Kind::Text { max }, Kind::Text { max: most }) => most >= max,
        (Kind::Integer { min, max }, Kind::Integer { min: least, max: most }) => least <= min && most >= max,
        (older, newer) => older == newer,
    }
}

fn codes(at: &str, older: &CodeList, newer: &CodeList, changes: &mut Changes) {
    let listed = |words: Vec<&str>| words.join(", ");
    let found = |list: &CodeList, text: &str| list.find(text.as_bytes()).map(|(_, entry)| (entry.first, entry.last));
    let (mut gone, mut shorter, mut fresh, mut longer) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for entry in older.entries() {
        match found(newer, &entry.text) {
            None => gone.push(entry.text.as_ref()),
            Some((first, last)) if first > entry.first || last < entry.last => shorter.push(entry.text.as_ref()),
            Some((first, last)) if (first, last) != (entry.first, entry.last) => longer.push(entry.text.as_ref()),
            Some(_) => {}
        }
    }
    fresh.extend(newer.entries().iter().filter(|entry| found(older, &entry.text).is_none()).map(|entry| &*entry.text));
    let says: [(Weight, &str, Vec<&str>, &'static str); 4] = [
        (Weight::Breaking, "codes are gone", gone, NARROWER),
        (Weight::Breaking, "codes hold for fewer years", shorter, NARROWER),
        (
            Weight::Compatible,
            "codes are new",
            fresh,
            "Whatever was good before is good still; who reads records will meet them.",
        ),
        (Weight::Compatible, "codes hold for more years", longer, ROOM),
    ];
    for (weight, what, words, why) in says {
        if !words.is_empty() {
            changes.say(weight, at, format!("{what}: {}", listed(words)), why);
        }
    }
}

/// Codes that are read as others, by name.
fn read_as(column: &Column) -> Vec<(&str, &str)> {
    let Some(codes) = &column.codes else { return Vec::new() };
    let name = |place: u8| codes.at(place).map(|entry| &*entry.text);
    let mut pairs: Vec<_> = column.mapped.iter().filter_map(|(from, to)| Some((name(*from)?, name(*to)?))).collect();
    pairs.sort_unstable();
    pairs
}
