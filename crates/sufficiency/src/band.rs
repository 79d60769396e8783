//! Ages as a dimension.

use hub_disclosure::{Dimension, Node};
use hub_domain::ages::StrategyBand;

use crate::area::ALL;

/// Key of an age that cannot be told.
const UNKNOWN: &str = "unknown";

/// The bands of the strategies alone.
pub(crate) fn strategy() -> Dimension {
    let bands = StrategyBand::ALL.iter().map(|band| band.as_str()).chain([UNKNOWN]);
    Dimension::flat("age_band", bands)
}

/// Both schemes in one tree: what one scheme splits and the other does not is a total over its parts,
/// so that no difference between the two goes unguarded.
pub(crate) fn both() -> Dimension {
    let tree = [
        (ALL, "both", None),
        ("0-4", "strategy", Some(0)),
        ("<1", "statistical", Some(1)),
        ("1-4", "statistical", Some(1)),
        ("5-9", "both", Some(0)),
        ("10-15", "statistical", Some(0)),
        ("10-12", "strategy", Some(5)),
        ("13-15", "strategy", Some(5)),
        ("16+", "both", Some(0)),
        (UNKNOWN, "both", Some(0)),
    ];
    let nodes = tree.into_iter().map(|(key, banding, parent)| Node {
        key: key.to_owned(),
        labels: vec![key.to_owned(), banding.to_owned()],
        parent,
    });
    Dimension { columns: vec!["age_band".to_owned(), "banding".to_owned()], nodes: nodes.collect() }
}

/// Key of the leaf of [`both`] that an age falls in.
pub(crate) fn finest(age: Option<i16>) -> &'static str {
    match age {
        None => UNKNOWN,
        Some(..=0) => "<1",
        Some(1..=4) => "1-4",
        Some(age) => StrategyBand::of(i64::from(age)).as_str(),
    }
}

/// Key of the leaf of [`strategy`] that an age falls in.
pub(crate) fn of(age: Option<i16>) -> &'static str {
    age.map_or(UNKNOWN, |age| StrategyBand::of(i64::from(age)).as_str())
}

#[cfg(test)]
mod tests {
    use hub_domain::ages::StatisticalBand;

    use super::*;

    #[test]
    fn every_age_stands_under_its_band_of_either_scheme() {
        let tree = both();
        for age in 0..25 {
            let leaf = tree.find(finest(Some(age))).unwrap();
            let parent = tree.nodes[leaf].parent.unwrap();
            let held: Vec<&str> = [leaf, parent].iter().map(|&at| tree.nodes[at].key.as_str()).collect();
            assert!(held.contains(&StrategyBand::of(i64::from(age)).as_str()), "{age}");
            assert!(held.contains(&StatisticalBand::of(i64::from(age)).as_str()), "{age}");
            assert!(strategy().find(of(Some(age))).is_some());
        }
        assert!(tree.find(finest(None)).is_some() && strategy().find(of(None)).is_some());
    }
}
