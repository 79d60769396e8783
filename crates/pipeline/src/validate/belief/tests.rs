//! Promise D4, held against a model: whatever the order of arrival, what is believed is the fold of all submissions in the
//! order (`as_at`, sequence). The model replays; the rule under test never does.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

/// A record of the model: when it ends, and its content.
type Rows = BTreeMap<&'static str, (Option<Date>, u8)>;

#[derive(Debug, Clone)]
enum Said {
    Full(Rows),
    Window(Date, Rows),
    Changes(Rows, Vec<&'static str>),
}

#[derive(Debug, Clone)]
struct Submission {
    as_at: Date,
    said: Said,
}

/// A believed record: end, content, and the date of the submission that last said so.
type Believed = BTreeMap<&'static str, (Option<Date>, u8, Date)>;

/// What the store keeps, as far as the rule reads it.
#[derive(Default)]
struct State {
    believed: Believed,
    /// Latest date of any version of a key, believed or not.
    said: BTreeMap<&'static str, Date>,
    applied: Vec<Submission>,
}

impl State {
    fn say(&mut self, key: &'static str, as_at: Date) {
        self.said.entry(key).and_modify(|said| *said = as_at.max(*said)).or_insert(as_at);
    }
}

const KEYS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn inside(from: Date, ends: Option<Date>) -> bool {
    ends.is_none_or(|end| end >= from)
}

/// The oracle: replay everything in order.
fn replay(history: &[Submission]) -> BTreeMap<&'static str, (Option<Date>, u8)> {
    let mut ordered: Vec<&Submission> = history.iter().collect();
    ordered.sort_by_key(|submission| submission.as_at);
    let mut believed: BTreeMap<&'static str, (Option<Date>, u8)> = BTreeMap::new();
    for submission in ordered {
        match &submission.said {
            Said::Full(rows) => believed = rows.clone(),
            Said::Window(from, rows) => {
                believed.retain(|key, row| !inside(*from, row.0) || rows.contains_key(key));
                believed.extend(rows.clone());
            }
            Said::Changes(rows, deleted) => {
                believed.extend(rows.clone());
                believed.retain(|key, _| !deleted.contains(key));
            }
        }
    }
    believed
}

/// The rule: what one arrival changes, given what is believed, what was ever said, and which submissions were applied.
fn arrive(state: &mut State, new: &Submission) {
    let later = state.applied.iter().filter(|other| other.as_at > new.as_at).map(|other| match &other.said {
        Said::Full(_) => Later::Full,
        Said::Window(from, _) => Later::Window(*from),
        Said::Changes(..) => Later::Changes,
    });
    let mut beliefs = Beliefs::meeting(new.as_at, later.collect());
    for (key, (_, content, as_at)) in &state.believed {
        beliefs.add(key, [*content; 16], *as_at);
    }
    beliefs.settle();
    for (key, (ends, _, _)) in &state.believed {
        beliefs.ends(key, *ends);
    }
    let (rows, deleted, window) = match &new.said {
        Said::Full(rows) => (rows, &[][..], Some(None)),
        Said::Window(from, rows) => (rows, &[][..], Some(Some(*from))),
        Said::Changes(rows, deleted) => (rows, deleted.as_slice(), None),
    };
    let mut writes = Vec::new();
    for (key, (ends, content)) in rows {
        let overtaken = beliefs.is_late() && state.said.get(key).is_some_and(|as_at| *as_at > new.as_at);
        match beliefs.meet(key, [*content; 16], *ends) {
            Effect::Open if overtaken => {}
            Effect::Open | Effect::Amend => writes.push((*key, Some((*ends, *content)))),
            Effect::Touch if window.is_none() => writes.push((*key, Some((*ends, *content)))),
            Effect::Bury => {
                writes.push((*key, None));
                state.say(key, new.as_at);
            }
            Effect::Touch | Effect::Unchanged | Effect::Overtaken => {}
        }
    }
    for key in deleted {
        if beliefs.strike(key) != Strike::Overtaken {
            writes.push((*key, None));
            state.say(key, new.as_at);
        }
    }
    if let Some(window) = window {
        for (key, (ends, _, _)) in &state.believed {
            if window.is_none_or(|from| inside(from, *ends)) && beliefs.is_absent(key, *ends) {
                writes.push((*key, None));
            }
        }
    }
    for (key, write) in writes {
        if let Some((ends, content)) = write {
            state.believed.insert(key, (ends, content, new.as_at));
            state.say(key, new.as_at);
        } else {
            state.believed.remove(key);
        }
    }
    state.applied.push(new.clone());
}

fn rows() -> impl Strategy<Value = Rows> {
    // An end decides the content, as a fingerprint would: two rows that differ in their end differ.
    let row = (0..KEYS.len(), prop_oneof![Just(None), (1_i8..12).prop_map(Some)], 0_u8..2);
    proptest::collection::vec(row, 0..5).prop_map(|rows| {
        let row = |(key, ends, content): (usize, Option<i8>, u8)| {
            let end = ends.map(|month| date(2026, month, 1));
            (KEYS[key], (end, content * 16 + ends.map_or(0, i8::unsigned_abs)))
        };
        rows.into_iter().map(row).collect()
    })
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        rows().prop_map(Said::Full),
        (1_i8..12, rows()).prop_map(|(month, rows)| {
            let from = date(2026, month, 1);
            // A window holds only what it covers: the contract leaves other rows out.
            Said::Window(from, rows.into_iter().filter(|(_, row)| inside(from, row.0)).collect())
        }),
        (rows(), proptest::collection::vec(0..KEYS.len(), 0..2)).prop_map(|(rows, deleted)| {
            let deleted: Vec<_> =
                deleted.into_iter().map(|at| KEYS[at]).filter(|key| !rows.contains_key(key)).collect();
            Said::Changes(rows, deleted)
        }),
    ]
}

fn histories() -> impl Strategy<Value = (Vec<Submission>, Vec<Submission>)> {
    proptest::collection::vec(said(), 1..6).prop_flat_map(|said| {
        let day = |nth: usize| date(2026, 12, i8::try_from(nth).unwrap() + 1);
        let history: Vec<_> =
            said.into_iter().enumerate().map(|(nth, said)| Submission { as_at: day(nth), said }).collect();
        (Just(history.clone()), Just(history).prop_shuffle())
    })
}

fn believe(arrivals: &[Submission]) -> Believed {
    let mut state = State::default();
    for submission in arrivals {
        arrive(&mut state, submission);
    }
    state.believed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Late, corrected, in any order: the same final state, and the state that replaying in order gives.
    #[test]
    fn belief_follows_the_date_and_never_the_arrival((history, shuffled) in histories()) {
        let plain = |believed: Believed| believed.into_iter().map(|(key, row)| (key, (row.0, row.1))).collect::<BTreeMap<_, _>>();
        prop_assert_eq!(plain(believe(&history)), replay(&history));
        prop_assert_eq!(plain(believe(&shuffled)), replay(&history));
    }
}

#[test]
fn a_row_that_a_later_full_left_out_stays_out() {
    let row = |content| Rows::from([("a", (None, content))]);
    let early = Submission { as_at: date(2026, 12, 1), said: Said::Full(row(1)) };
    let late = Submission { as_at: date(2026, 12, 2), said: Said::Full(Rows::new()) };
    assert!(believe(&[late, early]).is_empty());
}
