//! A made-up region: its boroughs' files, as their systems would export them, and the receivers of its hosts.
//!
//! Everything is drawn from one seed: the same seed writes the same bytes. No child, carer or home in it exists; postcodes
//! have the right shape and an inward part that is never used (`9ZZ` and its like).

mod child;
mod home;
mod part;
mod place;
mod region;
mod returns;
mod sheet;

pub use part::Part;
pub use region::{CAST, NIGHT, Member, Region, Role};
pub use returns::Files;
