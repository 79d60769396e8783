//! The postcode directory: which authority a postcode is in, and how far apart two are.
//!
//! The full ONS directory is some 2.7 million rows; it is read as a stream and only the postcodes
//! asked for are kept.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::Read;
use std::path::Path;

use csv::ByteRecord;
use hub_domain::AuthorityCode;

use super::Postcode;
use super::layout::Layout;

/// Kilometres of the mean Earth radius (IUGG).
const EARTH_KM: f64 = 6371.0088;
const KM_PER_MILE: f64 = 1.609_344;

/// The directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// A column that is needed is not there.
    #[error("the postcode directory has no {0} column")]
    Column(&'static str),
    /// The file cannot be read.
    #[error("the postcode directory cannot be read")]
    Read(#[from] csv::Error),
    /// The file or folder cannot be opened.
    #[error("the postcode directory cannot be opened")]
    Open(#[from] std::io::Error),
    /// A folder without a CSV file.
    #[error("the folder named as the postcode directory holds no CSV file")]
    Empty,
}

/// Where a postcode is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Location {
    /// Latitude and longitude.
    pub(super) degrees: Option<(f64, f64)>,
    /// Metres east and north on the British grid.
    pub(super) grid: Option<(f64, f64)>,
    /// The upper-tier authority; `None` where the directory gives a district and no county.
    pub(crate) authority: Option<AuthorityCode>,
}

/// What a whole directory is, for somebody who asks whether it is the right one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// Rows with a postcode and a place.
    pub postcodes: u64,
    /// The latest month, `YYYYMM`, in which a postcode was introduced; `None` where the layout does not say.
    pub newest: Option<String>,
    /// The layout's name.
    pub layout: &'static str,
}

/// The postcodes that were asked for.
#[derive(Default)]
pub struct Directory(HashMap<String, Location>);

impl Directory {
    /// Reads a file, or the CSV files of a folder, keeping `wanted`. Layouts: those of ONS (ONSPD, NSPL, ONSUD of any
    /// year), and Code-Point Open with or without its headings.
    pub fn open(path: &Path, wanted: &HashSet<Postcode>) -> Result<Self, DirectoryError> {
        let mut directory = Self::default();
        for file in files(path)? {
            directory.add(std::io::BufReader::new(std::fs::File::open(file)?), wanted)?;
        }
        Ok(directory)
    }

    /// Reads one stream in any of those layouts, keeping `wanted`.
    pub fn read(source: impl Read, wanted: &HashSet<Postcode>) -> Result<Self, DirectoryError> {
        let mut directory = Self::default();
        directory.add(source, wanted)?;
        Ok(directory)
    }

    /// Where the postcode is; `None` when the directory does not know it.
    pub(crate) fn find(&self, postcode: &Postcode) -> Option<Location> {
        self.0.get(postcode.as_str()).copied()
    }

    fn add(&mut self, source: impl Read, wanted: &HashSet<Postcode>) -> Result<(), DirectoryError> {
        let kept: HashMap<[u8; 7], &Postcode> =
            wanted.iter().filter_map(|postcode| Some((compact(postcode.as_str().as_bytes())?, postcode))).collect();
        each_row(source, |layout, record| {
            let found = record.get(layout.postcode).and_then(compact).and_then(|key| kept.get(&key));
            if let Some(postcode) = found
                && let Some(location) = layout.location(record)
            {
                self.0.insert(postcode.as_str().to_owned(), location);
            }
        })?;
        Ok(())
    }
}

impl Census {
    /// Reads the whole of a directory.
    pub fn take(path: &Path) -> Result<Self, DirectoryError> {
        let mut census = Self::default();
        for file in files(path)? {
            let source = std::io::BufReader::new(std::fs::File::open(file)?);
            census.layout = each_row(source, |layout, record| census.count(layout, record))?.name;
        }
        Ok(census)
    }

    fn count(&mut self, layout: &Layout, record: &ByteRecord) {
        let is_placed = record.get(layout.postcode).and_then(compact).is_some() && layout.location(record).is_some();
        self.postcodes += u64::from(is_placed);
        let month = layout.introduced.and_then(|at| record.get(at)).and_then(|cell| std::str::from_utf8(cell).ok());
        let is_month = |text: &&str| text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        let newer = month.filter(is_month).filter(|month| self.newest.as_deref().is_none_or(|newest| newest < *month));
        if let Some(month) = newer {
            self.newest = Some(month.to_owned());
        }
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Directory({} postcodes)", self.0.len())
    }
}

