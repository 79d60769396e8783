//! Young people who were looked after: where they live, and who stays with the carer they had.

use hub_disclosure::{Cube, Dimension, Node, Table};
use hub_domain::LeaverRow;

use crate::area::{ALL, Areas};
use crate::care::total_of;
use crate::definition::{Definition, Expect, Given, Indicator, Variant, Vector};
use crate::region::Picture;

const COHORT: &str = "Young people of the care leavers feeds, once for each birthday that fell in the twelve months up to and \
                      including the day, the birthday being taken as the first of the month of birth. Those who died or \
                      returned home for six months or more are not in scope (DfE).";
const WINDOW: &str = "Birthdays in the twelve months up to and including the day.";

const ACCOMMODATION: Definition = Definition {
    id: "care_leavers_accommodation",
    title: "Care leavers in suitable accommodation, with both denominators",
    words: "Young people by the birthday they reached: all in scope, those the authority was in touch with, and of those how \
            many lived in suitable accommodation: by age for each sub-region, for all ages together for the region and each \
            authority.",
    cohort: COHORT,
    numerator: "suitable: in touch and in accommodation with the suffix 1.",
    denominator: "in_scope: everybody in scope, as DfE has it (Bromley printed 89 % by the narrower and 97 % by the other: the \
                  denominator has to be named). in_touch: those in touch alone. Shares are left to the reader, since one \
                  beside a hidden count would give it back.",
    window: WINDOW,
    banding: "17-18, 19-21 and 22-25, by the birthday the row is about",
    variants: &[
        Variant { id: "of_in_scope", words: "suitable over in_scope." },
        Variant { id: "of_in_touch", words: "suitable over in_touch." },
    ],
    source: "Indicator 33 (Lewisham 2022-25, Bromley 2022-24, Croydon 2019-20); 903 OC3; SI 2010/2571 reg 9.",
    datasets: "care_leavers",
    unit: "young people",
    limits: "Suitable is the authority's own judgement. Where no care leavers are fed the table has no rows.",
    vectors: &[Vector {
        shows: "both denominators; who died or went home is in neither; a birthday a year and a day ago is in none",
        as_at: "2026-03-01",
        given: PEOPLE,
        expect: &[
            Expect { row: &["E09000023", "all"], measure: "in_scope", value: 5 },
            Expect { row: &["E09000023", "19-21"], measure: "in_scope", value: 4 },
            Expect { row: &["E09000023", "19-21"], measure: "in_touch", value: 3 },
            Expect { row: &["E09000023", "19-21"], measure: "not_in_touch", value: 1 },
            Expect { row: &["E09000023", "19-21"], measure: "suitable", value: 1 },
            Expect { row: &["E09000023", "19-21"], measure: "unsuitable", value: 1 },
            Expect { row: &["E09000023", "19-21"], measure: "not_known", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const STAYING: Definition = Definition {
    id: "staying_put",
    title: "Young people who left foster care at 18 and stay with their carers",
    words: "Of the young people who turned 18 in the last twelve months and were fostered on the day care ended, how many live \
            on with the former foster carer.",
    cohort: COHORT,
    numerator: "staying_put: those whose row says so, or whose accommodation is with the former foster carer (903 ACCOM Z).",
    denominator: "left_fostering: turned 18 and were fostered (903 PLACE U1 to U6) on the day care ended.",
    window: WINDOW,
    banding: "none: the eighteenth birthday",
    source: "Indicator 34 (Croydon 2019-20, Bromley 2022-24, Southwark 2018-22); Children Act 1989 s 23CZA.",
    datasets: "care_leavers",
    unit: "young people",
    limits: "As at around the birthday: who stayed and left later counts as staying. A young person of whom left_fostering is \
             not said counts nowhere.",
    vectors: &[Vector {
        shows: "eighteen, fostered and said to stay or housed with the former carer",
        as_at: "2026-03-01",
        given: PEOPLE,
        expect: &[
            Expect { row: &["E09000023"], measure: "left_fostering", value: 1 },
            Expect { row: &["E09000023"], measure: "staying_put", value: 1 },
            Expect { row: &["E09000023"], measure: "moved_on", value: 0 },
        ],
    }],
    ..Definition::BLANK
};

const ACTIVITY: Definition = Definition {
    id: "care_leavers_activity",
    title: "Care leavers in education, employment or training, with both denominators",
    words: "Young people by the birthday they reached: all in scope, those the authority was in touch with, and of those how \
            many were in education, employment or training, full time or part time: by age for each sub-region, for all ages \
            together for the region and each authority.",
    cohort: COHORT,
    numerator: "in_activity: in touch and 903 ACTIV F1 to F5 or P1 to P5.",
    denominator: "in_scope: everybody in scope, as DfE has it. in_touch: those in touch alone. Shares are left to the reader.",
    window: WINDOW,
    banding: "17-18, 19-21 and 22-25, by the birthday the row is about",
    variants: &[
        Variant { id: "of_in_scope", words: "in_activity over in_scope." },
        Variant { id: "of_in_touch", words: "in_activity over in_touch." },
    ],
    source: "Indicator 38 (Croydon 2019-20: 60 % of 19 to 21); 903 OC3 ACTIV.",
    datasets: "care_leavers",
    unit: "young people",
    limits: "Around the birthday, not over the year. Where no care leavers are fed the table has no rows.",
    vectors: &[Vector {
        shows: "full and part time count, illness does not, and a code that is none is not known",
        as_at: "2026-03-01",
        given: &[
            person(r#"{"person_ref":"a","age":19,"birth_month":"2007-02","in_touch":"YES","activity":"F2"}"#),
            person(r#"{"person_ref":"b","age":20,"birth_month":"2006-02","in_touch":"YES","activity":"P5"}"#),
            person(r#"{"person_ref":"c","age":21,"birth_month":"2005-02","in_touch":"YES","activity":"G4"}"#),
            person(r#"{"person_ref":"d","age":21,"birth_month":"2005-02","in_touch":"YES","activity":"0"}"#),
            person(r#"{"person_ref":"e","age":21,"birth_month":"2005-02","in_touch":"NO","activity":"F2"}"#),
        ],
        expect: &[
            Expect { row: &["E09000023", "19-21"], measure: "in_scope", value: 5 },
            Expect { row: &["E09000023", "19-21"], measure: "in_activity", value: 2 },
            Expect { row: &["E09000023", "19-21"], measure: "not_in_activity", value: 1 },
            Expect { row: &["E09000023", "19-21"], measure: "not_known", value: 1 },
        ],
    }],
    ..Definition::BLANK
};

const PEOPLE: &[Given] = &[
    person(
        r#"{"person_ref":"a","age":18,"birth_month":"2008-02","in_touch":"YES","accommodation":"Z1","left_fostering":true}"#,
    ),
    person(r#"{"person_ref":"b","age":19,"birth_month":"2007-02","in_touch":"YES","accommodation":"U1"}"#),
    person(r#"{"person_ref":"c","age":19,"birth_month":"2007-02","in_touch":"YES","accommodation":"X2"}"#),
    person(r#"{"person_ref":"d","age":19,"birth_month":"2007-02","in_touch":"YES"}"#),
    person(r#"{"person_ref":"e","age":21,"birth_month":"2005-03","in_touch":"NO","accommodation":"0"}"#),
    person(r#"{"person_ref":"f","age":19,"birth_month":"2006-03","in_touch":"YES","accommodation":"U1"}"#),
    person(r#"{"person_ref":"g","age":19,"birth_month":"2007-02","in_touch":"DIED"}"#),
    person(r#"{"person_ref":"h","age":19,"birth_month":"2007-02","in_touch":"RHOM"}"#),
];

/// A young person of Lewisham's.
const fn person(record: &'static str) -> Given {
    Given { dataset: "care_leavers", authority: "E09000023", record }
}

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &ACCOMMODATION, table: Some(|_, asked| table(&SUITABLE, asked.picture)) },
    Indicator { definition: &ACTIVITY, table: Some(|_, asked| table(&ACTIVE, asked.picture)) },
    Indicator { definition: &STAYING, table: Some(|_, asked| staying(asked.picture)) },
];

/// A yes-or-no question of young people in touch.
struct Question {
    definition: &'static Definition,
    /// The second and third are the first, the last three the second.
    measures: [&'static str; 6],
    answer: fn(&LeaverRow) -> Option<bool>,
}

const SUITABLE: Question = Question {
    definition: &ACCOMMODATION,
    measures: ["in_scope", "in_touch", "not_in_touch", "suitable", "unsuitable", "not_known"],
    answer: LeaverRow::is_suitable,
};

const ACTIVE: Question = Question {
    definition: &ACTIVITY,
    measures: ["in_scope", "in_touch", "not_in_touch", "in_activity", "not_in_activity", "not_known"],
    answer: LeaverRow::is_active,
};

/// Sub-regions by age, and authorities for all ages: cut finer, most of it would be hidden.
fn table(question: &Question, picture: &Picture) -> Table {
    let bands = bands();
    let mut table = block(question, picture, (&Areas::wide(&picture.members), &bands));
    table.absorb(block(question, picture, (&Areas::of_authorities(&picture.members), &total_of(&bands))));
    table
}

fn block(question: &Question, picture: &Picture, (areas, bands): (&Areas, &Dimension)) -> Table {
    let Question { definition, measures, answer } = question;
    let cube = Cube::new(definition.id, measures, vec![areas.dimension.clone(), bands.clone()]);
    let mut cube = cube.summing(0, &[1, 2]).summing(1, &[3, 4, 5]);
    for (authority, row) in picture.others.leavers.iter().filter(|(_, row)| counts(row, picture)) {
        let Some(&area) = areas.place.get(authority) else { continue };
        let at = [area, bands.find(band_of(row.age)).unwrap_or(0)];
        let lives = match (row.is_in_touch(), answer(row)) {
            (false, _) => [0, 2].as_slice(),
            (true, Some(true)) => &[0, 1, 3],
            (true, Some(false)) => &[0, 1, 4],
            (true, None) => &[0, 1, 5],
        };
        for measure in lives {
            cube.add(&at, *measure, 1);
        }
    }
    // Who is in scope and in touch is one count, whatever is asked of them.
    let rename = |keys: &[&str], measure: &str| match keys {
        [area, band] if measures.iter().take(3).any(|shared| *shared == measure) => {
            Some(format!("{}|{area}|{band}|{measure}", ACCOMMODATION.id))
        }
        _ => None,
    };
    cube.into_table(definition.title, definition.reference(), &rename)
}

/// In scope, and the birthday fell within the twelve months.
fn counts(row: &LeaverRow, picture: &Picture) -> bool {
    let within = row.birthday().is_some_and(|day| day > picture.window && day <= picture.as_at);
    within && row.is_in_scope()
}

fn band_of(age: i64) -> &'static str {
    match age {
        ..=18 => "17-18",
        19..=21 => "19-21",
        22.. => "22-25",
    }
}

fn bands() -> Dimension {
    let node = |key: &str, parent| Node { key: key.to_owned(), labels: vec![key.to_owned()], parent };
    let each = ["17-18", "19-21", "22-25"].map(|key| node(key, Some(0)));
    Dimension { columns: vec!["age_band".to_owned()], nodes: std::iter::once(node(ALL, None)).chain(each).collect() }
}

fn staying(picture: &Picture) -> Table {
    let areas = Areas::of_authorities(&picture.members);
    let measures = ["left_fostering", "staying_put", "moved_on"];
    let mut cube = Cube::new(STAYING.id, &measures, vec![areas.dimension.clone()]).summing(0, &[1, 2]);
    for (authority, row) in &picture.others.leavers {
        let Some(&area) = areas.place.get(authority) else { continue };
        if row.age != 18 || row.left_fostering != Some(true) || !counts(row, picture) {
            continue;
        }
        cube.add(&[area], 0, 1);
        cube.add(&[area], if stays(row) { 1 } else { 2 }, 1);
    }
    cube.into_table(STAYING.title, STAYING.reference(), &|_, _| None)
}

fn stays(row: &LeaverRow) -> bool {
    let housed = row.accommodation.as_deref().is_some_and(|code| code.starts_with('Z'));
    row.staying_put.unwrap_or(housed)
}
