//! Builds a table with all its margins, and declares every sum among them.

use std::collections::BTreeMap;

use crate::table::{Cell, DefinitionRef, Line, Row, Table};

/// A place on a dimension: a leaf that counts are added to, or a total over those below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Names the place in cell ids; unique on its dimension.
    pub key: String,
    /// What the label columns say.
    pub labels: Vec<String>,
    /// The total this place counts towards; always earlier in the list.
    pub parent: Option<usize>,
}

/// One way of cutting the counts, with its totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Names of the label columns.
    pub columns: Vec<String>,
    /// Places, totals before what they total, in the order shown.
    pub nodes: Vec<Node>,
}

/// Counts by leaf, which become a table with every margin.
#[derive(Clone)]
pub struct Cube {
    name: String,
    measures: Vec<String>,
    dimensions: Vec<Dimension>,
    sums: Vec<(usize, Vec<usize>)>,
    leaves: BTreeMap<Vec<usize>, Tally>,
    by_contributors: bool,
    dense: bool,
}

#[derive(Debug, Clone, Default)]
struct Tally {
    counts: Vec<u64>,
    contributors: u64,
}

/// Gives a cell another id than its own, by the keys of its places and its measure: how a count that
/// stands in two tables is made one.
pub type Rename<'a> = &'a dyn Fn(&[&str], &str) -> Option<String>;

impl std::fmt::Debug for Cube {
    /// Name and size only.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cube").field("name", &self.name).field("leaves", &self.leaves.len()).finish_non_exhaustive()
    }
}

impl Dimension {
    /// A dimension of one label column: a total named `all`, then `leaves`.
    pub fn flat<T: Into<String>>(column: &str, leaves: impl IntoIterator<Item = T>) -> Self {
        let total = Node { key: "all".to_owned(), labels: vec!["all".to_owned()], parent: None };
        let leaves = leaves.into_iter().map(Into::into);
        let leaves = leaves.map(|key| Node { labels: vec![key.clone()], key, parent: Some(0) });
        Self { columns: vec![column.to_owned()], nodes: std::iter::once(total).chain(leaves).collect() }
    }

    /// Where the place of that key stands.
    pub fn find(&self, key: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.key == key)
    }

    /// The place and every total above it.
    pub fn upward(&self, at: usize) -> Vec<usize> {
        std::iter::successors(Some(at), |&at| self.nodes.get(at).and_then(|node| node.parent)).collect()
    }

    /// The places that count towards it straight away.
    pub fn below(&self, at: usize) -> impl Iterator<Item = usize> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.parent == Some(at)).map(|(index, _)| index)
    }
}

impl Cube {
    /// An empty cube. Rows that hold nothing are left out unless [`Cube::dense`].
    pub fn new(name: &str, measures: &[&str], dimensions: Vec<Dimension>) -> Self {
        Self {
            name: name.to_owned(),
            measures: measures.iter().map(|&measure| measure.to_owned()).collect(),
            dimensions,
            sums: Vec::new(),
            leaves: BTreeMap::new(),
            by_contributors: false,
            dense: false,
        }
    }

    /// Every row is shown, also those that hold nothing.
    #[must_use]
    pub fn dense(mut self) -> Self {
        self.dense = true;
        self
    }

    /// In every row, the measure `total` is the measures `parts` together.
    #[must_use]
    pub fn summing(mut self, total: usize, parts: &[usize]) -> Self {
        self.sums.push((total, parts.to_vec()));
        self
    }

    /// Cells say how many contributors stand behind them: see [`Cube::contribute`].
    #[must_use]
    pub fn by_contributors(mut self) -> Self {
        self.by_contributors = true;
        self
    }

    /// The dimensions.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Adds `count` to a measure at a leaf, given by one place per dimension.
    pub fn add(&mut self, at: &[usize], measure: usize, count: u64) {
        let width = self.measures.len();
        let tally = self.tally(at);
        tally.counts.resize(width, 0);
        if let Some(sum) = tally.counts.get_mut(measure) {
            *sum = sum.saturating_add(count);
        }
    }

    /// Counts one more contributor at a leaf.
    pub fn contribute(&mut self, at: &[usize]) {
        self.tally(at).contributors += 1;
    }

