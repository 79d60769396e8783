//! What each published table means. A changed meaning is a new version, never an edit.

use hub_disclosure::DefinitionRef;
use serde::Serialize;

use crate::questions::questions;

/// One indicator, in words exact enough to compute it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// Stable id; the name of the table it defines.
    pub id: &'static str,
    /// Counted from one.
    pub version: u32,
    /// What it is called.
    pub title: &'static str,
    /// Plain words for people who will read the figure.
    pub words: &'static str,
    /// Who or what is counted.
    pub cohort: &'static str,
    /// How figures are rounded.
    pub rounding: &'static str,
    /// The datasets it is computed from.
    pub source: &'static str,
    /// What one is.
    pub unit: &'static str,
    /// Who answers for it.
    pub owner: &'static str,
    /// What it does not say.
    pub limits: &'static str,
}

impl Definition {
    /// How a row refers to this definition.
    pub fn reference(&self) -> DefinitionRef {
        DefinitionRef { id: self.id.to_owned(), version: self.version }
    }
}

pub(crate) const UNROUNDED: &str = "None: whole counts. Counts from 1 to 4 are hidden, with others beside them.";
pub(crate) const OWNER: &str = "Regional commissioning lead";
const LOOKED_AFTER: &str = "Children with an episode of care open on the day (start <= day < end), agreed series of \
                            short breaks (legal status V3, V4) left out, each child once per authority.";

pub(crate) const CHILDREN_IN_CARE: Definition = Definition {
    id: "children_in_care",
    version: 1,
    title: "Children in care, by placing authority, age and asylum status",
    words: "How many children each authority looks after today. Two banding schemes stand side by side: 0-4, 5-9, \
            10-12, 13-15, 16+ (the boroughs' strategies) and <1, 1-4, 5-9, 10-15, 16+ (DfE's statistics).",
    cohort: LOOKED_AFTER,
    rounding: UNROUNDED,
    source: "placements",
    unit: "children",
    owner: OWNER,
    limits: "Age is in whole years on the day, the birthday being taken as the first of the month of birth. A month \
             that gives no age is counted as 'unknown'.",
};

pub(crate) const PLACEMENT_MIX: Definition = Definition {
    id: "placement_mix",
    version: 1,
    title: "Where children in care live, by kind of placement and age",
    words: "Children in care today by the kind of placement they are in: by age band for each sub-region, for all ages \
            together for the region and each authority.",
    cohort: LOOKED_AFTER,
    rounding: UNROUNDED,
    source: "placements",
    unit: "children",
    owner: OWNER,
    limits: "A child on a temporary move (T0-T4) is shown as 'temporary', not at the placement kept for them. \
             Supported lodgings are not told from other supported accommodation. A kind with no children has no row.",
};

pub(crate) const FLOWS: Definition = Definition {
    id: "flows",
    version: 1,
    title: "Placing authority by host authority",
    words: "Whose children live where: children in care today (stock), and stays begun in the twelve months up to \
            and including the day (starts), by the authority that placed and the authority that hosts.",
    cohort: "Stock: children in care on the day. Starts: stays with one carer or setting; consecutive episodes in one \
             setting_ref are one stay, and without one the reason for the new episode tells: S, P and B begin a stay, \
             L, T and U continue it. Temporary moves are bridged.",
    rounding: UNROUNDED,
    source: "placements",
    unit: "children; stays",
    owner: OWNER,
    limits: "The host is the one the placing authority's record names; where it names none the host is 'unknown'. A \
             temporary move's own host counts for the stock. Pairs with nothing have no row.",
};

pub(crate) const VACANCIES: Definition = Definition {
    id: "vacancies",
    version: 1,
    title: "Places, vacancies and how far they can be relied on",
    words: "Places in homes and fostering households by kind and by the sub-region they stand in. Available places \
            are usable, stale (nobody has looked for longer than the kind allows: 3, 7 or 14 days) or unusable for \
            another reason (no URN, a restriction in force, free only in more than 7 days). There is no total over \
            sub-regions: where few settings stand in one, it would give them back.",
    cohort: "Settings in the vacancies feeds, each once: where several authorities report one, the report confirmed \
             last. Places are the approved ones, or those in use where that is more.",
    rounding: UNROUNDED,
    source: "vacancies, quality",
    unit: "places",
    owner: OWNER,
    limits: "A home of one or two places is personal data: it is counted only within rows that five settings or more \
             stand behind; other rows are hidden whole. A setting under a serious concern counts as unusable here \
             though the authority that raised it may still use it. Registration is not yet checked against a register.",
};

