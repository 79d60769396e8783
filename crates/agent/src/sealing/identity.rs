//! The host's private keys: one file in the form that `age-keygen` writes, newest key last.

use std::fmt;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use age::x25519::Identity;
use hub_domain::Timestamp;
use hub_notices::envelope::{NotARecipient, Recipient};
use secrecy::{ExposeSecret as _, SecretString};

use crate::keys::{KeyError, read_secret, write_secret};

/// The private keys of one host.
pub struct Identities {
    keys: Vec<Identity>,
    text: SecretString,
}

/// The identity file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// It cannot be read or made.
    #[error(transparent)]
    File(#[from] KeyError),
    /// A line is neither a key nor a comment.
    #[error("line {0} of the identity file is neither an AGE-SECRET-KEY-1… nor a comment")]
    Line(usize),
    /// There is no key in it.
    #[error("there is no key in the identity file; make one with `hub-agent sealing-key init`")]
    Empty,
    /// A new file could not take the old one's place.
    #[error("the identity file {} could not be replaced", path.display())]
    Replace {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// age gives a public key that it would not read itself.
    #[error("the public key does not read")]
    Public(#[from] NotARecipient),
}

impl Identities {
    /// No key yet.
    pub fn none() -> Self {
        Self { keys: Vec::new(), text: SecretString::from(String::new()) }
    }

    /// Reads an identity file; refuses one that others on the machine could read.
    pub fn read(path: &Path) -> Result<Self, IdentityError> {
        Self::parse(read_secret(path)?)
    }

    /// Reads the text of an identity file.
    pub fn parse(text: SecretString) -> Result<Self, IdentityError> {
        let mut keys = Vec::new();
        for (n, line) in text.expose_secret().lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                keys.push(line.parse().map_err(|_| IdentityError::Line(n + 1))?);
            }
        }
        if keys.is_empty() { Err(IdentityError::Empty) } else { Ok(Self { keys, text }) }
    }

    /// The same and one more key, made now.
    pub fn with_new(&self, now: Timestamp) -> Result<Self, IdentityError> {
        let key = Identity::generate();
        let mut text = self.text.expose_secret().to_owned();
        let secret = key.to_string();
        // Writing to a string does not fail.
        let _ = writeln!(text, "# created: {now}\n# public key: {}\n{}", key.to_public(), secret.expose_secret());
        Self::parse(SecretString::from(text))
    }

    /// Makes the file, for its owner alone. An existing one is left as it is, with an error.
    pub fn write_new(&self, path: &Path) -> Result<(), IdentityError> {
        Ok(write_secret(path, &self.text)?)
    }

    /// Puts the file in the place of an earlier one, whole or not at all.
    pub fn replace(&self, path: &Path) -> Result<(), IdentityError> {
        let beside = path.with_extension("key.new");
        write_secret(&beside, &self.text)?;
        std::fs::rename(&beside, path).map_err(|source| IdentityError::Replace { path: path.to_owned(), source })
    }

    /// The public keys, newest last.
    pub fn recipients(&self) -> Result<Vec<Recipient>, IdentityError> {
        self.keys.iter().map(|key| Ok(key.to_public().to_string().parse()?)).collect()
    }

    /// The newest public key.
    pub fn newest(&self) -> Result<Recipient, IdentityError> {
        self.recipients()?.pop().ok_or(IdentityError::Empty)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &dyn age::Identity> {
        self.keys.iter().map(|key| {
            let key: &dyn age::Identity = key;
            key
        })
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identities({})", self.keys.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-06-01T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn keys_are_added_and_none_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealing.key");
        let one = Identities::none().with_new(now()).unwrap();
        one.write_new(&path).unwrap();
        assert!(matches!(one.write_new(&path), Err(IdentityError::File(KeyError::Write { .. }))));
        let two = Identities::read(&path).unwrap().with_new(now()).unwrap();
        two.replace(&path).unwrap();
        let again = Identities::read(&path).unwrap();
        assert_eq!(again.recipients().unwrap(), two.recipients().unwrap());
        assert_eq!(again.recipients().unwrap()[0], one.newest().unwrap());
        assert_ne!(again.newest().unwrap(), one.newest().unwrap());
        assert_eq!(format!("{again:?}"), "Identities(2)");
    }

    #[test]
    fn the_specifications_own_key_reads_and_other_text_does_not() {
        let text = "# a comment\n\nAGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n";
        assert_eq!(Identities::parse(text.into()).unwrap().recipients().unwrap().len(), 1);
        assert!(matches!(Identities::parse("# only\n".into()), Err(IdentityError::Empty)));
        assert!(matches!(Identities::parse("# a\nhunter2\n".into()), Err(IdentityError::Line(2))));
    }
}
