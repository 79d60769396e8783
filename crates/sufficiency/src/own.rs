//! What each authority knows of the region's tables: the same tables, made of its own records alone.

use std::collections::{BTreeMap, HashMap};
use std::mem::{replace, take};

use hub_disclosure::{Shares, Table};
use hub_domain::AuthorityCode;
use hub_domain::timeliness::NoticeStart;
use hub_domain::{FosteringRow, LeaverRow};

use crate::asked::{Asked, Found};
use crate::episode::Child;
use crate::matching::Proof;
use crate::region::Picture;
use crate::registry::{self, Versions};
use crate::search::{Notice, Search};

/// The records of a picture that are about children.
#[derive(Default)]
struct Records {
    children: HashMap<(AuthorityCode, Box<str>), Child>,
    searches: Vec<Search>,
    no_offer: Vec<Search>,
    opened: Vec<(AuthorityCode, Notice)>,
    notice_starts: Vec<NoticeStart>,
    households: Vec<(AuthorityCode, FosteringRow)>,
    leavers: Vec<(AuthorityCode, LeaverRow)>,
}

impl Picture {
    /// Every published table, as [`Picture::tables`], what each authority knows of them, and how far the assignment behind
    /// them is proved: those in force, or those that a past release `held`, by the versions it had.
    pub fn tables_and_shares(&mut self, held: Option<&Versions>) -> (Vec<Table>, Shares, Proof) {
        let asked = Asked::of(self);
        let tables = registry::tables(&asked, held);
        let found = asked.into_found();
        (tables, self.shares(&found, held), found.proof())
    }

    /// How much of every count is each authority's own: what it can take away from a published table (promise C2, the
    /// insider). Homes are left out: a count of them is hidden where few are left to one that reports the others, but the attack
    /// is a reader's. With what each reports in the attack too, the gate found no way to print a region of seven boroughs. Which
    /// child is served depends on all the others, and whom a home would suit on the homes; an authority is taken to know what
    /// came of its own searches and purchases.
    ///
    /// The records are taken apart by authority for this, and put back.
    fn shares(&mut self, found: &Found, held: Option<&Versions>) -> Shares {
        let mut shares = Shares::default();
        let settings = take(&mut self.settings);
        let whole = self.swap(Records::default());
        let mut children = by_authority(whole.children.into_iter(), |((authority, _), _)| *authority);
        for authority in self.members.clone() {
            let own = |search: &&Search| search.authority == authority;
            let records = Records {
                children: children.remove(&authority).unwrap_or_default().into_iter().collect(),
                searches: whole.searches.iter().filter(own).cloned().collect(),
                no_offer: whole.no_offer.iter().filter(own).cloned().collect(),
                opened: whole.opened.iter().filter(|(of, _)| *of == authority).copied().collect(),
                notice_starts: whole.notice_starts.iter().filter(|start| start.placing == authority).copied().collect(),
                households: whole.households.iter().filter(|(of, _)| *of == authority).cloned().collect(),
                leavers: whole.leavers.iter().filter(|(of, _)| *of == authority).cloned().collect(),
            };
            let open: Vec<usize> =
                (0..).zip(&whole.searches).filter(|(_, search)| own(search)).map(|(at, _)| at).collect();
            self.swap(records);
            let asked = Asked::knowing(self, found.own(&open));
            shares.take(authority.as_str(), &registry::tables(&asked, held));
            children.insert(authority, self.swap(Records::default()).children.into_iter().collect());
        }
        let children = children.into_values().flatten().collect();
        self.swap(Records { children, ..whole });
        self.settings = settings;
        shares
    }

    /// Puts these records in the place of those there, which it hands over.
    fn swap(&mut self, records: Records) -> Records {
        Records {
            children: replace(&mut self.children.by_child, records.children),
            searches: replace(&mut self.searches, records.searches),
            no_offer: replace(&mut self.no_offer, records.no_offer),
            opened: replace(&mut self.opened, records.opened),
            notice_starts: replace(&mut self.notice_starts, records.notice_starts),
            households: replace(&mut self.others.households, records.households),
            leavers: replace(&mut self.others.leavers, records.leavers),
        }
    }
}

fn by_authority<T>(
    all: impl Iterator<Item = T>,
    authority: impl Fn(&T) -> AuthorityCode,
) -> BTreeMap<AuthorityCode, Vec<T>> {
    let mut found: BTreeMap<AuthorityCode, Vec<T>> = BTreeMap::new();
    for one in all {
        found.entry(authority(&one)).or_default().push(one);
    }
    found
}
