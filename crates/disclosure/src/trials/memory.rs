//! Release after release of the same counts, a few children having moved each time.

use std::collections::BTreeMap;

use super::exhaust::recovered_from;
use super::insiders::knowing;
use super::made::{Dice, region, row_of};
use crate::{
    Audit, Gated, Known, Memory, Policy, Reading, Refused, Remembered, Shares, Shown, Table, audit, gate, gate_knowing,
};

fn after(before: &[&Gated]) -> Known {
    Known { shares: Shares::default(), memory: Memory::of(before.iter().rev().map(|one| one.remembered().clone())) }
}

fn fates(gated: &Gated) -> Vec<Shown> {
    gated.tables()[0].rows().iter().map(|row| row.cells()[0].clone()).collect()
}

fn parts(all: u64, a: u64, b: u64, c: u64) -> Vec<Table> {
    vec![row_of(&[("all", all), ("a", a), ("b", b), ("c", c)], &[("all", &["a", "b", "c"])])]
}

#[test]
fn a_change_is_told_only_when_it_is_no_small_count_itself() {
    let policy = Policy::default();
    let first = gate(parts(90, 20, 30, 40), &policy).unwrap();
    // One child more in a: the release before stands, and says so.
    let second = gate_knowing(parts(91, 21, 30, 40), &policy, &after(&[&first])).unwrap();
    assert_eq!(fates(&second), [Shown::Held(90), Shown::Held(20), Shown::Count(30), Shown::Count(40)]);
    assert_eq!(second.utility().held, 2);
    // Five more by now, since it was printed: told, with the total, for b and c have not moved.
    let third = gate_knowing(parts(95, 25, 30, 40), &policy, &after(&[&first, &second])).unwrap();
    assert_eq!(fates(&third), [Shown::Count(95), Shown::Count(25), Shown::Count(30), Shown::Count(40)]);
    // Six more in b, one fewer in a: of the total and b only one may be told, or a would be worked out.
    let fourth = gate_knowing(parts(100, 24, 36, 40), &policy, &after(&[&first, &second, &third])).unwrap();
    let told = fates(&fourth);
    assert_eq!((&told[1], &told[3]), (&Shown::Held(25), &Shown::Count(40)));
    assert!(told[0] == Shown::Held(95) || told[2] == Shown::Held(30), "{told:?}");
}

/// Releases of one count after another, none beside it.
fn printed(counts: &[u64]) -> Vec<Shown> {
    let mut memory = Memory::default();
    let release = |&count: &u64| {
        let known = Known { shares: Shares::default(), memory: memory.clone() };
        let gated = gate_knowing(vec![row_of(&[("a", count)], &[])], &Policy::default(), &known).unwrap();
        memory.push(gated.remembered().clone());
        fates(&gated).remove(0)
    };
    counts.iter().map(release).collect()
}

/// Who kept the first of three would read one child off it and the third, whatever stands between.
#[test]
fn a_change_is_judged_against_every_release_that_is_kept() {
    use Shown::{Count, Held};
    assert_eq!(printed(&[20, 26, 21]), [Count(20), Count(26), Held(26)]);
    assert_eq!(printed(&[20, 26, 20, 32, 27]), [Count(20), Count(26), Count(20), Count(32), Held(32)]);
    let long: Vec<u64> = (0..14).map(|n| if n == 0 { 20 } else { 100 + 10 * n }).chain([21]).collect();
    assert_eq!(printed(&long).last(), Some(&Count(21)), "the first of them is forgotten");
    let kept: Vec<u64> = long[2..].iter().copied().chain([131]).collect();
    assert_eq!(printed(&kept).last(), Some(&Held(21)), "the twelfth back is not, and 131 is one more than it");
}

/// A cube of which a row is there while anybody is in it.
fn sparse(counts: &[(usize, u64)]) -> Vec<Table> {
    let mut cube = crate::Cube::new("homes", &["places"], vec![super::made::axis("a", 4)]);
    for &(leaf, count) in counts {
        cube.add(&[leaf], 0, count);
    }
    vec![cube.into_table("homes", super::made::definition(), &|_, _| None)]
}

#[test]
fn a_hidden_row_that_comes_to_nought_does_not_vanish() {
    let policy = Policy::default();
    let first = gate(sparse(&[(1, 20), (2, 3), (3, 30), (4, 40)]), &policy).unwrap();
    let labels = |gated: &Gated| gated.tables()[0].rows().iter().map(|row| row.labels()[0].clone()).collect::<Vec<_>>();
    assert_eq!(fates(&first)[2], Shown::Hidden);
    let mut memory = Memory::of([first.remembered().clone()]);
    for n in 1..=13 {
        let now = sparse(&[(1, 20), (3, 30), (4, 40)]);
        let known = Known { shares: Shares::default(), memory: memory.clone() };
        let gated = gate_knowing(now.clone(), &policy, &known).unwrap();
        if n > 12 {
            assert_eq!(labels(&gated).len(), 4, "it is forgotten");
            continue;
        }
        assert_eq!(labels(&gated), labels(&first), "{n}: at its place");
        assert_eq!(fates(&gated)[2], Shown::Hidden, "{n}");
        let made = memory.restored(now);
        assert_eq!(attack(&made, &gated, &policy, &known).recovered, [], "{n}");
        memory.push(gated.remembered().clone());
        let text = gated.remembered().to_text();
        assert_eq!(Remembered::parse(&text).as_ref(), Ok(gated.remembered()));
    }
}

