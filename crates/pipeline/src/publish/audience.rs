//! Whom a release is for, and by what policy it is made (promise C4).

use arc_swap::ArcSwapOption;
use hub_disclosure::Policy;
use hub_store::release::{CONSORTIUM, PUBLIC};

use super::Published;
use crate::{Hub, Settings};

/// Whom a release is for. A third audience, each authority for its own children, reads no release: see [`own()`](super::own()).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The authorities that take part, and those who commission for them: threshold five, as often as it is wanted.
    Consortium,
    /// Anybody: threshold ten, rounded to five, once a quarter.
    Public,
}

impl Audience {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Consortium, Self::Public];

    /// The word kept with a release and said to people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consortium => CONSORTIUM,
            Self::Public => PUBLIC,
        }
    }

    /// The release that its readers see.
    pub(super) fn served(self, hub: &Hub) -> &ArcSwapOption<Published> {
        match self {
            Self::Consortium => &hub.published,
            Self::Public => &hub.public,
        }
    }

    /// The policy of the audience's releases. The public's threshold is never below ten.
    pub fn policy(self, settings: &Settings) -> Policy {
        match self {
            Self::Consortium => Policy { threshold: settings.threshold, ..Policy::default() },
            Self::Public => {
                let public = Policy::public();
                Policy { threshold: settings.threshold.max(public.threshold), ..public }
            }
        }
    }
}

impl std::str::FromStr for Audience {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or("an audience is one of consortium, public")
    }
}
