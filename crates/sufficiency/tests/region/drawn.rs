//! Whole regions drawn by lot, every dataset filled: what must hold of every table of a release is tried on these.

use hub_domain::timeliness::{NoticeStart, Timeliness};
use hub_domain::{
    AuthorityCode, Date, FosteringRow, LeaverRow, PlacementRow, QualityRow, RegulatorRow, SearchRow, VacancyRow,
};
use hub_sufficiency::Region;
use jiff::Span;
use jiff::civil::date;

/// The day of every drawn region.
pub(crate) const AS_AT: Date = date(2026, 3, 1);

/// Homes' URNs, with the judgement that a member and the regulator gave each: the same in every region.
const PROVIDERS: [(&str, Option<&str>, Option<&str>); 6] = [
    ("1000001", Some("outstanding"), Some("outstanding")),
    ("1000002", Some("good"), Some("good")),
    ("1000003", Some("good"), Some("requires_improvement")),
    ("1000004", Some("requires_improvement"), Some("good")),
    ("1000005", Some("inadequate"), Some("inadequate")),
    ("1000006", None, None),
];
const PLACES: [&str; 9] = ["U1", "U4", "U6", "U6", "K1", "K2", "K2", "K3", "Z1"];
const PROVISIONS: [&str; 4] = ["foster_household", "childrens_home", "supported_accommodation", "supported_lodgings"];
const NEEDS: [&str; 3] = ["solo", "learning_disability", "parent_and_child"];

/// Numbers that are the same every time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        (0..4).for_each(|_| _ = dice.below(2));
        dice
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }

    fn number(&mut self, end: usize) -> i64 {
        i64::try_from(self.below(end)).unwrap_or(0)
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn one_of<T: Copy + Default>(&mut self, all: &[T]) -> T {
        all.get(self.below(all.len())).copied().unwrap_or_default()
    }

    fn word(&mut self, all: &[&str]) -> String {
        self.one_of(all).to_owned()
    }

    fn member(&mut self, members: &[AuthorityCode]) -> Option<AuthorityCode> {
        members.get(self.below(members.len())).copied()
    }

    /// A word, or none.
    fn maybe(&mut self, all: &[&str]) -> Option<String> {
        (!self.one_in(6)).then(|| self.word(all))
    }
}

fn ago(days: i64) -> Date {
    AS_AT.checked_sub(Span::new().days(days)).unwrap_or(AS_AT)
}

/// A region of these members, each with about `size` children and what goes with them.
pub(crate) fn draw(seed: u64, members: &[AuthorityCode], size: usize) -> Region {
    let mut dice = Dice::new(seed);
    let mut region = Region::new(AS_AT, members.iter().copied());
    register(&mut region, members);
    for (at, &own) in members.iter().enumerate() {
        for n in 0..size / 2 + dice.below(size) {
            child(&mut region, &mut dice, (own, n), members);
        }
        for n in 0..size / 3 + dice.below(size / 2 + 1) {
            region.search(own, &search(&mut dice, n));
        }
        for n in 0..size / 3 + dice.below(size / 2 + 1) {
            region.vacancy(own, vacancy(&mut dice, &format!("h{at}-{n}"), own, members));
        }
        for n in 0..size / 3 + dice.below(size / 3 + 1) {
            region.fostering(own, household(&mut dice, n));
            region.leaver(own, leaver(&mut dice, n));
            region.notice(notice(&mut dice, own, members));
        }
    }
    region
}

/// The register and the visits are the same everywhere, but for who visited lately.
fn register(region: &mut Region, members: &[AuthorityCode]) {
    for (n, (urn, visited, graded)) in PROVIDERS.into_iter().enumerate() {
        let own = members.get(n % members.len()).copied();
        let entry = |entry: &str| RegulatorRow {
            urn: urn.to_owned(),
            entry: entry.to_owned(),
            effective_from: date(2020, 1, 1),
            provider_type: Some(if n < 4 { "childrens_home" } else { "supported_accommodation" }.to_owned()),
            la: own,
            ..RegulatorRow::default()
        };
        let status = Some(if n == 4 { "pending" } else { "registered" }.to_owned());
        region.regulator(RegulatorRow {
            registration_status: status,
            registered_places: Some(6),
            ..entry("registration")
        });
        if let Some(grade) = graded {
            let (scale, grade) = (Some("four_point".to_owned()), Some(grade.to_owned()));
            region.regulator(RegulatorRow { scale, grade, aspect: "overall".to_owned(), ..entry("judgement") });
        }
        if let (Some(own), Some(overall)) = (own, visited) {
            let visit = QualityRow {
                event_ref: format!("v{n}"),
                urn: urn.to_owned(),
                kind: "visit".to_owned(),
                occurred_on: ago(if n < 3 { 100 } else { 500 }),
                source: "borough_qa".to_owned(),
                overall: Some(overall.to_owned()),
                ..QualityRow::default()
            };
            region.quality(own, &visit);
        }
    }
}

