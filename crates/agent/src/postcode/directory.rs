//! The postcode directory: which authority a postcode is in, and how far apart two are.
//!
//! The full ONS directory is some 2.7 million rows; it is read as a stream and only the postcodes
//! asked for are kept.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::Read;

use csv::StringRecord;
use hub_domain::AuthorityCode;

use super::Postcode;

/// Kilometres of the mean Earth radius (IUGG).
const EARTH_KM: f64 = 6371.0088;
const KM_PER_MILE: f64 = 1.609_344;
/// Headings ONS has used, by product and year; the first that is present is taken.
const POSTCODE: &[&str] = &["pcds", "pcd8", "pcd7", "pcd", "postcode"];
const LATITUDE: &[&str] = &["lat", "latitude"];
const LONGITUDE: &[&str] = &["long", "lng", "lon", "longitude"];
const AUTHORITY: &[&str] = &["oslaua", "laua", "local_authority"];
const COUNTY: &[&str] = &["oscty", "cty"];

/// The directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// A column that is needed is not there.
    #[error("the postcode directory has no {0} column")]
    Column(&'static str),
    /// The file cannot be read.
    #[error("the postcode directory cannot be read")]
    Read(#[from] csv::Error),
}

/// Where a postcode is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Location {
    latitude: f64,
    longitude: f64,
    /// The upper-tier authority; `None` where the directory gives a district and no county.
    pub(crate) authority: Option<AuthorityCode>,
}

/// The postcodes that were asked for.
#[derive(Default)]
pub struct Directory(HashMap<String, Location>);

impl Directory {
    /// Reads a directory with ONS headings (`pcds`, `lat`, `long`, and `laua`, `oslaua`, `lad25cd` or the
    /// like; `oscty` or `cty25cd` names the county where there are two tiers), keeping `wanted`.
    pub fn read(source: impl Read, wanted: &HashSet<Postcode>) -> Result<Self, DirectoryError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let columns = Columns::find(&reader.headers()?.clone())?;
        let mut found = HashMap::with_capacity(wanted.len());
        let mut record = StringRecord::new();
        while reader.read_record(&mut record)? {
            let Some(postcode) = record.get(columns.postcode).and_then(Postcode::parse) else { continue };
            if wanted.contains(&postcode)
                && let Some(location) = columns.location(&record)
            {
                found.insert(postcode.0, location);
            }
        }
        Ok(Self(found))
    }

    /// Where the postcode is; `None` when the directory does not know it.
    pub(crate) fn find(&self, postcode: &Postcode) -> Option<Location> {
        self.0.get(postcode.as_str()).copied()
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Directory({} postcodes)", self.0.len())
    }
}

/// Miles in a straight line, to one decimal, as the return reports distance.
pub(crate) fn miles_between(here: Location, there: Location) -> f64 {
    let (a, b) = (here.latitude.to_radians(), there.latitude.to_radians());
    let across = (there.longitude - here.longitude).to_radians() / 2.0;
    let up = (b - a) / 2.0;
    let h = up.sin().powi(2) + a.cos() * b.cos() * across.sin().powi(2);
    let miles = 2.0 * EARTH_KM * h.sqrt().min(1.0).asin() / KM_PER_MILE;
    (miles * 10.0).round() / 10.0
}

struct Columns {
    postcode: usize,
    latitude: usize,
    longitude: usize,
    authority: usize,
    county: Option<usize>,
}

impl Columns {
    fn find(headings: &StringRecord) -> Result<Self, DirectoryError> {
        let names: Vec<String> =
            headings.iter().map(|heading| heading.trim_matches(['\u{feff}', ' ']).to_ascii_lowercase()).collect();
        let first = |wanted: &[&str]| wanted.iter().find_map(|want| names.iter().position(|name| name == want));
        // Yearly products carry the year in the heading: lad23cd, cty24cd.
        let dated = |stem: &str| names.iter().position(|name| is_dated(name, stem));
        Ok(Self {
            postcode: first(POSTCODE).ok_or(DirectoryError::Column("pcds"))?,
            latitude: first(LATITUDE).ok_or(DirectoryError::Column("lat"))?,
            longitude: first(LONGITUDE).ok_or(DirectoryError::Column("long"))?,
            authority: first(AUTHORITY)
                .or_else(|| dated("lad"))
                .or_else(|| dated("laua"))
                .ok_or(DirectoryError::Column("local authority code (laua, oslaua or lad…cd)"))?,
            county: first(COUNTY).or_else(|| dated("cty")),
        })
    }

    fn location(&self, record: &StringRecord) -> Option<Location> {
        let cell = |at: usize| record.get(at).unwrap_or("").trim();
        let latitude: f64 = cell(self.latitude).parse().ok()?;
        let longitude: f64 = cell(self.longitude).parse().ok()?;
        // ONS writes 99.999999 for a postcode it cannot place.
        if !(49.0..=61.5).contains(&latitude) || !(-9.0..=2.5).contains(&longitude) {
            return None;
        }
        let authority = upper_tier(cell(self.authority), self.county.map_or("", cell));
        Some(Location { latitude, longitude, authority })
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

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\u{feff}pcds,lat,long,lad25cd,cty25cd
SE13 6LT,51.4615,-0.0119,E09000023,E99999999
TN1 1AA,51.1320,0.2630,E07000116,E10000016
CT1 1AA,51.28,1.08,E07000106,
CF10 1AA,51.48,-3.18,W06000015,W99999999
JE1 1AA,99.999999,0.0,L93000001,L99999999
";

    fn wanted(texts: &[&str]) -> HashSet<Postcode> {
        texts.iter().map(|text| Postcode::parse(text).unwrap()).collect()
    }

    fn find(directory: &Directory, text: &str) -> Option<Location> {
        directory.find(&Postcode::parse(text).unwrap())
    }

    #[test]
    fn the_county_answers_for_its_districts() {
        let all = wanted(&["SE136LT", "TN11AA", "CT11AA", "CF101AA", "JE11AA"]);
        let directory = Directory::read(FILE.as_bytes(), &all).unwrap();
        let authority = |text| find(&directory, text).and_then(|at| at.authority).map(|code| code.to_string());
        assert_eq!(authority("SE13 6LT").as_deref(), Some("E09000023"));
        assert_eq!(authority("TN1 1AA").as_deref(), Some("E10000016"));
        assert_eq!(authority("CT1 1AA"), None);
        assert_eq!(authority("CF10 1AA").as_deref(), Some("W06000015"));
        assert!(find(&directory, "JE1 1AA").is_none());
    }

    #[test]
    fn only_what_was_asked_for_is_kept() {
        let directory = Directory::read(FILE.as_bytes(), &wanted(&["SE136LT"])).unwrap();
        assert!(find(&directory, "TN1 1AA").is_none());
    }

    #[test]
    fn distance_is_miles_to_one_decimal() {
        let directory = Directory::read(FILE.as_bytes(), &wanted(&["SE136LT", "TN11AA"])).unwrap();
        let (here, there) = (find(&directory, "SE13 6LT").unwrap(), find(&directory, "TN1 1AA").unwrap());
        assert!((miles_between(here, there) - 25.7).abs() < 0.15, "{}", miles_between(here, there));
        assert!(miles_between(here, here).abs() < f64::EPSILON);
    }

    #[test]
    fn a_directory_without_authorities_says_so() {
        let told = Directory::read("pcds,lat,long\n".as_bytes(), &HashSet::new()).unwrap_err();
        assert!(told.to_string().contains("local authority"));
    }
}
