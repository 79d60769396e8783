//! The questions, in words.

use super::{Question, care, demand, supply};
use crate::definition::Definition;

/// The seventeen questions in order.
pub fn questions() -> &'static [Question] {
    &ALL
}

const fn defined(id: &'static str, title: &'static str, words: &'static str, datasets: &'static str) -> Definition {
    Definition {
        id,
        title,
        words,
        cohort: words,
        numerator: "What the row and the measure name.",
        window: "At the day, or the twelve months up to and including it where the words say so.",
        source: "Market-gap questions.",
        datasets,
        unit: "children",
        ..Definition::BLANK
    }
}

static ALL: [Question; 17] = [
    Question {
        number: 1,
        words: "Long-term in-house carers for 10 to 12 year olds: how many child-weeks went to agencies or to residential care, by sub-region?",
        missing: "",
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
        answer: Some(care::ten_to_twelve),
    },
    Question {
        number: 2,
        words: "How many more in-house households would remove agency weeks?",
        missing: "",
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
        answer: Some(care::agency_weeks),
    },
    Question {
        number: 3,
        words: "Sibling groups of 2, 3, 4 and more: searches, kept together, vacancies that could hold them.",
        missing: "",
        table: Some(Definition {
            unit: "children",
            limits: "Groups who may be split count as served child by child.",
            ..defined(
                "question_03",
                "Searches by size of sibling group",
                "Children with an open search by how many of their group have one; served and unserved are those of market_gaps.",
                "searches, vacancies",
            )
        }),
        answer: Some(demand::siblings),
    },
    Question {
        number: 4,
        words: "Complex adolescents: no-offer rate, and who is left without a home.",
        missing: "Distance and cost of each placement made are in placements, and are not joined to the search that led to it.",
        table: Some(Definition {
            unit: "children",
            limits: "no_offer is the last twelve months; a rate is no_offer against it and searching together.",
            ..defined(
                "question_04",
                "Searches of 12 and over with complex needs",
                "Children of 12 and over whose search names complex behaviour, self-harm, risk of exploitation or living alone as essential.",
                "searches, vacancies",
            )
        }),
        answer: Some(demand::complex),
    },
    Question {
        number: 5,
        words: "Parent and child (fostering, and residential assessment): searches against places.",
        missing: "",
        table: Some(Definition {
            unit: "children",
            limits: "",
            ..defined(
                "question_05",
                "Parent and child searches",
                "Children whose search names a parent-and-child home or a residential family centre, or that need as essential.",
                "searches, vacancies",
            )
        }),
        answer: Some(demand::parent_and_child),
    },
    Question {
        number: 6,
        words: "Emergency and out-of-hours beds tonight within 45 minutes.",
        missing: "Travel times: distance stands in for the 45 minutes.",
        table: Some(Definition {
            unit: "children",
            limits: "The board lists the homes themselves.",
            ..defined(
                "question_06",
                "Searches for a home today",
                "Children whose search is marked as an emergency or names a same-day home as essential; served by what could be used now.",
                "searches, vacancies",
            )
        }),
        answer: Some(demand::emergency),
    },
    Question {
        number: 7,
        words: "Unaccompanied children of 16 and over: quota, stock, specialist places freed as numbers fall.",
        missing: "The quota beside the stock of all ages is in uasc_threshold.",
        table: Some(Definition {
            unit: "children",
            limits: "",
            ..defined(
                "question_07",
                "Unaccompanied children of 16 and over, by placement",
                "Children in care today of 16 and over who are unaccompanied.",
                "placements",
            )
        }),
        answer: Some(care::uasc),
    },
    Question {
        number: 8,
        words: "Ethnicity, faith, language match: child to carer ratio.",
        missing: "Faith and language of the child: searches do not carry them.",
        table: Some(Definition {
            unit: "children",
            limits: "",
            ..defined(
                "question_08",
                "Searches that a well matched home could serve",
                "Children with an open search by ethnic group (first letter of the 903 code), and whether any home that could serve them says it matches the child's code well.",
                "searches, vacancies",
            )
        }),
        answer: Some(demand::match_of_carers),
    },
    Question {
        number: 9,
        words: "Residential inside London: need against places, and who fills them.",
        missing: "Who fills places that no member's child holds: homes do not report other authorities' children.",
        table: Some(Definition {
            unit: "children",
            limits: "Places by sub-region are in vacancies.",
            ..defined(
                "question_09",
                "Children in residential care, by where they live",
                "Children in care today in residential care, and whether the home stands in the placing authority's own sub-region.",
                "placements",
            )
        }),
        answer: Some(care::residential),
    },
    Question {
        number: 10,
        words: "Secure and step-down: waits, next-best placements used.",
        missing: "Steps down are in moves_out_of_residential. Waits for a secure place: the national coordination unit's list is not a feed.",
        table: Some(Definition {
            unit: "children",
            limits: "",
            ..defined(
                "question_10",
                "Children in secure homes, alone or deprived of liberty",
                "Children in care today in a secure children's home (K1); and those elsewhere who live alone with staff or under a deprivation of liberty order.",
                "placements",
            )
        }),
        answer: Some(care::secure),
    },
    Question {
        number: 11,
        words: "Disability, discharge from tier 4, education plans.",
        missing: "Education, health and care plans and discharge from tier-4 beds are in no dataset; a disability is told only where a search names it as a need, which market_gaps shows.",
        table: None,
        answer: None,
    },
    Question {
        number: 12,
        words: "Supported accommodation for 16 and 17: registered supply.",
        missing: "The regulator's categories 1 to 4 are in supported_accommodation_supply: settings in the vacancies feeds do not carry them.",
        table: Some(Definition {
            unit: "settings; places",
            limits: "",
            ..defined(
                "question_12",
                "Supported accommodation and lodgings, by where they stand",
                "Settings in the vacancies feeds that are supported accommodation or lodgings: approved, available and usable places.",
                "vacancies, quality",
            )
        }),
        answer: Some(supply::supported),
    },
    Question {
        number: 13,
        words: "Staying put and move-on: who turns 18 in the next 6, 12, 18 months in which placement?",
        missing: "Whether they stay put is known once they have turned 18: staying_put.",
        table: Some(Definition {
            unit: "children",
            limits: "",
            ..defined(
                "question_13",
                "Children who turn 18 soon, by placement",
                "Children in care today by the months to their eighteenth birthday (taken as the first of the month of birth) and kind of placement.",
                "placements",
            )
        }),
        answer: Some(care::eighteen_soon),
    },
    Question {
        number: 14,
        words: "Kinship: temporary approvals running out.",
        missing: "The day a temporary approval of kin began (regulation 24 of SI 2010/959) is in no dataset: the placement's own start tells when a child came, not when the approval ends.",
        table: None,
        answer: None,
    },
    Question {
        number: 15,
        words: "Which gaps recur in three or more boroughs?",
        missing: "",
        table: Some(Definition {
            unit: "children; authorities",
            limits: "What a home would have done is asked of the replay.",
            ..defined(
                "question_15",
                "Gaps that three authorities or more share",
                "Kinds of home and ages in which children of at least three authorities are left unserved by market_gaps, by the kind sought first.",
                "searches, vacancies",
            )
        }),
        answer: Some(demand::recurring),
    },
    Question {
        number: 16,
        words: "Which providers are judged below good and hold children of which members?",
        missing: "",
        table: Some(Definition {
            unit: "children",
            limits: "Members' own judgements; the regulator's are in children_by_grade.",
            ..defined(
                "question_16",
                "Providers judged below good, and whose children live there",
                "URNs whose latest judgement by any member is requires improvement or inadequate, and children in care today who live there.",
                "quality, placements",
            )
        }),
        answer: Some(supply::below_good),
    },
    Question {
        number: 17,
        words: "Where did spot purchase happen when a framework vacancy existed?",
        missing: "Vacancies as they stood on the day of each purchase: a release reads what is believed today. The records are kept and could be read as known on that day.",
        table: None,
        answer: None,
    },
];
