//! Which children a submission touches whose host authority may have to hear of it.

use std::collections::{BTreeSet, HashSet};

use hub_domain::{AuthorityCode, Dataset, Date, codes};
use hub_store::submission::Submission;
use hub_store::{Tx, member, notice};

use crate::Fault;
use crate::ladder::may_be_unregistered;
use crate::validate::{Change, EPISODE_END, PLACEMENT_LA, PLACEMENT_TYPE, text};

/// Children to look at again: those a changed row places outside the borough, and those who have had a notice.
#[derive(Debug)]
pub(crate) struct Touched {
    authority: AuthorityCode,
    placements: bool,
    /// The day the authority joined, as text: dates of this form order as text does.
    joined: String,
    with_notice: HashSet<String>,
    pub(crate) children: BTreeSet<String>,
    /// A changed row shows a child in a setting that may be unregistered, in the borough itself.
    pub(crate) is_urgent: bool,
}

impl Touched {
    pub(crate) async fn start(tx: &mut Tx, kept: &Submission) -> Result<Self, Fault> {
        let placements = kept.dataset == Dataset::Placements;
        let with_notice =
            if placements { notice::children(tx, kept.authority).await?.into_iter().collect() } else { HashSet::new() };
        let authority = kept.authority;
        let joined = member::find(tx, authority).await?.map_or(Date::MIN, |member| member.joined_on).to_string();
        Ok(Self { authority, placements, joined, with_notice, children: BTreeSet::new(), is_urgent: false })
    }

    pub(crate) fn row(&mut self, change: &Change) {
        if !self.placements {
            return;
        }
        self.is_urgent |= may_be_unregistered(self.authority, &change.body);
        if self.may_concern_a_host(&change.body)
            && let Some(child) = child(&change.key)
        {
            self.children.insert(child.to_owned());
        } else {
            self.key(&change.key);
        }
    }

    /// Whether a row may belong to a stay of which a host should hear. What was over when the authority joined is nobody's
    /// news, and ten years of it come with a first load. A temporary move, or a row that names no host, may continue a
    /// stay that an older row placed outside the borough.
    fn may_concern_a_host(&self, body: &str) -> bool {
        let over = text(body, EPISODE_END).is_some_and(|end| end <= self.joined.as_str());
        let at_home = text(body, PLACEMENT_LA).is_some_and(|host| host == self.authority.as_str());
        let temporary = text(body, PLACEMENT_TYPE).is_some_and(codes::is_temporary);
        !over && (!at_home || temporary)
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
