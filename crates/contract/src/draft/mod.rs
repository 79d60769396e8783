//! A contract that is being written: begun from a few words, looked at for what a compiler does not see, and told as the record
//! type that reads its rows.

mod lint;
mod record;
mod scaffold;

pub use lint::{Remark, lint};
pub use record::record_type;
pub use scaffold::{DraftError, NewColumn, draft, sample};
