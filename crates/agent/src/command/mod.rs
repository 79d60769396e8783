//! The commands of `hub-agent`. Exit codes: 0 good, 1 findings that need somebody, 2 wrong usage,
//! 3 a fault of this machine, the network or the hub.

mod cost;
mod daily;
mod doctor;
mod document;
mod given;
mod history;
mod init;
mod map;
mod network;
#[cfg(feature = "sealing")]
mod notice;
mod push;
mod recall;
mod schedule;
#[cfg(feature = "sealing")]
mod sealing_key;
#[cfg(feature = "sealing")]
mod signing_key;
mod validate;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::hub::{Connection, HubClient, HubError};
use crate::mapping::MappingError;
use crate::prepare::PrepareError;
use crate::settings::{Settings, SettingsError};

/// Sends a borough's nightly feeds to the hub, leaving behind everything that could name a child.
#[derive(Debug, Parser)]
#[command(name = "hub-agent", version, about, max_term_width = 100)]
pub struct Cli {
    /// The settings file that `init` makes.
    #[arg(long, global = true, env = "HUB_AGENT_CONFIG", default_value = crate::settings::FILE)]
    config: PathBuf,
    /// Print one JSON document instead of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    network: network::Network,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the settings file and this borough's keys.
    Init(init::Init),
    /// Print the public key that the hub's operator registers.
    Jwk,
    /// Say what the hub would say of these files. Nothing is sent.
    Validate(validate::Validate),
    /// Propose which column of a spreadsheet is which of a contract's, and say why, as a mapping file to read and correct.
    Map(map::Map),
    /// Check these files, send them to the hub, and print what becomes of them.
    Push(push::Push),
    /// Finish what a run that was cut off had begun, and send nothing else.
    Resume,
    /// List what was sent from here and what became of it.
    Journal(history::History),
    /// Look at settings, keys, postcode directory, certificates, clock and hub, and say what to mend.
    Doctor,
    /// Print what to give cron, systemd or the Windows Task Scheduler so that a command runs each night.
    Schedule(schedule::Schedule),
    /// Make a submission of changes of the payload that the case system makes for DfE each day.
    Daily(daily::Daily),
    /// Ask the hub about a submission.
    Status(recall::Recall),
    /// Confirm a submission that the hub holds because much of it would be withdrawn.
    Confirm(recall::Recall),
    /// Make, list and retire the keys with which this host opens sealed details.
    #[cfg(feature = "sealing")]
    #[command(subcommand)]
    SealingKey(sealing_key::SealingKey),
    /// Print the fingerprint of the key with which this authority signs what it seals; the key is made if there is none.
    #[cfg(feature = "sealing")]
    SigningKey,
    /// Raise notices with sealed details; list and open those of this host.
    #[cfg(feature = "sealing")]
    #[command(subcommand)]
    Notice(notice::Notice),
}

/// What a command came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// Nothing for anybody to do.
    Good,
    /// Findings with errors, or a submission that was not accepted.
    Findings,
}

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    #[error(transparent)]
    Hub(#[from] HubError),
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error(transparent)]
    Unremembered(#[from] crate::journal::JournalError),
    #[cfg(feature = "sealing")]
    #[error(transparent)]
    Identity(#[from] crate::sealing::IdentityError),
    #[cfg(feature = "sealing")]
    #[error(transparent)]
    Details(#[from] crate::sealing::DetailsError),
    #[cfg(feature = "sealing")]
    #[error(transparent)]
    Contents(#[from] crate::sealing::ContentsError),
    #[cfg(feature = "sealing")]
    #[error(transparent)]
    Seal(#[from] crate::sealing::SealError),
    #[cfg(feature = "sealing")]
    #[error(transparent)]
    Trust(#[from] crate::sealing::TrustError),
    #[cfg(feature = "sealing")]
    #[error(transparent)]
    Journal(#[from] crate::sealing::JournalError),
    /// The notice is raised and counts; its details are not with it yet.
    #[cfg(feature = "sealing")]
    #[error(
        "notice {notice} is raised, but its details are NOT sealed yet; once this is mended run: hub-agent notice seal {notice} --details FILE"
    )]
    Unsealed {
        notice: uuid::Uuid,
        #[source]
        because: Box<Stop>,
    },
    #[cfg(feature = "sealing")]
    #[error(transparent)]
    Whereabouts(#[from] crate::sealing::WhereaboutsError),
    #[cfg(feature = "sealing")]
    #[error(transparent)]
    Signer(#[from] crate::sealing::SignerError),
    #[cfg(feature = "sealing")]
    #[error(transparent)]
    Key(#[from] crate::keys::KeyError),
    #[cfg(feature = "sealing")]
    #[error(
        "nobody signed it: whoever has the host's public key can have made it. Nothing was written. Ring the placing authority; if it is theirs, run the same again with --unsigned"
    )]
    Unsigned,
    #[cfg(feature = "sealing")]
    #[error(
        "the envelope opens, but it was sealed for another notice, or by another than it says. Nothing was written; tell the hub's operator"
    )]
    Misplaced,
    #[error("{what}")]
    Io { what: String, source: std::io::Error },
    #[error("the output could not be written")]
    Output(#[from] std::io::Error),
}

/// Where a command writes, and how.
struct Screen<'a> {
    out: &'a mut (dyn Write + Send),
    json: bool,
    config: PathBuf,
    network: network::Network,
}

/// Runs the program: results to `out`, faults to `err`.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    out: &mut (dyn Write + Send),
    err: &mut (dyn Write + Send),
) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(told) => {
            let text = told.render();
            let _ = if told.use_stderr() { write!(err, "{text}") } else { write!(out, "{text}") };
            return ExitCode::from(if told.use_stderr() { 2 } else { 0 });
        }
    };
    let mut screen = Screen { out, json: cli.json, config: cli.config, network: cli.network };
    match dispatch(cli.command, &mut screen) {
        Ok(Done::Good) => ExitCode::SUCCESS,
        Ok(Done::Findings) => ExitCode::from(1),
        Err(stop) => {
            let _ = write!(err, "hub-agent: {}", explain(&stop));
            ExitCode::from(if matches!(stop, Stop::Usage(_) | Stop::Mapping(_)) { 2 } else { 3 })
        }
    }
}

