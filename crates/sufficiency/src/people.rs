//! Who the children in care are: sex and ethnicity.

use hub_disclosure::Table;
use hub_domain::codes::{CodeList, all};

use crate::area::Areas;
use crate::definition::{Definition, Indicator, LOOKED_AFTER};
use crate::region::Picture;
use crate::snapshot::{self, alone, find, tree};

const BY_SEX: Definition = Definition {
    id: "children_by_sex",
    title: "Children in care, by sex",
    words: "Children in care today by sex, for the region, each sub-region and each authority.",
    cohort: LOOKED_AFTER,
    numerator: "Children of the sex.",
    denominator: "All children in care of the area: the row of all.",
    window: "At the day.",
    source: "Indicator 9; 903 SEX (M, F and U from 2024/25; 1 and 2 before).",
    datasets: "placements",
    unit: "children",
    ..Definition::BLANK
};

const BY_ETHNICITY: Definition = Definition {
    id: "children_by_ethnicity",
    title: "Children in care, by ethnicity",
    words: "Children in care today by the five groups of the census and not known (refused or not yet obtained), for the \
            region, each sub-region and each authority.",
    cohort: LOOKED_AFTER,
    numerator: "Children of the group.",
    denominator: "All children in care of the area: the row of all.",
    window: "At the day.",
    source: "Indicator 9; 903 ETHNIC.",
    datasets: "placements",
    unit: "children",
    limits: "Shares of children in care; how they stand to the shares of all children needs population estimates by \
             ethnicity.",
    ..Definition::BLANK
};

/// What the registry lists.
pub(crate) const INDICATORS: &[Indicator] = &[
    Indicator { definition: &BY_SEX, table: Some(|_, asked| by_sex(asked.picture)) },
    Indicator { definition: &BY_ETHNICITY, table: Some(|_, asked| by_ethnicity(asked.picture)) },
];

fn by_sex(picture: &Picture) -> Table {
    let sexes = tree("sex", "All", &[("F", "Female", 0), ("M", "Male", 0), ("U", "Not known", 0)]);
    snapshot::table(&BY_SEX, (picture, &Areas::of_authorities(&picture.members)), &sexes, &alone, |_, episode| {
        match episode.sex.as_str() {
            known @ ("F" | "M") => find(&sexes, known),
            _ => find(&sexes, "U"),
        }
    })
}

fn by_ethnicity(picture: &Picture) -> Table {
    let groups = [
        ("white", "White", 0),
        ("mixed", "Mixed", 0),
        ("asian", "Asian", 0),
        ("black", "Black", 0),
        ("other", "Other", 0),
        ("unknown", "Not known", 0),
    ];
    let groups = tree("ethnic_group", "All", &groups);
    snapshot::table(
        &BY_ETHNICITY,
        (picture, &Areas::of_authorities(&picture.members)),
        &groups,
        &alone,
        |_, episode| find(&groups, group(episode.ethnicity.as_str())),
    )
}

/// The group of a 903 code: by its first letter, but for the Chinese, who are Asian in the census, and the two codes for not
/// knowing.
fn group(code: &str) -> &'static str {
    if !all(CodeList::Ethnic).any(|known| known.code == code) {
        return "unknown";
    }
    match code {
        "REFU" | "NOBT" => "unknown",
        "CHNE" => "asian",
        _ if code.starts_with('W') => "white",
        _ if code.starts_with('M') => "mixed",
        _ if code.starts_with('A') => "asian",
        _ if code.starts_with('B') => "black",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_group() {
        let grouped: Vec<_> = all(CodeList::Ethnic).map(|code| (code.code.as_str(), group(&code.code))).collect();
        assert_eq!(grouped.len(), 20);
        for (code, wanted) in
            [("WROM", "white"), ("MOTH", "mixed"), ("CHNE", "asian"), ("BAFR", "black"), ("OOTH", "other")]
        {
            assert!(grouped.contains(&(code, wanted)), "{code}");
        }
        assert_eq!(["REFU", "NOBT", "", "XXXX", "W"].map(group), ["unknown"; 5]);
    }
}
