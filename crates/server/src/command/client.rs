//! `client`: programs and people that may ask for tokens.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use hub_domain::AuthorityCode;
use hub_pipeline::identity::{self, Credential, NewClient, Role};
use hub_store::identity::Client as Stored;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde_json::json;

use super::office::{Office, parse_authority};
use super::{Global, Stop};
use crate::screen::{Answer, local};

#[derive(Debug, Subcommand)]
pub(super) enum Client {
    /// Register a client, with its own public key (the better choice) or a secret that is shown once.
    Add(Add),
    /// List the clients.
    List,
    /// Give a client a new credential.
    Rotate(Rotate),
    /// End a client: it gets no more tokens, and the last it got ends within ten minutes.
    Revoke {
        /// The client's id.
        id: String,
    },
}

/// How the client proves who it is.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Proof {
    /// Make a secret and show it, once.
    #[arg(long)]
    secret: bool,
    /// The client's public key: a file with a JWK or a JWK set, such as `hub-agent jwk` prints; `-` reads stdin.
    #[arg(long, value_name = "FILE")]
    jwk: Option<PathBuf>,
}

/// What `client add` is told.
#[derive(Debug, Args)]
pub(super) struct Add {
    /// The id it will use, such as lewisham-agent. Ids are never used again.
    id: String,
    /// What people call it; the id, when not given.
    #[arg(long)]
    name: Option<String>,
    /// What it may do: borough, host, commissioner, quality_lead, broker, operator, reporting. Several by comma or by repeating.
    #[arg(long = "role", value_name = "ROLE", required = true, value_delimiter = ',')]
    roles: Vec<Role>,
    /// For whom it speaks, by code or name. Several by comma or by repeating.
    #[arg(long = "authority", value_name = "CODE", value_delimiter = ',', value_parser = parse_authority)]
    authorities: Vec<AuthorityCode>,
    #[command(flatten)]
    proof: Proof,
}

/// What `client rotate` is told.
#[derive(Debug, Args)]
pub(super) struct Rotate {
    /// The client's id.
    id: String,
    #[command(flatten)]
    proof: Proof,
    /// Let the credential before it go on working until the next rotation, so that nothing stops meanwhile.
    #[arg(long)]
    keep: bool,
}

/// A client as it is listed: nothing secret.
#[derive(Serialize)]
struct Listed {
    id: String,
    name: String,
    roles: Vec<String>,
    authorities: Vec<AuthorityCode>,
    proof: &'static str,
    state: String,
    created_at: jiff::Timestamp,
}

pub(super) async fn run(client: Client, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    let (store, now) = (&office.hub.store, office.now());
    match client {
        Client::Add(add) => {
            let new = NewClient {
                name: add.name.unwrap_or_else(|| add.id.clone()),
                id: add.id.clone(),
                roles: add.roles,
                authorities: add.authorities,
                credential: add.proof.credential()?,
            };
            let secret = identity::add(store, new, now).await?;
            show(&add.id, "registered", secret.as_ref())
        }
        Client::Rotate(rotate) => {
            let secret = identity::rotate(store, &rotate.id, &rotate.proof.credential()?, rotate.keep, now).await?;
            show(&rotate.id, "given a new credential", secret.as_ref())
        }
        Client::Revoke { id } => {
            identity::revoke(store, &id, now).await?;
            Answer::new(format!("{id} is revoked.\n"), json!({ "client_id": id, "state": "revoked" }))
        }
        Client::List => list(&office).await,
    }
}

impl Proof {
    fn credential(&self) -> Result<Credential, Stop> {
        self.jwk.as_deref().map_or(Ok(Credential::Secret), |path| read(path).map(Credential::Keys))
    }
}

fn read(path: &Path) -> Result<String, Stop> {
    let text = if path == Path::new("-") {
        std::io::read_to_string(std::io::stdin().lock())
    } else {
        std::fs::read_to_string(path)
    };
    text.map_err(|error| Stop::Usage(format!("the key file {} cannot be read: {error}", path.display())))
}

/// Tells what was done, and the secret: the only time that anybody sees it.
fn show(id: &str, done: &str, secret: Option<&SecretString>) -> Result<Answer, Stop> {
    let secret = secret.map(SecretString::expose_secret);
    let shown = secret.map(|secret| format!("Its secret, which is not kept and not shown again:\n{secret}\n"));
    let mut document = json!({ "client_id": id });
    if let (Some(secret), Some(members)) = (secret, document.as_object_mut()) {
        members.insert("client_secret".to_owned(), secret.into());
    }
    Answer::new(format!("{id} is {done}.\n{}", shown.unwrap_or_default()), document)
}

async fn list(office: &Office) -> Result<Answer, Stop> {
    let mut link = office.read().await?;
    let all: Vec<Listed> = hub_store::identity::clients(&mut link).await?.into_iter().map(Listed::from).collect();
    Answer::list(&["client", "name", "roles", "authorities", "proof", "state", "registered"], &all, |client| {
        let authorities: Vec<_> = client.authorities.iter().map(ToString::to_string).collect();
        vec![
            client.id.clone(),
            client.name.clone(),
            client.roles.join(","),
            authorities.join(","),
            client.proof.to_owned(),
            client.state.clone(),
            local(client.created_at),
        ]
    })
}

impl From<Stored> for Listed {
    fn from(client: Stored) -> Self {
        let proof = match (client.jwks.is_some(), client.secret.is_some()) {
            (true, true) => "key, secret",
            (true, false) => "key",
            (false, true) => "secret",
            (false, false) => "none",
        };
        Self {
            id: client.id,
            name: client.name,
            roles: client.roles,
            authorities: client.authorities,
            proof,
            state: client.state.to_string(),
            created_at: client.created_at,
        }
    }
}
