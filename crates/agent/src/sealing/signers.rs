//! Whose signatures this host has seen before. The hub shows the same fingerprints, but it is not who vouches for them: a
//! key that was not seen before is refused until somebody has compared it with the placing authority by another way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hub_domain::AuthorityCode;
use hub_notices::envelope::Fingerprint;

use super::local;

/// Name of the file, beside the settings file.
const FILE: &str = "trusted-signers.json";

/// The signing keys seen before, by placing authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signers {
    path: PathBuf,
    placing: BTreeMap<AuthorityCode, BTreeSet<Fingerprint>>,
}

/// A signature does not count.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// The file cannot be read or written.
    #[error("the file of trusted signers, {}, cannot be used", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Signed by a key that this host has not seen.
    #[error(
        "it is signed by a key that {placing} has not used before: {by}. Nothing was written. Ring {placing}, on a number \
         that you did not get from the hub, and compare. If it is theirs, run the same again with --accept-signer {by}"
    )]
    Changed {
        /// Who should have signed.
        placing: AuthorityCode,
        /// Whose key did.
        by: Fingerprint,
    },
}

impl Signers {
    /// Reads the file of a settings folder; there may be none yet.
    pub fn read(folder: &Path) -> Result<Self, SignerError> {
        let path = folder.join(FILE);
        match local::read(&path) {
            Ok(placing) => Ok(Self { path, placing }),
            Err(source) => Err(SignerError::File { path, source }),
        }
    }

    /// Lets a signature count, when its key has been seen before or is in `accepted`; `true` with one that is trusted from
    /// now on. At the first use whatever is there is trusted, unless `accepted` says what to expect.
    pub fn admit(
        &mut self,
        placing: AuthorityCode,
        by: &Fingerprint,
        accepted: &[Fingerprint],
    ) -> Result<bool, SignerError> {
        let seen = self.placing.get(&placing);
        if seen.is_some_and(|seen| seen.contains(by)) {
            return Ok(false);
        }
        if !accepted.contains(by) && (seen.is_some() || !accepted.is_empty()) {
            return Err(SignerError::Changed { placing, by: by.clone() });
        }
        self.placing.entry(placing).or_default().insert(by.clone());
        let kept = local::write(&self.path, &self.placing);
        kept.map_err(|source| SignerError::File { path: self.path.clone(), source })?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SigningKey;
    use super::*;

    #[test]
    fn the_first_signer_is_trusted_and_another_one_only_once_it_was_compared() {
        let folder = tempfile::tempdir().unwrap();
        let [lewisham, bromley]: [AuthorityCode; 2] = ["E09000023", "E09000006"].map(|code| code.parse().unwrap());
        let [one, two] = [(); 2].map(|()| SigningKey::generate().unwrap().fingerprint().unwrap());
        let fresh = || Signers::read(folder.path()).unwrap();
        let expecting = fresh().admit(lewisham, &one, std::slice::from_ref(&two));
        assert!(matches!(expecting, Err(SignerError::Changed { .. })), "another was expected");
        assert!(fresh().admit(lewisham, &one, &[]).unwrap());
        assert!(!fresh().admit(lewisham, &one, &[]).unwrap(), "remembered across runs");
        let told = fresh().admit(lewisham, &two, &[]).unwrap_err().to_string();
        assert!(told.contains(two.as_str()) && told.contains("E09000023"), "{told}");
        assert!(fresh().admit(bromley, &two, &[]).unwrap(), "each authority has its own");
        assert!(fresh().admit(lewisham, &two, std::slice::from_ref(&two)).unwrap());
        assert!(!fresh().admit(lewisham, &one, &[]).unwrap(), "both count");
    }
}
