//! Exhaustive attack on small releases: every set of whole counts that agrees with what is shown is
//! tried, so what survives here survives any cleverer method with the same knowledge.

mod costs;
mod exhaust;
mod insiders;
mod made;
mod memory;
mod ratios;

use exhaust::{recovered, recovered_from};
use made::{Dice, axis, definition, row_of, shapes};

use crate::check::{self, Exposed};
use crate::hide::Pattern;
use crate::system::{Knowledge, System};
use crate::{Cell, Cube, Known, Policy, Refused, Shown, Table, gate};

#[test]
fn no_small_cell_can_be_worked_out_from_what_is_shown() {
    let policy = Policy::default();
    let mut dice = Dice(7);
    let (mut small, mut safe, mut beside) = (0, 0, 0);
    for trial in 0..400 {
        let tables = shapes(&mut dice, trial);
        let gated = gate(tables.clone(), &policy).unwrap_or_else(|refused| panic!("trial {trial}: {refused}"));
        assert_eq!(recovered_from(&tables, &gated, &policy, &Known::default()), Vec::<String>::new(), "trial {trial}");
        small += gated.utility().small;
        safe += gated.utility().safe();
        beside += gated.utility().beside;
    }
    assert!(small > 1_000, "the trials must have something to protect: {small}");
    assert!(beside * 2 < safe, "protection must leave something to read: {beside} of {safe} safe cells hidden");
}

#[test]
fn a_stricter_policy_holds_too() {
    let policy = Policy { threshold: 10, protection: 2, contributors: 0, ..Policy::default() };
    let mut dice = Dice(11);
    for trial in 0..100 {
        let tables = shapes(&mut dice, trial);
        let gated = gate(tables.clone(), &policy).unwrap_or_else(|refused| panic!("trial {trial}: {refused}"));
        assert_eq!(recovered_from(&tables, &gated, &policy, &Known::default()), Vec::<String>::new(), "trial {trial}");
    }
}

/// The planted fault: with secondary hiding switched off, both the exhaustive attack and the gate's
/// own check must notice.
#[test]
fn hiding_only_the_small_cells_is_caught() {
    let policy = Policy::default();
    let mut dice = Dice(23);
    let (mut attacked, mut refused) = (0, 0);
    for trial in 0..60 {
        let system = System::read(&shapes(&mut dice, trial), &policy, &Known::default()).unwrap();
        let hidden = system.primary(&policy);
        let shown: Vec<Option<i64>> =
            hidden.iter().enumerate().map(|(cell, &is)| (!is).then(|| system.value(cell))).collect();
        let found = recovered(&system, &shown, &policy, Knowledge::TellsSmall);
        let pattern = Pattern { primary: hidden.clone(), needed: hidden.clone(), hidden, proofs: Vec::new() };
        let exposed = check::exposed(&system, &pattern, &policy);
        assert!(
            found.iter().all(|&cell| exposed.contains(&Exposed { cell, view: 0 })),
            "trial {trial}: the check missed one"
        );
        attacked += usize::from(!found.is_empty());
        refused += usize::from(!exposed.is_empty());
    }
    assert!(attacked > 30, "{attacked}");
    assert!(refused >= attacked);
}

#[test]
fn forged_proofs_do_not_pass_the_check() {
    let policy = Policy::default();
    let mut dice = Dice(5);
    let system = System::read(&shapes(&mut dice, 0), &policy, &Known::default()).unwrap();
    let hidden = system.primary(&policy);
    let cell = hidden.iter().position(|&is| is).unwrap();
    let proof = crate::walk::Proof {
        cell,
        view: 0,
        knowledge: Knowledge::TellsSmall,
        low: [(cell, -1)].into(),
        high: [(cell, 1)].into(),
    };
    let pattern = Pattern { primary: hidden.clone(), needed: hidden.clone(), hidden, proofs: vec![proof] };
    assert!(check::exposed(&system, &pattern, &policy).contains(&Exposed { cell, view: 0 }));
}

/// The order of rows, lines and tables decides nothing about safety, and the same tables give the same bytes.
#[test]
fn any_order_is_safe_and_the_same_order_is_the_same_answer() {
    let policy = Policy::default();
    let mut dice = Dice(31);
    for trial in 0..40 {
        let mut tables = shapes(&mut dice, trial);
        assert_eq!(gate(tables.clone(), &policy), gate(tables.clone(), &policy));
        tables.reverse();
        for table in &mut tables {
            table.rows.reverse();
            table.lines.reverse();
        }
        let gated = gate(tables.clone(), &policy).unwrap();
        assert_eq!(recovered_from(&tables, &gated, &policy, &Known::default()), Vec::<String>::new());
    }
}

fn hidden_in(table: Table) -> Vec<String> {
    let gated = gate(vec![table], &Policy::default()).unwrap();
    let rows = gated.tables()[0].rows();
    rows.iter().filter(|row| row.cells()[0] == Shown::Hidden).map(|row| row.labels()[0].clone()).collect()
}

