//! Every dataset's rows in one versioned shape: what was believed from one submission's number to another's.

mod believed;
mod change;
mod list;
mod loader;
mod runs;
mod version;

pub use believed::{
    Believed, as_known, believed, believed_index, by_keys, by_prefixes, count, history, replaced_vacancies,
};
pub use change::close;
pub use loader::Loader;
pub use version::Version;

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] = &[believed::ALL];
