//! DfE's daily child-level payload, made into a submission of changes of the placements feed.
//!
//! The case system already makes the payload: what changed since yesterday, and `purge` for what is to be forgotten. Names, dates of
//! birth, full postcodes and case numbers stay here. What the payload does not carry and the contract requires (legal status,
//! category of need) comes from a file beside it; what a partial record leaves out is remembered here from the days before.

mod beside;
mod memory;
mod payload;
mod row;

use std::collections::{BTreeMap, HashSet};

use hub_contract::contract;
use hub_domain::{AuthorityCode, Dataset};

pub use beside::{Beside, BesideError};
pub use memory::Memory;
pub use payload::{Payload, PayloadError};

use crate::postcode::{Directory, Postcode};
use crate::pseudonym::PseudonymKey;
use row::{Known, upsert};

/// What the translation is told.
#[derive(Debug, Clone, Copy)]
pub struct Setup<'a> {
    /// Whose children.
    pub authority: AuthorityCode,
    /// The borough's key.
    pub key: &'a PseudonymKey,
    /// Where postcodes are, for the host authority.
    pub directory: Option<&'a Directory>,
    /// What the payload does not carry.
    pub beside: &'a Beside,
}

/// What a payload comes to.
#[derive(Clone, PartialEq, Eq)]
pub struct Daily {
    /// The submission: send it with `--mode changes`.
    pub csv: String,
    /// Rows that add or replace.
    pub upserts: usize,
    /// Rows that delete.
    pub deletes: usize,
    /// What could not be sent, and why; children are counted, not named.
    pub left_out: Vec<LeftOut>,
}

impl std::fmt::Debug for Daily {
    /// Counts only: rows are child-level.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Daily({} upserts, {} deletes, {} left out)", self.upserts, self.deletes, self.left_out.len())
    }
}

/// A placement that could not be sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LeftOut {
    /// Which child of the payload, from 1.
    pub child: usize,
    /// What is missing, as a column of the contract, or `purge` of something not known here.
    pub missing: &'static str,
    /// What to do about it.
    pub fix: &'static str,
}

/// Postcodes that the directory is to be asked about.
pub fn postcodes(payload: &Payload) -> HashSet<Postcode> {
    let episodes = payload.children.iter().flat_map(|child| &child.social_care_episodes);
    let placements = episodes.flat_map(|episode| &episode.child_looked_after_placements);
    placements.filter_map(|placement| Postcode::parse(placement.postcode.as_deref()?)).collect()
}

/// Makes a submission of changes of a payload, and remembers what tomorrow's will need.
pub fn translate(payload: &Payload, setup: &Setup<'_>, memory: &mut Memory) -> Daily {
    let mut work = Work { setup, memory, rows: BTreeMap::new(), left_out: Vec::new() };
    for (at, child) in (1..).zip(&payload.children) {
        work.take(at, child);
    }
    work.finish()
}

/// A row of the submission by its key: the cells of an upsert, or nothing for a delete.
type Rows = BTreeMap<(String, String), Option<BTreeMap<&'static str, String>>>;

struct Work<'a, 'm> {
    setup: &'a Setup<'a>,
    memory: &'m mut Memory,
    rows: Rows,
    left_out: Vec<LeftOut>,
}

impl Work<'_, '_> {
    fn take(&mut self, at: usize, child: &payload::Child) {
        let Some(number) = child.la_child_id.as_deref().map(str::trim).filter(|number| !number.is_empty()) else {
            let fix = "The case system must send la_child_id; nothing of the child was sent.";
            self.left_out.push(LeftOut { child: at, missing: "child_ref", fix });
            return;
        };
        if child.purge {
            for start in self.memory.forget_child(number) {
                self.delete(number, start);
            }
            return;
        }
        if let Some(details) = &child.details {
            self.memory.learn(number, details);
        }
        for episode in &child.social_care_episodes {
            self.take_episode((at, number), episode);
        }
    }

    fn take_episode(&mut self, (at, number): (usize, &str), episode: &payload::Episode) {
        let id = episode.social_care_episode_id.as_deref().unwrap_or_default();
        if episode.purge {
            for start in self.memory.forget_episode(number, id) {
                self.delete(number, start);
            }
            return;
        }
        for placement in &episode.child_looked_after_placements {
            self.place((at, number, id), placement);
        }
    }

    fn place(&mut self, (at, number, episode): (usize, &str, &str), placement: &payload::Placement) {
        let id = placement.child_looked_after_placement_id.as_deref().unwrap_or_default();
        let before = self.memory.start(number, id);
        if placement.purge {
            if let Some(start) = self.memory.forget(number, id).or_else(|| placement.start_date.clone()) {
                self.delete(number, start);
            } else {
                let fix = "It was never sent from here with its start; withdraw it with the next full return.";
                self.left_out.push(LeftOut { child: at, missing: "purge", fix });
            }
            return;
        }
        let Some(start) = placement.start_date.clone().or_else(|| before.clone()) else {
            let fix = "The case system must send start_date.";
            self.left_out.push(LeftOut { child: at, missing: "episode_start", fix });
            return;
        };
        // A placement whose first day was corrected is under another key from now on.
        if let Some(other) = before.filter(|before| *before != start) {
            self.delete(number, other);
        }
        let known = Known { number, start: &start, details: self.memory.details(number) };
        match upsert(self.setup, &known, placement) {
            Ok(cells) => {
                let key = (self.setup.key.child_ref(self.setup.authority, number), start.clone());
                self.rows.insert(key, Some(cells));
                self.memory.remember(number, episode, id, start);
            }
            Err((missing, fix)) => self.left_out.push(LeftOut { child: at, missing, fix }),
        }
    }

    /// A key that is also sent stays sent: an episode that was split keeps its first part.
    fn delete(&mut self, number: &str, start: String) {
        let key = (self.setup.key.child_ref(self.setup.authority, number), start);
        self.rows.entry(key).or_insert(None);
    }

    fn finish(self) -> Daily {
        let columns: Vec<&str> =
            contract(Dataset::Placements).columns.iter().map(|column| column.name.as_str()).collect();
        let mut csv = format!("_op,{}\r\n", columns.join(","));
        let (mut upserts, mut deletes) = (0, 0);
        for ((child, start), cells) in &self.rows {
            let cell = |name: &str| match (name, cells) {
                ("child_ref", _) => child.as_str(),
                ("episode_start", _) => start.as_str(),
                (_, Some(cells)) => cells.get(name).map_or("", String::as_str),
                (_, None) => "",
            };
            let op = if cells.is_some() { "upsert" } else { "delete" };
            *(if cells.is_some() { &mut upserts } else { &mut deletes }) += 1;
            csv.push_str(op);
            for column in &columns {
                csv.push(',');
                csv.push_str(&quoted(cell(column)));
            }
            csv.push_str("\r\n");
        }
        Daily { csv, upserts, deletes, left_out: self.left_out }
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
