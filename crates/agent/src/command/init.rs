//! Making the settings file and the keys.

use std::path::{Path, PathBuf};

use clap::Args;
use hub_domain::AuthorityCode;

use super::{Done, Screen, Stop};
use crate::keys::{self, ClientKey, KeyError};
use crate::settings::{FILE, Proof, Settings, SettingsError};

const PSEUDONYM_KEY: &str = "pseudonym.key";
const CLIENT_KEY: &str = "client.pem";
const CLIENT_JWK: &str = "client.jwk";

/// What `init` is told.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The authority, by its GSS code, such as E09000023.
    #[arg(long, value_name = "CODE")]
    authority: AuthorityCode,
    /// The hub's address.
    #[arg(long, value_name = "URL")]
    hub: String,
    /// The client id that the hub's operator will register.
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// The folder to make the files in.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    dir: PathBuf,
    /// Use the pseudonym key in this file, from a former installation, instead of making one.
    #[arg(long, value_name = "FILE")]
    pseudonym_key: Option<PathBuf>,
}

/// Makes the files, overwriting none, and prints the public key.
pub(super) fn run(init: &Init, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let (settings_path, jwk_path) = (init.dir.join(FILE), init.dir.join(CLIENT_JWK));
    if let Some(there) = [&settings_path, &jwk_path].into_iter().find(|path| path.exists()) {
        return Err(Stop::Usage(format!("{} is already there; init overwrites nothing", there.display())));
    }
    let fault = |source| Stop::Io { what: format!("the folder {} cannot be made", init.dir.display()), source };
    std::fs::create_dir_all(&init.dir).map_err(fault)?;
    let pseudonym_key = choose_pseudonym_key(init)?;
    let client = ClientKey::generate().map_err(SettingsError::from)?;
    keys::write_secret(&init.dir.join(CLIENT_KEY), &client.to_pem()).map_err(SettingsError::from)?;
    let settings = Settings {
        authority: init.authority,
        hub: init.hub.clone(),
        client_id: init.client_id.clone(),
        pseudonym_key,
        client_key: Some(PathBuf::from(CLIENT_KEY)),
        client_secret_file: None,
        postcodes: None,
        mappings: Vec::new(),
        ca_certificate: None,
        proxy: None,
        no_proxy: None,
    };
    let mut text = serde_json::to_string_pretty(&settings).map_err(std::io::Error::from)?;
    text.push('\n');
    save(&jwk_path, &format!("{}\n", client.public_jwk()))?;
    save(&settings_path, &text)?;
    let is_new = init.pseudonym_key.is_none();
    tell(&settings_path, &settings, &client, is_new, screen)?;
    Ok(Done::Good)
}

fn save(path: &Path, text: &str) -> Result<(), Stop> {
    let fault = |source| Stop::Io { what: format!("{} cannot be written", path.display()), source };
    std::fs::write(path, text).map_err(fault)
}

/// What the hub's operator types to register this client.
fn registration(settings: &Settings) -> String {
    let Settings { client_id, authority, .. } = settings;
    format!("hub client add {client_id} --role borough --authority {authority} --jwk {CLIENT_JWK}")
}

/// Prints the public half of the client key.
pub(super) fn print_jwk(screen: &mut Screen<'_>) -> Result<Done, Stop> {
    let settings = Settings::read(&screen.config)?;
    match settings.proof()? {
        Proof::Key(key) => writeln!(screen.out, "{}", key.public_jwk())?,
        Proof::Secret(_) => return Err(Stop::Usage("the settings name a client secret, not a key".to_owned())),
    }
    Ok(Done::Good)
}

fn choose_pseudonym_key(init: &Init) -> Result<PathBuf, Stop> {
    if let Some(path) = &init.pseudonym_key {
        let text = keys::read_secret(path).map_err(SettingsError::from)?;
        keys::parse_pseudonym_key(&text).map_err(SettingsError::from)?;
        let absolute = std::path::absolute(path).map_err(|source| KeyError::Read { path: path.clone(), source });
        return Ok(absolute.map_err(SettingsError::from)?);
    }
    let secret = keys::new_pseudonym_key().map_err(SettingsError::from)?;
    keys::write_secret(&init.dir.join(PSEUDONYM_KEY), &secret).map_err(SettingsError::from)?;
    Ok(PathBuf::from(PSEUDONYM_KEY))
}

fn tell(
    path: &Path,
    settings: &Settings,
    client: &ClientKey,
    is_new: bool,
    screen: &mut Screen<'_>,
) -> Result<(), Stop> {
    let jwk = client.public_jwk();
    if screen.json {
        let told = serde_json::json!({
            "settings": path,
            "client_id": settings.client_id,
            "jwk": jwk,
            "register": registration(settings),
        });
        writeln!(screen.out, "{told:#}")?;
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new(".")).display();
    writeln!(screen.out, "Made in {folder}:")?;
    writeln!(screen.out, "  {FILE}   who this is, and which hub; nothing secret")?;
    writeln!(screen.out, "  {CLIENT_KEY}       proves to the hub that it is you; if it is lost, make another")?;
    writeln!(screen.out, "  {CLIENT_JWK}       the public half of it, for the hub's operator")?;
    if is_new {
        writeln!(screen.out, "  {PSEUDONYM_KEY}    turns case numbers into references; never send it to anybody")?;
        writeln!(screen.out)?;
        writeln!(
            screen.out,
            "Keep a copy of {PSEUDONYM_KEY} where the authority keeps its secrets, today. Without it every"
        )?;
        writeln!(screen.out, "child becomes a new child to the hub, and the history of each is lost.")?;
    }
    writeln!(screen.out)?;
    writeln!(screen.out, "Give {CLIENT_JWK} to the hub's operator; nothing in it is secret:")?;
    writeln!(screen.out, "{jwk}")?;
    writeln!(screen.out)?;
    writeln!(screen.out, "They register it with:")?;
    writeln!(screen.out, "  {}", registration(settings))?;
    writeln!(screen.out, "Then try: hub-agent validate header.csv episodes.csv uasc.csv")?;
    Ok(())
}
