//! The most children that can be given a place each: augmenting paths over places.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Serves as many as can be served. `wants` lists, for each child, the settings that would do, best
/// first; who is listed first is served first where not all can be, and stays served. `left` says how many places each setting has, the answer where each child goes.
pub(crate) fn serve_most(wants: &[Vec<usize>], left: Vec<usize>) -> Vec<Option<usize>> {
    let settings = left.len();
    let held = vec![BTreeSet::new(); settings];
    let mut paths = Paths { wants, left, held, served_by: vec![None; wants.len()], passed: vec![false; settings] };
    for child in 0..wants.len() {
        if let Some(path) = paths.find(child) {
            paths.follow(&path);
        }
    }
    paths.served_by
}

struct Paths<'a> {
    wants: &'a [Vec<usize>],
    /// Places left, by setting.
    left: Vec<usize>,
    /// Children given a place, by setting.
    held: Vec<BTreeSet<usize>>,
    served_by: Vec<Option<usize>>,
    /// Settings seen by the search under way, or by one that found nothing. The latter stay seen:
    /// what a fruitless search passed lies on no later path either, so that all fruitless searches
    /// together look at each want once.
    passed: Vec<bool>,
}

impl Paths<'_> {
    /// The shortest chain of moves that makes room for `child`: who goes where, the last mover first.
    fn find(&mut self, child: usize) -> Option<Vec<(usize, usize)>> {
        let mut came_from = BTreeMap::new();
        let mut queue = VecDeque::from([child]);
        while let Some(mover) = queue.pop_front() {
            let Some(free) = self.look(mover, &mut came_from, &mut queue) else { continue };
            for &setting in came_from.keys() {
                self.mark(setting, false);
            }
            return Some(self.trace(free, &came_from));
        }
        None
    }

    /// Looks at every setting that would do for `mover`; answers with one that has a place.
    fn look(
        &mut self,
        mover: usize,
        came_from: &mut BTreeMap<usize, usize>,
        queue: &mut VecDeque<usize>,
    ) -> Option<usize> {
        let wants = self.wants;
        for &setting in wants.get(mover).into_iter().flatten() {
            if !self.mark(setting, true) {
                continue;
            }
            came_from.insert(setting, mover);
            if self.left.get(setting).is_some_and(|&left| left > 0) {
                return Some(setting);
            }
            queue.extend(self.held.get(setting).into_iter().flatten());
        }
        None
    }

    fn trace(&self, free: usize, came_from: &BTreeMap<usize, usize>) -> Vec<(usize, usize)> {
        let mut path = Vec::new();
        let mut next = Some(free);
        while let Some((setting, &mover)) = next.and_then(|setting| Some((setting, came_from.get(&setting)?))) {
            path.push((mover, setting));
            next = self.served_by.get(mover).copied().flatten();
        }
        path
    }

    fn follow(&mut self, path: &[(usize, usize)]) {
        if let Some(left) = path.first().and_then(|&(_, setting)| self.left.get_mut(setting)) {
            *left -= 1;
        }
        for &(mover, setting) in path {
            let from = self.served_by.get_mut(mover).and_then(|served_by| served_by.replace(setting));
            if let Some(held) = from.and_then(|from| self.held.get_mut(from)) {
                held.remove(&mover);
            }
            if let Some(held) = self.held.get_mut(setting) {
                held.insert(mover);
            }
        }
    }

    /// Sets a flag; says whether that changed it.
    fn mark(&mut self, setting: usize, to: bool) -> bool {
        self.passed.get_mut(setting).is_some_and(|flag| std::mem::replace(flag, to) != to)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The most by trying everything.
    fn most(wants: &[Vec<usize>], left: &[usize]) -> usize {
        let Some((first, rest)) = wants.split_first() else { return 0 };
        let placed = first.iter().filter(|&&setting| left[setting] > 0).map(|&setting| {
            let mut left = left.to_vec();
            left[setting] -= 1;
            1 + most(rest, &left)
        });
        placed.chain([most(rest, left)]).max().unwrap_or(0)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn serves_the_most_and_no_place_twice(
            left in prop::collection::vec(0_usize..3, 4),
            wants in prop::collection::vec(prop::collection::btree_set(0_usize..4, 0..4), 0..7),
        ) {
            let wants: Vec<Vec<usize>> = wants.into_iter().map(|set| set.into_iter().collect()).collect();
            let served = serve_most(&wants, left.clone());
            for (setting, &places) in left.iter().enumerate() {
                prop_assert!(served.iter().filter(|&&by| by == Some(setting)).count() <= places);
            }
            for (child, by) in served.iter().enumerate() {
                prop_assert!(by.is_none_or(|setting| wants[child].contains(&setting)));
            }
            prop_assert_eq!(served.iter().flatten().count(), most(&wants, &left));
        }
    }

    #[test]
    fn moves_others_to_make_room() {
        // The first takes the only home the second could use, and moves when the second comes.
        assert_eq!(serve_most(&[vec![0, 1], vec![0]], vec![1, 1]), [Some(1), Some(0)]);
        // A chain of two moves.
        let wants = [vec![0, 1], vec![1, 2], vec![0], vec![1]];
        assert_eq!(serve_most(&wants, vec![1, 1, 1]).iter().flatten().count(), 3);
    }
}
