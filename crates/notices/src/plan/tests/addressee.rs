//! Promise S11: every ordered pair of England's authorities, on ten dates around boundaries: as a feed shows the
//! placement, as the placing authority states it, and as a home tells of it.
//!
//! What is right is written here by hand and again, so that it can disagree with the engine: Surrey is in being to 31 March
//! 2027, its successors from 1 April; six had ended before any of these dates; everybody else is in being on each.

use std::collections::BTreeMap;

use hub_domain::{AuthorityCode, Calendar, Date, PlacementRow, authority};
use jiff::ToSpan as _;
use jiff::civil::date;
use uuid::Uuid;

use crate::fixture::{code, row};
use crate::{
    Admission, Admitted, Context, HeldReason, Notice, NoticeState, Rules, Stated, Statement, StatementKind, give, plan,
};

/// Around the end of Surrey, the turn of financial years, a leap day, and bank holidays.
const DATES: [Date; 10] = [
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 12, 25),
    date(2027, 3, 30),
    date(2027, 3, 31),
    date(2027, 4, 1),
    date(2027, 4, 2),
    date(2028, 2, 29),
    date(2028, 3, 31),
    date(2028, 4, 1),
];

const FIRST_OF_APRIL: Date = date(2027, 4, 1);

fn is_in_being(host: AuthorityCode, on: Date) -> bool {
    match host.as_str() {
        "E10000030" => on < FIRST_OF_APRIL,
        "X06000001" | "X06000002" => on >= FIRST_OF_APRIL,
        "E08000016" | "E08000019" | "E10000006" | "E10000021" | "E10000023" | "E10000027" => false,
        _ => true,
    }
}

fn everybody() -> impl Iterator<Item = AuthorityCode> {
    authority::all().iter().map(|authority| authority.code)
}

fn is_addressed(notice: &Notice) -> bool {
    notice.issued && notice.state != NoticeState::Held
}

/// What one feed asks for: every authority a member, so that nobody is held for not taking part.
fn planned(placing: AuthorityCode, rows: &[PlacementRow], as_at: Date) -> Vec<Notice> {
    let rules = everybody_takes_part();
    let changes = plan(placing, &[], rows, &context(as_at, &rules));
    changes.iter().flat_map(|change| change.events().into_iter().map(|event| event.notice.clone())).collect()
}

/// One open placement in the area of each host, of a child named after it.
fn everywhere() -> Vec<(AuthorityCode, PlacementRow)> {
    everybody().map(|host| (host, row(&format!("{host} 2026-01-02.. S K2 {host} #oak")))).collect()
}

/// Pairs, dates and starts at which a router does not do what is right: the host that was named when it is in being, else
/// nobody.
fn wrong(
    placing: impl Iterator<Item = AuthorityCode>,
    router: impl Fn(AuthorityCode, &[PlacementRow], Date) -> Vec<Notice>,
) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    let mut asked = 0;
    let all = everywhere();
    let nights =
        DATES.into_iter().flat_map(|as_at| [0, -3, 2].map(|days| (as_at, as_at.checked_add(days.days()).unwrap())));
    let nights: Vec<(Date, Date)> = nights.collect();
    for placing in placing {
        let hosts: Vec<_> = all.iter().filter(|(host, _)| *host != placing).collect();
        for (as_at, start) in &nights {
            let open = |row: &PlacementRow| PlacementRow { episode_start: *start, ..row.clone() };
            let rows: Vec<PlacementRow> = hosts.iter().map(|(_, row)| open(row)).collect();
            let mut told: BTreeMap<String, Vec<AuthorityCode>> = BTreeMap::new();
            for notice in router(placing, &rows, *as_at).into_iter().filter(is_addressed) {
                told.entry(notice.child_ref).or_default().push(notice.host);
            }
            asked += hosts.len();
            found.extend(hosts.iter().filter_map(|(host, row)| {
                let told = told.get(&row.child_ref).cloned().unwrap_or_default();
                let right: Vec<AuthorityCode> =
                    is_in_being(*host, (*start).max(*as_at)).then_some(*host).into_iter().collect();
                (told != right).then(|| format!("{placing} in {host} from {start} as at {as_at}: {told:?}"))
            }));
        }
    }
    (asked, found)
}

/// What a feed, or whoever speaks, comes to.
type Router = fn(AuthorityCode, &[PlacementRow], Date) -> Vec<Notice>;

