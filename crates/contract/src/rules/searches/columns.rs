//! Columns of searches by position in the contract.

crate::rules::columns! {
    hub_domain::Dataset::Searches;
    SEARCH_REF = 0,
    CHILD_REF = 1,
    OPENED_ON = 2,
    NEEDED_BY = 3,
    CLOSED_ON = 4,
    OUTCOME = 5,
    PROVISION_SOUGHT = 6,
    AGE = 7,
    SEX = 8,
    ETHNICITY = 9,
    SIBLING_GROUP_REF = 10,
    SIBLING_GROUP_SIZE = 11,
    SIBLINGS_MAY_SPLIT = 12,
    NEEDS_ESSENTIAL = 13,
    NEEDS_DESIRABLE = 14,
    AREA_PREFERRED = 15,
    MAX_MILES = 16,
    EMERGENCY = 17,
    OFFERS_RECEIVED = 18,
    OFFERS_SUITABLE = 19,
    PLACED_SETTING_REF = 20,
    PLACED_DISTANCE_REASON = 21,
    IDEAL_PROVISION = 22,
}