#[test]
fn what_was_hidden_stays_hidden_for_twelve_releases() {
    let policy = Policy::default();
    let mut memory = Memory::default();
    let mut hidden = Vec::new();
    for n in 0..14 {
        // Three children in a at first, thirty ever after.
        let a = if n == 0 { 3 } else { 30 };
        let known = Known { shares: Shares::default(), memory: memory.clone() };
        let gated = gate_knowing(parts(60 + a, a, 20, 40), &policy, &known).unwrap();
        hidden.push(fates(&gated)[1] == Shown::Hidden);
        memory.push(gated.remembered().clone());
    }
    assert_eq!(hidden, [vec![true; 13], vec![false]].concat());
    assert_eq!(memory.len(), 12);
}

#[test]
fn the_same_counts_again_are_the_same_release() {
    let policy = Policy::default();
    let mut dice = Dice(53);
    for _ in 0..40 {
        let (tables, shares) = region(&mut dice, 3, 14);
        let mut known = knowing(shares);
        let first = gate_knowing(tables.clone(), &policy, &known).unwrap();
        for _ in 0..3 {
            known.memory.push(first.remembered().clone());
            let again = gate_knowing(tables.clone(), &policy, &known).unwrap();
            assert_eq!(again.tables(), first.tables());
        }
    }
}

#[test]
fn a_memory_reads_as_it_was_written_and_holds_no_hidden_count() {
    let gated = gate(parts(4_321, 3, 318, 4_000), &Policy::default()).unwrap();
    let text = gated.remembered().to_text();
    assert_eq!(text, "a\nall\t4321\nb\nc\t4000\n");
    assert_eq!(Remembered::parse(&text).as_ref(), Ok(gated.remembered()));
    assert!(Remembered::parse("a\tmany\n").is_err());
}

/// A region in which a few children have moved, joined or left.
fn moved(dice: &mut Dice, rows: &mut Vec<[usize; 3]>, authorities: usize) {
    for _ in 0..=dice.roll(4) {
        let new = super::made::child(dice, authorities);
        match usize::try_from(dice.roll(3)).unwrap() {
            0 => rows.push(new),
            1 if !rows.is_empty() => _ = rows.swap_remove(usize::try_from(dice.roll(1_000)).unwrap() % rows.len()),
            _ => {
                let at = usize::try_from(dice.roll(1_000)).unwrap() % rows.len().max(1);
                if let Some(row) = rows.get_mut(at) {
                    *row = new;
                }
            }
        }
    }
}

/// Twenty regions, eight releases each: whatever moved, nobody who has kept them all works anything out.
#[test]
fn release_after_release_nothing_is_worked_out() {
    let policy = Policy::default();
    let mut dice = Dice(59);
    let (mut held, mut refused) = (0, 0);
    for trial in 0..20 {
        let authorities = 3;
        let mut rows: Vec<[usize; 3]> = (0..40).map(|_| super::made::child(&mut dice, authorities)).collect();
        let mut memory = Memory::default();
        for release in 0..8 {
            let (tables, shares) = super::made::of_rows(&rows, authorities);
            let known = Known { shares, memory: memory.clone() };
            match gate_knowing(tables.clone(), &policy, &known) {
                Ok(gated) => {
                    let found = recovered_from(&tables, &gated, &policy, &known);
                    assert_eq!(found, Vec::<String>::new(), "trial {trial}, release {release}");
                    held += gated.utility().held;
                    memory.push(gated.remembered().clone());
                }
                Err(Refused::Exposed { .. }) => refused += 1,
                Err(other) => panic!("{other}"),
            }
            moved(&mut dice, &mut rows, authorities);
        }
    }
    assert!(held > 50, "{held}");
    // Forty children are few to hide among: where nothing can be told safely, the release before stands.
    assert!(refused <= 40, "{refused} of 160 releases were refused");
}

/// Fifty releases that forget: each is made as if it were the first, of counts of which a few have moved since one of the twelve
/// before. Attacked with those, all are refused.
#[test]
fn fifty_of_fifty_releases_that_forget_are_refused() {
    let policy = Policy::default();
    let mut dice = Dice(61);
    let mut bad = 0;
    while bad < 50 {
        let authorities = 3;
        let mut rows: Vec<[usize; 3]> = (0..60).map(|_| super::made::child(&mut dice, authorities)).collect();
        let (tables, shares) = super::made::of_rows(&rows, authorities);
        let first = gate_knowing(tables, &policy, &knowing(shares)).unwrap();
        moved(&mut dice, &mut rows, authorities);
        let (tables, shares) = super::made::of_rows(&rows, authorities);
        let forgetful = gate_knowing(tables.clone(), &policy, &knowing(shares.clone())).unwrap();
        // It stands second to twelfth back as well as first: those between had other things to say.
        let between = (0..bad % 12).map(|_| Remembered::default());
        let memory = Memory::of(between.chain([first.remembered().clone()]));
        let known = Known { shares, memory };
        if !tells_of_few(&first, &forgetful) {
            continue;
        }
        bad += 1;
        let found = attack(&tables, &forgetful, &policy, &known);
        assert!(!found.recovered.is_empty(), "release {bad} tells of a few who moved, and passed");
    }
}

/// Some count was printed both times and moved by one to four between.
fn tells_of_few(first: &Gated, second: &Gated) -> bool {
    let before: BTreeMap<String, u64> = first.remembered().shown().collect();
    second.remembered().shown().any(|(id, now)| before.get(&id).is_some_and(|was| (1..5).contains(&was.abs_diff(now))))
}

fn attack(tables: &[Table], gated: &Gated, policy: &Policy, known: &Known) -> Audit {
    audit(tables, &Reading::of(tables, gated), policy, known).unwrap()
}
