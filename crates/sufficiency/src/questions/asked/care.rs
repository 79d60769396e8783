//! Questions about children in care.

use super::super::{Question, Reading, care};
use super::{ONE_MORE, SUB_REGION, defined};
use crate::definition::Definition;

const LONG_AND_SHORT: Reading = Reading {
    table: "placements_by_type",
    tells: "The same children's placements of the year, long term told apart from the rest where the placement type says",
    keep: &[
        ("age_band", &["10-12"]),
        (
            "placement_type",
            &[
                "foster_long_term_in_house",
                "foster_long_term_agency",
                "foster_not_long_term_in_house",
                "foster_not_long_term_agency",
                "childrens_home",
            ],
        ),
    ],
    columns: &[SUB_REGION, "placement_type_name", "placements", "weeks"],
    rank: "weeks",
    ..Reading::WHOLE
};

pub(super) const TEN_TO_TWELVE: Question = Question {
    number: 1,
    id: "long-term-10-12",
    words: "Long-term in-house carers for 10 to 12 year olds: how many child-weeks went to agencies or to residential care, by sub-region?",
    how: "Weeks in agency and residential rows are the weeks that the authorities' own carers did not give: 52 are one place filled for a year. Against them stand the children of that age who wait now, and what one more place would close.",
    readings: &[
        Reading {
            table: "question_01",
            tells: "Weeks of 10 to 12 year olds in the last twelve months, by who cared for them",
            keep: &[("age_band", &["10-12"]), ("setting", &["in_house", "agency", "residential"])],
            columns: &[SUB_REGION, "setting", "weeks"],
            rank: "weeks",
            ..Reading::WHOLE
        },
        LONG_AND_SHORT,
        Reading {
            table: "market_gaps",
            tells: "Children of that age who wait for a home now, and the weeks they have spent meanwhile in a home farther or dearer",
            keep: &[("age_band", &["10-12"]), ("provision", &["foster_household", "childrens_home"])],
            columns: &[
                SUB_REGION,
                "provision_name",
                "searching",
                "unserved",
                "reachable_places",
                "weeks_waiting",
                "weeks_farther_or_dearer",
            ],
            rank: "unserved",
            ..Reading::WHOLE
        },
        Reading { keep: &[("age_band", &["10-12"]), ("provision", &["foster_household"])], ..ONE_MORE },
    ],
    table: Some(Definition {
        unit: "weeks",
        limits: "Long and short term are not told apart where the placement type does not say.",
        ..defined(
            "question_01",
            "Weeks of 10 to 12 year olds in fostering and residential care",
            "Whole weeks of each episode in the last twelve months by who cared for the child: in_house (PR1), agency (PR4, PR5), other fostering, residential.",
            "placements",
        )
    }),
    compute: Some(care::ten_to_twelve),
    ..Question::BLANK
};

pub(super) const AGENCY_WEEKS: Question = Question {
    number: 2,
    id: "in-house-households",
    words: "How many more in-house households would remove agency weeks?",
    how: "Agency weeks divided by 52 are the places that would have to be filled all year; divided again by the children a household cares for (fostering_households: places over households), the households. The cost rows say what each week saved.",
    readings: &[
        Reading {
            table: "question_02",
            tells: "Weeks in agency fostering in the last twelve months, by age",
            keep: &[("setting", &["agency"])],
            columns: &[SUB_REGION, "age_band", "weeks"],
            rank: "weeks",
            ..Reading::WHOLE
        },
        Reading {
            table: "placements_by_type",
            tells: "Agency placements of the year, long and short term",
            keep: &[
                ("age_band", &["all"]),
                ("placement_type", &["foster_long_term_agency", "foster_not_long_term_agency"]),
            ],
            columns: &[SUB_REGION, "placement_type_name", "placements", "weeks"],
            rank: "weeks",
            ..Reading::WHOLE
        },
        Reading {
            table: "fostering_households",
            tells: "Households and places of the authorities' own services",
            most: 20,
            ..Reading::WHOLE
        },
        Reading {
            table: "weekly_cost",
            tells: "What a week costs in either (pounds)",
            keep: &[(
                "placement_type",
                &[
                    "foster_long_term_in_house",
                    "foster_long_term_agency",
                    "foster_not_long_term_in_house",
                    "foster_not_long_term_agency",
                ],
            )],
            columns: &["placement_type_name", "children", "mean", "median"],
            ..Reading::WHOLE
        },
    ],
    table: Some(Definition {
        unit: "weeks",
        limits: "Households, rather than places, follow from how many children a household takes: see fostering's own feed.",
        ..defined(
            "question_02",
            "Weeks in agency fostering, by age",
            "Whole weeks of each episode of agency fostering (PR4, PR5) in the last twelve months. Fifty-two weeks are one place filled for a year.",
            "placements",
        )
    }),
    compute: Some(care::agency_weeks),
    ..Question::BLANK
};

