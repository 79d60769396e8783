//! One home as a broker sees it: what it offers, how lately somebody looked, how far that can be believed, and what keeps it
//! from being used.

use hub_domain::{Need, Provision, Timestamp};
use hub_sufficiency::{Entry, Why};

use crate::figure::grouped;
use crate::layout::{Tone, ago, date, name_of, plural};

/// A home, in words.
pub(super) struct Home {
    pub(super) entry: Entry,
    /// When somebody last looked, and whether that still counts.
    pub(super) freshness: String,
    pub(super) tone: Tone,
}

impl Home {
    pub(super) fn of(entry: Entry, now: Timestamp) -> Self {
        let counts = plural(entry.fresh_days.into(), "day");
        let freshness = match entry.confirmed_at {
            None => "Nobody has ever confirmed it.".to_owned(),
            Some(at) if entry.stale => {
                format!("Stale: last confirmed {}; of this kind a confirmation counts for {counts}.", ago(at, now))
            }
            Some(at) => format!("Fresh: confirmed {}; of this kind that counts for {counts}.", ago(at, now)),
        };
        let tone = if entry.usable { Tone::Good } else { Tone::Urgent };
        Self { entry, freshness, tone }
    }

    /// Its name, or what it is where it has none.
    pub(super) fn name(&self) -> String {
        self.entry.provider_name.clone().unwrap_or_else(|| self.kind())
    }

    /// What kind of home it is.
    pub(super) fn kind(&self) -> String {
        let kind = self.entry.provision.parse::<Provision>();
        kind.map_or_else(|_| self.entry.provision.clone(), |kind| kind.label().to_owned())
    }

    /// Where it stands, and how far that is.
    pub(super) fn place(&self) -> String {
        let miles = self.entry.miles.map_or_else(String::new, |miles| format!(", {miles} miles away"));
        let outcode = self.entry.outcode.as_deref().map_or_else(String::new, |outcode| format!(" ({outcode})"));
        format!("{}{outcode}{miles}", self.entry.host_name)
    }

    /// Places there are, and how they are used.
    pub(super) fn places(&self) -> String {
        let Entry { available_places, approved_places, occupied_places, held_places, closed_places, .. } = &self.entry;
        let from = self.entry.available_from.map_or_else(String::new, |from| format!(", from {}", date(from)));
        format!(
            "{available_places} of {approved_places} available{from}; {occupied_places} lived in, {held_places} held, \
             {closed_places} closed"
        )
    }

    /// Whom it takes.
    pub(super) fn takes(&self) -> String {
        let sex = match self.entry.sex_accepted.as_str() {
            "M" => "boys",
            "F" => "girls",
            _ => "any sex",
        };
        let together = match self.entry.sibling_places {
            Some(most) if most > 1 => format!("up to {most} siblings together"),
            _ => "no siblings together".to_owned(),
        };
        format!("Ages {} to {}, {sex}, {together}", self.entry.age_min, self.entry.age_max)
    }

    /// Needs that it meets.
    pub(super) fn needs(&self) -> String {
        let label = |need: &String| need.parse::<Need>().map_or_else(|_| need.clone(), |need| need.label().to_owned());
        let needs: Vec<String> = self.entry.needs.iter().map(label).collect();
        if needs.is_empty() { "none named".to_owned() } else { needs.join(", ") }
    }

    /// What a week costs.
    pub(super) fn fee(&self) -> String {
        let fee = self.entry.weekly_fee.map(|pence| format!("£{} a week", grouped(pence / 100)));
        let route = self.entry.route.as_deref().unwrap_or_default();
        match (fee, route) {
            (Some(fee), "") => fee,
            (Some(fee), route) => format!("{fee}, {}", route.replace('_', " ")),
            (None, _) => "not said".to_owned(),
        }
    }

    /// Whose word it is.
    pub(super) fn told_by(&self) -> String {
        let others: Vec<String> = self.entry.also_reported_by.iter().map(|code| name_of(*code)).collect();
        let also = if others.is_empty() { String::new() } else { format!("; also by {}", others.join(", ")) };
        let differs = if self.entry.disputed { ", who report it differently" } else { "" };
        format!("Reported by {}{also}{differs}", name_of(self.entry.reported_by))
    }

    /// Whether its registration is known.
    pub(super) fn registration(&self) -> String {
        match self.entry.registration {
            Some(standing) => format!("{} by the regulator's register", standing.as_str()),
            None => "not found in the register that is loaded: check it before you place".to_owned(),
        }
    }

    /// What keeps it from being used.
    pub(super) fn reasons(&self) -> Vec<&'static str> {
        self.entry.reasons.iter().map(|why| why_words(*why)).collect()
    }
}

fn why_words(why: Why) -> &'static str {
    match why {
        Why::NoPlace => "no place is available: held and closed places never are",
        Why::Stale => "it was confirmed longer ago than its kind allows",
        Why::NeverConfirmed => "nobody ever confirmed it",
        Why::NoUrn => "it has no URN, so its registration cannot be known",
        Why::NotRegistered => "the regulator's register says that it is not registered",
        Why::Restricted => "the regulator has closed it to new children",
        Why::UnknownProvision => "its kind of home is not one the hub knows",
        Why::Suspended => "a suspension is in force",
        Why::SeriousConcern => "a serious concern raised by another authority is in force",
        Why::TooLate => "its place comes free only after it is needed",
    }
}
