//! An episode and the one before it.

use super::{
    ADOPTION_BEFORE_FOSTERING, BU_CHANGES, Codes, Episode, GAP, L_CHANGES, MOVED_IN_BREAK, NEED_CHANGED,
    NO_CHANGE_REASON, NO_NEXT, NOT_STARTED, PT_CHANGES, RETURN_FROM_TEMPORARY, STARTS_AGAIN, Speaker,
};
use crate::engine::{Context, NONE};
use crate::report::Detail;
use crate::rules::placements::codes::{A3, A4, A5, A6, B, L, P, S, T, U, V3, X1, is_fostered, is_temporary};
use crate::rules::placements::columns as col;

/// Judges `episode` by the one before it, and the one before that.
pub(super) fn judge_pair(
    before: Option<&Episode>,
    previous: &Episode,
    episode: &Episode,
    codes: &Codes<'_>,
    context: &Context,
    speaker: &mut Speaker<'_, '_>,
) {
    judge_joint(previous, episode, codes, speaker);
    if previous.end != episode.start || codes.reason(episode) == S {
        return;
    }
    if previous.need != episode.need {
        speaker.say(NEED_CHANGED, episode.at(), col::CATEGORY_OF_NEED, Detail::Row(previous.row));
    }
    judge_reason(previous, episode, codes, speaker);
    judge_move(previous, episode, codes, context, speaker);
    if let Some(before) = before {
        judge_return(before, previous, episode, codes, speaker);
    }
}

/// Where one ends and the next begins: reason ceased, reason for new episode and dates tell one story.
fn judge_joint(previous: &Episode, episode: &Episode, codes: &Codes<'_>, speaker: &mut Speaker<'_, '_>) {
    let (ceased, reason) = (codes.ceased(previous), codes.reason(episode));
    let other = Detail::Row(previous.row);
    if reason == S && previous.end == episode.start {
        speaker.say(STARTS_AGAIN, episode.at(), col::REASON_NEW_EPISODE, other);
    }
    if ceased != X1 && ceased != NONE && reason != S {
        speaker.say(NOT_STARTED, episode.at(), col::REASON_NEW_EPISODE, other);
    }
    if previous.is_open() || episode.start <= previous.end {
        return;
    }
    if reason != S && reason != NONE {
        speaker.say(GAP, episode.at(), col::EPISODE_START, other);
    }
    if ceased == X1 {
        speaker.say(NO_NEXT, previous.at(), col::REASON_CEASED, Detail::Row(episode.row));
    }
}

/// The reason for the new episode says what changed; that, and nothing else, should have.
fn judge_reason(previous: &Episode, episode: &Episode, codes: &Codes<'_>, speaker: &mut Speaker<'_, '_>) {
    let status = codes.status(previous) != codes.status(episode);
    let placement = has_moved(previous, episode, codes);
    let (rule, fits) = match codes.reason(episode) {
        L => (L_CHANGES, status && !placement),
        P | T => (PT_CHANGES, !status && placement),
        B | U => (BU_CHANGES, status && placement),
        _ => return,
    };
    if !fits {
        speaker.say(rule, episode.at(), col::REASON_NEW_EPISODE, Detail::Row(previous.row));
    }
}

fn has_moved(previous: &Episode, episode: &Episode, codes: &Codes<'_>) -> bool {
    codes.place(previous) != codes.place(episode)
        || previous.provider != episode.provider
        || previous.carer != episode.carer
}

/// A change of placement has a reason, and adoption comes after fostering.
fn judge_move(
    previous: &Episode,
    episode: &Episode,
    codes: &Codes<'_>,
    context: &Context,
    speaker: &mut Speaker<'_, '_>,
) {
    let (from, to) = (codes.place(previous), codes.place(episode));
    let temporary = is_temporary(from) || is_temporary(to);
    let moves = matches!(codes.reason(episode), P | T | B | U);
    let sent = context.sent >> col::REASON_PLACE_CHANGE & 1 == 1;
    if moves && sent && !temporary && !previous.has_change_reason() {
        speaker.say(NO_CHANGE_REASON, previous.at(), col::REASON_PLACE_CHANGE, Detail::Row(episode.row));
    }
    if matches!(to, A3 | A5) && !matches!(from, A3 | A4 | A5 | A6) && !is_fostered(from) && !temporary {
        speaker.say(ADOPTION_BEFORE_FOSTERING, episode.at(), col::PLACEMENT_TYPE, Detail::Row(previous.row));
    }
    if codes.status(previous) == V3 && codes.status(episode) == V3 && has_moved(previous, episode, codes) {
        speaker.say(MOVED_IN_BREAK, episode.at(), col::PLACEMENT_TYPE, Detail::Row(previous.row));
    }
}

/// A temporary move ends where it began.
fn judge_return(
    before: &Episode,
    previous: &Episode,
    episode: &Episode,
    codes: &Codes<'_>,
    speaker: &mut Speaker<'_, '_>,
) {
    if !is_temporary(codes.place(previous)) || is_temporary(codes.place(before)) || is_temporary(codes.place(episode)) {
        return;
    }
    if before.end == previous.start && (has_moved(before, episode, codes) || codes.reason(episode) != P) {
        speaker.say(RETURN_FROM_TEMPORARY, episode.at(), col::PLACEMENT_TYPE, Detail::Row(before.row));
    }
}
