//! Authorities in three letters, where a name has no room.

use hub_domain::{AuthorityCode, authority};

/// London's authorities by the letters that its children's services use among themselves (LIIA).
const LONDON: [(&str, &str); 33] = [
    ("E09000001", "CIT"),
    ("E09000002", "BAD"),
    ("E09000003", "BAR"),
    ("E09000004", "BEX"),
    ("E09000005", "BRE"),
    ("E09000006", "BRO"),
    ("E09000007", "CAM"),
    ("E09000008", "CRO"),
    ("E09000009", "EAL"),
    ("E09000010", "ENF"),
    ("E09000011", "GRE"),
    ("E09000012", "HAC"),
    ("E09000013", "HAF"),
    ("E09000014", "HAY"),
    ("E09000015", "HAW"),
    ("E09000016", "HAV"),
    ("E09000017", "HIL"),
    ("E09000018", "HOU"),
    ("E09000019", "ISL"),
    ("E09000020", "KAC"),
    ("E09000021", "KUT"),
    ("E09000022", "LAM"),
    ("E09000023", "LEW"),
    ("E09000024", "MER"),
    ("E09000025", "NEW"),
    ("E09000026", "RED"),
    ("E09000027", "RUT"),
    ("E09000028", "SOU"),
    ("E09000029", "SUT"),
    ("E09000030", "TOW"),
    ("E09000031", "WAL"),
    ("E09000032", "WAN"),
    ("E09000033", "WES"),
];

/// Three letters for an authority: London's own, else the first of its name, which another may share.
pub(crate) fn letters(code: &str) -> String {
    let known = LONDON.iter().find(|(gss, _)| *gss == code).map(|(_, letters)| (*letters).to_owned());
    known.unwrap_or_else(|| {
        let name = code.parse::<AuthorityCode>().ok().and_then(authority::find).map(|found| found.name.as_str());
        name.unwrap_or(code)
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .take(3)
            .collect::<String>()
            .to_uppercase()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_authority_with_a_tile_has_letters_of_its_own() {
        let tiled: Vec<_> = authority::all().iter().filter(|authority| authority.tile.is_some()).collect();
        assert_eq!(tiled.len(), LONDON.len());
        let letters: BTreeSet<String> = tiled.iter().map(|authority| letters(authority.code.as_str())).collect();
        assert_eq!(letters.len(), LONDON.len());
        assert!(LONDON.iter().all(|(code, _)| tiled.iter().any(|authority| authority.code.as_str() == *code)));
    }

    #[test]
    fn others_go_by_the_beginning_of_their_name() {
        assert_eq!(letters("E10000016"), "KEN");
        assert_eq!(letters("outside_region"), "OUT");
    }
}
