//! One cell: what it says, what it looks like, and whether it says too much.

pub(crate) mod class;
pub(crate) mod date;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod number;
pub(crate) mod shape;
