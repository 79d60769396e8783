//! Every injected discrepancy is found once, and nothing else.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// What is done to one placement's accounts.
const HARMS: [&str; 21] = [
    "none",
    "none",
    "unnotified",
    "unrecorded",
    "unfiled",
    "home alone",
    "start of notice",
    "start of admission",
    "end of episode",
    "end of notice",
    "end of admission",
    "host of notice",
    "host of admission",
    "sector of notice",
    "sector of admission",
    "urn of admission",
    "urn of episode",
    "class of notice",
    "twin",
    "unnamed",
    "misquoted",
];

/// Does `harm` to a placement, and says what must be found of it.
fn harmed(n: usize, harm: &str, quotes: bool) -> (Vec<Triple>, Vec<&'static str>) {
    let mut it = triple(n);
    let notice = it.notice.as_ref().unwrap().id;
    it.admission.as_mut().unwrap().notice_ref = quotes.then_some(notice);
    if harm == "twin" {
        return twins(it, n);
    }
    let expected = without(&mut it, harm)
        .or_else(|| dated(&mut it, harm))
        .or_else(|| placed(&mut it, harm))
        .or_else(|| doubted(&mut it, harm));
    (vec![it], expected.unwrap_or_else(|| panic!("no harm is called {harm}")).to_vec())
}

/// Takes accounts away.
fn without(it: &mut Triple, harm: &str) -> Option<&'static [&'static str]> {
    match harm {
        "none" => return Some(&[]),
        "unnotified" => it.notice = None,
        "unrecorded" => it.stay = None,
        "unfiled" => it.admission = None,
        "home alone" => (it.stay, it.notice) = (None, None),
        _ => return None,
    }
    Some(match harm {
        "unnotified" => &["missing_notice placing"],
        "unrecorded" => &["missing_episode placing"],
        "unfiled" => &["missing_admission provider"],
        _ => &["provider_only placing"],
    })
}

/// Changes dates.
fn dated(it: &mut Triple, harm: &str) -> Option<&'static [&'static str]> {
    let (account, side) = harm.split_once(" of ")?;
    let told = match side {
        "episode" => &mut it.stay.as_mut()?.told,
        "notice" => &mut it.notice.as_mut()?.told,
        _ => &mut it.admission.as_mut()?.told,
    };
    match account {
        "start" => told.start = plus(told.start, if side == "notice" { -2 } else { 2 }),
        "end" => told.end = Some(plus(as_at(), -20)),
        _ => return None,
    }
    Some(match harm {
        "start of notice" => &["mismatch start placing"],
        "start of admission" => &["mismatch start provider"],
        "end of admission" => &["mismatch end provider"],
        _ => &["mismatch end placing"],
    })
}

/// Changes where it is, or who had to approve it.
fn placed(it: &mut Triple, harm: &str) -> Option<&'static [&'static str]> {
    let (stay, notice, admission) = (it.stay.as_mut()?, it.notice.as_mut()?, it.admission.as_mut()?);
    let other = another_host(stay.told.host);
    match harm {
        // A notice to another host is another notice.
        "host of notice" => (notice.id, notice.told.host) = (Uuid::from_u128(!notice.id.as_u128()), other),
        "host of admission" => admission.told.host = other,
        "sector of notice" => notice.told.sector = Some("CR0 1".into()),
        "sector of admission" => admission.told.sector = Some("CR0 1".into()),
        "urn of admission" => admission.told.urn = Some("SC999999".into()),
        "urn of episode" => stay.told.urn = Some("SC999998".into()),
        "class of notice" => notice.told.class = Some(PlacementClass::Adjoining { flagged: false }),
        _ => return None,
    }
    Some(match harm {
        "host of notice" | "host of admission" => &["mismatch host placing"],
        "sector of notice" => &["mismatch sector placing"],
        "sector of admission" => &["mismatch sector provider"],
        "urn of admission" => &["mismatch urn provider"],
        "urn of episode" => &["mismatch urn placing"],
        _ => &["mismatch class placing"],
    })
}

/// Takes away what an admission could be joined by.
fn doubted(it: &mut Triple, harm: &str) -> Option<&'static [&'static str]> {
    let (notice, admission) = (it.notice.as_ref()?.id, it.admission.as_mut()?);
    match harm {
        "unnamed" => {
            (admission.told.placing, admission.notice_ref) = (None, None);
            Some(&["ambiguous placing_not_named host"])
        }
        "misquoted" => {
            (admission.notice_ref, admission.told.birth_month) = (Some(notice), "2001-01".into());
            Some(&["ambiguous reference_contradicted host", "missing_admission provider"])
        }
        _ => None,
    }
}

/// Two children whom nothing that a home may tell can tell apart.
fn twins(mut first: Triple, n: usize) -> (Vec<Triple>, Vec<&'static str>) {
    let mut second = first.clone();
    for placed in [&mut second.stay, &mut second.notice].into_iter().flatten() {
        placed.child_ref.push_str("-twin");
        placed.id = id(1_000 + n);
    }
    for (twin, name) in [(&mut first, "a"), (&mut second, "b")] {
        let admission = twin.admission.as_mut().unwrap();
        admission.notice_ref = None;
        admission.admission_ref.push_str(name);
    }
    (vec![first, second], vec!["ambiguous several host", "ambiguous several host"])
}

