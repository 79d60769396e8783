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

    /// Every open search set against every usable vacancy.
    pub(crate) fn matching(&self) -> &Matching {
        let picture = self.picture;
        self.matching.get_or_init(|| assign(&picture.searches, &picture.settings, picture.rules.effort))
    }
}
