//! What is joined, and what is left in doubt.

use super::*;

#[test]
fn three_accounts_that_agree_are_silent() {
    let found = reconcile(&accounts((0..30).map(triple)), &Tolerance::default());
    assert_eq!((found.discrepancies.len(), found.agreed), (0, 30));
}

#[test]
fn a_quoted_notice_joins_what_nothing_else_would() {
    let mut it = triple(0);
    let admission = it.admission.as_mut().unwrap();
    admission.notice_ref = Some(it.notice.as_ref().unwrap().id);
    admission.told.start = plus(admission.told.start, 20);
    (admission.told.urn, admission.told.setting_ref) = (Some("SC999999".into()), None);
    assert_eq!(said(&accounts([it.clone()])), ["mismatch start provider", "mismatch urn provider"]);
    it.admission.as_mut().unwrap().notice_ref = None;
    assert_eq!(said(&accounts([it])), ["missing_admission provider", "provider_only placing"]);
}

#[test]
fn a_start_beyond_three_days_is_another_placement() {
    for (days, joined) in [(-3, true), (3, true), (-4, false), (4, false)] {
        let mut it = triple(0);
        let admission = it.admission.as_mut().unwrap();
        admission.told.start = plus(admission.told.start, days);
        assert_eq!(said(&accounts([it])) == ["mismatch start provider"], joined, "{days}");
    }
}

#[test]
fn an_unknown_sex_fits_either_and_a_known_one_tells_two_apart() {
    let (mut first, mut second) = (triple(0), triple(0));
    for placed in [&mut second.stay, &mut second.notice].into_iter().flatten() {
        (placed.child_ref, placed.id, placed.told.sex) = ("made-up-brother".into(), id(7), "M".into());
    }
    let filed = second.admission.as_mut().unwrap();
    (filed.admission_ref, filed.told.sex) = ("ad-7".into(), "M".into());
    assert_eq!(said(&accounts([first.clone(), second.clone()])), Vec::<String>::new());
    for unknown in ["", "U"] {
        first.admission.as_mut().unwrap().told.sex = unknown.into();
        let found = said(&accounts([first.clone(), second.clone()]));
        assert_eq!(found, ["ambiguous several host", "ambiguous several host"], "{unknown}");
    }
    // Once the brother's is known for certain, one is left.
    second.admission.as_mut().unwrap().notice_ref = Some(id(7));
    assert_eq!(said(&accounts([first, second])), Vec::<String>::new());
}

#[test]
fn two_admissions_of_one_child_are_in_doubt_and_open_nothing() {
    let mut again = triple(0).admission.unwrap();
    again.admission_ref = "ad-again".into();
    let with = |quotes: [bool; 2]| {
        let mut it = triple(0);
        let id = it.notice.as_ref().unwrap().id;
        let mut again = again.clone();
        again.notice_ref = quotes[1].then_some(id);
        it.admission.as_mut().unwrap().notice_ref = quotes[0].then_some(id);
        let mut accounts = accounts([it]);
        accounts.admissions.push(again);
        said(&accounts)
    };
    let doubt = "ambiguous several host";
    assert_eq!((with([false, false]), with([true, true])), (vec![doubt.to_owned(); 2], vec![doubt.to_owned(); 2]));
    assert_eq!(with([true, false]), [doubt]);
}

#[test]
fn a_home_that_names_nobody_is_asked_whom_it_meant() {
    let mut it = triple(0);
    it.admission.as_mut().unwrap().told.placing = None;
    let found = reconcile(&accounts([it.clone()]), &Tolerance::default()).discrepancies;
    assert_eq!(line(&found[0]), "ambiguous placing_not_named host");
    let host = it.admission.as_ref().unwrap().told.host;
    assert_eq!(found[0].parties().collect::<Vec<_>>(), [(host, Side::Host)], "nobody else may see it");
    (it.stay, it.notice) = (None, None);
    let found = reconcile(&accounts([it]), &Tolerance::default()).discrepancies;
    assert_eq!((line(&found[0]).as_str(), found[0].placing), ("provider_only host", None));
}

#[test]
fn a_reference_to_another_authoritys_notice_joins_nothing() {
    let (mut it, other) = (triple(0), triple(1));
    it.admission.as_mut().unwrap().notice_ref = Some(other.notice.as_ref().unwrap().id);
    (it.stay, it.notice) = (None, None);
    assert_eq!(said(&accounts([it, other])), ["ambiguous reference_contradicted host"]);
}

#[test]
fn the_hosts_own_children_are_not_set_beside_anything() {
    let mut it = triple(0);
    (it.stay, it.notice) = (None, None);
    let admission = it.admission.as_mut().unwrap();
    admission.told.placing = Some(admission.told.host);
    assert_eq!(said(&accounts([it])), Vec::<String>::new());
}

#[test]
fn both_values_and_everyone_concerned_are_named() {
    let mut it = triple(0);
    let host = it.stay.as_ref().unwrap().told.host;
    let other = another_host(host);
    it.admission.as_mut().unwrap().told.host = other;
    let found = reconcile(&accounts([it.clone()]), &Tolerance::default()).discrepancies.remove(0);
    let said = [&found.said.episode, &found.said.notice, &found.said.admission].map(|value| value.clone().unwrap());
    assert_eq!(said, [host.to_string(), host.to_string(), other.to_string()]);
    let mut parties: Vec<_> = found.parties().collect();
    parties.sort_unstable();
    let placing = it.stay.unwrap().told.placing.unwrap();
    let mut wanted = vec![(placing, Side::Placing), (host, Side::Host), (other, Side::Host)];
    wanted.sort_unstable();
    assert_eq!(parties, wanted);
    assert!(!format!("{found:?}").contains("made-up-child"));
    let text = serde_json::to_string(&found).unwrap();
    assert!(!text.contains("2009-01") && !text.contains("\"F\""), "neither birth month nor sex: {text}");
}

#[test]
fn a_childs_second_stay_goes_with_its_second_notice() {
    let (first, mut second) = (triple(0), triple(0));
    for placed in [&mut second.stay, &mut second.notice].into_iter().flatten() {
        (placed.id, placed.told.start) = (id(5), plus(placed.told.start, 10));
    }
    let filed = second.admission.as_mut().unwrap();
    (filed.admission_ref, filed.told.start) = ("ad-5".into(), plus(filed.told.start, 10));
    // Given under another id, as a person does who was not told the hub's.
    second.notice.as_mut().unwrap().id = id(6);
    assert_eq!(said(&accounts([first, second])), Vec::<String>::new());
}