fn dispatch(command: Command, screen: &mut Screen<'_>) -> Result<Done, Stop> {
    match command {
        Command::Init(init) => init::run(&init, screen),
        Command::Jwk => init::print_jwk(screen),
        Command::Validate(validate) => validate::run(&validate, screen),
        Command::Map(map) => map::run(&map, screen),
        Command::Push(push) => block_on(push::run(&push, screen)),
        Command::Resume => block_on(history::resume(screen)),
        Command::Journal(history) => history::run(&history, screen),
        Command::Doctor => block_on(doctor::run(screen)),
        Command::Schedule(schedule) => schedule::run(&schedule, screen),
        Command::Daily(asked) => daily::run(&asked, screen),
        Command::Status(recall) => block_on(recall::status(&recall, screen)),
        Command::Confirm(recall) => block_on(recall::confirm(&recall, screen)),
        #[cfg(feature = "sealing")]
        Command::SealingKey(command) => block_on(sealing_key::run(&command, screen)),
        #[cfg(feature = "sealing")]
        Command::SigningKey => signing_key::run(screen),
        #[cfg(feature = "sealing")]
        Command::Notice(command) => block_on(notice::run(&command, screen)),
    }
}

/// The fault and, set in below it, what caused it.
fn explain(stop: &Stop) -> String {
    let mut lines = vec![stop.to_string()];
    let mut cause = std::error::Error::source(stop);
    while let Some(error) = cause {
        lines.push(format!("  because: {error}"));
        cause = error.source();
    }
    lines.push(String::new());
    lines.join("\n")
}

fn block_on(work: impl Future<Output = Result<Done, Stop>>) -> Result<Done, Stop> {
    let fault = |source| Stop::Io { what: "the program could not be started".to_owned(), source };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(fault)?;
    runtime.block_on(work)
}

/// Says why nothing seems to happen, so that nobody cuts a patient client short.
fn tell_retry(fault: &HubError, pause: std::time::Duration) {
    let _ = writeln!(std::io::stderr(), "{}; trying again in {:.0} s", fault.brief(), pause.as_secs_f64().ceil());
}

/// A client of the hub that the settings name, by the way out that the command was told.
fn connect(settings: &Settings, network: &network::Network) -> Result<HubClient, Stop> {
    let mut connection = Connection::new(&settings.hub, &settings.client_id, settings.proof()?);
    network.lead(&mut connection, settings)?;
    connection.on_retry = Some(tell_retry);
    client_of(connection)
}

/// The same, for one try.
fn connect_once(settings: &Settings, network: &network::Network) -> Result<HubClient, Stop> {
    let mut connection = Connection::new(&settings.hub, &settings.client_id, settings.proof()?);
    network.lead(&mut connection, settings)?;
    connection.retry.tries = 1;
    client_of(connection)
}

fn client_of(connection: Connection) -> Result<HubClient, Stop> {
    Ok(HubClient::new(connection, std::sync::Arc::new(hub_domain::SystemClock))?)
}
