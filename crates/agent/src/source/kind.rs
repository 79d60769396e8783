//! Which file is which, told by its headings alone.

use std::fmt;

use hub_domain::Dataset;
use serde::Serialize;

use super::Sheet;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// 903 header: one row per child.
    Header,
    /// 903 episodes.
    Episodes,
    /// 903 unaccompanied asylum-seeking children.
    Uasc,
    /// A 903 file that is read for what it says of the others, and not sent.
    Other903(&'static str),
    /// The borough's own extract of what the return does not carry: cost, route, host authority.
    Extract,
    /// A file already in a contract's shape.
    Feed(Dataset),
    /// None of these.
    Unknown,
}

/// Kinds and the headings that tell them, most particular first.
const SIGNS: &[(FileKind, &[&str])] = &[
    (FileKind::Episodes, &["CHILD", "DECOM", "RNE", "LS"]),
    (FileKind::Uasc, &["CHILD", "DUC"]),
    (FileKind::Other903("ad1"), &["CHILD", "DATE_INT", "DATE_MATCH"]),
    (FileKind::Other903("placed_adoption"), &["CHILD", "DATE_PLACED"]),
    (FileKind::Other903("prev_perm"), &["CHILD", "PREV_PERM"]),
    (FileKind::Other903("missing"), &["CHILD", "MIS_START"]),
    (FileKind::Other903("social_worker"), &["CHILD", "SW_ID"]),
    (FileKind::Other903("dolo"), &["CHILD", "DOLO_START"]),
    (FileKind::Other903("reviews"), &["CHILD", "REVIEW_CODE"]),
    (FileKind::Other903("oc2"), &["CHILD", "SDQ_SCORE"]),
    (FileKind::Feed(Dataset::CareLeavers), &["CHILD", "ACTIV", "ACCOM"]),
    (FileKind::Feed(Dataset::CareLeavers), &["PERSON_REF", "IN_TOUCH"]),
    (FileKind::Feed(Dataset::Regulator), &["URN", "ENTRY", "EFFECTIVE_FROM"]),
    (FileKind::Feed(Dataset::Fostering), &["HOUSEHOLD_REF"]),
    (FileKind::Feed(Dataset::Placements), &["CHILD_REF", "EPISODE_START"]),
    (FileKind::Feed(Dataset::Searches), &["SEARCH_REF", "OPENED_ON"]),
    (FileKind::Feed(Dataset::Quality), &["EVENT_REF", "OCCURRED_ON"]),
    (FileKind::Feed(Dataset::Admissions), &["ADMISSION_REF", "ADMITTED_ON"]),
    (FileKind::Feed(Dataset::Vacancies), &["SETTING_REF", "APPROVED_PLACES"]),
    (FileKind::Header, &["CHILD", "DOB", "ETHNIC"]),
    (FileKind::Extract, &["CHILD", "START"]),
    (FileKind::Extract, &["CHILD", "DECOM"]),
];

/// Recognises a file by its headings.
pub(crate) fn recognise(sheet: &Sheet) -> FileKind {
    let has_all = |headings: &[&str]| headings.iter().all(|heading| sheet.has(heading));
    SIGNS.iter().find(|(_, headings)| has_all(headings)).map_or(FileKind::Unknown, |&(kind, _)| kind)
}

/// Whether a row holds the headings of a table that is known.
pub(super) fn is_known<'t>(cells: impl Iterator<Item = &'t str>) -> bool {
    let headings: Vec<String> = cells.map(super::canonical).collect();
    let has_all = |signs: &[&str]| signs.iter().all(|sign| headings.contains(&super::canonical(sign)));
    SIGNS.iter().any(|(_, signs)| has_all(signs))
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.pad("903 header"),
            Self::Episodes => f.pad("903 episodes"),
            Self::Uasc => f.pad("903 uasc"),
            Self::Other903(name) => write!(f, "903 {name}"),
            Self::Extract => f.pad("placements extract"),
            Self::Feed(dataset) => write!(f, "{dataset} feed"),
            Self::Unknown => f.pad("not recognised"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Input;

    #[test]
    fn files_are_told_by_headings_in_any_order_and_case() {
        for (headings, kind) in [
            ("ETHNIC,dob,Sex,CHILD,UPN,MOTHER,MC_DOB", FileKind::Header),
            ("decom,child,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC", FileKind::Episodes),
            ("CHILD,SEX,DOB,DUC", FileKind::Uasc),
            ("CHILD,DOB,SDQ_SCORE,SDQ_REASON", FileKind::Other903("oc2")),
            ("CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED", FileKind::Other903("placed_adoption")),
            ("child,start,placement_la,weekly_cost", FileKind::Extract),
            ("search_ref,child,opened_on", FileKind::Feed(Dataset::Searches)),
            ("urn,setting_ref,provision,approved_places", FileKind::Feed(Dataset::Vacancies)),
            ("event_ref,urn,kind,occurred_on", FileKind::Feed(Dataset::Quality)),
            ("admission_ref,urn,child,dob,admitted_on", FileKind::Feed(Dataset::Admissions)),
            ("urn,entry,aspect,effective_from", FileKind::Feed(Dataset::Regulator)),
            ("household_ref,setting_ref,approved_places,enquiry_on", FileKind::Feed(Dataset::Fostering)),
            ("person_ref,age,birth_month,in_touch", FileKind::Feed(Dataset::CareLeavers)),
            ("CHILD,DOB,IN_TOUCH,ACTIV,ACCOM", FileKind::Feed(Dataset::CareLeavers)),
            ("child_ref,episode_start", FileKind::Feed(Dataset::Placements)),
            ("name,phone", FileKind::Unknown),
        ] {
            let input = Input { name: "x".into(), bytes: headings.into() };
            let sheet = crate::source::read_table(&input, &mut Vec::new()).unwrap();
            assert_eq!(recognise(&sheet), kind, "{headings}");
        }
    }
}
