//! What episodes, notices and admissions tell, and the notices that a home's word gives rise to.

use hub_domain::record::AdmissionRow;
use hub_domain::{Calendar, PlacementRow};

use super::*;
use crate::fixture::row;
use crate::{Context, Notice, NoticeChange, NoticeState, Rules, Stated, Statement, StatementKind, plan};

fn context(rules: &Rules) -> Context<'_> {
    Context { as_at: as_at(), joined: day("2026-04-01"), calendar: Calendar::england_and_wales(), rules }
}

fn stays(rows: &[PlacementRow], notices: &[Notice]) -> Vec<Placed> {
    stays_of(code("lewisham"), rows, notices, &context(&Rules::default()))
}

/// The notices that the hub opens for these episodes.
fn opened(rows: &[PlacementRow]) -> Vec<Notice> {
    let rules = Rules::default();
    let changes = plan(code("lewisham"), &[], rows, &context(&rules));
    changes.iter().flat_map(NoticeChange::events).map(|event| event.notice.clone()).collect()
}

fn stated(mut notice: Notice, said: Statement) -> Notice {
    let at = "2026-06-01T09:00:00Z".parse().unwrap();
    let kind = StatementKind::Placement;
    notice.statement = Some(Box::new(Stated { id: id(1), n: 1, kind, at, provisional: false, said }));
    notice.given.placement = Some(at);
    notice
}

#[test]
fn who_owes_word_of_a_placement_depends_on_its_kind_and_its_day() {
    let owed = |text: &str| {
        let told = &stays(&[row(text)], &[])[0].told;
        (told.owed.notice, told.owed.admission)
    };
    assert_eq!(owed("c 2026-05-01.. S K2 kent"), (true, true));
    assert_eq!(owed("c 2026-05-01.. S K1 kent"), (true, true));
    assert_eq!(owed("c 2026-05-01.. S U6 kent"), (true, false), "a foster carer tells nobody");
    assert_eq!(owed("c 2026-05-01.. S K3 kent"), (true, true));
    assert_eq!(owed("c 2023-10-27.. S H5 kent"), (false, false), "before it had to be registered, and before joining");
    assert_eq!(owed("c 2023-10-28.. S H5 kent"), (false, true));
    assert_eq!(owed("c 2026-05-01.. L K2 kent"), (false, false), "it began before the feed");
    let mut unregistered = row("c 2026-05-01.. S K2 kent");
    unregistered.registration = Some("unregistered".into());
    assert!(!stays(&[unregistered], &[])[0].told.owed.admission, "nobody is registered to tell");
}

#[test]
fn a_host_that_went_blank_is_where_the_notice_says() {
    let rows = [row("c 2026-05-01.. S K2 kent")];
    let notices = opened(&rows);
    let blank = [row("c 2026-05-01.. S K2")];
    assert_eq!(stays(&blank, &[]).len(), 0);
    assert_eq!(stays(&blank, &notices)[0].told.host, code("kent"));
}

#[test]
fn only_what_somebody_gave_is_a_notice() {
    let shell = opened(&[row("c 2026-05-01.. S K2 kent")]).remove(0);
    assert_eq!(Placed::of_notice(&shell), None, "the hub's own is presumed missing");
    let register = opened(&[row("d 2026-03-01.. S K2 kent")]).remove(0);
    assert!(Placed::of_notice(&register).is_some(), "of a child there before, none was due");
    let said = Statement {
        host: Some(code("essex")),
        placement_start: Some(day("2026-04-30")),
        class: Some("adjoining".into()),
        ..Statement::default()
    };
    let mut given = stated(shell, said);
    let told = Placed::of_notice(&given).unwrap().told;
    assert_eq!((told.host, told.start, told.end), (code("essex"), day("2026-04-30"), None));
    assert_eq!(told.class, Some(PlacementClass::Adjoining { flagged: false }));
    assert_eq!((told.urn, told.sector), (None, None), "what was not stated is not told");
    given.state = NoticeState::Withdrawn;
    assert_eq!(Placed::of_notice(&given), None);
}

#[test]
fn a_stay_shown_from_its_middle_is_the_home_s_whole_stay() {
    let mut shown = row("c 2026-05-01.. L K2 kent");
    shown.urn = Some("SC000001".into());
    let rows = [shown];
    let notices = opened(&rows);
    let mut all = accounts([]);
    all.stays = stays(&rows, &notices);
    all.notices = notices.iter().filter_map(Placed::of_notice).collect();
    all.admissions.push(admission("ad-1", "2024-02-01", "SC000001"));
    assert_eq!(said(&all), Vec::<String>::new());
    all.admissions[0].told.end = Some(day("2026-04-25"));
    let found = said(&all);
    assert_eq!(found, ["provider_only placing"], "it left before");
}

