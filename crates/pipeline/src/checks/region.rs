//! What is seen only when the records of all boroughs lie side by side.

use std::collections::{BTreeMap, BTreeSet};

use hub_domain::AuthorityCode;

use super::provider::Register;
use super::stay::Stay;
use super::{Check, Concern};

/// One child's move is entered by two authorities within a month of each other.
const DAYS_APART: i32 = 31;

/// Placements in which a URN is one home and every child counts against its places.
const IN_HOMES: [&str; 4] = ["K1", "K2", "R3", "S1"];

/// Two authorities with a child of one month of birth, sex and ethnicity in one place since about one day: each is told of its
/// own, and of whom to ask.
pub(super) fn same_child(stays: &[Stay]) -> Vec<(AuthorityCode, Concern)> {
    let mut alike: BTreeMap<_, Vec<&Stay>> = BTreeMap::new();
    for stay in stays.iter().filter(|stay| stay.is_open()) {
        if let Some(likeness) = stay.likeness() {
            alike.entry(likeness).or_default().push(stay);
        }
    }
    let mut found = Vec::new();
    for group in alike.values().filter(|group| group.len() > 1) {
        for own in group {
            let near = |other: &&&Stay| {
                let days = other.start.since(own.start).map_or(i32::MAX, |span| span.get_days().abs());
                other.authority != own.authority && days <= DAYS_APART
            };
            let others: BTreeSet<AuthorityCode> = group.iter().filter(near).map(|other| other.authority).collect();
            found.extend(others.into_iter().map(|with| {
                let concern = Concern::about(Check::SameChild, own);
                (own.authority, Concern { with: Some(with), since: Some(own.start), ..concern })
            }));
        }
    }
    found
}

/// Homes with more children than places, and homes that the regulator has restricted.
pub(super) fn homes(stays: &[Stay], register: &Register) -> Vec<(AuthorityCode, Concern)> {
    let mut by_home: BTreeMap<&str, Vec<&Stay>> = BTreeMap::new();
    for stay in stays.iter().filter(|stay| stay.is_open()) {
        if let Some(urn) = stay.urn.as_deref() {
            by_home.entry(urn).or_default().push(stay);
        }
    }
    let mut found = Vec::new();
    for (urn, living) in by_home {
        over_places(urn, &living, register, &mut found);
        restricted(urn, &living, register, &mut found);
    }
    found
}

/// Each authority learns how many of the children are its own and how many places there are; not how many there are in all.
fn over_places(urn: &str, living: &[&Stay], register: &Register, found: &mut Vec<(AuthorityCode, Concern)>) {
    let Some(places) = register.places(urn) else { return };
    let mut own: BTreeMap<AuthorityCode, BTreeSet<&str>> = BTreeMap::new();
    for stay in living.iter().filter(|stay| IN_HOMES.contains(&stay.place.as_str())) {
        own.entry(stay.authority).or_default().insert(&stay.child_ref);
    }
    let all: usize = own.values().map(BTreeSet::len).sum();
    if i64::try_from(all).is_ok_and(|all| all <= places) {
        return;
    }
    found.extend(own.into_iter().map(|(authority, children)| {
        let concern = Concern::of(Check::OverPlaces);
        let own = Some(children.len());
        (authority, Concern { urn: Some(urn.to_owned()), own, places: Some(places), ..concern })
    }));
}

fn restricted(urn: &str, living: &[&Stay], register: &Register, found: &mut Vec<(AuthorityCode, Concern)>) {
    let Some(since) = register.restricted_since(urn) else { return };
    found.extend(living.iter().map(|stay| {
        let check = if stay.start >= since { Check::PlacedWhileRestricted } else { Check::Restricted };
        (stay.authority, Concern { since: Some(since), ..Concern::about(check, stay) })
    }));
}
