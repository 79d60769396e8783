//! What a table is computed from: the picture, and what several tables share, worked out once.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::matching::{Matching, Proof, assign};
use crate::questions::{Beside, Recurring, beside_framework, recurring};
use crate::region::Picture;
use crate::search::Search;

/// A picture being tabulated.
pub(crate) struct Asked<'a> {
    pub(crate) picture: &'a Picture,
    found: OnceCell<Found>,
}

/// What is worked out over everybody's records together, homes among them.
pub(crate) struct Found {
    matching: Matching,
    /// For each search, whether a home that could serve it says that it matches the child well.
    well_matched: Vec<bool>,
    beside_framework: Rc<Beside>,
    recurring: Rc<Recurring>,
}

impl Found {
    fn of(picture: &Picture) -> Self {
        let matching = assign(&picture.searches, &picture.settings, picture.rules.effort);
        let is_matched = |(at, search): (usize, &Search)| {
            let code = search.ethnicity.as_deref().unwrap_or_default();
            let mut homes = matching.reachable(at).filter_map(|home| picture.settings.get(home));
            homes.any(|home| home.row.ethnicity_match.iter().any(|word| word == code))
        };
        let well_matched = picture.searches.iter().enumerate().map(is_matched).collect();
        let recurring = Rc::new(recurring(&picture.searches, &matching));
        Self { matching, well_matched, beside_framework: Rc::new(beside_framework(picture)), recurring }
    }

    /// What of it came of some of the searches, and nothing else that is of searches.
    pub(crate) fn own(&self, searches: &[usize]) -> Self {
        Self {
            matching: self.matching.of(searches.iter().copied()),
            well_matched: searches.iter().map(|&at| self.well_matched.get(at) == Some(&true)).collect(),
            beside_framework: Rc::clone(&self.beside_framework),
            recurring: Rc::clone(&self.recurring),
        }
    }

    /// How far the assignment is proved.
    pub(crate) fn proof(&self) -> Proof {
        self.matching.proof
    }
}

impl<'a> Asked<'a> {
    pub(crate) fn of(picture: &'a Picture) -> Self {
        Self { picture, found: OnceCell::new() }
    }

    /// A picture of which that is known already.
    pub(crate) fn knowing(picture: &'a Picture, found: Found) -> Self {
        Self { picture, found: OnceCell::from(found) }
    }

    fn found(&self) -> &Found {
        self.found.get_or_init(|| Found::of(self.picture))
    }

    /// Every open search set against every usable vacancy.
    pub(crate) fn matching(&self) -> &Matching {
        &self.found().matching
    }

    /// Whether a home that could serve the search of that number says that it matches the child well.
    pub(crate) fn is_well_matched(&self, search: usize) -> bool {
        self.found().well_matched.get(search) == Some(&true)
    }

    /// Spot purchases made beside a free framework place.
    pub(crate) fn beside_framework(&self) -> &Beside {
        &self.found().beside_framework
    }

    /// Kinds of home and ages in which several authorities' children are left unserved.
    pub(crate) fn recurring(&self) -> &Recurring {
        &self.found().recurring
    }

    /// What is worked out once, to be kept.
    pub(crate) fn into_found(self) -> Found {
        let picture = self.picture;
        self.found.into_inner().unwrap_or_else(|| Found::of(picture))
    }
}