fn admission(reference: &str, on: &str, urn: &str) -> Filed {
    let row = AdmissionRow {
        admission_ref: reference.into(),
        urn: urn.into(),
        notified_under: "reg_41".into(),
        placing_la: Some(code("lewisham")),
        birth_month: "2014-05".into(),
        sex: Some("F".into()),
        admitted_on: day(on),
        notified_on: Some(plus(day(on), 1)),
        ..AdmissionRow::default()
    };
    Filed::of_row(code("kent"), row)
}

/// A notice that was stated before any episode showed the child has no birth month yet.
#[test]
fn an_admission_that_fits_a_child_of_unknown_birth_month_opens_nothing() {
    let mut unseen = triple(0);
    unseen.stay = None;
    let notice = unseen.notice.as_mut().unwrap();
    (notice.told.birth_month, notice.told.sex) = (String::new(), String::new());
    let mut all = accounts([unseen]);
    all.heard.placements.clear();
    let found = reconcile(&all, &Tolerance::default());
    assert_eq!(found.discrepancies.iter().map(line).collect::<Vec<_>>(), ["ambiguous unconfirmed host"]);
    assert_eq!((found.alone.len(), found.joined.len()), (0, 0));
    // Quoted, there is no doubt.
    all.admissions[0].notice_ref = Some(all.notices[0].id);
    assert_eq!(said(&all), Vec::<String>::new());
}

/// What one night does to the notices that homes gave rise to.
fn night(all: &Accounts, held: &[Notice]) -> Vec<Notice> {
    let (rules, found) = (Rules::default(), reconcile(all, &Tolerance::default()));
    let now = "2026-07-21T05:30:00Z".parse().unwrap();
    let night = Shells { accounts: all, found: &found, now, context: context(&rules) };
    let changes = shells(code("lewisham"), held, &night);
    changes.iter().flat_map(NoticeChange::events).map(|event| event.notice.clone()).collect()
}

#[test]
fn a_notice_that_a_home_gave_rise_to_lives_as_long_as_the_home_stands_alone() {
    let mut all = accounts([]);
    all.admissions = vec![admission("ad-1", "2026-07-01", "SC000001")];
    let shell = night(&all, &[]).remove(0);
    assert_eq!((shell.state, shell.version, shell.host), (NoticeState::Raised, 1, code("kent")));
    let told = shell.admission.clone().unwrap();
    assert_eq!(told.reported_at, "2026-07-01T23:00:00Z".parse().unwrap(), "the day the host had it");
    assert_eq!(shell.terms.placement_type, "K2");
    assert!(night(&all, std::slice::from_ref(&shell)).is_empty(), "another night changes nothing");
    // The child leaves.
    all.admissions[0].told.end = Some(day("2026-07-15"));
    let ended = night(&all, std::slice::from_ref(&shell)).remove(0);
    assert_eq!((ended.state, ended.version), (NoticeState::Ended, 2));
    assert!(night(&all, std::slice::from_ref(&ended)).is_empty());
    assert!(night(&all, &[]).is_empty(), "nobody is told of a child who has left");
    // Or the home never had it.
    all.admissions.clear();
    let gone = night(&all, std::slice::from_ref(&shell)).remove(0);
    assert_eq!(
        (gone.state, gone.withdrawn_because),
        (NoticeState::Withdrawn, Some(crate::WithdrawalReason::NotReported))
    );
    // And had after all.
    all.admissions = vec![admission("ad-1", "2026-07-01", "SC000001")];
    let again = night(&all, std::slice::from_ref(&gone)).remove(0);
    assert_eq!((again.state, again.version, again.withdrawn_because), (NoticeState::Raised, 3, None));
}

#[test]
fn a_notice_of_a_home_goes_when_an_episode_comes_and_stays_while_it_is_in_doubt() {
    let mut all = accounts([]);
    all.admissions = vec![admission("ad-1", "2026-07-01", "SC000001")];
    let shell = night(&all, &[]);
    let episode = |child: &str| {
        let mut row = row(&format!("{child} 2026-07-01.. S K2 kent"));
        row.urn = Some("SC000001".into());
        row
    };
    let one = [episode("c1")];
    all.stays = stays(&one, &[]);
    assert_eq!(night(&all, &shell)[0].withdrawn_because, Some(crate::WithdrawalReason::Duplicate));
    let two = [episode("c1"), episode("c2")];
    all.stays = stays(&two, &[]);
    assert!(night(&all, &shell).is_empty(), "two children fit: the home's word stands");
}