/// Whether `reconcile` finds in the harmed region exactly what was done to it.
fn judge(
    reconcile: fn(&Accounts, &Tolerance) -> Reconciled,
    accounts: &Accounts,
    wanted: &[&str],
) -> Result<(), String> {
    let found = reconcile(accounts, &Tolerance::default()).discrepancies;
    let count = |lines: Vec<String>| {
        lines.into_iter().fold(BTreeMap::new(), |mut counts: BTreeMap<String, u32>, line| {
            *counts.entry(line).or_default() += 1;
            counts
        })
    };
    let wanted = count(wanted.iter().map(|line| (*line).to_owned()).collect());
    let told = count(found.iter().map(line).collect());
    let mut ids: Vec<_> = found.iter().map(|found| found.id).collect();
    ids.sort_unstable();
    ids.dedup();
    if told != wanted {
        return Err(format!("found {told:?}, not {wanted:?}"));
    }
    if ids.len() == found.len() { Ok(()) } else { Err("one found twice".to_owned()) }
}

fn region(harms: &[(usize, bool)]) -> (Accounts, Vec<&'static str>) {
    let mut triples = Vec::new();
    let mut wanted = Vec::new();
    for (n, (harm, quotes)) in harms.iter().enumerate() {
        let (harmed, expected) = harmed(n, HARMS[*harm], *quotes);
        triples.extend(harmed);
        wanted.extend(expected);
    }
    (accounts(triples), wanted)
}

/// The planted fault: one that does not compare hosts.
fn blind_to_hosts(accounts: &Accounts, tolerance: &Tolerance) -> Reconciled {
    let mut found = reconcile(accounts, tolerance);
    found.discrepancies.retain(|found| found.field != Some(Field::Host));
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_done_is_found_once_and_nothing_else(
        harms in prop::collection::vec((0..HARMS.len(), any::<bool>()), 1..40),
    ) {
        let (accounts, wanted) = region(&harms);
        prop_assert_eq!(judge(reconcile, &accounts, &wanted), Ok(()));
    }

    #[test]
    fn the_order_of_the_accounts_changes_nothing(
        (harms, stays, notices, admissions) in prop::collection::vec((0..HARMS.len(), any::<bool>()), 1..20)
            .prop_flat_map(|harms| {
                let (accounts, _) = region(&harms);
                (
                    Just(harms),
                    Just(accounts.stays).prop_shuffle(),
                    Just(accounts.notices).prop_shuffle(),
                    Just(accounts.admissions).prop_shuffle(),
                )
            }),
    ) {
        let (accounts, _) = region(&harms);
        let shuffled = Accounts { stays, notices, admissions, ..accounts.clone() };
        let found = |accounts| reconcile(accounts, &Tolerance::default()).discrepancies;
        prop_assert_eq!(found(&shuffled), found(&accounts));
    }
}

#[test]
fn each_harm_alone_is_found_and_a_reconcile_blind_to_hosts_is_caught() {
    let mut caught = Vec::new();
    for (harm, name) in HARMS.iter().enumerate() {
        for quotes in [false, true] {
            let (accounts, wanted) = region(&[(0, false), (harm, quotes), (1, true)]);
            assert_eq!(judge(reconcile, &accounts, &wanted), Ok(()), "{name}, quoting {quotes}");
            caught.extend(judge(blind_to_hosts, &accounts, &wanted).is_err().then_some(*name));
        }
    }
    caught.dedup();
    assert_eq!(caught, ["host of notice", "host of admission"]);
}

#[test]
fn work_grows_as_the_accounts_do() {
    let region = |size: usize| {
        let alike = (0..size).map(|n| {
            let mut it = triple(n % 60);
            // Five homes for all: what is looked at must not grow with the size of a home.
            for placed in [&mut it.stay, &mut it.notice].into_iter().flatten() {
                (placed.child_ref, placed.id) = (format!("made-up-child-of-test-{n}"), id(n));
            }
            let admission = it.admission.as_mut().unwrap();
            admission.admission_ref = format!("ad-{n}");
            admission.notice_ref = Some(id(n)).filter(|_| n % 2 == 0);
            let month = format!("{:04}-{:02}", 2000 + n / 12, 1 + n % 12);
            for told in [&mut it.stay, &mut it.notice].into_iter().flatten().map(|placed| &mut placed.told) {
                told.birth_month.clone_from(&month);
            }
            admission.told.birth_month = month;
            it
        });
        accounts(alike)
    };
    let work = |size| reconcile(&region(size), &Tolerance::default()).work;
    let small = work(1_000);
    assert!(small > 1_000);
    for times in [10, 100] {
        let large = work(1_000 * times);
        let most = small * u64::try_from(times).unwrap() + 1_000;
        assert!(large <= most, "{small} for 1,000 and {large} for {times} times as many");
    }
}
