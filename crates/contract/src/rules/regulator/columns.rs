//! Columns of the regulator's register by position in the contract.

crate::rules::columns! {
    hub_domain::Dataset::Regulator;
    URN = 0,
    ENTRY = 1,
    ASPECT = 2,
    EFFECTIVE_FROM = 3,
    EFFECTIVE_TO = 4,
    PROVIDER_TYPE = 5,
    PROVIDER_NAME = 6,
    SECTOR = 7,
    LA = 8,
    REGISTRATION_STATUS = 9,
    REGISTERED_PLACES = 10,
    CATEGORIES = 11,
    SCALE = 12,
    GRADE = 13,
    PUBLISHED_ON = 14,
}
