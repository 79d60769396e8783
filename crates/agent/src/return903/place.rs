//! Where a placement is: sectors, host authority, miles.

use hub_domain::AuthorityCode;

use super::episodes::{Episode, Episodes};
use super::extract::Extract;
use crate::finding::{Finding, Severity};
use crate::postcode::{Directory, Postcode, miles_between};

/// Answers from the postcode directory, when there is one.
pub(crate) struct Places<'a> {
    directory: Option<&'a Directory>,
}

/// What one episode's postcodes say.
#[derive(Default)]
pub(crate) struct Whereabouts {
    pub(crate) home_sector: String,
    pub(crate) placement_sector: String,
    pub(crate) placement: Option<Postcode>,
    pub(crate) authority: Option<AuthorityCode>,
    pub(crate) miles: Option<f64>,
}

impl<'a> Places<'a> {
    /// With a directory, or with none.
    pub(crate) const fn new(directory: Option<&'a Directory>) -> Self {
        Self { directory }
    }

    /// What to do about a host authority that is not known or not right.
    pub(crate) const fn advice(&self) -> &'static str {
        if self.directory.is_some() {
            "Correct PL_POST, or give placement_la for the episode in an extract (--extract)."
        } else {
            "Give a postcode directory (--postcodes), or placement_la for the episode in an extract (--extract)."
        }
    }

    /// Reads both postcodes of an episode and asks the directory about them.
    pub(crate) fn locate(&self, episode: &Episode<'_>, findings: &mut Vec<Finding>) -> Whereabouts {
        let home = read(episode, "HOME_POST", findings);
        let placement = read(episode, "PL_POST", findings);
        let mut found = Whereabouts {
            home_sector: home.as_ref().map_or("", Postcode::sector).to_owned(),
            placement_sector: placement.as_ref().map_or("", Postcode::sector).to_owned(),
            ..Whereabouts::default()
        };
        if let Some(directory) = self.directory {
            let ask = |postcode: Option<&Postcode>| postcode.and_then(|postcode| directory.find(postcode));
            let (from, to) = (ask(home.as_ref()), ask(placement.as_ref()));
            note_unknown(episode, "HOME_POST", home.is_some() && from.is_none(), findings);
            note_unknown(episode, "PL_POST", placement.is_some() && to.is_none(), findings);
            found.authority = to.and_then(|to| to.authority);
            found.miles = from.zip(to).and_then(|(from, to)| miles_between(from, to));
            if to.is_some() && found.authority.is_none() {
                let message =
                    "the directory names a district for PL_POST but not its county, so the host authority is blank";
                let fix = "Use a directory with a county column (oscty or cty…cd).";
                findings.push(Finding::new(
                    "agent-district",
                    Severity::Warning,
                    episode.place().at("PL_POST"),
                    message,
                    fix,
                ));
            }
        }
        found.placement = placement;
        found
    }

    /// Says once, for the return, what the lack of a directory costs.
    pub(crate) fn note_missing_directory(
        &self,
        episodes: &Episodes<'_>,
        extract: &Extract<'_>,
        findings: &mut Vec<Finding>,
    ) {
        if self.directory.is_some() || extract.has("placement_la") {
            return;
        }
        let Some(place) = episodes.file() else { return };
        let message = "the return does not say which authority a placement is in, and no postcode directory was given: \
                       host authority and distance are blank, and no host can be told of a child";
        let fix = "Give an ONS postcode directory with --postcodes, or an extract with child, start, placement_la and distance_miles.";
        findings.push(Finding::new("agent-no-directory", Severity::Warning, place.at("PL_POST"), message, fix));
    }
}

fn read(episode: &Episode<'_>, column: &str, findings: &mut Vec<Finding>) -> Option<Postcode> {
    let text = episode.cell(column);
    let postcode = Postcode::parse(text);
    if postcode.is_none() && !text.is_empty() {
        let fix = "Correct it; until then the row goes in without this location.";
        let message = format!("{column} does not have the shape of a postcode");
        findings.push(Finding::new("agent-postcode", Severity::Warning, episode.place().at(column), message, fix));
    }
    postcode
}

/// DfE's 392c.
fn note_unknown(episode: &Episode<'_>, column: &str, is_unknown: bool, findings: &mut Vec<Finding>) {
    if is_unknown {
        let fix = "Correct it, or use a newer directory if the address is new.";
        let message = format!("{column} is not in the postcode directory");
        findings.push(Finding::new("903-392c", Severity::Warning, episode.place().at(column), message, fix));
    }
}
