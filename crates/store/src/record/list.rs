//! A list of keys, piece by piece.

/// Keys per statement.
const PIECE: usize = 2_000;

/// Keys in byte order, each once.
pub(super) struct List<'a>(Vec<&'a str>);

impl<'a> List<'a> {
    pub(super) fn of(keys: &'a [String]) -> Self {
        let mut sorted: Vec<&str> = keys.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        sorted.dedup();
        Self(sorted)
    }

    /// Consecutive keys: what one statement is given.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &[&'a str]> {
        self.0.chunks(PIECE)
    }
}
