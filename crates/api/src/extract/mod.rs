//! What a handler takes: who is calling, and the parts of the request, each read into a type before the body starts.

mod caller;
mod fields;
mod json;
mod path;
mod query;

pub(crate) use caller::basic;
pub use caller::{
    Admits, Anybody, Brokers, Caller, Consortium, EitherSide, HostSide, Library, Listeners, Operators, Readers, Sender,
    SenderOrOperator,
};
pub use fields::{Fields, FromFields};
pub(crate) use json::small_body;
pub use json::{Json, Members};
pub use path::{FromPath, Path};
pub use query::Query;
pub(crate) use query::pairs;
