//! What to open next: addresses, and who one may be.

use secrecy::ExposeSecret as _;
use serde::Serialize;

use super::Release;
use crate::play::Stage;

/// What to open next.
#[derive(Debug, Clone, Serialize)]
pub struct Next {
    /// The hub's address.
    pub hub: String,
    /// The API's pages.
    pub docs: String,
    /// The published gaps, as CSV; needs a token.
    pub gaps: String,
    /// The release; needs a token.
    pub release: String,
    /// Who one may be, with secrets that are good for this demonstration only.
    pub personas: Vec<Persona>,
}

/// Somebody whose token one may ask for.
#[derive(Debug, Clone, Serialize)]
pub struct Persona {
    /// Its client id.
    pub client_id: String,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub roles: Vec<String>,
    /// Made by this demonstration's hub and gone with it.
    pub client_secret: String,
}

pub(super) fn after(stage: &Stage, release: &Release) -> Next {
    let hub = stage.base_url.clone();
    let persona = |id: &str| {
        let character = stage.characters.iter().find(|one| one.id == id)?;
        Some(Persona {
            client_id: id.to_owned(),
            name: character.name.clone(),
            roles: character.roles.iter().map(|role| (*role).to_owned()).collect(),
            client_secret: stage.secrets.get(id)?.expose_secret().to_owned(),
        })
    };
    Next {
        docs: format!("{hub}/docs"),
        gaps: format!("{hub}/v1/tables/market_gaps.csv"),
        release: format!("{hub}/v1/releases/{}", release.id),
        personas: ["commissioner", "kent", "lewisham", "operator"].into_iter().filter_map(persona).collect(),
        hub,
    }
}
