//! Questions about searches and who is left over.

use super::super::{Question, Reading, demand};
use super::{ONE_MORE, SUB_REGION, defined};
use crate::definition::Definition;

/// Searches of one sort by sub-region and age.
const BY_AGE: Reading = Reading {
    columns: &[SUB_REGION, "age_band", "searching", "served", "unserved", "no_offer"],
    rank: "unserved",
    ..Reading::WHOLE
};

pub(super) const SIBLINGS: Question = Question {
    number: 3,
    id: "sibling-groups",
    words: "Sibling groups of 2, 3, 4 and more: searches, kept together, vacancies that could hold them.",
    how: "served are children whose whole group has a place in one setting; unserved those whose group has none, however many single places there are. Homes with room for so many together stand on the board.",
    routes: &["/v1/vacancies?siblings=2&usable_only=true"],
    readings: &[Reading {
        table: "question_03",
        tells: "Children with an open search by the size of their group",
        columns: &[SUB_REGION, "siblings", "searching", "served", "unserved"],
        ..Reading::WHOLE
    }],
    table: Some(Definition {
        version: 2,
        limits: "Groups who may be split count as served child by child. There is no total over sub-regions: where one holds a single authority, it would give that one back (version 1 had one).",
        ..defined(
            "question_03",
            "Searches by size of sibling group",
            "Children with an open search, by sub-region and by how many of their group have one; served and unserved are those of market_gaps.",
            "searches, vacancies",
        )
    }),
    compute: Some(demand::siblings),
    ..Question::BLANK
};

pub(super) const COMPLEX: Question = Question {
    number: 4,
    id: "complex-adolescents",
    words: "Complex adolescents: no-offer rate, distance, cost, alone or deprived of liberty, and who is left without a home.",
    how: "The no-offer rate is no_offer over no_offer and searching together. Children who live alone with staff or under an order of deprivation of liberty stand beside it, and what a home for them would close; what one would have done, and against what cost, is asked of the replay.",
    missing: "Distance and cost of each placement made are in placements, and are not joined to the search that led to it.",
    routes: &["/v1/replay?host=E09000023&age_band=13-15&places=4"],
    readings: &[
        Reading {
            table: "question_04",
            tells: "Children of 12 and over with complex needs",
            keep: &[("age_band", &["all", "10-12", "13-15", "16+"])],
            ..BY_AGE
        },
        Reading {
            table: "alone_or_deprived",
            tells: "Children who live alone with staff, or under an order of deprivation of liberty",
            most: 20,
            ..Reading::WHOLE
        },
        Reading { keep: &[("age_band", &["10-12", "13-15", "16+"]), ("provision", &["childrens_home"])], ..ONE_MORE },
        Reading {
            table: "weekly_cost",
            tells: "What a week in residential care costs (pounds)",
            keep: &[("placement_type", &["childrens_home", "secure_home"])],
            columns: &["placement_type_name", "children", "mean", "median", "p90", "trimmed_mean"],
            ..Reading::WHOLE
        },
    ],
    table: Some(Definition {
        limits: "no_offer is the last twelve months; a rate is no_offer against it and searching together.",
        ..defined(
            "question_04",
            "Searches of 12 and over with complex needs",
            "Children of 12 and over whose search names complex behaviour, self-harm, risk of exploitation or living alone as essential.",
            "searches, vacancies",
        )
    }),
    compute: Some(demand::complex),
};

pub(super) const PARENT_AND_CHILD: Question = Question {
    number: 5,
    id: "parent-and-child",
    words: "Parent and child (fostering, and residential assessment): searches against places.",
    how: "Searches on one side, places on the other; a place that is not usable is stale or restricted.",
    readings: &[
        Reading { table: "question_05", tells: "Searches for a parent with a child", ..BY_AGE },
        Reading {
            table: "vacancies",
            tells: "Places for a parent with a child",
            keep: &[("provision", &["parent_and_child", "residential_family_centre"])],
            columns: &[SUB_REGION, "provision_name", "settings", "places", "available", "usable"],
            rank: "usable",
            ..Reading::WHOLE
        },
    ],
    table: Some(defined(
        "question_05",
        "Parent and child searches",
        "Children whose search names a parent-and-child home or a residential family centre, or that need as essential.",
        "searches, vacancies",
    )),
    compute: Some(demand::parent_and_child),
    ..Question::BLANK
};

