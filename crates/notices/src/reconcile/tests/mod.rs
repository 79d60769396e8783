//! A made-up region of placements on which three accounts agree, and what becomes of it.

mod breaks;
mod joining;
mod properties;
mod reading;
mod silence;

use hub_domain::{AuthorityCode, Date, PlacementClass};
use uuid::Uuid;

use super::*;
use crate::fixture::{code, day};

/// The three accounts of one placement, all agreeing.
#[derive(Clone)]
pub(super) struct Triple {
    pub(super) stay: Option<Placed>,
    pub(super) notice: Option<Placed>,
    pub(super) admission: Option<Filed>,
}

pub(super) const HOSTS: [&str; 3] = ["kent", "croydon", "essex"];
pub(super) const PLACING: [&str; 3] = ["lewisham", "southwark", "bromley"];

pub(super) fn as_at() -> Date {
    day("2026-07-20")
}

pub(super) fn plus(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

/// The `n`th placement: homes are shared, and no two in one home are of children born in the same month.
pub(super) fn triple(n: usize) -> Triple {
    let home = n % 5;
    let told = Told {
        placing: Some(code(PLACING[n % PLACING.len()])),
        host: code(HOSTS[home % HOSTS.len()]),
        start: plus(day("2026-05-01"), i64::try_from(n % 28).unwrap()),
        start_known: true,
        end: None,
        sector: Some(format!("ME{home} 1")),
        urn: Some(format!("SC00000{home}")),
        setting_ref: Some(format!("home-{home}")),
        class: Some(PlacementClass::AtADistance),
        birth_month: format!("{}-{:02}", 2009 + n / 12, 1 + n % 12),
        sex: if n.is_multiple_of(2) { "F" } else { "M" }.to_owned(),
        owed: Owed { notice: true, admission: true, episode: true },
    };
    let child_ref = format!("made-up-child-of-test-{n}");
    let id = crate::Notice::id_of(told.placing.unwrap(), &child_ref, told.start, told.host);
    let placed = Placed { id, child_ref, told: told.clone() };
    let home = Told { class: None, ..told };
    Triple { stay: Some(placed.clone()), notice: Some(placed), admission: Some(filed(format!("ad-{n}"), home)) }
}

fn filed(admission_ref: String, told: Told) -> Filed {
    Filed {
        admission_ref,
        notice_ref: None,
        told,
        notified_under: "reg_41".into(),
        notified_on: None,
        short_break: false,
    }
}

/// Everything that the placements tell, every feed having come tonight.
pub(super) fn accounts(triples: impl IntoIterator<Item = Triple>) -> Accounts {
    let mut accounts = Accounts { as_at: Some(as_at()), ..Accounts::default() };
    accounts.heard.placements = PLACING.iter().map(|slug| (code(slug), as_at())).collect();
    accounts.heard.admissions = HOSTS.iter().map(|slug| (code(slug), (day("2026-01-01"), as_at()))).collect();
    for triple in triples {
        accounts.stays.extend(triple.stay);
        accounts.notices.extend(triple.notice);
        accounts.admissions.extend(triple.admission);
    }
    accounts
}

/// `kind field actor` of everything found, in order.
pub(super) fn said(accounts: &Accounts) -> Vec<String> {
    let found = reconcile(accounts, &Tolerance::default());
    found.discrepancies.iter().map(line).collect()
}

pub(super) fn line(found: &Discrepancy) -> String {
    let field = found.field.map_or("", Field::as_str);
    let doubt = found.doubt.map_or("", Doubt::as_str);
    format!("{} {field}{doubt} {}", found.kind, found.act).replace("  ", " ")
}

pub(super) fn another_host(of: AuthorityCode) -> AuthorityCode {
    HOSTS.iter().map(|slug| code(slug)).find(|host| *host != of).unwrap()
}

pub(super) fn id(n: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(n).unwrap() + 1)
}
