//! Short breaks: what is told from a placement that nobody gave notice of, and what is not.

use hub_domain::PlacementRow;
use uuid::Uuid;

use super::*;
use crate::fixture::row;
use crate::{
    Context, Given, NoticeChange, NoticeKind, NoticeState, Rules, Stated, Statement, StatementKind, WithdrawalReason,
};

/// The child of triple 0 in a home that nobody but the home speaks of, and short breaks in its authority's return.
fn with(breaks: &[PlacementRow]) -> Accounts {
    let mut it = triple(0);
    (it.stay, it.notice) = (None, None);
    let mut all = accounts([it]);
    all.breaks = breaks_of(code("lewisham"), breaks);
    all
}

/// `V3 2026-05-01..2026-05-04`: of the child of triple 0.
fn short(status: &str, days: &str, setting: Option<&str>) -> PlacementRow {
    let mut row = row(&format!("b {days} S K2"));
    (row.legal_status, row.setting_ref) = (status.into(), setting.map(str::to_owned));
    (row.birth_month, row.sex) = ("2009-01".into(), "F".into());
    row
}

fn found(all: &Accounts) -> Reconciled {
    reconcile(all, &Tolerance::default())
}

#[test]
fn a_break_in_the_same_home_is_listed_as_one() {
    for (breaks, what) in [
        (short("V3", "2026-05-01..2026-05-04", Some("home-0")), "one break"),
        (short("V4", "2026-03-01..", Some("home-0")), "an agreement"),
    ] {
        let all = with(&[breaks]);
        assert_eq!(said(&all), ["short_break nobody"], "{what}");
        let found = found(&all);
        assert_eq!((found.breaks.as_slice(), found.alone.len(), found.joined.len()), (&[0][..], 0, 0));
        let line = &found.discrepancies[0];
        assert!(line.child_ref.is_some() && line.notice.is_none() && line.said.episode.is_some());
        assert_eq!(line.parties().count(), 2, "both sides see it");
    }
}

#[test]
fn a_home_that_says_so_is_believed() {
    let mut all = with(&[]);
    all.admissions[0].short_break = true;
    assert_eq!(said(&all), ["short_break nobody"]);
    assert_eq!(found(&all).discrepancies[0].child_ref, None);
    // Whose it is the return tells, where one alone fits.
    let one = short("V4", "2026-03-01..", None);
    all.breaks = breaks_of(code("lewisham"), std::slice::from_ref(&one));
    assert_eq!(found(&all).discrepancies[0].child_ref.as_deref(), Some("made-up-child-of-test-b"));
    all.breaks = breaks_of(code("lewisham"), &[one.clone(), one]);
    assert_eq!(found(&all).discrepancies[0].child_ref, None, "nobody guesses between two");
}

/// The return's own rule leaves the home out: one break of that day makes a doubt, an agreement a hint and no more.
#[test]
fn a_break_whose_home_is_not_said_does_not_hide_a_child() {
    let single = with(&[short("V3", "2026-05-02..2026-05-04", None)]);
    assert_eq!(said(&single), ["ambiguous may_be_short_break host"]);
    assert_eq!((found(&single).alone.len(), found(&single).breaks.len()), (0, 0), "nothing is opened or taken back");
    let series = with(&[short("V4", "2026-03-01..", None)]);
    assert_eq!(said(&series), ["provider_only may_be_short_break placing"]);
    assert_eq!((found(&series).alone.as_slice(), found(&series).discrepancies[0].candidates), (&[0][..], Some(1)));
}

#[test]
fn what_does_not_fit_is_no_break() {
    let mut brother = short("V3", "2026-05-01..2026-05-04", Some("home-0"));
    brother.sex = "M".into();
    let mut older = short("V3", "2026-05-01..2026-05-04", Some("home-0"));
    older.birth_month = "2008-01".into();
    let breaks = [
        brother,
        older,
        short("V3", "2026-05-01..2026-05-04", Some("home-1")),
        short("V3", "2026-05-09..2026-05-12", Some("home-0")),
        short("V4", "2026-03-01..2026-05-01", Some("home-0")),
        short("C2", "2026-05-01..2026-05-04", Some("home-0")),
    ];
    for one in breaks {
        let all = with(std::slice::from_ref(&one));
        assert_eq!(said(&all), ["provider_only placing"], "{} {:?}", one.legal_status, one.setting_ref);
    }
    // Another authority's agreement is nothing to this one's child.
    let mut all = with(&[]);
    all.breaks = breaks_of(code("southwark"), &[short("V4", "2026-03-01..", Some("home-0"))]);
    assert_eq!(said(&all), ["provider_only placing"]);
}

#[test]
fn a_stay_that_fits_comes_before_a_break() {
    let mut all = accounts([triple(0)]);
    all.breaks = breaks_of(code("lewisham"), &[short("V3", "2026-05-01..", Some("home-0"))]);
    assert_eq!(said(&all), Vec::<String>::new());
}

#[test]
fn a_shell_of_what_was_a_break_is_taken_back() {
    let (rules, now) = (Rules::default(), "2026-07-21T05:30:00Z".parse().unwrap());
    let calendar = hub_domain::Calendar::england_and_wales();
    let context = Context { as_at: day("2026-07-20"), joined: day("2026-04-01"), calendar, rules: &rules };
    let night = |all: &Accounts, held: &[crate::Notice]| {
        let found = found(all);
        shells(code("lewisham"), held, &Shells { accounts: all, found: &found, now, context })
    };
    let opened = night(&with(&[]), &[]);
    let [NoticeChange::Raised(shell)] = opened.as_slice() else { panic!("one shell") };
    let shown = with(&[short("V3", "2026-05-01..", Some("home-0"))]);
    let back = night(&shown, &[(**shell).clone()]);
    let [NoticeChange::Withdrawn(back)] = back.as_slice() else { panic!("taken back") };
    assert_eq!((back.state, back.withdrawn_because), (NoticeState::Withdrawn, Some(WithdrawalReason::ShortBreak)));
    assert!(night(&shown, &[]).is_empty(), "and none is opened");
}

/// No stay ever shows a short break, so a notice that a person gave of one waits for none.
#[test]
fn a_notice_of_a_short_break_misses_no_episode() {
    let notice = |status: &str| {
        let said =
            Statement { legal_status: Some(status.into()), placement_type: Some("U6".into()), ..Statement::default() };
        let at = "2026-05-01T09:00:00Z".parse().unwrap();
        let kind = StatementKind::Placement;
        let stated = Stated { id: Uuid::nil(), n: 1, kind, at, provisional: false, said };
        let rules = Rules::default();
        let calendar = hub_domain::Calendar::england_and_wales();
        let context = Context { as_at: day("2026-05-01"), joined: day("2026-04-01"), calendar, rules: &rules };
        let rows = [row("b 2026-05-01.. S U6 kent")];
        let changes = crate::plan(code("lewisham"), &[], &rows, &context);
        let mut notice = changes[0].events()[0].notice.clone();
        assert_eq!(notice.kind, NoticeKind::Placement);
        notice.given = Given { placement: Some(at), ..Given::default() };
        notice.statement = Some(Box::new(stated));
        let mut all = accounts([]);
        all.notices.extend(Placed::of_notice(&notice));
        super::said(&all)
    };
    assert_eq!(notice("C2"), ["missing_episode placing"]);
    assert_eq!(notice("V4"), Vec::<String>::new());
}