pub(super) const TONIGHT: Question = Question {
    number: 6,
    id: "beds-tonight",
    words: "Emergency and out-of-hours beds tonight within 45 minutes.",
    how: "Searches for a home today, and how many of them a home that can be used now would serve. The homes themselves stand on the board, nearest first.",
    missing: "Travel times: distance stands in for the 45 minutes.",
    routes: &["/v1/vacancies?needs=emergency_same_day&usable_only=true&max_miles=10"],
    readings: &[
        Reading { table: "question_06", tells: "Searches for a home today", ..BY_AGE },
        Reading {
            table: "vacancies",
            tells: "Places that can be used, whatever they are for",
            keep: &[("provision", &["all", "foster_household", "childrens_home"])],
            columns: &[SUB_REGION, "provision_name", "available", "usable", "stale"],
            rank: "usable",
            ..Reading::WHOLE
        },
    ],
    table: Some(Definition {
        limits: "The board lists the homes themselves.",
        ..defined(
            "question_06",
            "Searches for a home today",
            "Children whose search is marked as an emergency or names a same-day home as essential; served by what could be used now.",
            "searches, vacancies",
        )
    }),
    compute: Some(demand::emergency),
};

pub(super) const MATCH: Question = Question {
    number: 8,
    id: "matched-carers",
    words: "Ethnicity, faith, language match: child to carer ratio.",
    how: "could_be_matched are children for whom at least one home that could serve them says that it matches their ethnicity well; no_match has none.",
    missing: "Faith and language of the child: searches do not carry them. How many carers of each group there are: fostering does not carry their ethnicity.",
    readings: &[Reading {
        table: "question_08",
        tells: "Children with an open search by ethnic group",
        columns: &[SUB_REGION, "ethnic_group", "searching", "could_be_matched", "no_match"],
        rank: "no_match",
        ..Reading::WHOLE
    }],
    table: Some(Definition {
        version: 2,
        limits: "There is no total over sub-regions: where one holds a single authority, it would give that one back (version 1 had one).",
        ..defined(
            "question_08",
            "Searches that a well matched home could serve",
            "Children with an open search by sub-region and ethnic group (first letter of the 903 code), and whether any home that could serve them says it matches the child's code well.",
            "searches, vacancies",
        )
    }),
    compute: Some(demand::match_of_carers),
    ..Question::BLANK
};

pub(super) const DISABILITY: Question = Question {
    number: 11,
    id: "disability",
    words: "Disability, discharge from tier 4, education plans.",
    how: "Children whose search names a disability first among its essential needs, and what one more place that meets it would close.",
    missing: "Education, health and care plans and discharge from tier-4 beds are in no dataset.",
    readings: &[
        Reading {
            table: "market_gaps_by_need",
            tells: "Children who wait for a home that meets a disability",
            keep: &[("need", &["learning_disability", "physical_disability"])],
            columns: &[SUB_REGION, "need_name", "searching", "served", "unserved", "no_offer"],
            rank: "unserved",
            ..Reading::WHOLE
        },
        Reading { keep: &[("need", &["learning_disability", "physical_disability"])], ..ONE_MORE },
        Reading {
            table: "vacancies",
            tells: "Places of residential schools",
            keep: &[("provision", &["residential_school"])],
            columns: &[SUB_REGION, "provision_name", "settings", "places", "available", "usable"],
            ..Reading::WHOLE
        },
    ],
    ..Question::BLANK
};
