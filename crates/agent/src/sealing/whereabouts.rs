//! Whether a sealed address lies where the notice says. The hub cannot tell: it sees no address. Told to the wrong authority,
//! a notice counts for nothing, and the details are sealed to somebody who has no business with them.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use hub_domain::{AuthorityCode, authority};
use serde_json::Value;

use super::{Details, SealedPart};
use crate::postcode::{Directory, DirectoryError, Postcode};

/// Nothing is sent.
#[derive(Debug, thiserror::Error)]
pub enum WhereaboutsError {
    /// The address lies in another authority's area.
    #[error(
        "the sealed address lies in {}, and the notice is for {}. Nothing was sent: put right whichever is wrong",
        name(*found),
        name(*said)
    )]
    Elsewhere {
        /// Whom the notice is for.
        said: AuthorityCode,
        /// In whose area the address lies.
        found: AuthorityCode,
    },
    /// The sector in clear is not the address's own.
    #[error(
        "[notice] placement_sector is not the sector of the sealed address. Nothing was sent: put right whichever is wrong"
    )]
    Sector,
    /// The postcode directory of the settings cannot be opened.
    #[error("the postcode directory of the settings cannot be opened")]
    Open(#[source] std::io::Error),
    /// It cannot be read.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

impl Details {
    /// Holds the sealed address against the host that the notice is for, and against the sector that it gives; `true` where
    /// the postcode directory knew it. Without a directory, or a postcode, only what can be compared is.
    pub fn check_address(
        &self,
        host: Option<AuthorityCode>,
        directory: Option<&Path>,
    ) -> Result<bool, WhereaboutsError> {
        let Some(postcode) = self.postcode() else { return Ok(false) };
        let sector = self.notice.get("placement_sector").and_then(Value::as_str);
        if sector.is_some_and(|sector| sector.trim().to_ascii_uppercase() != postcode.sector()) {
            return Err(WhereaboutsError::Sector);
        }
        let (Some(said), Some(path)) = (host, directory) else { return Ok(false) };
        let wanted = HashSet::from([postcode.clone()]);
        let directory = Directory::read(BufReader::new(File::open(path).map_err(WhereaboutsError::Open)?), &wanted)?;
        match directory.find(&postcode).and_then(|location| location.authority) {
            Some(found) if found != said => Err(WhereaboutsError::Elsewhere { said, found }),
            found => Ok(found.is_some()),
        }
    }

    fn postcode(&self) -> Option<Postcode> {
        self.part(SealedPart::Address)?.get("postcode")?.as_str().and_then(Postcode::parse)
    }
}

fn name(code: AuthorityCode) -> String {
    authority::find(code).map_or_else(|| code.to_string(), |known| known.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIRECTORY: &str =
        "pcds,lat,long,oslaua,oscty\nRM17 9ZZ,51.4,0.5,E06000034,E99999999\nME20 9ZZ,51.3,0.4,E07000115,E10000016\n";

    fn details(postcode: &str, sector: &str) -> Details {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("details.toml");
        let text = format!("[notice]\nplacement_sector = \"{sector}\"\n[sealed.address]\npostcode = \"{postcode}\"\n");
        std::fs::write(&path, text).unwrap();
        Details::read(&path, None).unwrap()
    }

    #[test]
    fn an_address_in_anothers_area_or_another_sector_stops_the_notice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("postcodes.csv");
        std::fs::write(&path, DIRECTORY).unwrap();
        let check = |postcode: &str, sector: &str, host: &str| {
            details(postcode, sector).check_address(host.parse().ok(), Some(&path))
        };
        let (kent, thurrock) = ("E10000016", "E06000034");
        assert!(check("me20 9zz", "ME20 9", kent).unwrap(), "a district stands for its county");
        assert!(check("RM17 9ZZ", "RM17 9", thurrock).unwrap());
        let told = check("RM17 9ZZ", "RM17 9", kent).unwrap_err().to_string();
        assert!(told.contains("lies in Thurrock") && told.contains("for Kent") && !told.contains("RM17"), "{told}");
        assert!(matches!(check("RM17 9ZZ", "ME20 9", thurrock), Err(WhereaboutsError::Sector)));
        assert!(!check("SE13 9ZZ", "SE13 9", kent).unwrap(), "the directory does not know it");
        assert!(!check("", "RM17 9", kent).unwrap());
        assert!(!details("RM17 9ZZ", "RM17 9").check_address(kent.parse().ok(), None).unwrap());
        let gone =
            details("RM17 9ZZ", "RM17 9").check_address(kent.parse().ok(), Some(&folder.path().join("gone.csv")));
        assert!(matches!(gone, Err(WhereaboutsError::Open(_))));
    }
}