/// A child, with up to four episodes one after another.
fn child(region: &mut Region, dice: &mut Dice, (own, n): (AuthorityCode, usize), members: &[AuthorityCode]) {
    let kent: Option<AuthorityCode> = "E10000016".parse().ok();
    let first = PlacementRow {
        child_ref: format!("c{n}"),
        birth_month: format!("{}-{:02}", 2008 + dice.below(17), 1 + dice.below(12)),
        sex: dice.word(&["F", "M"]),
        ethnicity: dice.word(&["WBRI", "AIND", "BCRB", "REFU"]),
        uasc: dice.one_in(5),
        category_of_need: dice.word(&["N1", "N2", "N3", "N4", "N5"]),
        sibling_group_ref: dice.one_in(2).then(|| format!("g{}", n / 3)),
        ..PlacementRow::default()
    };
    let mut start = ago(30 + dice.number(900));
    let care = start;
    let episodes = 1 + dice.below(4);
    for nth in 0..episodes {
        let is_last = nth + 1 == episodes;
        let next = start.checked_add(Span::new().days(5 + dice.number(260))).unwrap_or(AS_AT);
        let ends = !is_last || dice.one_in(4);
        let end = (ends && next < AS_AT).then_some(next);
        let host = match dice.below(8) {
            0..4 => Some(own),
            4..6 => dice.member(members),
            6 => kent,
            _ => None,
        };
        let row = PlacementRow {
            episode_start: start,
            episode_end: end,
            care_start: Some(care),
            reason_new_episode: if nth == 0 { "S".to_owned() } else { dice.word(&["P", "T", "L", "B", "U"]) },
            reason_ceased: end
                .map(|_| if is_last { dice.word(&["E4A", "E5", "E11", "E15", "E8"]) } else { "X1".to_owned() }),
            legal_status: dice.word(&["C2", "C2", "E1", "V2"]),
            placement_la: host,
            ..placement(dice, &first)
        };
        region.placement(own, &row);
        let Some(end) = end else { return };
        start = end;
    }
}

fn placement(dice: &mut Dice, first: &PlacementRow) -> PlacementRow {
    let placement_type = if dice.one_in(14) { "T1".to_owned() } else { dice.word(&PLACES) };
    let far = dice.number(60);
    PlacementRow {
        placement_type,
        placement_provider: dice.maybe(&["PR1", "PR1", "PR4", "PR4", "PR5", "PR3"]),
        reason_place_change: dice.maybe(&["CARPL", "CREQB", "CHILD", "LAREQ", "PLACE"]),
        distance_miles: (!dice.one_in(8)).then(|| f64::from(i32::try_from(far).unwrap_or(0))),
        boundary_miles: (!dice.one_in(8)).then(|| f64::from(i32::try_from(far / 2).unwrap_or(0))),
        urn: (!dice.one_in(3)).then(|| dice.one_of(&PROVIDERS.map(|(urn, ..)| urn)).to_owned()),
        weekly_cost: (!dice.one_in(4)).then(|| 50_000 + dice.number(400_000)),
        health_share: dice.one_in(3).then(|| 1_000 + dice.number(9_000)),
        education_share: dice.one_in(4).then(|| 1_000 + dice.number(9_000)),
        route: dice.maybe(&["in_house", "framework", "spot", "none"]),
        registration: dice.maybe(&["registered", "pending", "unregistered", "not_required"]),
        planned: (!dice.one_in(5)).then(|| dice.one_in(2)),
        deprivation_of_liberty: Some(dice.one_in(4)),
        solo: Some(dice.one_in(4)),
        ..first.clone()
    }
}

fn search(dice: &mut Dice, n: usize) -> SearchRow {
    let closed = dice.one_in(4);
    SearchRow {
        search_ref: format!("s{n}"),
        child_ref: format!("c{n}"),
        opened_on: ago(1 + dice.number(300)),
        closed_on: closed.then_some(ago(0)),
        outcome: closed.then(|| dice.word(&["no_offer", "placed"])),
        provision_sought: (0..=dice.below(2)).map(|_| dice.word(&PROVISIONS)).collect(),
        age: dice.number(18),
        sex: dice.word(&["F", "M"]),
        ethnicity: dice.maybe(&["WBRI", "BCRB"]),
        sibling_group_ref: dice.one_in(3).then(|| format!("g{}", n / 2)),
        siblings_may_split: Some(dice.one_in(2)),
        needs_essential: (0..dice.below(3)).map(|_| dice.word(&NEEDS)).collect(),
        max_miles: dice.one_in(2).then_some(30.0),
        emergency: Some(dice.one_in(3)),
        ..SearchRow::default()
    }
}

