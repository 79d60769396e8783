//! Histories of children, counted once more day by day, by code that shares nothing with the tables but the codes.

use std::collections::{BTreeMap, BTreeSet};

use hub_disclosure::{Cell, Table};
use hub_domain::ages::{StrategyBand, age_on};
use hub_domain::{Date, PlacementRow};
use hub_sufficiency::Region;
use jiff::ToSpan as _;
use jiff::civil::date;
use proptest::prelude::*;

use crate::made::{LEWISHAM, code, count, episode};

const AS_AT: Date = date(2026, 3, 31);
const FROM: Date = date(2025, 4, 1);
const KINDS: [(&str, &str, &str); 7] = [
    ("U6", "PR1", "foster_not_long_term_in_house"),
    ("U4", "PR4", "foster_long_term_agency"),
    ("U3", "PR1", "connected_not_long_term"),
    ("K2", "PR4", "childrens_home"),
    ("P1", "PR0", "with_parents"),
    ("T1", "", "temporary"),
    ("T4", "", "temporary"),
];

/// One episode, drawn: days before it (a gap in care), days of it, kind, reason, setting, short break.
type Drawn = (Option<u16>, u16, usize, &'static str, Option<u8>, bool);

fn drawn() -> impl Strategy<Value = Drawn> {
    let gap = prop_oneof![5 => Just(None), 1 => (1..60_u16).prop_map(Some)];
    let reason = prop::sample::select(vec!["P", "P", "L", "T", "B", "U"]);
    let days = prop_oneof![1..30_u16, 30..400_u16];
    let setting = prop_oneof![3 => Just(None), 1 => (0..3_u8).prop_map(Some)];
    (gap, days, 0..KINDS.len(), reason, setting, prop::bool::weighted(0.05))
}

fn child() -> impl Strategy<Value = Vec<PlacementRow>> {
    let born = (2008..2025_i16, 1..=12_i8);
    (born, 0..1_100_i32, prop::collection::vec(drawn(), 1..9), any::<bool>()).prop_map(|(born, back, drawn, stays)| {
        let mut next = AS_AT.checked_sub(back.days()).unwrap();
        let last = drawn.len() - 1;
        let mut rows = Vec::new();
        for (at, (gap, days, kind, reason, setting, is_break)) in drawn.into_iter().enumerate() {
            let start = next.checked_add(i32::from(gap.unwrap_or(0)).days()).unwrap();
            next = start.checked_add(i32::from(days).days()).unwrap();
            let (place, provider, _) = KINDS[kind];
            let begins = at == 0 || gap.is_some();
            let open = at == last && stays;
            rows.push(PlacementRow {
                episode_start: start,
                episode_end: (!open).then_some(next),
                birth_month: format!("{}-{:02}", born.0, born.1),
                reason_new_episode: if begins { "S" } else { reason }.to_owned(),
                legal_status: if is_break { "V4" } else { "C2" }.to_owned(),
                placement_type: place.to_owned(),
                placement_provider: (!provider.is_empty()).then(|| provider.to_owned()),
                setting_ref: setting.filter(|_| !provider.is_empty()).map(|setting| format!("st-{setting}")),
                reason_ceased: (!open).then(|| "X1".to_owned()),
                ..episode("x")
            });
        }
        // Whoever's next episode does not follow at once left care.
        for at in 0..rows.len() {
            let follows = rows.get(at + 1).is_some_and(|next| Some(next.episode_start) == rows[at].episode_end);
            if rows[at].episode_end.is_some() && !follows {
                rows[at].reason_ceased = Some("E4A".to_owned());
            }
        }
        rows
    })
}

fn children() -> impl Strategy<Value = Vec<Vec<PlacementRow>>> {
    prop::collection::vec(child(), 1..12).prop_map(|mut children| {
        for (number, rows) in children.iter_mut().enumerate() {
            for row in rows {
                row.child_ref = format!("c{number}");
            }
        }
        children
    })
}

/// What one child's days say, day by day.
#[derive(Default)]
struct Diary {
    /// Kind and band → days of the year.
    days: BTreeMap<(&'static str, &'static str), u64>,
    /// Kind and band of each placement of the year.
    placements: Vec<(&'static str, &'static str)>,
    /// Stays that touch the year, and two years.
    stays: [BTreeSet<u32>; 2],
    /// Placements met in the year.
    met: BTreeSet<u32>,
    in_care: bool,
}

impl Diary {
    /// A day in care: with which carer, in which placement since when, and what is kept.
    fn note(&mut self, today: Date, carer: u32, placement: (u32, &PlacementRow, Date), kept: &PlacementRow) {
        let (number, first, began) = placement;
        if today >= date(2024, 4, 1) {
            self.stays[1].insert(carer);
        }
        if today < FROM {
            return;
        }
        *self.days.entry((kind(first), band(kept, today))).or_default() += 1;
        self.stays[0].insert(carer);
        if self.met.insert(number) {
            self.placements.push((kind(first), band(first, began.max(FROM))));
        }
    }
}

fn band(row: &PlacementRow, on: Date) -> &'static str {
    age_on(&row.birth_month, on).map_or("unknown", |age| StrategyBand::of(i64::from(age)).as_str())
}

fn kind(row: &PlacementRow) -> &'static str {
    KINDS.iter().find(|(place, ..)| *place == row.placement_type).unwrap().2
}

