//! `doctor`: what is wrong, and how to mend it.

mod machine;
mod night;
mod people;
mod ready;
mod room;
mod work;

use std::net::SocketAddr;

use clap::Args;
use hub_domain::Calendar;
use hub_pipeline::identity::Seal;
use hub_store::{Store, StoreError};
use serde::Serialize;

use super::office::{Office, open};
use super::{Global, Stop};
use crate::screen::Answer;
use crate::settings::{calendar, seal};

/// What `doctor` is told.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// A release older than this many hours is a complaint.
    #[arg(long, value_name = "HOURS", default_value_t = 26, value_parser = clap::value_parser!(i32).range(1..=10_000))]
    release_hours: i32,
    /// A job that has been due for longer than this many minutes is a complaint.
    #[arg(long, value_name = "MINUTES", default_value_t = 10, value_parser = clap::value_parser!(i32).range(1..=10_000))]
    job_minutes: i32,
    /// A disk with less than this free is a complaint, MiB.
    #[arg(long, value_name = "MIB", default_value_t = 512, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    free_mib: u64,
    /// Only ask the hub that listens on this machine whether it is ready, as a health check does: exit 1 when it is not. Opens
    /// no database.
    #[arg(long)]
    ready: bool,
    /// Where that hub listens.
    #[arg(long, env = "HUB_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// As it should be.
    Good,
    /// It works, and somebody should look.
    Look,
    /// It does not work.
    Bad,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Check {
    what: &'static str,
    state: State,
    says: String,
    /// What to do about it; empty when there is nothing.
    #[serde(skip_serializing_if = "str::is_empty")]
    mend: String,
}

impl Check {
    fn good(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, state: State::Good, says: says.into(), mend: String::new() }
    }

    fn look(what: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what, state: State::Look, says: says.into(), mend: mend.into() }
    }

    fn bad(what: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what, state: State::Bad, says: says.into(), mend: mend.into() }
    }

    fn line(&self) -> String {
        let Self { what, state, says, mend } = self;
        let mark = match state {
            State::Good => "good",
            State::Look => "LOOK",
            State::Bad => "BAD ",
        };
        let mend = if mend.is_empty() { String::new() } else { format!("{:<20}mend: {mend}\n", "") };
        format!("{mark}  {what:<13} {says}\n{mend}")
    }
}

/// Looks at everything; exit 1 when something is not as it should be.
pub(super) async fn run(doctor: &Doctor, global: &Global) -> Result<Answer, Stop> {
    if doctor.ready {
        return ready::ready(doctor.listen).await;
    }
    let settings = global.database.settings()?;
    let mut checks = machine::folder(&settings.url);
    checks.extend(room::disks(&settings.url, doctor.free_mib));
    if let Some(check) = room::key_file(global.key_file.as_deref()) {
        let is_lost = check.state == State::Bad && !global.key_file.as_deref().is_some_and(std::path::Path::exists);
        checks.push(check);
        if is_lost {
            return Ok(Answer::new(render(&checks), &checks)?.judged(false));
        }
    }
    let known = (seal(global.key_file.as_deref())?, calendar(global.holidays.as_deref())?);
    let examined = match open(global).await {
        Ok(store) => examine(doctor, store, known, &mut checks).await,
        Err(stop) => Err(stop),
    };
    checks.extend(match examined {
        Ok(()) => None,
        Err(usage @ Stop::Usage(_)) => return Err(usage),
        Err(Stop::Refused(why)) => Some(Check::bad("database", why, "run `hub migrate`, or name another database")),
        Err(Stop::Fault(error)) => {
            Some(Check::bad("database", chain(&error), "see whether it runs, and whether the URL is right"))
        }
    });
    let is_good = checks.iter().all(|check| check.state == State::Good);
    Ok(Answer::new(render(&checks), &checks)?.judged(is_good))
}

async fn examine(
    doctor: &Doctor,
    store: Store,
    (seal, calendar): (Seal, &'static Calendar),
    checks: &mut Vec<Check>,
) -> Result<(), Stop> {
    let kind = store.kind();
    checks.push(Check::good("database", format!("{kind} answers, and confirms only what is on stable storage")));
    match store.check_statements().await {
        Ok(all) => checks.push(Check::good("schema", format!("all {} statements are understood", all.len()))),
        Err(StoreError::Statement(name, _)) => {
            let says = format!("the statement {name} is not understood: the schema is not this program's");
            checks.push(Check::bad("schema", says, "run `hub migrate`"));
            return Ok(());
        }
        Err(other) => return Err(other.into()),
    }
    let office = Office::over(store, seal, calendar);
    checks.push(machine::clock(&office).await?);
    checks.extend(machine::servers_clock(&office).await?);
    checks.push(machine::holidays(&office).await?);
    checks.extend(people::members(&office).await?);
    checks.push(people::keys(&office).await?);
    checks.push(people::sealed(&office).await?);
    checks.extend(people::secrets(&office).await?);
    checks.extend(people::reporting_keys(&office).await?);
    checks.extend(work::jobs(&office, doctor.job_minutes).await?);
    checks.push(work::schedules(&office).await?);
    checks.extend(work::beat(&office, doctor.job_minutes).await?);
    checks.push(work::outbox(&office, doctor.job_minutes).await?);
    checks.push(work::audited(&office).await?);
    checks.extend(work::letters(&office).await?);
    checks.extend(night::submissions(&office, doctor.job_minutes).await?);
    checks.push(night::feeds(&office).await?);
    checks.push(night::held(&office).await?);
    checks.push(night::release(&office, doctor.release_hours).await?);
    Ok(())
}

fn chain(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn render(checks: &[Check]) -> String {
    let wrong = checks.iter().filter(|check| check.state != State::Good).count();
    let lines: String = checks.iter().map(Check::line).collect();
    let last = match wrong {
        0 => "Nothing is wrong.".to_owned(),
        1 => "1 thing wants somebody.".to_owned(),
        _ => format!("{wrong} things want somebody."),
    };
    format!("{lines}\n{last}\n")
}
