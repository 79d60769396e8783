//! Care starting and ceasing: by month, by need, by reason, and how soon.

use hub_disclosure::{Cube, Dimension, Node, Table};
use hub_domain::{AuthorityCode, Date};
use jiff::ToSpan as _;

use crate::area::{ALL, Areas};
use crate::care::total_of;
use crate::definition::{Definition, Expect, Given, Indicator, Vector};
use crate::kind;
use crate::placed::days_between;
use crate::region::Picture;
use crate::stay::{Period, periods};

const COHORT: &str = "Periods of care, agreed series of short breaks (V3, V4) left out. One starts with an episode whose \
                      reason (903 RNE) is S. It ceases when its last episode has ended for a reason (903 REC) other than \
                      X1; a start the same day is another period.";
const WINDOW: &str = "The twelve whole months before the month of the day.";
const ENDED_FOR_ANOTHER: &str = "A period whose last episode ended for another to start that day (X1), and none did, has not \
                                 ceased. A period without its start in the feed starts nowhere.";

const CHANGES: Definition = Definition {
    id: "starts_and_ceases",
    title: "Children starting and ceasing to be looked after, by month",
    words: "Periods of care that started and that ceased: by month for the region, and for the twelve whole months \
            together for each authority. The month of the day stands by itself: it is not over.",
    cohort: COHORT,
    numerator: "Periods of care.",
    window: "Each of the twelve whole months before the month of the day, and that month up to and including the day.",
    source: "Indicator 4 (Croydon 2019-20 and 2024-27, Lewisham 2022-25, Bromley 2022-24); rulings 11 and 12.",
    datasets: "placements",
    unit: "periods of care",
    limits: ENDED_FOR_ANOTHER,
    vectors: &[Vector {
        shows: "a re-start the same day is a period of its own; a short break is none; X1 is no end of care; the day itself \
                counts, the month before the twelve does not",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-02-28","episode_end":"2025-03-10","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","category_of_need":"N1","placement_type":"U6","reason_ceased":"X1"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-03-10","episode_end":"2025-04-10","birth_month":"2014-01","reason_new_episode":"P","legal_status":"C2","category_of_need":"N1","placement_type":"K2","reason_ceased":"E4A"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-04-10","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","category_of_need":"N1","placement_type":"K2"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-06-10","birth_month":"2014-01","reason_new_episode":"S","legal_status":"V3","category_of_need":"N2","placement_type":"K2"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"c","episode_start":"2026-03-01","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","category_of_need":"N5","placement_type":"K2"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["12_months", "E09000023"], measure: "starts", value: 1 },
            Expect { row: &["12_months", "E09000023"], measure: "ceases", value: 1 },
            Expect { row: &["2025-03", "all"], measure: "starts", value: 0 },
            Expect { row: &["2025-04", "all"], measure: "starts", value: 1 },
            Expect { row: &["2025-04", "all"], measure: "ceases", value: 1 },
            Expect { row: &["2026-03", "all"], measure: "starts", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const BY_NEED: Definition = Definition {
    id: "starts_by_need",
    title: "Children starting to be looked after, by category of need",
    words: "Periods of care that started in the twelve whole months, by the category of need (903 CIN) at their \
            start, for each sub-region.",
    cohort: COHORT,
    numerator: "Starts of the category.",
    denominator: "All starts of the area: the row of all categories.",
    window: WINDOW,
    source: "Indicator 5 (Croydon 2019-20, Lewisham 2022-25).",
    datasets: "placements",
    unit: "periods of care",
    limits: ENDED_FOR_ANOTHER,
    ..Definition::BLANK
};

const BY_REASON: Definition = Definition {
    id: "ceases_by_reason",
    title: "Children ceasing to be looked after, by reason",
    words: "Periods of care that ceased in the twelve whole months, by the reason of their last episode (903 REC): home to \
            parents or relatives with parental responsibility (E4A, E4B), special guardianship (E43 to E48), adoption (E11, \
            E12), child arrangements or residence order (E41), someone without parental responsibility (E13), independent \
            living (E5, E6), 18 and stayed with carers (E17), adult social care (E7), custody or end of remand (E9, E14), \
            another authority (E3), and the rest (E2, E8, E15, E16 and no reason). For each sub-region.",
    cohort: COHORT,
    numerator: "Ceases for the reason.",
    denominator: "All ceases of the area: the row of all reasons.",
    window: WINDOW,
    source: "Indicator 6 (Lewisham 2022-25, Bromley 2022-24, Southwark 2018-22, Croydon 2019-20).",
    datasets: "placements",
    unit: "periods of care",
    limits: ENDED_FOR_ANOTHER,
    ..Definition::BLANK
};

const WITHIN: Definition = Definition {
    id: "left_within_six_months",
    title: "Children ceasing to be looked after within six months",
    words: "Periods of care that ceased in the twelve whole months, and how many of them had lasted less than 183 days.",
    cohort: COHORT,
    numerator: "within_six_months.",
    denominator: "ceases.",
    window: WINDOW,
    source: "Indicator 7 (Lewisham 2022-25).",
    datasets: "placements",
    unit: "periods of care",
    limits: "A period whose start is not in the feed lasts from the start of care that its episodes state, else from the \
             earliest episode that is held.",
    vectors: &[Vector {
        shows: "182 days are within six months, 183 are not",
        as_at: "2026-03-01",
        given: &[
            Given::placement(
                r#"{"child_ref":"a","episode_start":"2025-05-01","episode_end":"2025-10-30","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","placement_type":"U6","reason_ceased":"E4A"}"#,
            ),
            Given::placement(
                r#"{"child_ref":"b","episode_start":"2025-05-01","episode_end":"2025-10-31","birth_month":"2014-01","reason_new_episode":"S","legal_status":"C2","placement_type":"U6","reason_ceased":"E4A"}"#,
            ),
        ],
        expect: &[
            Expect { row: &["E09000023"], measure: "within_six_months", value: 1 },
            Expect { row: &["E09000023"], measure: "later", value: 1 },
            Expect { row: &["E09000023"], measure: "ceases", value: 2 },
        ],
    }],
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &CHANGES, table: Some(|_, asked| by_month(asked.picture)) },
    Indicator { definition: &BY_NEED, table: Some(|_, asked| by_need(asked.picture)) },
    Indicator { definition: &BY_REASON, table: Some(|_, asked| by_reason(asked.picture)) },
    Indicator { definition: &WITHIN, table: Some(|_, asked| within(asked.picture)) },
];

const STARTS: &str = "starts";
const CEASES: &str = "ceases";
const YEAR: &str = "12_months";
/// Fewer days of care than this are less than six months.
const SIX_MONTHS: u64 = 183;

const NEEDS: [(&str, &str); 8] = [
    ("N1", "Abuse or neglect"),
    ("N2", "Child's disability"),
    ("N3", "Parental illness or disability"),
    ("N4", "Family in acute stress"),
    ("N5", "Family dysfunction"),
    ("N6", "Socially unacceptable behaviour"),
    ("N7", "Low income"),
    ("N8", "Absent parenting"),
];

const REASONS: [(&str, &str); 10] = [
    ("home", "Home to parents or others with parental responsibility"),
    ("special_guardianship", "Special guardianship order"),
    ("adoption", "Adopted"),
    ("child_arrangements", "Child arrangements or residence order"),
    ("without_responsibility", "With someone without parental responsibility"),
    ("independent", "Independent living"),
    ("stayed_with_carers", "18, and stayed with carers"),
    ("adult_care", "Adult social care"),
    ("custody", "Custody, or remand ended"),
    ("other_authority", "Another authority"),
];
const OTHER_REASON: (&str, &str) = ("other", "Any other reason, or none given");

fn reason(code: &str) -> &'static str {
    match code {
        "E4A" | "E4B" => "home",
        "E43" | "E44" | "E45" | "E46" | "E47" | "E48" => "special_guardianship",
        "E11" | "E12" => "adoption",
        "E41" => "child_arrangements",
        "E13" => "without_responsibility",
        "E5" | "E6" => "independent",
        "E17" => "stayed_with_carers",
        "E7" => "adult_care",
        "E9" | "E14" => "custody",
        "E3" => "other_authority",
        _ => OTHER_REASON.0,
    }
}

/// The twelve whole months: their first day, and the day after their last.
struct Year {
    from: Date,
    to: Date,
}

impl Year {
    fn of(picture: &Picture) -> Self {
        let to = picture.as_at.first_of_month();
        Self { from: to.checked_sub(12.months()).unwrap_or(Date::MIN), to }
    }

    fn holds(&self, day: Date) -> bool {
        self.from <= day && day < self.to
    }

    /// All twelve, each of them, and apart from them the month of the day.
    fn dimension(&self) -> Dimension {
        let flat = |key: String, parent| Node { labels: vec![key.clone()], key, parent };
        let month = |n: i32| self.from.checked_add(n.months()).ok();
        let each = (0..12).filter_map(month).map(|month| flat(month_of(month), Some(0)));
        let nodes = std::iter::once(flat(YEAR.to_owned(), None)).chain(each).chain([flat(month_of(self.to), None)]);
        Dimension { columns: vec!["month".to_owned()], nodes: nodes.collect() }
    }
}

fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// Every period of care of the region's children.
fn each_period(picture: &Picture) -> impl Iterator<Item = (AuthorityCode, Period<'_>)> {
    let children = picture.children.by_child.iter();
    children.flat_map(|(&(authority, _), child)| periods(child).into_iter().map(move |period| (authority, period)))
}

/// By month for the region; for the twelve together by authority.
fn by_month(picture: &Picture) -> Table {
    let (areas, months) = (Areas::of_authorities(&picture.members), Year::of(picture).dimension());
    let mut by_month = cube(&CHANGES, &[STARTS, CEASES], &[&months, &total_of(&areas.dimension)]);
    let mut by_area = cube(&CHANGES, &[STARTS, CEASES], &[&total_of(&months), &areas.dimension]);
    let year = Year::of(picture);
    for (authority, period) in each_period(picture) {
        let Some(&area) = areas.place.get(&authority) else { continue };
        for (measure, on) in [period.started_on(), period.ceased_on()].into_iter().enumerate() {
            let Some(on) = on.filter(|day| *day <= picture.as_at) else { continue };
            if let Some(month) = months.find(&month_of(on)) {
                by_month.add(&[month, 0], measure, 1);
            }
            if year.holds(on) {
                by_area.add(&[0, area], measure, 1);
            }
        }
    }
    let mut table = by_month.into_table(CHANGES.title, CHANGES.reference(), &|_, _| None);
    table.absorb(by_area.into_table(CHANGES.title, CHANGES.reference(), &|_, _| None));
    table
}

/// Id of the twelve months' starts or ceases of an area, whichever table they stand in.
fn id(area: &str, measure: &str) -> String {
    format!("{}|{YEAR}|{area}|{measure}", CHANGES.id)
}

fn by_need(picture: &Picture) -> Table {
    let needs = kind::dimension("category_of_need", NEEDS.into_iter());
    let place = |period: &Period<'_>| (period.started_on(), kind::find(&needs, Some(period.first.need.as_str())));
    cut(&BY_NEED, STARTS, picture, &needs, place)
}

fn by_reason(picture: &Picture) -> Table {
    let mut reasons = kind::dimension("reason", REASONS.into_iter().chain([OTHER_REASON]));
    // Every code has its place: none is outside the vocabulary.
    reasons.nodes.pop();
    let place =
        |period: &Period<'_>| (period.ceased_on(), kind::find(&reasons, Some(reason(period.last.ceased.as_str()))));
    cut(&BY_REASON, CEASES, picture, &reasons, place)
}

/// The twelve months' starts or ceases of each area, cut one way; all together they are those of [`CHANGES`].
fn cut(
    definition: &Definition,
    measure: &'static str,
    picture: &Picture,
    ways: &Dimension,
    place: impl Fn(&Period<'_>) -> (Option<Date>, usize),
) -> Table {
    let (areas, year) = (Areas::wide(&picture.members), Year::of(picture));
    let mut cube = cube(definition, &[measure], &[&areas.dimension, ways]);
    for (authority, period) in each_period(picture) {
        let (on, way) = place(&period);
        if let Some(&area) = areas.place.get(&authority).filter(|_| on.is_some_and(|on| year.holds(on))) {
            cube.add(&[area, way], 0, 1);
        }
    }
    let rename = |keys: &[&str], measure: &str| match keys {
        [area, ALL] => Some(id(area, measure)),
        _ => None,
    };
    cube.into_table(definition.title, definition.reference(), &rename)
}

fn within(picture: &Picture) -> Table {
    let (areas, year) = (Areas::of_authorities(&picture.members), Year::of(picture));
    let measures = ["within_six_months", "later", CEASES];
    let mut cube = cube(&WITHIN, &measures, &[&areas.dimension]).summing(2, &[0, 1]);
    for (authority, period) in each_period(picture) {
        let Some(&area) = areas.place.get(&authority) else { continue };
        let Some(on) = period.ceased_on().filter(|on| year.holds(*on)) else { continue };
        let soon = days_between(period.start(), on) < SIX_MONTHS;
        cube.add(&[area], usize::from(!soon), 1);
        cube.add(&[area], 2, 1);
    }
    let rename = |keys: &[&str], measure: &str| match keys {
        [area] if measure == CEASES => Some(id(area, CEASES)),
        _ => None,
    };
    cube.into_table(WITHIN.title, WITHIN.reference(), &rename)
}

fn cube(definition: &Definition, measures: &[&str], dimensions: &[&Dimension]) -> Cube {
    Cube::new(definition.id, measures, dimensions.iter().map(|&dimension| dimension.clone()).collect())
}
