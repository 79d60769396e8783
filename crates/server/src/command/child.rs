//! `child`: what is held of one child, handed out or erased for the authority whose child it is.

use clap::{Args, Subcommand};
use hub_domain::AuthorityCode;
use hub_pipeline::child::{self, ChildRefusal, Erased, Held, Stays};
use hub_pipeline::retain::Periods;

use super::office::{Office, name_of, parse_authority};
use super::retention::HowLong;
use super::{Global, Stop};
use crate::screen::{Answer, local};

/// Who is named in the audit chain: whoever may open the database.
const OPERATOR: &str = "operator";

#[derive(Debug, Subcommand)]
pub(super) enum Child {
    /// Print all that is held of a child as one JSON document: every version of every record, every notice with its history.
    /// Only on the request of the authority whose child it is; that it was done is kept in the audit chain.
    Export(Which),
    /// Erase all that is held of a child. What the feed still says, or the law wants kept, is refused with the reason.
    Erase(Erase),
}

/// Which child.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// The pseudonym that the authority's feeds give the child.
    #[arg(value_name = "CHILD_REF", allow_hyphen_values = true)]
    child_ref: String,
    /// Whose child.
    #[arg(long, value_name = "CODE", value_parser = parse_authority)]
    authority: AuthorityCode,
}

/// What `child erase` is told.
#[derive(Debug, Args)]
pub(super) struct Erase {
    #[command(flatten)]
    which: Which,
    /// Why, in a few words that name nobody: it is kept in the audit chain.
    #[arg(long, value_name = "WORDS")]
    reason: String,
    /// Do it. Without this, nothing is done but to say what would be asked.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    keep: HowLong,
}

pub(super) async fn run(command: Child, global: &Global) -> Result<Answer, Stop> {
    match command {
        Child::Export(which) => export(&which, global).await,
        Child::Erase(erase) => self::erase(&erase, global).await,
    }
}

async fn export(which: &Which, global: &Global) -> Result<Answer, Stop> {
    let office = Office::open(global).await?;
    let held: Held = child::export(&office.hub, which.authority, &which.child_ref, OPERATOR).await.map_err(refuse)?;
    let text = serde_json::to_string_pretty(&held).map_err(anyhow::Error::from)?;
    Answer::new(format!("{text}\n"), held)
}

async fn erase(erase: &Erase, global: &Global) -> Result<Answer, Stop> {
    let reason = erase.reason.trim();
    if reason.is_empty() {
        return Err(Stop::Usage("say why in a few words: --reason \"asked by …\"".to_owned()));
    }
    if !erase.yes {
        let whose = name_of(erase.which.authority);
        let told = format!("this erases for good what is held of one of {whose}'s children: say --yes to do it");
        return Err(Stop::Refused(told));
    }
    let periods: Periods = erase.keep.periods();
    let office = Office::open(global).await?.keeping(periods);
    let (hub, which) = (&office.hub, &erase.which);
    let done = child::erase(hub, which.authority, &which.child_ref, (OPERATOR, reason)).await.map_err(refuse)?;
    let Erased { records, notices, discrepancies, payloads, entry, .. } = &done;
    let text = format!(
        "Erased {records} versions of records, {notices} notices, {discrepancies} discrepancies, and the bytes of {payloads} \
         submissions. Entry {entry} of the authority's audit chain is the proof. Backups from before hold it still, until they \
         are deleted.\n"
    );
    Answer::new(text, &done)
}

fn refuse(refusal: ChildRefusal) -> Stop {
    match refusal {
        ChildRefusal::Fault(fault) => fault.into(),
        unknown @ ChildRefusal::Unknown => Stop::Refused(unknown.to_string()),
        ChildRefusal::Stays(stays) => {
            let lines: Vec<String> = stays.iter().map(line).collect();
            Stop::Refused(format!("nothing was erased:\n{}", lines.join("\n")))
        }
    }
}

fn line(stays: &Stays) -> String {
    let until = stays.until.map(|at| format!(" (until {})", local(at))).unwrap_or_default();
    format!("  {} {}{until}: {}", stays.count, stays.what, stays.why)
}
