//! What each published table means. A changed meaning is a new version, never an edit.

use hub_disclosure::DefinitionRef;
use serde::Serialize;

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

const UNROUNDED: &str = "None: whole counts. Counts from 1 to 4 are hidden, with others beside them.";
const OWNER: &str = "Regional commissioning lead";
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
    version: 1,
    title: "Children waiting for a home, and places that would serve them",
    words: "Every open search set against every usable vacancy, each place serving one child. What stays unserved is \
            the gap. There is no total over sub-regions: where one holds a single authority, it would give that one back. reachable_places are the different places that could serve any child of the row: rows share \
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
            working days past due). The five add up to starts. median_working_days_late is over those that came late.",
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
             over all the months together, each authority's own months over all it places with or hosts for: a pair's \
             single months would nearly all be hidden.",
};

static ALL: [Definition; 8] = [
    CHILDREN_IN_CARE,
    PLACEMENT_MIX,
    FLOWS,
    VACANCIES,
    MARKET_GAPS,
    PROVIDER_QUALITY,
    PROVIDER_SCORES,
    NOTICE_TIMELINESS,
];

/// Every definition in force.
pub fn definitions() -> &'static [Definition] {
    &ALL
}

/// The definition of that id.
pub fn find(id: &str) -> Option<&'static Definition> {
    ALL.iter().find(|definition| definition.id == id)
}
