//! Health, offending and substance misuse (oc2).

use super::prelude::*;

/// What every child looked after for twelve months has filled in.
const CORE: [usize; 4] = [o2::IMMUNISATIONS, o2::TEETH_CHECK, o2::HEALTH_ASSESSMENT, o2::SUBSTANCE_MISUSE];
const FLAGS: [usize; 8] = [
    o2::CONVICTED,
    o2::HEALTH_CHECK,
    o2::IMMUNISATIONS,
    o2::TEETH_CHECK,
    o2::HEALTH_ASSESSMENT,
    o2::SUBSTANCE_MISUSE,
    o2::INTERVENTION_RECEIVED,
    o2::INTERVENTION_OFFERED,
];

fn reached(row: Row<'_>, child: &Child<'_>, age: i32) -> Option<bool> {
    row.day(o2::DOB).or(child.born()).map(|born| has_reached(born, age, child.frame.ends))
}

const TWELVE: &str =
    "The twelve months are those up to the day the feed describes; ages are counted on 31 March to come.";
const AGES: &str = "Ages are counted on 31 March to come.";

pub(super) static RULES: &[Rule] = &[
    Rule::each("158", Oc2, o2::INTERVENTION_OFFERED, |row, _| {
        row.code(o2::INTERVENTION_RECEIVED) == ONE && row.is_filled(o2::INTERVENTION_OFFERED)
    })
    .says(
        "The child received help with substance misuse, and whether it was offered is filled too",
        "Blank INTERVENTION_OFFERED.",
    )
    .samples(
        "o2 SUBSTANCE_MISUSE=1 INTERVENTION_RECEIVED=1 INTERVENTION_OFFERED=1",
        "o2 SUBSTANCE_MISUSE=1 INTERVENTION_RECEIVED=1",
    ),
    Rule::each("159", Oc2, o2::INTERVENTION_OFFERED, |row, _| {
        let refused = row.code(o2::SUBSTANCE_MISUSE) == ONE && row.code(o2::INTERVENTION_RECEIVED) == NO;
        refused && row.is_blank(o2::INTERVENTION_OFFERED)
    })
    .says("The child received no help with substance misuse, and whether it was offered is blank", "Say 1 or 0.")
    .samples(
        "o2 SUBSTANCE_MISUSE=1 INTERVENTION_RECEIVED=0",
        "o2 SUBSTANCE_MISUSE=1 INTERVENTION_RECEIVED=0 INTERVENTION_OFFERED=0",
    ),
    Rule::each("181", Oc2, o2::CONVICTED, |row, _| FLAGS.iter().any(|flag| !is_one_of(row.code(*flag), &[NO, ONE])))
        .says("One of the eight flags is neither 0 nor 1", "Use 0 or 1.")
        .samples("o2 TEETH_CHECK=Y", "o2"),
    Rule::each("182", Oc2, o2::IMMUNISATIONS, |row, _| {
        let others = [o2::CONVICTED, o2::HEALTH_CHECK, o2::INTERVENTION_RECEIVED, o2::INTERVENTION_OFFERED];
        !row.has_all(&CORE) && row.has_any(&others)
    })
    .says(
        "Immunisations, teeth, health assessment or substance misuse is blank, and other columns are filled",
        "Fill in all four.",
    )
    .samples("o2 TEETH_CHECK=", "o2"),
    Rule::each("190", Oc2, o2::CONVICTED, |row, child| !child.continuous && row.has_any(&FLAGS))
        .says("Health columns for a child not looked after for twelve months", "Blank them.")
        .nightly(TWELVE)
        .with(&[Episodes])
        .samples("o2; ep", "o2; ep DECOM=1/4/2025"),
    Rule::each("191", Oc2, o2::IMMUNISATIONS, |row, child| child.continuous && !row.has_all(&CORE))
        .says("A health column is blank for a child looked after for twelve months", "Fill in all four.")
        .nightly(TWELVE)
        .with(&[Episodes])
        .samples("o2 TEETH_CHECK=; ep DECOM=1/5/2024", "o2; ep DECOM=1/5/2024"),
    Rule::each("192", Oc2, o2::INTERVENTION_RECEIVED, |row, _| {
        row.code(o2::SUBSTANCE_MISUSE) == ONE && row.is_blank(o2::INTERVENTION_RECEIVED)
    })
    .says("Substance misuse, and whether help was received is blank", "Say 1 or 0.")
    .samples("o2 SUBSTANCE_MISUSE=1", "o2"),
    Rule::each("193", Oc2, o2::SUBSTANCE_MISUSE, |row, _| {
        let none = is_one_of(row.code(o2::SUBSTANCE_MISUSE), &[NO]);
        none && row.has_any(&[o2::INTERVENTION_RECEIVED, o2::INTERVENTION_OFFERED])
    })
    .says("No substance misuse, and help with it is filled in", "Blank both columns, or set SUBSTANCE_MISUSE to 1.")
    .samples("o2 INTERVENTION_RECEIVED=0", "o2"),
    Rule::each("542", Oc2, o2::CONVICTED, |row, child| {
        row.is_filled(o2::CONVICTED) && reached(row, child, 10) == Some(false)
    })
    .says("Convictions of a child under ten", "Blank CONVICTED.")
    .nightly(AGES)
    .samples("hd DOB=1/4/2016; o2 DOB=1/4/2016", "o2"),
    Rule::each("543", Oc2, o2::CONVICTED, |row, child| {
        child.continuous && row.is_blank(o2::CONVICTED) && reached(row, child, 10) == Some(true)
    })
    .says("CONVICTED is blank for a child of ten or over looked after for twelve months", "Say 1 or 0.")
    .nightly(TWELVE)
    .with(&[Episodes])
    .samples("o2 CONVICTED=; ep DECOM=1/5/2024", "o2; ep DECOM=1/5/2024"),
    Rule::each("544", Oc2, o2::IMMUNISATIONS, |row, _| row.is_filled(o2::CONVICTED) && !row.has_all(&CORE))
        .says("CONVICTED is filled and another health column is not", "Fill in all four.")
        .samples("o2 IMMUNISATIONS=", "o2"),
    Rule::each("545", Oc2, o2::HEALTH_CHECK, |row, child| {
        child.continuous && row.is_blank(o2::HEALTH_CHECK) && reached(row, child, 5) == Some(false)
    })
    .says("HEALTH_CHECK is blank for a child under five looked after for twelve months", "Say 1 or 0.")
    .nightly(TWELVE)
    .with(&[Episodes])
    .samples("hd DOB=1/5/2021; o2 DOB=1/5/2021; ep DECOM=1/5/2024", "o2; ep DECOM=1/5/2024"),
    Rule::each("546", Oc2, o2::HEALTH_CHECK, |row, child| {
        child.continuous && row.is_filled(o2::HEALTH_CHECK) && reached(row, child, 5) == Some(true)
    })
    .says("HEALTH_CHECK is for children under five", "Blank it.")
    .nightly(TWELVE)
    .with(&[Episodes])
    .samples(
        "o2 HEALTH_CHECK=1; ep DECOM=1/5/2024",
        "hd DOB=1/5/2021; o2 DOB=1/5/2021 HEALTH_CHECK=1; ep DECOM=1/5/2024",
    ),
    Rule::each("547", Oc2, o2::IMMUNISATIONS, |row, _| row.is_filled(o2::HEALTH_CHECK) && !row.has_all(&CORE))
        .says("HEALTH_CHECK is filled and another health column is not", "Fill in all four.")
        .samples("o2 HEALTH_CHECK=1 IMMUNISATIONS=", "o2 HEALTH_CHECK=1"),
    Rule::of_child("191-none", Episodes, ep::CHILD, |child, say| {
        let absent = child.continuous && child.rows(Oc2).is_empty();
        if let Some(first) = child.episodes().next().filter(|_| absent) {
            say.row(first);
        }
    })
    .says("A child looked after for twelve months is not in oc2", "Add the row. (The second half of 191.)")
    .nightly(TWELVE)
    .with(&[Oc2])
    .samples("ep DECOM=1/5/2024; o2 CHILD=2", "ep DECOM=1/5/2024; o2"),
];