pub(super) const UNACCOMPANIED: Question = Question {
    number: 7,
    id: "unaccompanied-16",
    words: "Unaccompanied children of 16 and over: quota, stock, specialist places freed as numbers fall.",
    how: "The stock by kind of placement, beside the places of supported accommodation that stand free. The threshold of the national transfer scheme is 0.1 % of an authority's children of 0 to 17.",
    missing: "The quota, until estimates of population are loaded (hub population load); places kept for unaccompanied children alone: homes name it as a need they meet, not as their purpose.",
    readings: &[
        Reading {
            table: "question_07",
            tells: "Unaccompanied children of 16 and over in care today",
            columns: &[SUB_REGION, "placement_group", "children"],
            rank: "children",
            ..Reading::WHOLE
        },
        Reading {
            table: "vacancies",
            tells: "Places of supported accommodation and lodgings",
            keep: &[("provision", &["supported_accommodation", "supported_lodgings"])],
            columns: &[SUB_REGION, "provision_name", "places", "occupied", "available", "usable"],
            rank: "usable",
            ..Reading::WHOLE
        },
    ],
    table: Some(Definition {
        unit: "children",
        ..defined(
            "question_07",
            "Unaccompanied children of 16 and over, by placement",
            "Children in care today of 16 and over who are unaccompanied.",
            "placements",
        )
    }),
    compute: Some(care::uasc),
    ..Question::BLANK
};

pub(super) const EIGHTEEN: Question = Question {
    number: 13,
    id: "turning-18",
    words: "Staying put and move-on: who turns 18 in the next 6, 12, 18 months in which placement?",
    how: "Children in fostering are those who may stay put; the others will need to move on. staying_put says how many of those who left fostering at 18 did stay.",
    missing: "Whether a child will stay put is known once they have turned 18.",
    readings: &[
        Reading {
            table: "question_13",
            tells: "Children in care today who turn 18 soon",
            keep: &[("within_months", &["0-6", "6-12", "12-18"])],
            columns: &[SUB_REGION, "within_months", "placement_group", "children"],
            rank: "children",
            most: 20,
        },
        Reading { table: "staying_put", tells: "Who left fostering at 18, and who stayed", ..Reading::WHOLE },
    ],
    table: Some(defined(
        "question_13",
        "Children who turn 18 soon, by placement",
        "Children in care today by the months to their eighteenth birthday (taken as the first of the month of birth) and kind of placement.",
        "placements",
    )),
    compute: Some(care::eighteen_soon),
    ..Question::BLANK
};

pub(super) const KINSHIP: Question = Question {
    number: 14,
    id: "kinship-approvals",
    words: "Kinship: temporary approvals running out.",
    how: "What is known is how many placements with kin there are, long term told apart from the rest: temporary approvals are among those that are not long term.",
    missing: "The day a temporary approval of kin began (regulation 24 of SI 2010/959) and the day it ends are in no dataset: a placement's start tells when a child came, not when the approval runs out.",
    readings: &[Reading {
        table: "placements_by_type",
        tells: "Placements with kin of the year",
        keep: &[("placement_type", &["connected_long_term", "connected_not_long_term"])],
        columns: &[SUB_REGION, "age_band", "placement_type_name", "placements", "weeks"],
        rank: "placements",
        ..Reading::WHOLE
    }],
    ..Question::BLANK
};
