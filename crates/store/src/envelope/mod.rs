//! Envelopes of sealed details: what is known of them from outside, and their ciphertext in pieces.

mod opening;
mod piece;
mod row;

pub use opening::{Opening, open, opened};
pub use piece::{drop_pieces, piece, put_piece};
pub use row::{Envelope, by_host, insert, list, supersede};

use crate::db::Statement;

/// Every statement of the module.
pub(crate) const ALL: &[&[Statement]] = &[opening::ALL, piece::ALL, row::ALL];
