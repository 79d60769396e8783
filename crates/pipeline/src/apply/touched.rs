//! Which children a submission touches whose host authority may have to hear of it.

use std::collections::{BTreeSet, HashSet};

use hub_domain::{AuthorityCode, Dataset};
use hub_store::submission::Submission;
use hub_store::{Tx, notice};

use crate::Fault;
use crate::validate::{Change, PLACEMENT_LA, text};

/// Children to look at again: those a changed row places outside the borough, and those who have had a notice.
#[derive(Debug)]
pub(crate) struct Touched {
    authority: AuthorityCode,
    placements: bool,
    with_notice: HashSet<String>,
    pub(crate) children: BTreeSet<String>,
}

impl Touched {
    pub(crate) async fn start(tx: &mut Tx, kept: &Submission) -> Result<Self, Fault> {
        let placements = kept.dataset == Dataset::Placements;
        let with_notice =
            if placements { notice::children(tx, kept.authority).await?.into_iter().collect() } else { HashSet::new() };
        let authority = kept.authority;
        Ok(Self { authority, placements, with_notice, children: BTreeSet::new() })
    }

    pub(crate) fn row(&mut self, change: &Change) {
        if !self.placements {
            return;
        }
        let away = text(&change.body, PLACEMENT_LA).is_some_and(|host| host != self.authority.as_str());
        if away && let Some(child) = child(&change.key) {
            self.children.insert(child.to_owned());
        } else {
            self.key(&change.key);
        }
    }

    pub(crate) fn key(&mut self, key: &str) {
        if let Some(child) = child(key).filter(|child| self.placements && self.with_notice.contains(*child)) {
            self.children.insert(child.to_owned());
        }
    }
}

/// The child of a placements key, `child_ref/episode_start`.
fn child(key: &str) -> Option<&str> {
    key.split_once('/').map(|(child, _)| child)
}
