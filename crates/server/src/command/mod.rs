//! The commands of `hub`. Exit codes: 0 good, 1 something was found or refused that needs somebody, 2 wrong usage,
//! 3 a fault of this machine, the network or the database.

mod audit;
mod authority;
mod backup;
mod child;
mod client;
mod contract;
mod definition;
mod delivery;
mod demo;
mod doctor;
mod endpoint;
mod feeds;
mod gaps;
mod holiday;
mod key;
mod ladder;
mod migrate;
mod notice;
mod office;
mod population;
mod print;
mod quality;
mod question;
mod reconcile;
mod register;
mod release;
mod replay;
mod reporting;
mod retention;
mod schedule;
mod serve;
mod settle;
mod sign_in;
mod source;
mod stop;
mod submission;
mod vacancies;
mod validate;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::screen::{self, Answer};
use crate::settings::Database;
use crate::telemetry::{self, LogFormat};

pub(crate) use stop::Stop;

/// The regional hub: takes the boroughs' nightly feeds, tells host authorities, publishes what the region has and lacks.
///
/// Settings are taken from the flag, then from the environment variable beside it, then from the default.
#[derive(Debug, Parser)]
#[command(name = "hub", version, about, max_term_width = 110)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command may be told.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    #[command(flatten)]
    pub(crate) database: Database,
    /// The file of the key that seals the hub's private keys in its database; `hub key init` makes one.
    #[arg(long, global = true, env = "HUB_KEY_FILE", value_name = "FILE")]
    pub(crate) key_file: Option<std::path::PathBuf>,
    /// A file of bank holidays beside those that are known, a date a line: days that were proclaimed, or a whole new year.
    #[arg(long, global = true, env = "HUB_HOLIDAYS", value_name = "FILE")]
    pub(crate) holidays: Option<std::path::PathBuf>,
    /// Print one JSON document instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Which log lines to write to stderr: error, warn, info, debug, or hub_pipeline=debug,warn… [default: info when
    /// serving, else warn]
    #[arg(long, global = true, env = "HUB_LOG", value_name = "FILTER")]
    log: Option<String>,
    /// How log lines are written.
    #[arg(long, global = true, env = "HUB_LOG_FORMAT", value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the hub until SIGTERM or Ctrl-C.
    Serve(Box<serve::Serve>),
    /// Bring the database's schema up to date.
    Migrate(migrate::Migrate),
    /// Play one night of a made-up region over real HTTP, and show what a commissioner would see.
    Demo(demo::Demo),
    /// Say what the hub would say of a file, without a hub: exit 0 when it is good, 1 when there are errors.
    Validate(validate::Validate),
    /// Contracts: what may be sent of each dataset. Write one, look at it, compare two, make templates and pages of it.
    #[command(subcommand)]
    Contract(contract::Contract),
    /// Programs and people that may ask for tokens.
    #[command(subcommand)]
    Client(client::Client),
    /// Read-only keys for reporting tools, such as Power BI: published tables and nothing else.
    #[command(subcommand)]
    ReportingKey(reporting::ReportingKey),
    /// Authorities that take part.
    #[command(subcommand)]
    Authority(authority::Authority),
    /// What was sent, and what became of it.
    #[command(subcommand)]
    Submission(submission::Submission),
    /// How notices to host authorities stand.
    #[command(subcommand)]
    Notice(notice::Notice),
    /// Which children live in an authority's area, or where its own live: on any day, as known on any day.
    Register(register::Register),
    /// Where notices are sent, and how each receiver does.
    #[command(subcommand)]
    Endpoint(endpoint::Endpoint),
    /// What was queued for endpoints, and what came of it.
    #[command(subcommand)]
    Delivery(delivery::Delivery),
    /// How many children live where: the denominators of rates.
    #[command(subcommand)]
    Population(population::Population),
    /// The bank holidays that due dates are counted by: known, proclaimed, taken back.
    #[command(subcommand)]
    Holiday(holiday::Holiday),
    /// What was published.
    #[command(subcommand)]
    Release(release::Release),
    /// What each published figure means.
    #[command(subcommand, visible_alias = "definitions")]
    Definition(definition::Definition),
    /// The seventeen questions commissioners ask of the market.
    #[command(visible_alias = "questions")]
    Question(question::Question),
    /// Answer one of the questions from the latest release.
    Ask(question::Ask),
    /// Where children are left without a home, largest first, and what one more place would do.
    Gaps(gaps::Gaps),
    /// The live vacancies, and how far each report can be believed.
    Vacancies(Box<vacancies::Vacancies>),
    /// What a home would have done in the last two years, had it been there.
    Replay(replay::Replay),
    /// What episodes, notices and homes do not agree about.
    #[command(subcommand)]
    Reconcile(reconcile::Reconcile),
    /// What runs when.
    #[command(subcommand)]
    Schedule(schedule::Schedule),
    /// Who hears of what is late, unopened or wrong, step by step.
    #[command(subcommand)]
    Ladder(ladder::Ladder),
    /// Where the hub collects feeds itself: files that boroughs drop.
    #[command(subcommand)]
    Source(source::Source),
    /// How good each sender's feeds are: on time, complete, with which findings, under lasting references.
    #[command(subcommand)]
    Quality(quality::Quality),
    /// Which feeds were expected, and whether they came.
    Feeds(feeds::Feeds),
    /// Look for what is wrong, and say how to mend it.
    Doctor(doctor::Doctor),
    /// The hub's own signing keys.
    #[command(subcommand)]
    Key(key::Key),
    /// Copy the whole hub into a folder, from one moment, while it goes on serving.
    Backup(backup::Backup),
    /// Make a hub again from a backup, in an empty database of either kind.
    Restore(backup::Restore),
    /// How long what is over is kept, what is due to go, and deleting it.
    #[command(subcommand)]
    Retention(Box<retention::Retention>),
    /// What is held of one child: handed out, or erased, for the authority whose child it is.
    #[command(subcommand)]
    Child(Box<child::Child>),
    /// What was deleted, handed out or erased, under which rule, and the proof.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Print the description of the HTTP API (OpenAPI 3.1).
    Openapi,
    /// Print a script that completes commands in a shell.
    Completions(print::Completions),
}

