//! Whose public keys this borough has seen before. The hub hands keys out, so the hub is not who vouches for them: a key
//! that was not seen before is refused until somebody has compared its fingerprint with the host by another way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hub_domain::AuthorityCode;
use hub_notices::envelope::{Fingerprint, Recipient};
use serde::{Deserialize, Serialize};

use super::local;
use crate::hub::RegisteredKey;

/// Name of the trust file, beside the settings file.
const FILE: &str = "trusted-keys.json";

/// The keys seen before, by host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    path: PathBuf,
    hosts: BTreeMap<AuthorityCode, Seen>,
}

/// The keys of one host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    /// May be sealed to.
    trusted: BTreeSet<Fingerprint>,
    /// Were retired once, and do not come back.
    #[serde(default)]
    retired: BTreeSet<Fingerprint>,
}

/// Nothing is sealed.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The trust file cannot be read or written.
    #[error("the file of trusted keys, {}, cannot be used", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The host has no live key.
    #[error(
        "{0} has registered no key to seal to. The notice itself is not touched. Ask them to run `hub-agent sealing-key \
         init --register`, then run `hub-agent notice seal`"
    )]
    NoKey(AuthorityCode),
    /// A key that this borough has not seen.
    #[error(
        "the key of {host} has changed. Trusted here: {}. Registered at the hub now: {new}. Ring the host, on a number \
         that you did not get from the hub, and compare. If it is theirs, run the same again with --accept-fingerprint \
         {new}",
        listed(trusted)
    )]
    Changed {
        /// Whose.
        host: AuthorityCode,
        /// Those seen before.
        trusted: BTreeSet<Fingerprint>,
        /// The one that was not.
        new: Fingerprint,
    },
    /// A key that was retired is handed out again.
    #[error("the hub hands out a key of {host} that was retired before, {fingerprint}. Do not use it; ask the host")]
    Returned {
        /// Whose.
        host: AuthorityCode,
        /// The key.
        fingerprint: Fingerprint,
    },
}

impl Trust {
    /// Reads the trust file of a settings folder; there may be none yet.
    pub fn read(folder: &Path) -> Result<Self, TrustError> {
        let path = folder.join(FILE);
        match local::read(&path) {
            Ok(hosts) => Ok(Self { path, hosts }),
            Err(source) => Err(TrustError::File { path, source }),
        }
    }

    /// The host's live keys, when every one of them has been seen before or is in `accepted`; and those that are trusted
    /// from now on. At the first use whatever is there is trusted, unless `accepted` says what to expect.
    pub fn admit(
        &mut self,
        host: AuthorityCode,
        keys: &[RegisteredKey],
        accepted: &[Fingerprint],
    ) -> Result<(Vec<Recipient>, Vec<Fingerprint>), TrustError> {
        let is_first = !self.hosts.contains_key(&host);
        let mut seen = self.hosts.get(&host).cloned().unwrap_or_default();
        let (live, gone): (Vec<_>, Vec<_>) = keys.iter().partition(|key| key.retired_at.is_none());
        if live.is_empty() {
            return Err(TrustError::NoKey(host));
        }
        let mut new = Vec::new();
        for key in &live {
            // The fingerprint is made here, from the key itself: what the hub says of it does not count.
            let fingerprint = key.recipient.fingerprint();
            if seen.retired.contains(&fingerprint) {
                return Err(TrustError::Returned { host, fingerprint });
            }
            if seen.trusted.contains(&fingerprint) {
                continue;
            }
            let is_expected = accepted.contains(&fingerprint) || (is_first && accepted.is_empty());
            if !is_expected {
                return Err(TrustError::Changed { host, trusted: seen.trusted, new: fingerprint });
            }
            new.push(fingerprint);
        }
        seen.trusted.extend(new.iter().cloned());
        for fingerprint in gone.iter().map(|key| key.recipient.fingerprint()) {
            seen.trusted.remove(&fingerprint);
            seen.retired.insert(fingerprint);
        }
        self.hosts.insert(host, seen);
        let kept = local::write(&self.path, &self.hosts);
        kept.map_err(|source| TrustError::File { path: self.path.clone(), source })?;
        Ok((live.into_iter().map(|key| key.recipient.clone()).collect(), new))
    }
}

fn listed(all: &BTreeSet<Fingerprint>) -> String {
    let all: Vec<_> = all.iter().map(Fingerprint::as_str).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::super::Identities;
    use super::*;

    fn key(retired: bool) -> RegisteredKey {
        let at = "2026-06-01T09:00:00Z".parse().unwrap();
        let recipient = Identities::none().with_new(at).unwrap().newest().unwrap();
        let id = uuid::Uuid::from_u128(1);
        RegisteredKey {
            id,
            recipient,
            registered_at: at,
            registered_by: "kent".into(),
            retired_at: retired.then_some(at),
        }
    }

    #[test]
    fn the_first_key_is_trusted_and_another_one_only_once_it_was_compared() {
        let folder = tempfile::tempdir().unwrap();
        let kent = "E10000016".parse().unwrap();
        let (one, two) = (key(false), key(false));
        let fresh = || Trust::read(folder.path()).unwrap();
        assert!(matches!(fresh().admit(kent, &[], &[]), Err(TrustError::NoKey(_))));
        let (keys, new) = fresh().admit(kent, std::slice::from_ref(&one), &[]).unwrap();
        assert_eq!((keys, new), (vec![one.recipient.clone()], vec![one.recipient.fingerprint()]));
        let (_, new) = fresh().admit(kent, std::slice::from_ref(&one), &[]).unwrap();
        assert!(new.is_empty(), "remembered across runs");
        let both = [one.clone(), two.clone()];
        for keys in [&both[..], &both[1..]] {
            let refused = fresh().admit(kent, keys, &[]).unwrap_err();
            let told = refused.to_string();
            assert!(matches!(refused, TrustError::Changed { .. }), "{told}");
            assert!(told.contains(one.recipient.fingerprint().as_str()), "{told}");
            assert!(told.contains(two.recipient.fingerprint().as_str()), "{told}");
        }
        let accepted = [two.recipient.fingerprint()];
        assert_eq!(fresh().admit(kent, &both, &accepted).unwrap().0.len(), 2);
        assert_eq!(fresh().admit(kent, &both, &[]).unwrap().1, []);
    }

    #[test]
    fn a_key_that_was_retired_does_not_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let kent = "E10000016".parse().unwrap();
        let (old, new) = (key(true), key(false));
        let mut trust = Trust::read(folder.path()).unwrap();
        trust.admit(kent, &[old.clone(), new.clone()], &[]).unwrap();
        let back = RegisteredKey { retired_at: None, ..old.clone() };
        let accepted = [old.recipient.fingerprint()];
        assert!(matches!(trust.admit(kent, &[back, new], &accepted), Err(TrustError::Returned { .. })));
        assert!(matches!(trust.admit(kent, &[old], &[]), Err(TrustError::NoKey(_))));
    }

    #[test]
    fn what_is_expected_at_the_first_use_can_be_said() {
        let folder = tempfile::tempdir().unwrap();
        let kent = "E10000016".parse().unwrap();
        let (theirs, other) = (key(false), key(false));
        let mut trust = Trust::read(folder.path()).unwrap();
        let expected = [theirs.recipient.fingerprint()];
        assert!(matches!(trust.admit(kent, &[other], &expected), Err(TrustError::Changed { .. })));
        assert!(trust.admit(kent, &[theirs], &expected).is_ok());
    }
}
