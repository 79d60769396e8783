//! Kinds of home and of placement as a dimension.

use hub_disclosure::{Dimension, Node};

use crate::area::ALL;

/// Key of a kind outside the vocabulary.
const UNKNOWN: &str = "unknown";

/// A total, then one place per word and one for none of them; the word in `column`, its label for
/// people in `column_name`.
pub(crate) fn dimension(column: &str, words: impl Iterator<Item = (&'static str, &'static str)>) -> Dimension {
    let node = |key: &str, label: &str, parent| Node {
        key: key.to_owned(),
        labels: vec![key.to_owned(), label.to_owned()],
        parent,
    };
    let leaves = words.chain([(UNKNOWN, "Not known")]).map(|(key, label)| node(key, label, Some(0)));
    let nodes = std::iter::once(node(ALL, "All kinds", None)).chain(leaves).collect();
    Dimension { columns: vec![column.to_owned(), format!("{column}_name")], nodes }
}

/// Where a word stands; the place for unknown words where it is none of them.
pub(crate) fn find(dimension: &Dimension, word: Option<&str>) -> usize {
    let last = dimension.nodes.len().saturating_sub(1);
    word.and_then(|word| dimension.find(word)).unwrap_or(last)
}