fn vacancy(dice: &mut Dice, setting: &str, own: AuthorityCode, members: &[AuthorityCode]) -> VacancyRow {
    let counts = [dice.number(4), dice.number(3), dice.number(2), dice.number(2)];
    let [occupied_places, available_places, held_places, closed_places] = counts;
    VacancyRow {
        urn: dice.one_of(&PROVIDERS.map(|(urn, ..)| urn)).to_owned(),
        setting_ref: setting.to_owned(),
        provision: dice.word(&PROVISIONS),
        sector: "in_house".to_owned(),
        host_la: dice.member(members).unwrap_or(own),
        approved_places: counts.iter().sum::<i64>() + dice.number(2),
        occupied_places,
        available_places,
        held_places,
        closed_places,
        closed_reason: dice.maybe(&["staffing", "matching", "leave", "works"]),
        available_from: dice.one_in(2).then(|| ago(dice.number(40) - 10)),
        age_max: 17,
        sex_accepted: "any".to_owned(),
        sibling_places: Some(dice.number(4)),
        needs: NEEDS.iter().filter(|_| dice.one_in(2)).map(|&need| need.to_owned()).collect(),
        ethnicity_match: dice.maybe(&["WBRI", "BCRB"]).into_iter().collect(),
        weekly_fee: Some(80_000 + dice.number(90_000)),
        route: dice.maybe(&["framework", "spot"]),
        confirmed_at: format!("2026-02-{:02}T08:00:00Z", 10 + dice.below(19)).parse().ok(),
        ..VacancyRow::default()
    }
}

fn household(dice: &mut Dice, n: usize) -> FosteringRow {
    let enquiry = 20 + dice.number(700);
    let mut left = enquiry;
    let mut step = |dice: &mut Dice| {
        let day = (left > 0 && !dice.one_in(7)).then(|| ago(left));
        left -= 10 + dice.number(90);
        day
    };
    let [enquiry_on, visit_on, application_on, stage_1_on, stage_2_on, panel_on, approved_on] =
        std::array::from_fn(|_| step(dice));
    let last = approved_on.filter(|_| dice.one_in(3)).map(|day| day.checked_add(Span::new().days(60)).unwrap_or(day));
    FosteringRow {
        household_ref: format!("f{n}"),
        approval_type: dice.maybe(&["general", "kinship"]),
        long_term: Some(dice.one_in(2)),
        approved_places: approved_on.map(|_| 1 + dice.number(3)),
        inside_borough: Some(dice.one_in(2)),
        carer_age_band: dice.maybe(&["30_39", "40_49", "50_59"]),
        enquiry_on,
        visit_on,
        application_on,
        stage_1_on,
        stage_2_on,
        panel_on,
        approved_on,
        ended_on: (approved_on.is_none() && dice.one_in(2)).then(|| ago(dice.number(20))),
        deregistered_on: last.filter(|day| *day <= AS_AT),
        ..FosteringRow::default()
    }
}

fn leaver(dice: &mut Dice, n: usize) -> LeaverRow {
    let age = 17 + dice.number(8);
    LeaverRow {
        person_ref: format!("p{n}"),
        age,
        birth_month: format!("{}-{:02}", 2025 - age, 4 + dice.below(9)),
        sex: dice.maybe(&["F", "M"]),
        uasc: Some(dice.one_in(4)),
        in_touch: dice.word(&["YES", "YES", "YES", "NO", "REFU", "DIED", "RHOM"]),
        accommodation: dice.maybe(&["B1", "C1", "D1", "K1", "X2", "Z1"]),
        activity: dice.maybe(&["F1", "F2", "P4", "G4"]),
        left_fostering: Some(dice.one_in(2)),
        staying_put: Some(dice.one_in(2)),
        ..LeaverRow::default()
    }
}

fn notice(dice: &mut Dice, placing: AuthorityCode, members: &[AuthorityCode]) -> NoticeStart {
    use Timeliness::{InTime, Late, Missing, NotPracticable, Open};
    let outcome = [InTime, Late, Missing, NotPracticable].get(dice.below(5)).copied().unwrap_or(Open);
    NoticeStart {
        placing,
        host: dice.member(members).unwrap_or(placing),
        on: ago(dice.number(300)),
        outcome,
        days_late: (outcome == Timeliness::Late).then_some(3),
    }
}
