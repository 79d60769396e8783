//! `hub-agent.json`: who this borough is, which hub it talks to, where its keys are.

use std::path::{Path, PathBuf};

use hub_domain::AuthorityCode;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::keys::{self, ClientKey, KeyError};
use crate::pseudonym::PseudonymKey;

/// Name of the settings file.
pub const FILE: &str = "hub-agent.json";

/// What the settings file says. Paths are relative to the file's own folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The authority whose feeds these are.
    pub authority: AuthorityCode,
    /// The hub's address, `https://…`.
    pub hub: String,
    /// The client id that the hub's operator registered.
    pub client_id: String,
    /// The pseudonym key's file.
    pub pseudonym_key: PathBuf,
    /// The client key's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_key: Option<PathBuf>,
    /// A file holding a client secret, for a hub that gave one instead of registering a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_file: Option<PathBuf>,
    /// A postcode directory, so that `--postcodes` need not be given each night.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcodes: Option<PathBuf>,
    /// Mappings of the borough's own tables, so that `--mapping` need not be given each night.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<PathBuf>,
    /// A PEM file of one more certificate authority to trust, for a council's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_certificate: Option<PathBuf>,
    /// The proxy to go out by, `http://host:port`; the environment's `HTTPS_PROXY` where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// Hosts that are reached without a proxy, separated by commas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_proxy: Option<String>,
}

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is no such file.
    #[error("there is no settings file at {}; make one with `hub-agent init`, or name it with --config", .0.display())]
    Missing(PathBuf),
    /// The file cannot be read.
    #[error("the settings file {} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("the settings file {} is not right", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// Neither a client key nor a client secret is named.
    #[error("the settings name neither client_key nor client_secret_file")]
    NoCredentials,
    /// A key it names cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// How the agent proves who it is.
#[derive(Debug, Clone)]
pub enum Proof {
    /// A signed assertion (`private_key_jwt`).
    Key(ClientKey),
    /// A shared secret, for demonstrations.
    Secret(SecretString),
}

impl Settings {
    /// Reads a settings file; its relative paths become paths from where it stands.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read(path).map_err(|source| {
            if source.kind() == std::io::ErrorKind::NotFound {
                SettingsError::Missing(path.to_owned())
            } else {
                SettingsError::Read { path: path.to_owned(), source }
            }
        })?;
        let mut settings: Self =
            serde_json::from_slice(&text).map_err(|source| SettingsError::Form { path: path.to_owned(), source })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        settings.pseudonym_key = folder.join(&settings.pseudonym_key);
        for file in [
            &mut settings.client_key,
            &mut settings.client_secret_file,
            &mut settings.postcodes,
            &mut settings.ca_certificate,
        ] {
            *file = file.take().map(|file| folder.join(file));
        }
        for mapping in &mut settings.mappings {
            *mapping = folder.join(&*mapping);
        }
        Ok(settings)
    }

    /// Reads the pseudonym key.
    pub fn pseudonyms(&self) -> Result<PseudonymKey, SettingsError> {
        Ok(keys::parse_pseudonym_key(&keys::read_secret(&self.pseudonym_key)?)?)
    }

    /// Reads the client key or secret.
    pub fn proof(&self) -> Result<Proof, SettingsError> {
        match (&self.client_key, &self.client_secret_file) {
            (Some(path), _) => Ok(Proof::Key(ClientKey::from_pem(&keys::read_secret(path)?)?)),
            (None, Some(path)) => {
                let secret = keys::read_secret(path)?;
                Ok(Proof::Secret(SecretString::from(secret.expose_secret().trim().to_owned())))
            }
            (None, None) => Err(SettingsError::NoCredentials),
        }
    }
}
