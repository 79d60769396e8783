//! Questions about homes, and those who run them.

use super::super::{Question, Reading, care, supply};
use super::{SUB_REGION, defined};
use crate::definition::Definition;

pub(super) const RESIDENTIAL: Question = Question {
    number: 9,
    id: "residential-places",
    words: "Residential inside London: need against places, and who fills them.",
    how: "The authorities' own children in residential care, and how many of them live in their own sub-region, beside the places that stand there. beds_and_need sets registered places against children, where the regulator's register is loaded.",
    missing: "Who fills places that no member's child holds: homes do not report other authorities' children.",
    readings: &[
        Reading {
            table: "question_09",
            tells: "Children in residential care today, by where they live",
            columns: &[SUB_REGION, "where", "children"],
            ..Reading::WHOLE
        },
        Reading {
            table: "vacancies",
            tells: "Places of children's homes, by the sub-region they stand in",
            keep: &[("provision", &["childrens_home"])],
            columns: &[SUB_REGION, "settings", "places", "occupied", "available", "usable", "stale"],
            rank: "places",
            ..Reading::WHOLE
        },
        Reading {
            table: "beds_and_need",
            tells: "Registered places against the authorities' own children who need one",
            most: 20,
            ..Reading::WHOLE
        },
    ],
    table: Some(Definition {
        limits: "Places by sub-region are in vacancies.",
        ..defined(
            "question_09",
            "Children in residential care, by where they live",
            "Children in care today in residential care, and whether the home stands in the placing authority's own sub-region.",
            "placements",
        )
    }),
    compute: Some(care::residential),
    ..Question::BLANK
};

pub(super) const SECURE: Question = Question {
    number: 10,
    id: "secure",
    words: "Secure and step-down: waits, next-best placements used.",
    how: "Children who live alone with staff or under an order of deprivation of liberty are those for whom a secure place, or one to step down to, may have been sought in vain.",
    missing: "Waits for a secure place: the national coordination unit's list is not a feed.",
    readings: &[
        Reading {
            table: "question_10",
            tells: "Children in secure homes today",
            columns: &[SUB_REGION, "children"],
            ..Reading::WHOLE
        },
        Reading {
            table: "alone_or_deprived",
            tells: "Children who live alone with staff or are deprived of liberty, wherever they live",
            keep: &[("restriction", &["deprived", "alone"])],
            columns: &[SUB_REGION, "restriction_name", "children"],
            ..Reading::WHOLE
        },
        Reading {
            table: "market_gaps_by_need",
            tells: "Children who wait for a home to step down to",
            keep: &[("need", &["step_down"])],
            columns: &[SUB_REGION, "need_name", "searching", "served", "unserved", "no_offer"],
            ..Reading::WHOLE
        },
        Reading {
            table: "vacancies",
            tells: "Secure places",
            keep: &[("provision", &["secure_home"])],
            columns: &[SUB_REGION, "settings", "places", "occupied", "available", "usable"],
            ..Reading::WHOLE
        },
    ],
    table: Some(Definition {
        version: 2,
        limits: "Children alone or deprived of liberty are in alone_or_deprived. Version 1 counted those of them elsewhere here, and the \
                 difference gave back how many were in secure homes.",
        ..defined(
            "question_10",
            "Children in secure homes",
            "Children in care today in a secure children's home (K1).",
            "placements",
        )
    }),
    compute: Some(care::secure),
    ..Question::BLANK
};

pub(super) const SUPPORTED: Question = Question {
    number: 12,
    id: "supported-accommodation",
    words: "Supported accommodation for 16 and 17: registered supply after 2023, by category.",
    how: "Settings that the feeds tell of, and, where the regulator's register is loaded, registered providers and places by its categories 1 to 4.",
    missing: "The category of each setting in the vacancies feeds: only the register has it, by provider.",
    readings: &[
        Reading {
            table: "vacancies",
            tells: "Supported accommodation and lodgings in the vacancies feeds, by where they stand",
            keep: &[("provision", &["supported_accommodation", "supported_lodgings"])],
            columns: &[SUB_REGION, "provision_name", "settings", "places", "available", "usable"],
            rank: "places",
            ..Reading::WHOLE
        },
        Reading {
            table: "supported_accommodation_supply",
            tells: "Registered providers and places, by category",
            most: 20,
            ..Reading::WHOLE
        },
    ],
    ..Question::BLANK
};

pub(super) const BELOW_GOOD: Question = Question {
    number: 16,
    id: "below-good",
    words: "Which providers are judged below good, or visited with concerns, and hold children of which members?",
    how: "A row for each provider whose latest judgement by any member is below good, and how many children of each member live there today; beside it every member's view of each provider, and the regulator's grades where its register is loaded.",
    readings: &[
        Reading {
            table: "question_16",
            tells: "Providers judged below good, and whose children live there",
            columns: &["urn", "grade", "authority_name", "children"],
            rank: "children",
            ..Reading::WHOLE
        },
        Reading {
            table: "children_by_judgement",
            tells: "Children by the members' latest judgement",
            most: 20,
            ..Reading::WHOLE
        },
        Reading {
            table: "children_by_grade",
            tells: "Children by the regulator's grade",
            keep: &[("area_level", &["region", "sub_region"])],
            most: 20,
            ..Reading::WHOLE
        },
    ],
    table: Some(Definition {
        limits: "Members' own judgements; the regulator's are in children_by_grade.",
        ..defined(
            "question_16",
            "Providers judged below good, and whose children live there",
            "URNs whose latest judgement by any member is requires improvement or inadequate, and children in care today who live there.",
            "quality, placements",
        )
    }),
    compute: Some(supply::below_good),
    ..Question::BLANK
};
