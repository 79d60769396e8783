//! Columns of admissions by position in the contract.

crate::rules::columns! {
    hub_domain::Dataset::Admissions;
    ADMISSION_REF = 0,
    URN = 1,
    SETTING_REF = 2,
    NOTIFIED_UNDER = 3,
    HOST_LA = 4,
    SETTING_SECTOR = 5,
    PLACING_LA = 6,
    NOTICE_REF = 7,
    CHILD_LINK = 8,
    BIRTH_MONTH = 9,
    SEX = 10,
    ADMITTED_ON = 11,
    DISCHARGED_ON = 12,
    NOTIFIED_ON = 13,
    SHORT_BREAK = 14,
}
