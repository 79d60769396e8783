//! Runs of episodes: stays with one carer or setting, placements, and periods of care.

mod period;

use hub_domain::Date;

pub(crate) use self::period::{Period, periods};
use crate::episode::{Child, Episode};

/// Reason for a new episode (903 RNE): started to be looked after.
const STARTED: u8 = b'S';
/// Placement and carer; legal status, placement and carer.
const NEW_CARER: [u8; 2] = [b'P', b'B'];

/// What makes a run (ruling 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A stay: one carer or setting.
    Stay,
    /// A placement of the count-and-weeks table: one carer or setting, and one type.
    Placement,
}

/// A run of episodes. Temporary moves are bridged: their days belong to it, and they are never one themselves.
pub(crate) struct Run<'a> {
    /// The episode it began with.
    pub(crate) first: &'a Episode,
    /// The latest episode of it that is no temporary move.
    pub(crate) last: &'a Episode,
    /// Whether the first is known to begin it, rather than to be the earliest that is held.
    pub(crate) is_begun: bool,
    pub(crate) start: Date,
    /// Exclusive; `None` while it lasts.
    pub(crate) end: Option<Date>,
}

/// The days of one episode, given to the run they belong to.
pub(crate) struct Piece<'a> {
    /// Which run.
    pub(crate) run: usize,
    /// The episode that says what the days are: the one kept, during a temporary move.
    pub(crate) episode: &'a Episode,
    pub(crate) from: Date,
    /// Exclusive; `None` while it lasts.
    pub(crate) to: Option<Date>,
}

/// A child's runs, oldest first, and their days.
#[derive(Default)]
pub(crate) struct Walk<'a> {
    pub(crate) runs: Vec<Run<'a>>,
    pub(crate) pieces: Vec<Piece<'a>>,
}

impl<'a> Walk<'a> {
    /// Reads a child's episodes in order. No day is given twice: an episode lasts until the next begins, at most.
    pub(crate) fn of(child: &'a Child, reading: Reading) -> Self {
        let episodes = in_order(child);
        let mut walk = Self::default();
        let mut last: Option<&Episode> = None;
        let mut bridged = false;
        for (at, episode) in episodes.iter().copied().enumerate() {
            let to = earliest(episode.end, episodes.get(at + 1).map(|next| next.start));
            if episode.is_temporary() {
                last = last.filter(|_| episode.reason != STARTED);
                bridged = true;
                walk.bridge(episode.start, to, last);
                continue;
            }
            let changed = |last: &Episode| reading == Reading::Placement && last.place != episode.place;
            let is_begun = begins(last, episode, bridged);
            if is_begun || last.is_none_or(changed) {
                let is_begun = is_begun || last.is_some();
                walk.runs.push(Run { first: episode, last: episode, is_begun, start: episode.start, end: to });
            }
            walk.give(episode, episode.start, to);
            last = Some(episode);
            bridged = false;
        }
        walk
    }

    /// Days of a temporary move that follow at once on a placement kept.
    fn bridge(&mut self, from: Date, to: Option<Date>, kept: Option<&'a Episode>) {
        let follows = self.runs.last().is_some_and(|run| run.end == Some(from));
        if let Some(kept) = kept.filter(|_| follows) {
            self.give(kept, from, to);
        }
    }

    fn give(&mut self, episode: &'a Episode, from: Date, to: Option<Date>) {
        let Some(run) = self.runs.len().checked_sub(1) else { return };
        if let Some(current) = self.runs.last_mut() {
            current.last = episode;
            current.end = to;
        }
        self.pieces.push(Piece { run, episode, from, to });
    }
}

impl Run<'_> {
    /// Any day of it is one from `from` to before `to`.
    pub(crate) fn touches(&self, from: Date, to: Date) -> bool {
        self.start < to && self.end.is_none_or(|end| end > from)
    }
}

/// A child's episodes, by the day they start.
fn in_order(child: &Child) -> Vec<&Episode> {
    let mut episodes: Vec<&Episode> = child.before.iter().chain(&child.recent).collect();
    episodes.sort_unstable_by_key(|episode| episode.start);
    episodes
}

fn earliest(end: Option<Date>, next: Option<Date>) -> Option<Date> {
    end.into_iter().chain(next).min()
}

/// The first episode of each stay that began after `from`.
pub(crate) fn begun_after(child: &Child, from: Date) -> Vec<&Episode> {
    let runs = Walk::of(child, Reading::Stay).runs.into_iter();
    runs.filter(|run| run.is_begun && run.start > from).map(|run| run.first).collect()
}

/// A child's moves after `from`: the last episode of a stay, and the first of the one that followed it in the same period of
/// care.
pub(crate) fn moves_after(child: &Child, from: Date) -> Vec<[&Episode; 2]> {
    let runs = Walk::of(child, Reading::Stay).runs;
    let pairs = runs.iter().zip(runs.iter().skip(1));
    let is_move = |(_, next): &(&Run<'_>, &Run<'_>)| next.is_begun && next.start > from && next.first.reason != STARTED;
    pairs.filter(is_move).map(|(last, next)| [last.last, next.first]).collect()
}

/// Whether `episode` begins a stay rather than continues `last`; `bridged` when a temporary move lay between.
fn begins(last: Option<&Episode>, episode: &Episode, bridged: bool) -> bool {
    let told = episode.reason == STARTED || NEW_CARER.contains(&episode.reason);
    let Some(last) = last else { return told };
    if episode.reason == STARTED {
        return true;
    }
    match (last.setting, episode.setting) {
        (Some(before), Some(now)) => before != now,
        _ if bridged && last.likeness == episode.likeness => false,
        _ => told,
    }
}

#[cfg(test)]
mod tests;
