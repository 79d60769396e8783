//! Figures made of several counts: of two, a ratio gives back whichever is hidden.

use super::made::row_of;
use crate::{Cell, Gated, Known, Memory, Policy, Reading, Remembered, Shares, Shown, Table, audit, gate, gate_knowing};

/// Three groups and their total, and beside the first what percentage of all it is.
fn share(counts: [u64; 3], of: &[&str]) -> Table {
    let all = counts.iter().sum();
    let [a, b, c] = counts;
    let mut table = row_of(&[("all", all), ("a", a), ("b", b), ("c", c)], &[("all", &["a", "b", "c"])]);
    table.measures.push("percent".to_owned());
    for row in &mut table.rows {
        row.cells.push(Cell::Blank);
    }
    let value = i64::try_from(a * 100 / all).unwrap();
    table.rows[1].cells[1] = Cell::Typical { value, of: of.iter().map(|&id| id.to_owned()).collect(), people: None };
    table
}

const BOTH: [&str; 2] = ["a", "all"];

fn percent(gated: &Gated) -> &Shown {
    &gated.tables()[0].rows()[1].cells()[1]
}

/// These cells were hidden in the release before, and stay so.
fn hiding(cells: &str) -> Known {
    Known { shares: Shares::default(), memory: Memory::of([Remembered::parse(cells).unwrap()]) }
}

#[test]
fn a_share_is_shown_where_both_its_sides_are() {
    let gated = gate(vec![share([40, 30, 30], &BOTH)], &Policy::default()).unwrap();
    assert_eq!(percent(&gated), &Shown::Figure(40));
    let gated = gate(vec![share([3, 30, 30], &BOTH)], &Policy::default()).unwrap();
    assert_eq!(percent(&gated), &Shown::Hidden, "its numerator is hidden");
    for (cells, which) in [("all\nb\n", "its denominator"), ("a\nall\n", "both")] {
        let gated = gate_knowing(vec![share([40, 30, 30], &BOTH)], &Policy::default(), &hiding(cells)).unwrap();
        assert_eq!(percent(&gated), &Shown::Hidden, "{which}");
    }
}

/// The planted fault: tied to its numerator alone, a share gives the hidden total back, and the audit says so.
#[test]
fn a_share_tied_to_one_side_is_caught() {
    let policy = Policy::default();
    let known = hiding("all\nb\n");
    let (right, wrong) = (vec![share([40, 30, 30], &BOTH)], vec![share([40, 30, 30], &["a"])]);
    let spoilt = gate_knowing(wrong.clone(), &policy, &known).unwrap();
    let rows = spoilt.tables()[0].rows();
    assert_eq!((&rows[0].cells()[0], &rows[1].cells()[0]), (&Shown::Hidden, &Shown::Count(40)));
    assert_eq!(percent(&spoilt), &Shown::Figure(40), "40 are 40 %: the hidden total is 100");
    let found = audit(&right, &Reading::of(&wrong, &spoilt), &policy, &known).unwrap();
    assert_eq!(found.recovered.iter().map(ToString::to_string).collect::<Vec<_>>(), ["t / a / percent"]);
    let sound = gate_knowing(right.clone(), &policy, &known).unwrap();
    assert_eq!(percent(&sound), &Shown::Hidden);
    assert_eq!(audit(&right, &Reading::of(&right, &sound), &policy, &known).unwrap().recovered, []);
}

#[test]
fn a_median_of_fewer_than_are_counted_is_ruled_by_them() {
    let of = |people| {
        let mut table = share([40, 30, 30], &["a"]);
        table.rows[1].cells[1] = Cell::Typical { value: 9, of: vec!["a".to_owned()], people: Some(people) };
        percent(&gate(vec![table], &Policy::default()).unwrap()).clone()
    };
    assert_eq!((of(4), of(5)), (Shown::Hidden, Shown::Figure(9)));
}

#[test]
fn a_figure_made_of_a_held_count_is_not_shown() {
    let first = gate(vec![share([40, 30, 30], &BOTH)], &Policy::default()).unwrap();
    let known = Known { shares: Shares::default(), memory: Memory::of([first.remembered().clone()]) };
    let second = gate_knowing(vec![share([41, 30, 30], &BOTH)], &Policy::default(), &known).unwrap();
    assert_eq!(second.tables()[0].rows()[1].cells(), [Shown::Held(40), Shown::Hidden]);
}
