//! A made-up region and the night it plays: its boroughs' files as their systems would export them, the receivers of its
//! host authorities, and the story that `hub demo` tells.
//!
//! Everything is drawn from one seed: the same seed writes the same bytes. No child, carer or home in it exists; postcodes
//! have the right shape and an inward part that is never used (`9ZZ` and its like).
//!
//! The play goes through doors that anybody has: the agent's library reads files and submits them, callers ask the HTTP
//! API with tokens of their own, receivers check the signatures of what they are sent. Nothing here sees the database.

mod call;
mod cast;
mod child;
mod home;
pub mod issuer;
mod part;
mod place;
mod play;
mod receiver;
mod region;
mod returns;
mod sheet;
pub mod story;

pub use call::CallError;
pub use cast::{Character, Secrets, characters};
pub use part::Part;
pub use play::{Audience, Nightly, NightlyError, PlayError, Played, Stage, play};
pub use region::{CAST, Member, NIGHT, Region, Role};
pub use returns::Files;
pub use story::Story;
