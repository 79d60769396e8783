//! A list of keys, piece by piece.

/// Keys per statement.
const PIECE: usize = 2_000;

/// Keys in byte order, each once.
pub(super) struct List<'a>(Vec<&'a str>);

/// Consecutive keys of a list: what one statement is given.
pub(super) struct Piece<'a> {
    pub(super) keys: &'a [&'a str],
    pub(super) first: &'a str,
    pub(super) last: &'a str,
}

impl<'a> List<'a> {
    pub(super) fn of(keys: &'a [String]) -> Self {
        let mut sorted: Vec<&str> = keys.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        sorted.dedup();
        Self(sorted)
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        self.0.chunks(PIECE).filter_map(|keys| Some(Piece { keys, first: keys.first()?, last: keys.last()? }))
    }
}
