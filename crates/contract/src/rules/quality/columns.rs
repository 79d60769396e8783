//! Columns of quality by position in the contract.

crate::rules::columns! {
    hub_domain::Dataset::Quality;
    EVENT_REF = 0,
    URN = 1,
    SETTING_REF = 2,
    KIND = 3,
    OCCURRED_ON = 4,
    SOURCE = 5,
    OVERALL = 6,
    SCORE_SAFETY = 7,
    SCORE_CARE = 8,
    SCORE_LEADERSHIP = 9,
    SCORE_STABILITY = 10,
    SCORE_VOICE = 11,
    CONCERN_LEVEL = 12,
    IN_FORCE_FROM = 13,
    IN_FORCE_TO = 14,
    NEXT_DUE = 15,
    EVIDENCE_REF = 16,
}
