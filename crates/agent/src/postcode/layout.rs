//! Which column of a postcode directory is which, in every layout that ONS and Ordnance Survey have published.

use csv::ByteRecord;
use hub_domain::AuthorityCode;

use super::Postcode;
use super::directory::{DirectoryError, Location};

/// Headings in use, by product and year; the first that is present is taken.
const POSTCODE: &[&str] = &["pcds", "pcd8", "pcd7", "pcd2", "pcd", "postcode", "pc"];
const LATITUDE: &[&str] = &["lat", "latitude"];
const LONGITUDE: &[&str] = &["long", "lng", "lon", "longitude"];
const EAST: &[&str] = &["oseast1m", "east1m", "gridgb1e", "eastings", "easting", "ea"];
const NORTH: &[&str] = &["osnrth1m", "north1m", "gridgb1n", "northings", "northing", "no"];
const AUTHORITY: &[&str] = &["oslaua", "laua", "local_authority", "admin_district_code", "dc"];
const COUNTY: &[&str] = &["oscty", "cty", "admin_county_code", "cc"];
const INTRODUCED: &[&str] = &["dointr", "dointro"];

/// Where the columns stand.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) name: &'static str,
    pub(super) has_headings: bool,
    pub(super) postcode: usize,
    degrees: Option<(usize, usize)>,
    grid: Option<(usize, usize)>,
    authority: usize,
    county: Option<usize>,
    pub(super) introduced: Option<usize>,
}

impl Layout {
    /// Reads the first row: headings, or a row of Code-Point Open, which has none.
    pub(super) fn find(first: &ByteRecord) -> Result<Self, DirectoryError> {
        let first: Vec<String> = first.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        if first.len() >= 10 && first.first().is_some_and(|cell| Postcode::parse(cell).is_some()) {
            return Ok(Self {
                name: "Code-Point Open",
                has_headings: false,
                postcode: 0,
                degrees: None,
                grid: Some((2, 3)),
                authority: 8,
                county: Some(7),
                introduced: None,
            });
        }
        let names: Vec<String> =
            first.iter().map(|heading| heading.trim_matches(['\u{feff}', ' ']).to_ascii_lowercase()).collect();
        let at = |wanted: &[&str]| wanted.iter().find_map(|want| names.iter().position(|name| name == want));
        // Yearly products carry the year in the heading: lad23cd, cty24cd.
        let dated = |stem: &str| names.iter().position(|name| is_dated(name, stem));
        let (degrees, grid) = (at(LATITUDE).zip(at(LONGITUDE)), at(EAST).zip(at(NORTH)));
        let postcode = at(POSTCODE).ok_or(DirectoryError::Column("pcds"))?;
        if degrees.is_none() && grid.is_none() {
            return Err(DirectoryError::Column("lat and long, or easting and northing,"));
        }
        let authority = at(AUTHORITY).or_else(|| dated("lad")).or_else(|| dated("laua"));
        let authority = authority
            .ok_or(DirectoryError::Column("local authority code (laua, oslaua, lad…cd or admin_district_code)"))?;
        let county = at(COUNTY).or_else(|| dated("cty"));
        let name = if at(&["admin_district_code", "dc"]).is_some() { "Code-Point Open" } else { "ONS" };
        Ok(Self { name, has_headings: true, postcode, degrees, grid, authority, county, introduced: at(INTRODUCED) })
    }

    /// Where a row's postcode is; `None` where the directory cannot place it.
    pub(super) fn location(&self, record: &ByteRecord) -> Option<Location> {
        let cell = |at: usize| record.get(at).and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or("").trim();
        let pair = |columns: Option<(usize, usize)>| -> Option<(f64, f64)> {
            let (first, second) = columns?;
            Some((cell(first).parse().ok()?, cell(second).parse().ok()?))
        };
        // ONS writes 99.999999 for a postcode it cannot place, and Northern Ireland on the Irish grid.
        let is_here = |at: &(f64, f64)| (49.0..=61.5).contains(&at.0) && (-9.0..=2.5).contains(&at.1);
        let degrees = pair(self.degrees).filter(is_here);
        let is_irish = cell(self.postcode).get(..2).is_some_and(|area| area.eq_ignore_ascii_case("BT"));
        let grid = pair(self.grid).filter(|at| !is_irish && at.0 > 0.0 && at.1 > 0.0);
        // Where both are given, one that cannot be placed by one cannot by the other.
        if (degrees.is_none() && self.degrees.is_some()) || (degrees.is_none() && grid.is_none()) {
            return None;
        }
        Some(Location { degrees, grid, authority: upper_tier(cell(self.authority), self.county.map_or("", cell)) })
    }
}

fn is_dated(name: &str, stem: &str) -> bool {
    let rest = name.strip_prefix(stem).unwrap_or("");
    let digits = rest.strip_suffix("cd").unwrap_or(rest);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Social services belong to the county where there are two tiers (`E07` is a district).
fn upper_tier(authority: &str, county: &str) -> Option<AuthorityCode> {
    let code = if authority.starts_with("E07") { county } else { authority };
    // E99999999 and its sisters mean "none".
    if code.ends_with("99999999") { None } else { code.parse().ok() }
}