#[test]
fn every_pair_is_addressed_by_date_valid_code_or_held() {
    let (asked, found) = wrong(everybody(), planned);
    let many = everybody().count();
    assert_eq!(many, 153 + 2 + 6, "in being, to come, and ended");
    assert_eq!(asked, many * (many - 1) * DATES.len() * 3);
    assert!(found.is_empty(), "{} wrong addressees: {:?}", found.len(), found.first());
}

fn context(as_at: Date, rules: &Rules) -> Context<'_> {
    Context { as_at, joined: date(2026, 1, 1), calendar: Calendar::england_and_wales(), rules }
}

fn everybody_takes_part() -> Rules {
    Rules { extra_hosts: everybody().collect(), ..Rules::default() }
}

/// What the placing authority states of the same placements.
fn given(placing: AuthorityCode, rows: &[PlacementRow], as_at: Date) -> Vec<Notice> {
    let rules = everybody_takes_part();
    let state = |row: &PlacementRow| {
        let said = Statement {
            child_ref: Some(row.child_ref.clone()),
            host: row.placement_la,
            placement_start: Some(row.episode_start),
            placement_type: Some(row.placement_type.clone()),
            ..Statement::default()
        };
        let at = "2026-01-02T09:00:00Z".parse().unwrap();
        let stated = Stated { id: Uuid::nil(), n: 1, kind: StatementKind::Placement, at, provisional: false, said };
        give(None, placing, stated, &context(as_at, &rules)).unwrap().1
    };
    rows.iter().map(state).collect()
}

/// What a home in the host's area tells of them.
fn admitted(placing: AuthorityCode, rows: &[PlacementRow], as_at: Date) -> Vec<Notice> {
    let rules = everybody_takes_part();
    let tell = |row: &PlacementRow| {
        let reported_at = "2026-01-02T09:00:00Z".parse().unwrap();
        let admitted = Admitted {
            placing,
            host: row.placement_la.unwrap(),
            child_ref: row.child_ref.clone(),
            admission: Admission { on: row.episode_start, reported_at, urn: None },
            placement_type: "K2".to_owned(),
            setting_ref: None,
            placement_sector: None,
        };
        Notice::from_admission(&admitted, &context(as_at, &rules))
    };
    rows.iter().map(tell).collect()
}

#[test]
fn whoever_speaks_every_pair_is_addressed_by_date_valid_code_or_held() {
    let routers: [(&str, Router); 2] = [("stated", given), ("told by a home", admitted)];
    for (name, router) in routers {
        let (asked, found) = wrong(everybody(), router);
        let many = everybody().count();
        assert_eq!(asked, many * (many - 1) * DATES.len() * 3, "{name}");
        assert!(found.is_empty(), "{name}: {} wrong addressees: {:?}", found.len(), found.first());
    }
}

fn lewisham() -> impl Iterator<Item = AuthorityCode> {
    std::iter::once(code("lewisham"))
}

/// Planted faults: one router goes on writing to an authority that has ended, one guesses a successor, one goes by name.
#[test]
fn a_router_that_guesses_is_caught() {
    let unheld = |placing, rows: &[PlacementRow], as_at| {
        let not_in_force = |notice: &Notice| notice.held_because == Some(HeldReason::HostNotInForce);
        let send = |notice: Notice| Notice { state: NoticeState::Raised, issued: true, held_because: None, ..notice };
        let notices = planned(placing, rows, as_at).into_iter();
        notices.map(|notice| if not_in_force(&notice) { send(notice) } else { notice }).collect()
    };
    assert!(!wrong(lewisham(), unheld).1.is_empty(), "writing to whoever has ended");
    let guessing = |placing, rows: &[PlacementRow], as_at| {
        let rows: Vec<PlacementRow> = rows
            .iter()
            .cloned()
            .map(|row| {
                let named = row.placement_la.and_then(authority::find);
                let over =
                    named.filter(|named| !named.exists_on(as_at)).and_then(|named| named.successors.first().copied());
                PlacementRow { placement_la: over.or(row.placement_la), ..row }
            })
            .collect();
        planned(placing, &rows, as_at)
    };
    assert!(!wrong(lewisham(), guessing).1.is_empty(), "writing to whoever may have taken over");
    let by_name = |placing, rows: &[PlacementRow], as_at| {
        let surrey = |host: AuthorityCode| authority::find(host).is_some_and(|found| found.name.contains("Surrey"));
        let notices = planned(placing, rows, as_at).into_iter();
        notices
            .map(|notice| if surrey(notice.host) { Notice { host: code("surrey"), ..notice } } else { notice })
            .collect()
    };
    assert!(!wrong(lewisham(), by_name).1.is_empty(), "writing by name");
}
