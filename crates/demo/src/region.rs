//! Who takes part, and which night it is.

use hub_domain::{AuthorityCode, authority};
use jiff::civil::{Date, date};

use crate::home::{self, Home};
use crate::part::Part;
use crate::returns::{self, Files};

/// The business date of every extract: a Monday with no bank holiday near it.
pub const NIGHT: Date = date(2026, 11, 16);

/// What an authority does in the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Sends its feeds, and hears of children placed in its area.
    Borough,
    /// Hears of children placed in its area.
    Host,
}

/// An authority of the demonstration.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// GSS code.
    pub code: &'static str,
    /// What it does.
    pub role: Role,
    /// Day it joined: clocks run for placements that start from then on.
    pub joined: Date,
    /// Children looked after.
    pub children: i32,
    /// Whether its systems take webhooks; else it reads its inbox.
    pub webhooks: bool,
}

const fn borough(code: &'static str, children: i32, webhooks: bool) -> Member {
    Member { code, role: Role::Borough, joined: date(2026, 11, 2), children, webhooks }
}

const fn host(code: &'static str) -> Member {
    Member { code, role: Role::Host, joined: date(2026, 11, 2), children: 0, webhooks: true }
}

/// The six South East London boroughs, Croydon, and two neighbouring counties.
pub const CAST: [Member; 9] = [
    borough("E09000004", 262, true),
    borough("E09000006", 332, true),
    borough("E09000008", 518, true),
    borough("E09000011", 431, true),
    borough("E09000022", 388, false),
    borough("E09000023", 480, true),
    borough("E09000028", 463, true),
    host("E10000016"),
    host("E10000030"),
];

impl Member {
    /// The member's code.
    pub fn authority(&self) -> AuthorityCode {
        self.code.parse().unwrap_or_default()
    }

    /// The member's name, as people write it.
    pub fn name(&self) -> String {
        authority::find(self.authority()).map_or_else(|| self.code.to_owned(), |known| known.name.clone())
    }

    /// The member's name in client ids and folders: lower case, hyphens.
    pub fn slug(&self) -> String {
        authority::find(self.authority()).map_or_else(|| self.code.to_ascii_lowercase(), |known| known.slug.clone())
    }
}

/// The whole region, drawn from a seed.
#[derive(Debug)]
pub struct Region {
    seed: u64,
    homes: Vec<Home>,
}

impl Region {
    /// Draws the region.
    pub fn drawn(seed: u64) -> Self {
        Self { seed, homes: home::draw(&mut Part::of(seed, "homes")) }
    }

    /// What one borough's systems would export tonight.
    pub fn files(&self, member: &Member) -> Files {
        returns::export(self.seed, member, &self.homes)
    }
}