pub(crate) const MARKET_GAPS: Definition = Definition {
    id: "market_gaps",
    version: 2,
    title: "Children waiting for a home, and places that would serve them",
    words: "Every open search set against every usable vacancy, each place serving one child: the assignment that \
            serves the most children and, among those, costs least (desirable needs not met, then miles, then grade, \
            then weekly fee, strictly in that order). What stays unserved is the gap. weeks_waiting are whole weeks \
            since the searches of unserved children opened; weeks_farther_or_dearer those of them spent in today's \
            placement where it is farther than the search allows or costs more than the middle fee of usable \
            vacancies of the kind sought first. reachable_places are the different places that could serve any child \
            of the row: rows share them, so they do not add up. nearest_usable_miles is the band of the nearest \
            usable home that would suit an unserved child were it near enough, blank where fewer than five homes \
            stand behind it. There is no total over sub-regions: where one holds a single authority, it would give \
            that one back.",
    cohort: "Children with a search open on the day, each once (the search opened last), under the first provision \
             the search names, the sub-region of the placing authority and the age the \
             search records. Siblings who may not be split are served together by one setting or not at all; those \
             who may be are single children.",
    rounding: "None: whole counts, and whole weeks of each child. Counts from 1 to 4 are hidden, with others beside \
               them, and weeks that fewer than five children stand behind.",
    source: "searches, vacancies, quality, placements",
    unit: "children; weeks; places; miles",
    owner: OWNER,
    limits: "The assignment is proved to be the best there is, or the release says how many children fewer any \
             assignment could leave. Distance is between the centres of authorities. The grade is the latest any \
             member gave at a visit; the regulator's is not yet loaded. no_offer counts children whose search closed \
             without an offer in the last twelve months, and is no part of the gap.",
};

pub(crate) const MARKET_GAPS_BY_NEED: Definition = Definition {
    id: "market_gaps_by_need",
    version: 1,
    title: "Children waiting for a home, by what they need",
    words: "The children of market_gaps and the same assignment, by the essential need that a search names first.",
    cohort: "As market_gaps, under the first essential need the search names instead of age and provision.",
    rounding: "Whole counts; counts from 1 to 4 are hidden, with others beside them.",
    source: "searches, vacancies, quality, placements",
    unit: "children",
    owner: OWNER,
    limits: "A child who needs several things stands under the first that the search names.",
};

pub(crate) const MARGINAL_VALUE: Definition = Definition {
    id: "marginal_value",
    version: 1,
    title: "What one more place would close",
    words: "For each sub-region, age band, kind of home and need in which children are left without a home: the \
            children whom one more such place would bring to a home, straight away or by others moving over \
            (could_serve; one place serves one of them), by borough; and how many such places would be filled one \
            after another, up to twenty (would_fill).",
    cohort: "Single children left unserved by market_gaps. The place is put in the authority of the sub-region where \
             it could serve most; it takes any sex, the ages of the band, long and short term, and the one need.",
    rounding: UNROUNDED,
    source: "searches, vacancies, quality",
    unit: "children; places",
    owner: OWNER,
    limits: "Rows share children, so they do not add up, except boroughs to their row's total. Groups kept together \
             stay where the assignment put them: with groups, would_fill may fall short of what a new assignment \
             reached, never exceed it.",
};

pub(crate) const MARKET_GAPS_1: Definition = Definition {
    id: "market_gaps",
    version: 1,
    title: "Children waiting for a home, and places that would serve them",
    words: "Every open search set against every usable vacancy, each place serving one child. What stays unserved is \
            the gap. There is no total over sub-regions: where one holds a single authority, it would give that one \
            back. reachable_places are the different places that could serve any child of the row: rows share \
            them, so they do not add up.",
    cohort: "Children with a search open on the day, each once (the search opened last), under the first provision \
             the search names, the sub-region of the placing authority and the age the search records.",
    rounding: UNROUNDED,
    source: "searches, vacancies, quality",
    unit: "children; places",
    owner: OWNER,
    limits: "Sibling groups are placed first, largest first, each where it leaves fewest places over; single children \
             then by a maximum matching. The number served is the most there can be where no group is sought for; with \
             groups it may fall short of it. Cost does not yet decide among equally large answers. Distance is \
             between the centres of authorities. no_offer counts children whose search closed without an offer in the \
             last twelve months, and is no part of the gap.",
};

