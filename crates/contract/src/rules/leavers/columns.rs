//! Columns of care leavers by position in the contract.

crate::rules::columns! {
    hub_domain::Dataset::CareLeavers;
    PERSON_REF = 0,
    AGE = 1,
    BIRTH_MONTH = 2,
    SEX = 3,
    UASC = 4,
    IN_TOUCH = 5,
    ACCOMMODATION = 6,
    ACTIVITY = 7,
    LEFT_FOSTERING = 8,
    STAYING_PUT = 9,
    HOUSING_PATHWAY = 10,
}