/// Miles in a straight line, to one decimal, as the return reports distance: on the grid where both are on it (DfE's
/// own way), else along the globe.
pub(crate) fn miles_between(here: Location, there: Location) -> Option<f64> {
    let miles = match (here.grid.zip(there.grid), here.degrees.zip(there.degrees)) {
        (Some(((east, north), (other_east, other_north))), _) => {
            (other_east - east).hypot(other_north - north) / 1000.0 / KM_PER_MILE
        }
        (None, Some((here, there))) => along_the_globe(here, there),
        (None, None) => return None,
    };
    Some((miles * 10.0).round() / 10.0)
}

fn along_the_globe((latitude, longitude): (f64, f64), (other_latitude, other_longitude): (f64, f64)) -> f64 {
    let (a, b) = (latitude.to_radians(), other_latitude.to_radians());
    let across = (other_longitude - longitude).to_radians() / 2.0;
    let up = (b - a) / 2.0;
    let h = up.sin().powi(2) + a.cos() * b.cos() * across.sin().powi(2);
    2.0 * EARTH_KM * h.sqrt().min(1.0).asin() / KM_PER_MILE
}

fn files(path: &Path) -> Result<Vec<std::path::PathBuf>, DirectoryError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let file = entry?.path();
        files.extend(file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")).then_some(file));
    }
    files.sort();
    if files.is_empty() { Err(DirectoryError::Empty) } else { Ok(files) }
}

fn each_row(source: impl Read, mut take: impl FnMut(&Layout, &ByteRecord)) -> Result<Layout, DirectoryError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(source);
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record)?;
    let layout = Layout::find(&record)?;
    if !layout.has_headings {
        take(&layout, &record);
    }
    while reader.read_byte_record(&mut record)? {
        take(&layout, &record);
    }
    Ok(layout)
}

/// A postcode in capitals and without its spaces: what two ways of writing one have in common.
fn compact(text: &[u8]) -> Option<[u8; 7]> {
    let mut key = [0; 7];
    let mut at = 0;
    for byte in text.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        *key.get_mut(at)? = byte.to_ascii_uppercase();
        at += 1;
    }
    (at >= 5).then_some(key)
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
        assert_eq!((miles_between(here, there), miles_between(here, here)), (Some(25.7), Some(0.0)));
    }

    #[test]
    fn a_directory_without_authorities_says_so() {
        let told = Directory::read("pcds,lat,long\n".as_bytes(), &HashSet::new()).unwrap_err();
        assert!(told.to_string().contains("local authority"));
    }

    #[test]
    fn each_published_layout_is_read() {
        let all = wanted(&["SE13 6LT", "TN1 1AA"]);
        for (layout, text) in [
            (
                "ONSPD 2019",
                "pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,oseast1m,osnrth1m,lat,long\nSE136LT,SE13 6LT,SE13 6LT,198001,,E99999999,E09000023,0538219,0175214,51.4594,-0.0103\nTN1 1AA,TN1  1AA,TN1 1AA,198001,,E10000016,E07000116,0558400,0139800,51.1358,0.2640\n",
            ),
            (
                "ONSPD 2025",
                "pcd7,pcd8,pcds,dointr,doterm,cty25cd,lad25cd,east1m,north1m,lat,long\nSE136LT,SE13 6LT,SE13 6LT,198001,,E99999999,E09000023,538219,175214,51.4594,-0.0103\nTN1 1AA,TN1  1AA,TN1 1AA,202502,,E10000016,E07000116,558400,139800,51.1358,0.2640\n",
            ),
            (
                "Code-Point Open",
                "\"SE13 6LT\",10,538219,175214,\"E92000001\",\"E19000003\",\"E18000007\",\"\",\"E09000023\",\"E05000453\"\n\"TN1 1AA\",10,558400,139800,\"E92000001\",\"\",\"\",\"E10000016\",\"E07000116\",\"E05005022\"\n",
            ),
            (
                "Code-Point Open, headed",
                "Postcode,Positional_quality_indicator,Eastings,Northings,Country_code,NHS_regional_HA_code,NHS_HA_code,Admin_county_code,Admin_district_code,Admin_ward_code\nSE136LT,10,538219,175214,E92000001,,,,E09000023,\nTN11AA,10,558400,139800,E92000001,,,E10000016,E07000116,\n",
            ),
        ] {
            let directory = Directory::read(text.as_bytes(), &all).unwrap();
            let (here, there) = (find(&directory, "SE13 6LT").unwrap(), find(&directory, "TN1 1AA").unwrap());
            assert_eq!(miles_between(here, there), Some(25.3), "{layout}");
            let authorities = [here, there].map(|at| at.authority.map(|code| code.to_string()).unwrap_or_default());
            assert_eq!(authorities, ["E09000023", "E10000016"], "{layout}");
        }
    }
}