/// Whether `row` goes on with the same carer as `before` it.
fn same_carer(before: &PlacementRow, row: &PlacementRow, away: bool) -> bool {
    if row.reason_new_episode == "S" {
        return false;
    }
    if before.setting_ref.is_some() && row.setting_ref.is_some() {
        return before.setting_ref == row.setting_ref;
    }
    let back = before.placement_type == row.placement_type && before.placement_provider == row.placement_provider;
    (away && back) || matches!(row.reason_new_episode.as_str(), "L" | "T" | "U")
}

fn diary(rows: &[PlacementRow]) -> Diary {
    let mut diary = Diary::default();
    let counted: Vec<&PlacementRow> =
        rows.iter().filter(|row| !matches!(row.legal_status.as_str(), "V3" | "V4")).collect();
    let (mut carer, mut placement) = (0_u32, 0_u32);
    let mut kept: Option<&PlacementRow> = None;
    let (mut away, mut held) = (false, false);
    let mut first_days: BTreeMap<u32, (Date, &PlacementRow)> = BTreeMap::new();
    let mut today = date(2020, 1, 1);
    while today <= AS_AT {
        let open = counted
            .iter()
            .copied()
            .rev()
            .find(|row| row.episode_start <= today && row.episode_end.is_none_or(|end| today < end));
        let begins = open.is_some_and(|row| row.episode_start == today);
        match open {
            None => held = false,
            Some(row) if kind(row) == "temporary" => {
                if begins && row.reason_new_episode == "S" {
                    (kept, held) = (None, false);
                }
                away = true;
            }
            Some(row) if begins => {
                let same = kept.is_some_and(|kept| same_carer(kept, row, away));
                carer += u32::from(!same);
                placement += u32::from(!same || kept.is_some_and(|kept| kept.placement_type != row.placement_type));
                (kept, away, held) = (Some(row), false, true);
                first_days.entry(placement).or_insert((today, row));
            }
            Some(_) => {}
        }
        if let (Some(_), Some(kept), true) = (open, kept, held) {
            let (began, first) = first_days[&placement];
            diary.note(today, carer, (placement, first, began), kept);
        }
        diary.in_care = open.is_some();
        today = today.tomorrow().unwrap();
    }
    diary
}

fn fold(children: &[Vec<PlacementRow>]) -> hub_sufficiency::Picture {
    let mut region = Region::new(AS_AT, [code(LEWISHAM)]);
    for row in children.iter().flatten().rev() {
        region.placement(code(LEWISHAM), row);
    }
    region.finish()
}

fn rows_of(table: &Table) -> BTreeMap<(String, String), [u64; 2]> {
    let own = table.rows.iter().filter(|row| row.labels[0] == LEWISHAM);
    let count = |cell: &Cell| if let Cell::Count { value, .. } = cell { *value } else { u64::MAX };
    own.map(|row| ((row.labels[5].clone(), row.labels[3].clone()), [count(&row.cells[0]), count(&row.cells[1])]))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn placements_days_and_stays_are_what_a_diary_says(children in children()) {
        let picture = fold(&children);
        let diaries: Vec<Diary> = children.iter().map(|rows| diary(rows)).collect();
        let mut wanted: BTreeMap<(String, String), [u64; 2]> = BTreeMap::new();
        for diary in &diaries {
            for (kind, band) in &diary.placements {
                for label in labels(kind) {
                    wanted.entry((label, (*band).to_owned())).or_default()[0] += 1;
                }
            }
            for ((kind, band), days) in &diary.days {
                for label in labels(kind) {
                    wanted.entry((label, (*band).to_owned())).or_default()[1] += days;
                }
            }
        }
        let table = picture.table("placements_by_type", 1).unwrap();
        let mut found = rows_of(&table);
        found.retain(|(kind, band), _| kind != "All kinds" && band != "all");
        prop_assert_eq!(found, wanted);

        let now = |diary: &&Diary| diary.in_care;
        let three = |at: usize| diaries.iter().filter(now).filter(|diary| diary.stays[at].len() >= 3).count() as u64;
        let short = picture.table("stability_short", 1).unwrap();
        prop_assert_eq!(count(&short, &[LEWISHAM, "three_in_year"], "children"), three(0));
        prop_assert_eq!(count(&short, &[LEWISHAM, "three_in_two_years"], "children"), three(1));
        let care = picture.table("children_in_care", 1).unwrap();
        let all = count(&care, &[LEWISHAM, "all", "both", "all"], "children");
        prop_assert_eq!(all, diaries.iter().filter(now).count() as u64);
        prop_assert_eq!(count(&short, &[LEWISHAM, "authority", "all"], "children"), all);
    }
}

/// The label that the table gives a kind, and that of all fostering where it is of it.
fn labels(kind: &str) -> Vec<String> {
    let is_fostering = kind.starts_with("foster") || kind.starts_with("connected");
    is_fostering.then(|| "All fostering, kin included".to_owned()).into_iter().chain([label(kind)]).collect()
}

/// The label that the table gives a kind.
fn label(kind: &str) -> String {
    match kind {
        "foster_not_long_term_in_house" => "Foster not long term, in-house",
        "foster_long_term_agency" => "Foster long term, private or voluntary",
        "connected_not_long_term" => "Connected person, not long term",
        "childrens_home" => "Children's homes",
        "with_parents" => "Placed with own parents",
        other => other,
    }
    .to_owned()
}