/// Runs the program.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(told) => {
            // Where clap's own message cannot be written there is nobody to tell.
            let _ = told.print();
            return ExitCode::from(if told.use_stderr() { 2 } else { 0 });
        }
    };
    let json = cli.global.json;
    match act(cli).and_then(|answer| screen::print(&answer.render(json)).map(|()| answer.is_good)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(stop) => {
            stop.explain();
            ExitCode::from(stop.code())
        }
    }
}

fn act(cli: Cli) -> Result<Answer, Stop> {
    let serves = matches!(cli.command, Command::Serve(_));
    // The metronome tells of each of its own steps.
    let usual = if serves { "info,tokio_cron_scheduler=warn" } else { "warn" };
    let filter = cli.global.log.as_deref().unwrap_or(usual);
    telemetry::begin(cli.global.log_format, filter).map_err(Stop::Usage)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(dispatch(cli.command, cli.global));
    // Blocking work that nobody waits for any more must not keep the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    done
}

async fn dispatch(command: Command, global: Global) -> Result<Answer, Stop> {
    match command {
        Command::Serve(serve) => serve::run(*serve, &global).await,
        Command::Migrate(migrate) => migrate::run(&migrate, &global).await,
        Command::Demo(demo) => demo::run(demo, &global).await,
        Command::Validate(validate) => validate::run(&validate),
        Command::Contract(contract) => contract::run(contract),
        Command::Client(client) => client::run(client, &global).await,
        Command::ReportingKey(key) => reporting::run(key, &global).await,
        Command::Authority(authority) => authority::run(authority, &global).await,
        Command::Submission(submission) => submission::run(submission, &global).await,
        Command::Notice(notice) => notice::run(notice, &global).await,
        Command::Register(register) => register::run(&register, &global).await,
        Command::Endpoint(endpoint) => endpoint::run(endpoint, &global).await,
        Command::Delivery(delivery) => delivery::run(delivery, &global).await,
        Command::Population(population) => population::run(population, &global).await,
        Command::Holiday(holiday) => holiday::run(holiday, &global).await,
        Command::Release(release) => release::run(release, &global).await,
        Command::Definition(definition) => definition::run(definition, &global).await,
        Command::Question(question) => question::run(question, &global).await,
        Command::Ask(asked) => question::ask(&asked, &global).await,
        Command::Gaps(asked) => gaps::run(&asked, &global).await,
        Command::Vacancies(asked) => vacancies::run(*asked, &global).await,
        Command::Replay(asked) => replay::run(&asked, &global).await,
        Command::Reconcile(reconcile) => reconcile::run(reconcile, &global).await,
        Command::Schedule(schedule) => schedule::run(schedule, &global).await,
        Command::Ladder(ladder) => ladder::run(ladder, &global).await,
        Command::Quality(quality) => quality::run(quality, &global).await,
        Command::Source(source) => source::run(source, &global).await,
        Command::Feeds(feeds) => feeds::run(&feeds, &global).await,
        Command::Doctor(doctor) => doctor::run(&doctor, &global).await,
        Command::Key(key) => key::run(key, &global).await,
        Command::Backup(asked) => backup::run(&asked, &global).await,
        Command::Restore(asked) => backup::restore(&asked, &global).await,
        Command::Retention(retention) => retention::run(*retention, &global).await,
        Command::Child(child) => child::run(*child, &global).await,
        Command::Audit(audit) => audit::run(audit, &global).await,
        Command::Openapi => print::openapi(),
        Command::Completions(completions) => Ok(print::completions(&completions)),
    }
}
