//! What lies on this machine.

use std::path::Path;

use hub_domain::{Clock as _, SystemClock, Timestamp};

use super::super::network::Network;
use super::{Check, in_full};
use crate::journal::{Journal, JournalError};
use crate::mapping::Mapping;
use crate::postcode::{Census, DirectoryError};
use crate::settings::{Proof, Settings};

/// Months after which a postcode directory is old: ONS publishes four a year.
const OLD: i32 = 7;

pub(super) fn look(settings: &Settings, config: &Path, network: &Network, checks: &mut Vec<Check>) {
    checks.push(match settings.pseudonyms() {
        Ok(_) => Check::good("pseudonym key", "reads, and no one else on this machine can"),
        Err(error) => {
            let advice = "Put the authority's own copy back; never make a new one for an authority that has sent before: every \
                          child would become a new child.";
            Check::wrong("pseudonym key", in_full(&error), advice)
        }
    });
    checks.push(match settings.proof() {
        Ok(Proof::Key(_)) => Check::good("client key", "reads"),
        Ok(Proof::Secret(_)) => {
            let advice = "Register a key with the hub's operator instead: `hub-agent init` makes one.";
            Check::doubtful("client key", "a shared secret is used", advice)
        }
        Err(error) => Check::wrong(
            "client key",
            in_full(&error),
            "Make another with `hub-agent init` in a new folder and register it.",
        ),
    });
    checks.push(certificates(settings, network));
    checks.push(postcodes(settings, SystemClock.now()));
    for mapping in &settings.mappings {
        checks.push(match Mapping::read(mapping) {
            Ok(mapping) => Check::good("mapping", format!("{}, for {}", mapping.name, mapping.dataset)),
            Err(error) => Check::wrong("mapping", in_full(&error), "Correct the file, or take it out of the settings."),
        });
    }
    checks.push(journal(config.parent().unwrap_or(Path::new(""))));
}

fn certificates(settings: &Settings, network: &Network) -> Check {
    let Some(path) = network.certificates(settings) else {
        return Check::good("certificates", "those of this machine");
    };
    let read = std::fs::read(path).map_err(|error| error.to_string());
    let parsed = read.and_then(|pem| reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| error.to_string()));
    match parsed {
        Ok(all) if !all.is_empty() => {
            Check::good("certificates", format!("those of this machine and {} of {}", all.len(), path.display()))
        }
        Ok(_) => Check::wrong(
            "certificates",
            format!("{} holds none", path.display()),
            "Give a PEM file: -----BEGIN CERTIFICATE-----.",
        ),
        Err(fault) => Check::wrong(
            "certificates",
            format!("{}: {fault}", path.display()),
            "Give a PEM file of the council's own authority.",
        ),
    }
}

fn postcodes(settings: &Settings, now: Timestamp) -> Check {
    let Some(path) = &settings.postcodes else {
        let advice =
            "Set `postcodes` to an ONSPD, NSPL or Code-Point Open file: without one no host can be told of a child.";
        return Check::doubtful("postcodes", "the settings name no postcode directory", advice);
    };
    match Census::take(path) {
        Err(DirectoryError::Open(error)) => Check::wrong(
            "postcodes",
            format!("{} cannot be opened: {error}", path.display()),
            "Put the file back, or correct `postcodes`.",
        ),
        Err(error) => {
            Check::wrong("postcodes", in_full(&error), "Use ONS's or Ordnance Survey's file as it was published.")
        }
        Ok(census) => judge(&census, path, now),
    }
}

/// A directory by what it holds, and by its newest postcode or else its file's own date.
pub(super) fn judge(census: &Census, path: &Path, now: Timestamp) -> Check {
    let Census { postcodes, newest, layout } = census;
    let today = hub_domain::london_date(now);
    let months = |year: i32, month: i32| i32::from(today.year()) * 12 + i32::from(today.month()) - year * 12 - month;
    let of_rows = newest.as_deref().and_then(|text| Some((text.get(..4)?.parse().ok()?, text.get(4..)?.parse().ok()?)));
    let of_file = || {
        let changed = std::fs::metadata(path).ok()?.modified().ok()?;
        let day = hub_domain::london_date(Timestamp::try_from(changed).ok()?);
        Some((i32::from(day.year()), i32::from(day.month())))
    };
    let (source, age) = match of_rows {
        Some((year, month)) => ("its newest postcode is", Some(months(year, month))),
        None => ("its file is", of_file().map(|(year, month)| months(year, month))),
    };
    let aged = age.map_or_else(String::new, |age| format!("; {source} {age} months old"));
    let found = format!("{layout}, {postcodes} postcodes{aged}");
    if *postcodes == 0 {
        return Check::wrong("postcodes", found, "Use ONS's or Ordnance Survey's file as it was published.");
    }
    if age.is_some_and(|age| age > OLD) {
        return Check::doubtful(
            "postcodes",
            found,
            "Fetch the latest: placements at new addresses have no host authority.",
        );
    }
    Check::good("postcodes", found)
}

fn journal(folder: &Path) -> Check {
    match Journal::open(folder) {
        Ok(journal) => {
            let open = journal.open_entries();
            match open.first() {
                None => Check::good(
                    "journal",
                    format!("{} submissions remembered, none half done", journal.entries().len()),
                ),
                Some(first) => Check::doubtful(
                    "journal",
                    format!("{} half done, the oldest {} ({})", open.len(), first.about(), first.state()),
                    "The next push finishes it; or now: hub-agent resume.",
                ),
            }
        }
        Err(JournalError::Busy(_)) => Check::good("journal", "in use by a run that is sending now"),
        Err(error) => Check::wrong("journal", in_full(&error), "Let this user write to the settings folder."),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Standing;
    use super::*;

    #[test]
    fn a_directory_is_judged_by_its_newest_postcode() {
        let now = "2026-07-09T12:00:00Z".parse().unwrap();
        let of = |postcodes, newest: &str| {
            let census = Census { postcodes, newest: Some(newest.to_owned()), layout: "ONS" };
            judge(&census, Path::new("x.csv"), now)
        };
        assert_eq!(of(9, "202605").standing, Standing::Good);
        assert_eq!(of(9, "202605").found, "ONS, 9 postcodes; its newest postcode is 2 months old");
        assert_eq!(of(9, "202508").standing, Standing::Doubtful);
        assert_eq!(of(0, "202605").standing, Standing::Wrong);
    }
}
