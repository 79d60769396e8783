//! What a table is computed from: the picture, and what several tables share, worked out once.

use std::cell::OnceCell;

use crate::matching::{Matching, assign};
use crate::region::Picture;

/// A picture being tabulated.
pub(crate) struct Asked<'a> {
    pub(crate) picture: &'a Picture,
    matching: OnceCell<Matching>,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(picture: &'a Picture) -> Self {
        Self { picture, matching: OnceCell::new() }
    }

    /// A picture of which it is known already who is served.
    pub(crate) fn knowing(picture: &'a Picture, matching: Matching) -> Self {
        Self { picture, matching: OnceCell::from(matching) }
    }

    /// Every open search set against every usable vacancy.
    pub(crate) fn matching(&self) -> &Matching {
        let picture = self.picture;
        self.matching.get_or_init(|| assign(&picture.searches, &picture.settings, picture.rules.effort))
    }

    /// The same, to be kept.
    pub(crate) fn into_matching(self) -> Matching {
        self.matching();
        self.matching.into_inner().unwrap_or_else(|| assign(&[], &[], 0))
    }
}
