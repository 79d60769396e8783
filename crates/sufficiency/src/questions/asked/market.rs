//! Questions about what several authorities could buy together.

use super::super::{Question, Reading, demand, purchase};
use super::{ONE_MORE, SUB_REGION, defined};
use crate::definition::Definition;

pub(super) const RECURRING: Question = Question {
    number: 15,
    id: "recurring-gaps",
    words: "Which gaps recur in three or more boroughs, in reach of one home? What occupancy would it have had in the last 24 months?",
    how: "Gaps that three authorities or more share are candidates for a home bought together: what one more place would close says where it should stand and how many places would be filled; the replay says what occupancy it would have had, and at what cost.",
    missing: "Travel times: reach is by distance between the centres of authorities.",
    routes: &["/v1/replay?host=E09000023&age_band=13-15&places=4"],
    readings: &[
        Reading {
            table: "question_15",
            tells: "Gaps that three authorities or more of a sub-region share",
            columns: &[SUB_REGION, "provision", "age_band", "unserved", "authorities"],
            rank: "unserved",
            ..Reading::WHOLE
        },
        Reading { keep: &[("borough", &["all"])], rank: "would_fill", ..ONE_MORE },
    ],
    table: Some(Definition {
        version: 2,
        unit: "children; authorities",
        limits: "What a home would have done is asked of the replay. Version 1 looked at the region as one: beside market_gaps it gave back a sub-region that holds a single authority.",
        ..defined(
            "question_15",
            "Gaps that three authorities or more share",
            "Kinds of home and ages in which children of at least three authorities of a sub-region are left unserved by market_gaps, by the kind sought first.",
            "searches, vacancies",
        )
    }),
    compute: Some(demand::recurring),
};

pub(super) const SPOT: Question = Question {
    number: 17,
    id: "spot-beside-framework",
    words: "Where did spot purchase happen when a framework vacancy existed?",
    how: "framework_free are spot purchases of the year made while a framework place that suited the child by kind, age, sex and distance stood free, and has stood free ever since: the least there can have been. Routes of all new placements stand beside it.",
    missing: "Framework places that were free on the day and have been filled since: a release reads what is believed today.",
    readings: &[
        Reading {
            table: "question_17",
            tells: "Spot purchases of the last twelve months, and those beside a free framework place",
            columns: &[SUB_REGION, "placement_group", "spot", "framework_free", "none_known"],
            rank: "framework_free",
            ..Reading::WHOLE
        },
        Reading {
            table: "commissioning_route",
            tells: "New placements of the year by route",
            keep: &[("placement_group", &["all"]), ("route", &["framework", "dps", "block", "spot"])],
            columns: &[SUB_REGION, "route_name", "stays"],
            rank: "stays",
            ..Reading::WHOLE
        },
    ],
    table: Some(Definition {
        unit: "stays",
        numerator: "Stays of the row.",
        denominator: "spot, for framework_free and none_known.",
        window: "The twelve months up to and including the day.",
        limits: "A framework place counts where its vacancy says since when it has been free (available_from), can be used today, and is no farther than a search reaches that names no distance. What was free then and has been filled since is not known here, so framework_free is the least there can have been.",
        ..defined(
            "question_17",
            "Spot purchases made while a framework place stood free",
            "Stays begun in the twelve months by spot purchase in fostering, residential care and supported accommodation; those begun on a day from which a framework place of that kind that takes the child's age and sex, near enough, has stood free until today.",
            "placements, vacancies, quality",
        )
    }),
    compute: Some(purchase::beside_framework),
    ..Question::BLANK
};
