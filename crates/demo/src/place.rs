//! Made-up postcodes near an authority's centre, and where they are.

use hub_domain::{AuthorityCode, authority};

use crate::part::Part;

/// A postcode that nobody has, with the place a directory would give for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spot {
    pub(crate) postcode: String,
    pub(crate) la: AuthorityCode,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
}

/// An outward code of each authority of the region, and of those its children go to.
pub(crate) const OUTCODES: &[(&str, &[&str])] = &[
    ("E09000004", &["DA6", "DA7", "DA16"]),
    ("E09000006", &["BR1", "BR2", "BR6"]),
    ("E09000008", &["CR0", "CR2", "SE25"]),
    ("E09000011", &["SE9", "SE18", "SE10"]),
    ("E09000022", &["SW2", "SW9", "SE27"]),
    ("E09000023", &["SE6", "SE13", "SE4"]),
    ("E09000028", &["SE5", "SE15", "SE22"]),
    ("E10000016", &["ME7", "DA11", "CT9"]),
    ("E10000030", &["RH1", "KT17", "GU21"]),
    ("E09000029", &["SM1", "SM5"]),
    ("E09000016", &["RM1", "RM11"]),
    ("E10000012", &["CM1", "SS1"]),
];

/// A spot in an authority, within about two miles of its centre in London and fifteen in a county.
pub(crate) fn spot(part: &mut Part, la: &str) -> Spot {
    let code: AuthorityCode = la.parse().unwrap_or_default();
    let outcodes = OUTCODES.iter().find(|(one, _)| *one == la).map_or(&["ZZ1"][..], |(_, outcodes)| outcodes);
    let found = authority::find(code);
    let centre = found.and_then(|found| found.centroid);
    let spread = if found.is_some_and(authority::Authority::is_london) { 30 } else { 220 };
    let (latitude, longitude) = centre.map_or((51.45, 0.0), |centre| (centre.lat, centre.long));
    let ends = ["ZZ", "ZQ", "QZ", "QX", "XZ"];
    Spot {
        postcode: format!("{} {}{}", part.one(outcodes), part.between(1, 9), part.one(&ends)),
        la: code,
        latitude: latitude + f64::from(part.between(-spread, spread)) / 1_000.0,
        longitude: longitude + f64::from(part.between(-spread, spread)) / 650.0,
    }
}
