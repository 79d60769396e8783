//! One child's episodes in order of start.

use super::breaks::Breaks;
use super::pair::judge_pair;
use super::{
    AFTER_DEATH, BIRTH_DIFFERS, ETHNICITY_DIFFERS, FIRST_NOT_START, J2_LONG, L1_LONG, L2_LONG, L3_LONG, NO_NEXT,
    OPEN_BEFORE_NEXT, OVERLAP, SEX_DIFFERS,
};
use super::{Codes, Episode, Speaker};
use crate::engine::Context;
use crate::report::Detail;
use crate::rules::placements::codes::{E2, E15, J2, L1, L2, L3, S, X1};
use crate::rules::placements::columns as col;

/// Keeps the first usable row of each key and returns the rows of the others. Episodes come sorted.
pub(super) fn drop_duplicates(episodes: &mut Vec<Episode>, speaker: &mut Speaker<'_, '_>) -> Vec<u64> {
    let mut excluded = Vec::new();
    let mut first: Option<(u64, i32, u32)> = None;
    episodes.retain(|episode| {
        if episode.is_rejected() {
            return true;
        }
        match first {
            Some((child, start, row)) if (child, start) == (episode.child, episode.start) => {
                speaker.say_duplicate(episode.at(), Some(col::EPISODE_START), row);
                excluded.push(u64::from(episode.row));
                false
            }
            _ => {
                first = Some((episode.child, episode.start, episode.row));
                true
            }
        }
    });
    excluded
}

/// Judges the episodes of one child.
pub(super) fn judge(child: &[Episode], codes: &Codes<'_>, context: &Context, speaker: &mut Speaker<'_, '_>) {
    let Some(first) = child.first() else { return };
    if context.is_full && !first.is_unusable() && codes.reason(first) != S {
        speaker.say(FIRST_NOT_START, first.at(), col::REASON_NEW_EPISODE, Detail::None);
    }
    let mut runs = Runs::default();
    let mut breaks = Breaks::default();
    let mut before: Option<&Episode> = None;
    let mut previous: Option<&Episode> = None;
    for episode in child {
        let usable = previous.filter(|previous| !previous.is_unusable() && !episode.is_unusable());
        if let Some(previous) = usable {
            judge_order(previous, episode, speaker);
            if !context.is_changes {
                let earlier = before.filter(|before| !before.is_unusable());
                judge_pair(earlier, previous, episode, codes, context, speaker);
            }
        }
        if !episode.is_unusable() {
            judge_person(first, episode, speaker);
            runs.take(episode, codes, context, speaker);
            breaks.take(episode, codes, context, speaker);
            if previous.is_some_and(|previous| matches!(codes.ceased(previous), E2 | E15)) {
                speaker.say(AFTER_DEATH, episode.at(), col::EPISODE_START, Detail::None);
            }
        }
        before = previous;
        previous = Some(episode);
    }
    let last = previous.filter(|last| !last.is_unusable() && !context.is_changes && codes.ceased(last) == X1);
    if let Some(last) = last {
        speaker.say(NO_NEXT, last.at(), col::REASON_CEASED, Detail::None);
    }
}

/// One after the other: ended before the next, and not after it began.
fn judge_order(previous: &Episode, episode: &Episode, speaker: &mut Speaker<'_, '_>) {
    if previous.is_open() {
        speaker.say(OPEN_BEFORE_NEXT, previous.at(), col::EPISODE_END, Detail::Row(episode.row));
    } else if episode.start < previous.end {
        speaker.say(OVERLAP, episode.at(), col::EPISODE_START, Detail::Row(previous.row));
    }
}

/// What is true of the child does not change from episode to episode.
fn judge_person(first: &Episode, episode: &Episode, speaker: &mut Speaker<'_, '_>) {
    if first.is_unusable() {
        return;
    }
    if first.birth != episode.birth {
        speaker.say(BIRTH_DIFFERS, episode.at(), col::BIRTH_MONTH, Detail::Row(first.row));
    }
    if first.sex != episode.sex {
        speaker.say(SEX_DIFFERS, episode.at(), col::SEX, Detail::Row(first.row));
    }
    if first.ethnicity != episode.ethnicity {
        speaker.say(ETHNICITY_DIFFERS, episode.at(), col::ETHNICITY, Detail::Row(first.row));
    }
}

/// Emergency statuses last days, whatever the number of episodes they are spread over.
#[derive(Debug, Default)]
struct Runs {
    status: Option<(u8, i32, i32)>,
    said: bool,
}

impl Runs {
    fn take(&mut self, episode: &Episode, codes: &Codes<'_>, context: &Context, speaker: &mut Speaker<'_, '_>) {
        let (rule, most) = match codes.status(episode) {
            L1 => (L1_LONG, 3),
            L2 => (L2_LONG, 21),
            L3 => (L3_LONG, 7),
            J2 => (J2_LONG, 21),
            _ => {
                *self = Self::default();
                return;
            }
        };
        let began = match self.status {
            Some((status, began, ended)) if status == episode.status && ended == episode.start => began,
            _ => {
                self.said = false;
                episode.start
            }
        };
        self.status = Some((episode.status, began, episode.end));
        let until = if episode.is_open() { context.as_at } else { episode.end };
        if until - began > most && !self.said {
            self.said = true;
            speaker.say(rule, episode.at(), col::LEGAL_STATUS, Detail::None);
        }
    }
}
