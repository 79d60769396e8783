//! What is not held against anybody.

use super::*;

#[test]
fn where_a_feed_is_not_sent_its_accounts_are_not_missing() {
    let mut it = triple(0);
    it.admission = None;
    let mut all = accounts([it]);
    let host = all.stays[0].told.host;
    all.heard.admissions.remove(&host);
    assert_eq!(said(&all), Vec::<String>::new());
    let mut it = triple(0);
    it.stay = None;
    let mut all = accounts([it]);
    all.heard.placements.clear();
    assert_eq!(said(&all), Vec::<String>::new());
}

#[test]
fn a_feed_is_given_three_days_to_come() {
    let (mut unfiled, mut unrecorded) = (triple(0), triple(1));
    (unfiled.admission, unrecorded.stay) = (None, None);
    for (days, found) in [(2, false), (3, true)] {
        let mut all = accounts([unfiled.clone(), unrecorded.clone()]);
        let reached = |placed: &Placed| plus(placed.told.start, days);
        let (filed, recorded) = (reached(&all.stays[0]), reached(&all.notices[1]));
        all.heard.admissions.values_mut().for_each(|(_, to)| *to = filed);
        all.heard.placements.values_mut().for_each(|to| *to = recorded);
        assert_eq!(said(&all).len(), if found { 2 } else { 0 }, "{days} days");
    }
}

#[test]
fn a_child_there_before_the_host_began_to_file_is_not_missed() {
    let mut it = triple(0);
    it.admission = None;
    let mut all = accounts([it]);
    let after = plus(all.stays[0].told.start, 1);
    all.heard.admissions.values_mut().for_each(|(from, _)| *from = after);
    assert_eq!(said(&all), Vec::<String>::new());
}

#[test]
fn nobody_misses_what_nobody_owes() {
    let mut it = triple(0);
    it.admission = None;
    let stay = it.stay.as_mut().unwrap();
    stay.told.owed = Owed { notice: false, admission: false, episode: true };
    it.notice = None;
    assert_eq!(said(&accounts([it])), Vec::<String>::new());
}

#[test]
fn an_end_is_missed_only_where_the_account_has_come_past_it() {
    let ended = plus(as_at(), -2);
    let mut it = triple(0);
    it.stay.as_mut().unwrap().told.end = Some(ended);
    assert_eq!(said(&accounts([it.clone()])), Vec::<String>::new(), "two days, of three and of ten working days");
    let mut later = accounts([it.clone()]);
    later.heard.admissions.values_mut().for_each(|(_, to)| *to = plus(ended, 3));
    assert_eq!(said(&later), ["mismatch end placing"], "the home should have said so by now");
    // Two ends that differ need no grace.
    it.admission.as_mut().unwrap().told.end = Some(plus(ended, 1));
    assert_eq!(said(&accounts([it])), ["mismatch end placing"]);
}

#[test]
fn what_ended_long_ago_by_every_account_is_history() {
    let mut it = triple(0);
    let ended = plus(as_at(), -92);
    for placed in [&mut it.stay, &mut it.notice].into_iter().flatten() {
        (placed.told.start, placed.told.end) = (plus(ended, -30), Some(ended));
    }
    let filed = it.admission.as_mut().unwrap();
    (filed.told.start, filed.told.end, filed.told.sector) = (plus(ended, -30), Some(ended), Some("CR0 1".into()));
    assert_eq!(said(&accounts([it.clone()])), Vec::<String>::new());
    it.admission.as_mut().unwrap().told.end = None;
    assert_eq!(said(&accounts([it])).len(), 2, "the home still has the child");
}

#[test]
fn a_class_that_cannot_be_told_contradicts_nothing() {
    let mut it = triple(0);
    it.notice.as_mut().unwrap().told.class = Some(PlacementClass::Unknown);
    assert_eq!(said(&accounts([it])), Vec::<String>::new());
}