/// Asked for, not published: no table of a release.
pub(crate) const REPLAY: Definition = Definition {
    id: "replay",
    version: 1,
    title: "What a home would have done, had it been there",
    words: "Stays that began in the time asked about, in order: a child comes if a place is free that day and the home \
            is nearer to the placing authority than the child was placed from home, and leaves on the day the stay in \
            truth ended. Occupancy is nights filled of nights on offer; weeks_nearer the nights filled in weeks; paid \
            what those nights cost; cost_by_the_night the fee for the nights filled, cost_of_the_block for all. low \
            and high hold the middle eight tenths of 400 replays over children drawn with replacement.",
    cohort: "Stays begun (903 RNE S, P, B) by children of the ages asked for in residential care outside secure homes, \
             fostering by other than kin, or supported accommodation, whose distance from home is known.",
    rounding: "Children and percent to 5, weeks to 10, pounds to 10,000. Hidden where fewer than five children or three \
               authorities stand behind a figure; costs where fewer than ten children do.",
    source: "placements",
    unit: "children; percent; weeks; pounds",
    owner: OWNER,
    limits: "It asks whether the home is nearer, not whether it would have been chosen or could have met every need. \
             Distance is between the centres of authorities against the recorded distance from home.",
};

pub(crate) const PROVIDER_QUALITY: Definition = Definition {
    id: "provider_quality",
    version: 1,
    title: "Providers: visits, concerns and restrictions",
    words: "For each URN: children of the consortium living there, visits in the last twelve months, the next visit \
            due, and what is in force today.",
    cohort: "URNs that a placement open on the day, a vacancy or an event of quality names.",
    rounding: UNROUNDED,
    source: "quality, placements, vacancies",
    unit: "children; events",
    owner: OWNER,
    limits: "A restriction in force counts whoever imposed it. The regulator's own judgements are not yet loaded.",
};

pub(crate) const PROVIDER_SCORES: Definition = Definition {
    id: "provider_scores",
    version: 1,
    title: "Providers: latest judgement of each source",
    words: "The latest scored visit of each source and each authority, side by side. They may disagree: they are \
            never averaged and no scale is turned into another.",
    cohort: "Visits up to the day with a grade or a score; of two on one day, the later reference.",
    rounding: "None.",
    source: "quality",
    unit: "grade; score from 1 to 4",
    owner: OWNER,
    limits: "An old judgement stands until a newer one of the same source and authority; its date is beside it.",
};

pub(crate) const NOTICE_TIMELINESS: Definition = Definition {
    id: "notice_timeliness",
    version: 1,
    title: "Notice to host authorities: in time, late or missing, by month",
    words: "How host authorities were given notice of children placed in their area (Care Planning Regulations 2010, \
            reg 13(4)), by the month the placement started, the authority that placed and the authority that hosts: \
            in time, late, missing (none given and five working days or more past due), not reasonably practicable \
            (late or none, with the placing authority's reason), and open (none given yet, and not due or not five \
            working days past due). not_in_time is the last four together, and with in_time it is starts. median_working_days_late is over those that came late.",
    cohort: "Placements out of area begun in the month, today's and the twelve before it, for which notice was due: \
             begun after the placing authority joined, and addressed to a host. Drafts, consultations and what was \
             withdrawn are left out. Due before a planned placement starts; by the end of the fifth working day after an \
             emergency.",
    rounding: "Whole counts; counts from 1 to 4 are hidden, with others beside them. The median of an even number is the \
               lower of the two in the middle; it is shown only where five or more came late and that count is shown.",
    source: "notices",
    unit: "placements; working days",
    owner: OWNER,
    limits: "Notice is given by the placing authority's own statement, whatever a feed or a home has shown. A late \
             notice moves a placement of an earlier month from missing to late in the next release. A host that takes \
             no part is told as any other. Hosts outside the region stand together. A pair of authorities is counted \
             over all the months together and says only in time or not; single months stand for the whole region: smaller \
             pieces would nearly all be hidden.",
};

static ALL: [Definition; 11] = [
    CHILDREN_IN_CARE,
    PLACEMENT_MIX,
    FLOWS,
    VACANCIES,
    MARKET_GAPS,
    MARKET_GAPS_1,
    MARKET_GAPS_BY_NEED,
    MARGINAL_VALUE,
    PROVIDER_QUALITY,
    PROVIDER_SCORES,
    NOTICE_TIMELINESS,
];

/// Every definition: the one in force before those it replaced, which can still be computed beside it.
pub fn definitions() -> &'static [Definition] {
    &ALL
}

/// The definition of that id that is in force.
pub fn find(id: &str) -> Option<&'static Definition> {
    let answers = questions().iter().filter_map(|question| question.table.as_ref());
    ALL.iter().chain([&REPLAY]).chain(answers).find(|definition| definition.id == id)
}