    fn tally(&mut self, at: &[usize]) -> &mut Tally {
        self.leaves.entry(at.to_vec()).or_default()
    }

    /// The table with every margin, and a line for every sum.
    pub fn into_table(self, title: &str, definition: DefinitionRef, rename: Rename<'_>) -> Table {
        let sums = self.roll_up();
        let rows = sums.iter().map(|(at, tally)| self.row(at, tally, rename)).collect();
        let mut lines = Vec::new();
        for at in sums.keys() {
            self.add_lines(at, &sums, rename, &mut lines);
        }
        let columns = self.dimensions.iter().flat_map(|dimension| dimension.columns.iter().cloned()).collect();
        Table {
            name: self.name,
            title: title.to_owned(),
            definition,
            dimensions: columns,
            measures: self.measures,
            rows,
            lines,
        }
    }

    fn roll_up(&self) -> BTreeMap<Vec<usize>, Tally> {
        let width = self.measures.len();
        let mut sums: BTreeMap<Vec<usize>, Tally> = BTreeMap::new();
        if self.dense {
            let all = self.dimensions.iter().map(|dimension| (0..dimension.nodes.len()).collect()).collect::<Vec<_>>();
            sums.extend(combine(&all).into_iter().map(|at| (at, Tally { counts: vec![0; width], contributors: 0 })));
        }
        for (at, leaf) in &self.leaves {
            let chains: Vec<_> = self.dimensions.iter().zip(at).map(|(dim, &place)| dim.upward(place)).collect();
            for at in combine(&chains) {
                let sum = sums.entry(at).or_default();
                sum.counts.resize(width, 0);
                sum.contributors += leaf.contributors;
                sum.counts.iter_mut().zip(&leaf.counts).for_each(|(sum, count)| *sum += count);
            }
        }
        sums
    }

    fn row(&self, at: &[usize], tally: &Tally, rename: Rename<'_>) -> Row {
        let contributors = self.by_contributors.then_some(tally.contributors);
        let cells = self.measures.iter().zip(&tally.counts);
        let cells =
            cells.map(|(measure, &value)| Cell::Count { id: self.id(at, measure, rename), value, contributors });
        Row { labels: self.places(at).flat_map(|node| node.labels.iter().cloned()).collect(), cells: cells.collect() }
    }

    fn add_lines(&self, at: &[usize], sums: &BTreeMap<Vec<usize>, Tally>, rename: Rename<'_>, lines: &mut Vec<Line>) {
        for (axis, dimension) in self.dimensions.iter().enumerate() {
            let Some(&place) = at.get(axis) else { continue };
            let under: Vec<Vec<usize>> = dimension
                .below(place)
                .map(|below| at.iter().enumerate().map(|(i, &old)| if i == axis { below } else { old }).collect())
                .filter(|under| sums.contains_key(under))
                .collect();
            if under.is_empty() {
                continue;
            }
            lines.extend(self.measures.iter().map(|measure| Line::of(self.id(at, measure, rename), under.iter().map(|under| self.id(under, measure, rename)).collect())));
        }
        let name = |index: &usize| self.measures.get(*index).map(|measure| self.id(at, measure, rename));
        lines.extend(self.sums.iter().filter_map(|(total, parts)| {
            Some(Line::of(name(total)?, parts.iter().filter_map(name).collect()))
        }));
    }

    fn id(&self, at: &[usize], measure: &str, rename: Rename<'_>) -> String {
        let keys: Vec<&str> = self.places(at).map(|node| node.key.as_str()).collect();
        rename(&keys, measure).unwrap_or_else(|| format!("{}|{}|{measure}", self.name, keys.join("|")))
    }

    fn places(&self, at: &[usize]) -> impl Iterator<Item = &Node> {
        self.dimensions.iter().zip(at).filter_map(|(dimension, &place)| dimension.nodes.get(place))
    }
}

/// One of each list, in every way.
fn combine(lists: &[Vec<usize>]) -> Vec<Vec<usize>> {
    lists.iter().fold(vec![Vec::new()], |all, list| {
        let with =
            |start: &Vec<usize>| list.iter().map(|&item| [start.as_slice(), &[item]].concat()).collect::<Vec<_>>();
        all.iter().flat_map(with).collect()
    })
}
