//! Row rules of quality.

pub(crate) mod columns;

use self::columns::{
    CONCERN_LEVEL, IN_FORCE_FROM, IN_FORCE_TO, KIND, NEXT_DUE, OCCURRED_ON, OVERALL, SCORE_CARE, SCORE_LEADERSHIP,
    SCORE_SAFETY, SCORE_STABILITY, SCORE_VOICE,
};
use super::{broken, listed};
use crate::engine::{NONE, Row};
use crate::model::code::Code;

listed! {
    ("occurred-future", occurred_later),
    ("visit-unscored", visit_says_nothing),
    ("overall-scores", overall_against_scores),
    ("concern-level", concern_without_level),
    ("concern-otherwise", level_without_concern),
    ("restriction-dates", restriction_undated),
    ("in-force-reversed", force_ends_before),
    ("in-force-otherwise", in_force_without_restriction),
    ("next-due-past", due_before_visit),
    ("next-due-over", due_already),
    ("score-otherwise", scores_without_visit),
    ("in-force-early", in_force_before_event),
}

const VISIT: Code = Code::of(b"visit");
const CONCERN: Code = Code::of(b"concern");
const SUSPENSION: Code = Code::of(b"suspension");
const IMPROVEMENT_PLAN: Code = Code::of(b"improvement_plan");
const OUTSTANDING: Code = Code::of(b"outstanding");
const INADEQUATE: Code = Code::of(b"inadequate");
const SCORES: [usize; 5] = [SCORE_SAFETY, SCORE_CARE, SCORE_LEADERSHIP, SCORE_STABILITY, SCORE_VOICE];

fn is_restriction(kind: Code) -> bool {
    matches!(kind, SUSPENSION | IMPROVEMENT_PLAN)
}

fn occurred_later(row: &Row<'_>) -> Option<usize> {
    broken(OCCURRED_ON, row.day(OCCURRED_ON)? > row.context.as_at)
}

fn visit_says_nothing(row: &Row<'_>) -> Option<usize> {
    let silent = row.is_blank(OVERALL) && SCORES.iter().all(|score| row.is_blank(*score));
    broken(OVERALL, row.code(KIND) == VISIT && silent)
}

/// Outstanding with a score of 1, or inadequate with nothing below 3.
fn overall_against_scores(row: &Row<'_>) -> Option<usize> {
    let scores = || SCORES.iter().filter_map(|score| row.number(*score));
    let least = scores().min()?;
    let wrong = match row.code(OVERALL) {
        OUTSTANDING => least == 1,
        INADEQUATE => least >= 3,
        _ => false,
    };
    broken(OVERALL, wrong)
}

fn concern_without_level(row: &Row<'_>) -> Option<usize> {
    broken(CONCERN_LEVEL, row.code(KIND) == CONCERN && row.is_blank(CONCERN_LEVEL))
}

fn level_without_concern(row: &Row<'_>) -> Option<usize> {
    let kind = row.code(KIND);
    let raised = matches!(row.code(CONCERN_LEVEL), WATCH | SERIOUS);
    broken(CONCERN_LEVEL, raised && kind != CONCERN && kind != VISIT && !is_restriction(kind) && kind != NONE)
}

const WATCH: Code = Code::of(b"watch");
const SERIOUS: Code = Code::of(b"serious");

fn restriction_undated(row: &Row<'_>) -> Option<usize> {
    broken(IN_FORCE_FROM, row.code(KIND) == SUSPENSION && row.is_blank(IN_FORCE_FROM))
}

fn force_ends_before(row: &Row<'_>) -> Option<usize> {
    broken(IN_FORCE_TO, row.day(IN_FORCE_TO)? < row.day(IN_FORCE_FROM)?)
}

fn in_force_without_restriction(row: &Row<'_>) -> Option<usize> {
    let kind = row.code(KIND);
    let column = [IN_FORCE_FROM, IN_FORCE_TO].into_iter().find(|column| row.is_filled(*column))?;
    broken(column, kind == VISIT)
}

fn due_before_visit(row: &Row<'_>) -> Option<usize> {
    broken(NEXT_DUE, row.day(NEXT_DUE)? <= row.day(OCCURRED_ON)?)
}

fn due_already(row: &Row<'_>) -> Option<usize> {
    broken(NEXT_DUE, row.day(NEXT_DUE)? < row.context.as_at && row.day(NEXT_DUE)? > row.day(OCCURRED_ON)?)
}

fn scores_without_visit(row: &Row<'_>) -> Option<usize> {
    let scored = SCORES.iter().copied().find(|score| row.is_filled(*score))?;
    let kind = row.code(KIND);
    broken(scored, kind != VISIT && kind != NONE)
}

fn in_force_before_event(row: &Row<'_>) -> Option<usize> {
    broken(IN_FORCE_FROM, row.day(IN_FORCE_FROM)? < row.day(OCCURRED_ON)? && is_restriction(row.code(KIND)))
}