#[test]
fn worked_examples() {
    // 3 is small; of 9, 20 and 30 the smallest goes with it; zero and the total stay.
    let table = row_of(
        &[("all", 62), ("a", 3), ("b", 20), ("c", 9), ("d", 30), ("z", 0)],
        &[("all", &["a", "b", "c", "d", "z"])],
    );
    assert_eq!(hidden_in(table), ["a", "c"]);
    // 1 + 2 hidden under a shown total would leave "three": a third goes too.
    let table = row_of(&[("all", 33), ("a", 1), ("b", 2), ("c", 30)], &[("all", &["a", "b", "c"])]);
    assert_eq!(hidden_in(table), ["a", "b", "c"]);
    // 4 + 4 = 8 has one solution in 1..=4: a third goes too, though eight is above the threshold.
    let table = row_of(&[("all", 28), ("a", 4), ("b", 4), ("c", 20)], &[("all", &["a", "b", "c"])]);
    assert_eq!(hidden_in(table), ["a", "b", "c"]);
    // Five beside one would tell one from "five or more": the roomier nine is taken instead.
    let table = row_of(&[("all", 15), ("a", 1), ("b", 5), ("c", 9)], &[("all", &["a", "b", "c"])]);
    assert_eq!(hidden_in(table), ["a", "c"]);
    // Nothing small, nothing hidden.
    let table = row_of(&[("all", 11), ("a", 5), ("b", 6)], &[("all", &["a", "b"])]);
    assert_eq!(hidden_in(table), Vec::<String>::new());
    // A small cell outside any sum needs no company.
    assert_eq!(hidden_in(row_of(&[("a", 1), ("b", 8)], &[])), ["a"]);
}

#[test]
fn a_total_held_by_one_part_shares_its_fate() {
    let table =
        row_of(&[("all", 50), ("s", 7), ("x", 3), ("y", 4), ("r", 43)], &[("s", &["x", "y"]), ("all", &["s", "r"])]);
    // x + y = 7 leaves {3,4} and {4,3} only, so the subtotal goes, and with it another of its own line.
    assert_eq!(hidden_in(table), ["s", "x", "y", "r"]);
}

#[test]
fn few_contributors_hide_a_large_count() {
    let mut cube = Cube::new("homes", &["places"], vec![axis("a", 3)]).by_contributors();
    for (leaf, contributors, places) in [(1, 2, 40), (2, 9, 50), (3, 12, 60)] {
        cube.add(&[leaf], 0, places);
        (0..contributors).for_each(|_| cube.contribute("a", [[leaf].as_slice()]));
    }
    let gated = gate(vec![cube.into_table("homes", definition(), &|_, _| None)], &Policy::default()).unwrap();
    let shown: Vec<&Shown> = gated.tables()[0].rows().iter().map(|row| &row.cells()[0]).collect();
    assert_eq!(shown, [&Shown::Count(150), &Shown::Hidden, &Shown::Hidden, &Shown::Count(60)]);
}

#[test]
fn what_contradicts_itself_does_not_leave() {
    let policy = Policy::default();
    let wrong = row_of(&[("all", 10), ("a", 4), ("b", 7)], &[("all", &["a", "b"])]);
    assert_eq!(gate(vec![wrong], &policy), Err(Refused::DoesNotAddUp { total: "all".to_owned() }));
    let unknown = row_of(&[("all", 10)], &[("all", &["x"])]);
    assert_eq!(gate(vec![unknown], &policy), Err(Refused::UnknownCell { cell: "x".to_owned() }));
    let twice = row_of(&[("a", 10), ("a", 11)], &[]);
    assert_eq!(gate(vec![twice], &policy), Err(Refused::Contradiction { cell: "a".to_owned() }));
    let one = row_of(&[("a", 10)], &[]);
    assert_eq!(gate(vec![one.clone(), one.clone()], &policy), Err(Refused::SameName { table: "t".to_owned() }));
    let mut ragged = one;
    ragged.rows[0].labels.clear();
    assert_eq!(gate(vec![ragged], &policy), Err(Refused::Shape { table: "t".to_owned() }));
}

/// A reader by name would take one for the other: the two labels, the two measures, or what every row says last.
#[test]
fn two_columns_of_one_name_do_not_leave() {
    for column in ["n", "a", "as_at", "release", crate::HELD] {
        let mut table = row_of(&[("a", 10)], &[]);
        let (name, cell) = (table.dimensions[0].clone(), table.rows[0].cells[0].clone());
        let named = if column == "a" { name } else { column.to_owned() };
        table.measures.push(named.clone());
        table.rows[0].cells.push(cell);
        let refused = gate(vec![table], &Policy::default());
        assert_eq!(refused, Err(Refused::SameColumn { table: "t".to_owned(), column: named }), "{column}");
    }
}

/// The sums alone say that `a` is nothing, and nothing is what two homes must not be seen to hold.
#[test]
fn what_cannot_be_protected_is_refused_by_name() {
    let mut table = row_of(&[("all", 90), ("a", 0), ("b", 90)], &[("all", &["a", "b"]), ("all", &["b"])]);
    table.rows[1].cells = vec![Cell::Count { id: "a".to_owned(), value: 0, contributors: Some(2.into()) }];
    let refused = gate(vec![table], &Policy::default()).unwrap_err();
    assert!(matches!(&refused, Refused::Exposed { cells } if cells.len() == 1 && cells[0].cell == "a"));
    assert_eq!(refused.to_string(), "1 cells could be worked out from the rest: t / a / n");
}

#[test]
fn nothing_printed_holds_a_hidden_count() {
    let table = row_of(&[("all", 4_321), ("a", 3), ("b", 4_318)], &[("all", &["a", "b"])]);
    let before = format!("{table:?} {:?}", table.rows);
    let gated = gate(vec![table], &Policy::default()).unwrap();
    let after = format!("{gated:?}");
    assert!(!before.contains("4321") && !before.contains("4318"), "{before}");
    assert!(after.contains("Count(4321)") && !after.contains("4318"), "{after}");
}
