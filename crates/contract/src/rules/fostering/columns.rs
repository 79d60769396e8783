//! Columns of fostering by position in the contract.

crate::rules::columns! {
    hub_domain::Dataset::Fostering;
    HOUSEHOLD_REF = 0,
    SETTING_REF = 1,
    APPROVAL_TYPE = 2,
    LONG_TERM = 3,
    APPROVED_PLACES = 4,
    INSIDE_BOROUGH = 5,
    CARER_AGE_BAND = 6,
    ENQUIRY_ON = 7,
    VISIT_ON = 8,
    APPLICATION_ON = 9,
    STAGE_1_ON = 10,
    STAGE_2_ON = 11,
    PANEL_ON = 12,
    APPROVED_ON = 13,
    ENDED_ON = 14,
    ENDED_REASON = 15,
    DEREGISTERED_ON = 16,
    DEREGISTERED_REASON = 17,
}
