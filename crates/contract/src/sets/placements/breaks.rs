//! Short breaks and carers' holidays: how many, and how long, in twelve months.

use std::collections::VecDeque;

use super::{BOTH_BREAKS, BREAK_DAYS, CARER_HOLIDAYS, Codes, Episode, Speaker};
use crate::engine::Context;
use crate::report::Detail;
use crate::rules::placements::codes::{T3, V3, V4};
use crate::rules::placements::columns as col;

/// Days in the twelve months looked back over.
const YEAR: i32 = 365;
/// Most days of agreed short breaks in twelve months (903 rule 367).
const MOST_DAYS: i32 = 75;
/// Most placements while the carer is on holiday in twelve months (903 rule 377).
const MOST_HOLIDAYS: usize = 2;

/// What one child has had in the twelve months up to the episode at hand.
#[derive(Debug, Default)]
pub(super) struct Breaks {
    /// Start and days of each V3 episode, and their sum.
    days: VecDeque<(i32, i32)>,
    sum: i32,
    holidays: VecDeque<i32>,
    last_v3: Option<(i32, u32)>,
    last_v4: Option<(i32, u32)>,
}

impl Breaks {
    pub(super) fn take(
        &mut self,
        episode: &Episode,
        codes: &Codes<'_>,
        context: &Context,
        speaker: &mut Speaker<'_, '_>,
    ) {
        if codes.place(episode) == T3 {
            self.take_holiday(episode, speaker);
        }
        let other = match codes.status(episode) {
            V3 => {
                self.take_days(episode, context, speaker);
                self.last_v3 = Some((episode.start, episode.row));
                self.last_v4
            }
            V4 => {
                self.last_v4 = Some((episode.start, episode.row));
                self.last_v3
            }
            _ => return,
        };
        if let Some((_, row)) = other.filter(|(start, _)| episode.start - start < YEAR) {
            speaker.say(BOTH_BREAKS, episode.at(), col::LEGAL_STATUS, Detail::Row(row));
        }
    }

    fn take_holiday(&mut self, episode: &Episode, speaker: &mut Speaker<'_, '_>) {
        self.holidays.push_back(episode.start);
        while self.holidays.front().is_some_and(|start| episode.start - start >= YEAR) {
            self.holidays.pop_front();
        }
        if self.holidays.len() > MOST_HOLIDAYS {
            speaker.say(CARER_HOLIDAYS, episode.at(), col::PLACEMENT_TYPE, Detail::None);
        }
    }

    fn take_days(&mut self, episode: &Episode, context: &Context, speaker: &mut Speaker<'_, '_>) {
        let until = if episode.is_open() { context.as_at } else { episode.end };
        let days = (until - episode.start).clamp(0, YEAR);
        self.days.push_back((episode.start, days));
        self.sum += days;
        while let Some((start, days)) = self.days.front().copied().filter(|(start, _)| episode.start - start >= YEAR) {
            debug_assert!(start <= episode.start, "episodes come in order of start");
            self.sum -= days;
            self.days.pop_front();
        }
        if self.sum > MOST_DAYS {
            speaker.say(BREAK_DAYS, episode.at(), col::LEGAL_STATUS, Detail::None);
        }
    }
}
