//! Row rules of fostering.

pub(crate) mod columns;

use self::columns::{
    APPLICATION_ON, APPROVAL_TYPE, APPROVED_ON, APPROVED_PLACES, DEREGISTERED_ON, DEREGISTERED_REASON, ENDED_ON,
    ENDED_REASON, ENQUIRY_ON, PANEL_ON, STAGE_1_ON, STAGE_2_ON, VISIT_ON,
};
use super::{broken, listed};
use crate::engine::Row;

listed! {
    ("no-step", no_step),
    ("steps-order", step_before_an_earlier_one),
    ("step-future", step_later),
    ("step-skipped", approved_without_assessment),
    ("stage-slow", stage_slow),
    ("approval-says", approval_incomplete),
    ("usual-limit", above_the_usual_limit),
    ("ended-approved", ended_and_approved),
    ("ended-reversed", ended_before_last_step),
    ("ended-unsaid", ended_without_reason),
    ("deregistered-unapproved", left_unapproved),
    ("deregistered-reversed", left_before_approval),
    ("deregistered-unsaid", left_without_reason),
}

/// The steps in their order.
const STEPS: [usize; 7] = [ENQUIRY_ON, VISIT_ON, APPLICATION_ON, STAGE_1_ON, STAGE_2_ON, PANEL_ON, APPROVED_ON];
/// Days that stage 1 and stage 2 should take at most: two months, four months.
const STAGE_1_DAYS: i32 = 62;
const STAGE_2_DAYS: i32 = 123;
/// Children whom one household may foster without an exemption (Children Act 1989 Sch 7).
const USUAL_LIMIT: i64 = 3;

fn no_step(row: &Row<'_>) -> Option<usize> {
    broken(ENQUIRY_ON, STEPS.iter().all(|step| row.is_blank(*step)))
}

fn step_before_an_earlier_one(row: &Row<'_>) -> Option<usize> {
    let mut last = i32::MIN;
    for step in STEPS {
        let Some(day) = row.day(step) else { continue };
        if day < last {
            return Some(step);
        }
        last = day;
    }
    None
}

fn step_later(row: &Row<'_>) -> Option<usize> {
    let later = |column: &usize| row.day(*column).is_some_and(|day| day > row.context.as_at);
    STEPS.into_iter().chain([ENDED_ON, DEREGISTERED_ON]).find(later)
}

fn approved_without_assessment(row: &Row<'_>) -> Option<usize> {
    let skipped = [STAGE_2_ON, PANEL_ON].into_iter().find(|step| row.is_blank(*step))?;
    broken(skipped, row.is_filled(APPROVED_ON))
}

fn stage_slow(row: &Row<'_>) -> Option<usize> {
    let slow = |from: usize, to: usize, most: i32| {
        let days = row.day(to).zip(row.day(from)).map(|(to, from)| to - from);
        days.is_some_and(|days| days > most)
    };
    let first = slow(STAGE_1_ON, STAGE_2_ON, STAGE_1_DAYS);
    if first { Some(STAGE_2_ON) } else { broken(PANEL_ON, slow(STAGE_2_ON, PANEL_ON, STAGE_2_DAYS)) }
}

fn approval_incomplete(row: &Row<'_>) -> Option<usize> {
    let column = [APPROVAL_TYPE, APPROVED_PLACES].into_iter().find(|column| row.is_blank(*column))?;
    broken(column, row.is_filled(APPROVED_ON))
}

fn above_the_usual_limit(row: &Row<'_>) -> Option<usize> {
    broken(APPROVED_PLACES, row.number(APPROVED_PLACES)? > USUAL_LIMIT)
}

fn ended_and_approved(row: &Row<'_>) -> Option<usize> {
    broken(ENDED_ON, row.is_filled(ENDED_ON) && row.is_filled(APPROVED_ON))
}

fn ended_before_last_step(row: &Row<'_>) -> Option<usize> {
    let last = STEPS.iter().filter_map(|step| row.day(*step)).max()?;
    broken(ENDED_ON, row.day(ENDED_ON)? < last)
}

fn ended_without_reason(row: &Row<'_>) -> Option<usize> {
    broken(ENDED_REASON, row.is_filled(ENDED_ON) != row.is_filled(ENDED_REASON))
}

fn left_unapproved(row: &Row<'_>) -> Option<usize> {
    broken(APPROVED_ON, row.is_filled(DEREGISTERED_ON) && row.is_blank(APPROVED_ON))
}

fn left_before_approval(row: &Row<'_>) -> Option<usize> {
    broken(DEREGISTERED_ON, row.day(DEREGISTERED_ON)? < row.day(APPROVED_ON)?)
}

fn left_without_reason(row: &Row<'_>) -> Option<usize> {
    broken(DEREGISTERED_REASON, row.is_filled(DEREGISTERED_ON) != row.is_filled(DEREGISTERED_REASON))
}
