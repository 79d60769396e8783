//! `sealing-key`: the host's own keys.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use hub_domain::{Clock, SystemClock};

use super::{Done, Screen, Stop, connect};
use crate::hub::{HubClient, RegisteredKey};
use crate::sealing::{Fingerprint, Identities, IdentityError, Recipient};
use crate::settings::Settings;

/// Name of the identity file, beside the settings file.
const FILE: &str = "sealing.key";

/// What is to be done with this host's keys.
#[derive(Debug, Subcommand)]
pub(super) enum SealingKey {
    /// Make this host's key file, and print the public key and its fingerprint.
    Init(Init),
    /// Make another key in the same file and register it; what was sealed to the old one still opens.
    Rotate(Where),
    /// List this host's keys at the hub, and which of them this machine can open with.
    List(Where),
    /// Retire a key for good: nothing can be sealed to it any more.
    Retire(Retire),
}

/// Where the identity file is.
#[derive(Debug, Args)]
pub(super) struct Where {
    /// The identity file, as age-keygen writes it; sealing.key beside the settings file unless given.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

/// What `init` is told.
#[derive(Debug, Args)]
pub(super) struct Init {
    #[command(flatten)]
    place: Where,
    /// Register the public key at the hub too. With a file that is there already, only that.
    #[arg(long)]
    register: bool,
}

/// Which key.
#[derive(Debug, Args)]
pub(super) struct Retire {
    /// Its fingerprint.
    #[arg(value_name = "FINGERPRINT")]
    fingerprint: Fingerprint,
}

impl Where {
    /// The identity file.
    pub(super) fn path(&self, screen: &Screen<'_>) -> PathBuf {
        self.identity.clone().unwrap_or_else(|| folder(screen).join(FILE))
    }
}

/// The folder of the settings file.
pub(super) fn folder(screen: &Screen<'_>) -> PathBuf {
    screen.config.parent().unwrap_or(Path::new("")).to_owned()
}

pub(super) async fn run(command: &SealingKey, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    match command {
        SealingKey::Init(init) => begin(init, screen).await,
        SealingKey::Rotate(place) => rotate(place, screen).await,
        SealingKey::List(place) => list(place, screen).await,
        SealingKey::Retire(retire) => end(retire, screen).await,
    }
}

async fn begin(init: &Init, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let path = init.place.path(screen);
    let identities = if path.exists() {
        if !init.register {
            let told = format!(
                "{} is already there; init overwrites nothing. `hub-agent sealing-key rotate` adds a key to it",
                path.display()
            );
            return Err(Stop::Usage(told));
        }
        Identities::read(&path)?
    } else {
        let made = Identities::none().with_new(SystemClock.now())?;
        made.write_new(&path)?;
        made
    };
    let recipient = identities.newest()?;
    if init.register {
        register(&recipient, own(screen)?).await?;
    }
    tell(&path, &recipient, init.register, screen)
}

async fn rotate(place: &Where, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let path = place.path(screen);
    let identities = Identities::read(&path)?.with_new(SystemClock.now())?;
    // The file first: a key that is registered and then lost would be one that nobody can open with.
    identities.replace(&path)?;
    let recipient = identities.newest()?;
    register(&recipient, own(screen)?).await?;
    tell(&path, &recipient, true, screen)
}

async fn register(recipient: &Recipient, (settings, client): (Settings, HubClient)) -> Result<RegisteredKey, Stop> {
    Ok(client.register_sealing_key(settings.authority, recipient).await?)
}

fn tell(path: &Path, recipient: &Recipient, registered: bool, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let fingerprint = recipient.fingerprint();
    if screen.json {
        let told = serde_json::json!({
            "identity": path, "recipient": recipient, "fingerprint": fingerprint, "registered": registered
        });
        writeln!(screen.out, "{told:#}")?;
        return Ok(Done::Good);
    }
    writeln!(screen.out, "Private key:  {}", path.display())?;
    writeln!(screen.out, "Public key:   {recipient}")?;
    writeln!(screen.out, "Fingerprint:  {fingerprint}")?;
    writeln!(screen.out)?;
    writeln!(
        screen.out,
        "Keep a copy of the private key where the authority keeps its secrets, today: what is sealed"
    )?;
    writeln!(
        screen.out,
        "to it cannot be opened without it, by anybody. Read the fingerprint out when a borough rings."
    )?;
    if !registered {
        writeln!(screen.out, "Register it with: hub-agent sealing-key init --register")?;
    }
    Ok(Done::Good)
}

async fn list(place: &Where, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let (settings, client) = own(screen)?;
    let keys = client.sealing_keys(settings.authority).await?;
    let path = place.path(screen);
    let mine = match Identities::read(&path) {
        Ok(identities) => identities.recipients()?,
        Err(IdentityError::File(_) | IdentityError::Empty) => Vec::new(),
        Err(fault) => return Err(fault.into()),
    };
    if screen.json {
        let shown: Vec<_> = keys.iter().map(|key| shown(key, mine.contains(&key.recipient))).collect();
        writeln!(screen.out, "{:#}", serde_json::Value::from(shown))?;
        return Ok(Done::Good);
    }
    for key in &keys {
        let state = if key.retired_at.is_some() { "retired" } else { "live" };
        let here = if mine.contains(&key.recipient) { "opens here" } else { "NOT in this machine's identity file" };
        let RegisteredKey { registered_at, registered_by, .. } = key;
        let fingerprint = key.recipient.fingerprint();
        writeln!(screen.out, "{fingerprint}  {state:<7}  registered {registered_at} by {registered_by}  {here}")?;
    }
    if keys.is_empty() {
        writeln!(screen.out, "No key is registered for {}.", settings.authority)?;
    }
    Ok(Done::Good)
}

fn shown(key: &RegisteredKey, opens_here: bool) -> serde_json::Value {
    serde_json::json!({
        "id": key.id, "fingerprint": key.recipient.fingerprint(), "recipient": key.recipient,
        "registered_at": key.registered_at, "registered_by": key.registered_by, "retired_at": key.retired_at,
        "opens_here": opens_here,
    })
}

async fn end(retire: &Retire, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let (settings, client) = own(screen)?;
    let keys = client.sealing_keys(settings.authority).await?;
    let key = keys.iter().find(|key| key.recipient.fingerprint() == retire.fingerprint);
    let key = key.ok_or_else(|| Stop::Usage("this authority has no key of that fingerprint at the hub".to_owned()))?;
    client.retire_sealing_key(key.id).await?;
    if screen.json {
        writeln!(screen.out, "{:#}", serde_json::json!({ "retired": retire.fingerprint }))?;
    } else {
        writeln!(
            screen.out,
            "Retired {}. Keep the private key while anything sealed to it is needed.",
            retire.fingerprint
        )?;
    }
    Ok(Done::Good)
}

fn own(screen: &Screen<'_>) -> Result<(Settings, HubClient), Stop> {
    let settings = Settings::read(&screen.config)?;
    let client = connect(&settings, &screen.network)?;
    Ok((settings, client))
}
