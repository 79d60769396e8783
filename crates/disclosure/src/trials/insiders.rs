//! Attackers who contribute: each knows its own rows, and takes them away.

use super::exhaust::{recovered_by, recovered_from};
use super::made::{Dice, region, row_of};
use crate::system::{Knowledge, System};
use crate::{Known, Memory, Policy, Shares, Shown, gate, gate_knowing};

pub(super) fn knowing(shares: Shares) -> Known {
    Known { shares, memory: Memory::default() }
}

#[test]
fn nobody_works_out_a_small_cell_from_its_own_rows_and_what_is_shown() {
    let policy = Policy::default();
    let mut dice = Dice(41);
    let (mut attacked, mut safe, mut shown) = (0, 0, 0);
    for trial in 0..120 {
        let (tables, shares) = region(&mut dice, 2 + trial % 3, 8 + 40 * u64::from(trial % 4 == 0));
        let known = knowing(shares);
        let gated = gate_knowing(tables.clone(), &policy, &known).unwrap_or_else(|no| panic!("trial {trial}: {no}"));
        assert_eq!(recovered_from(&tables, &gated, &policy, &known), Vec::<String>::new(), "trial {trial}");
        attacked += gated.utility().small;
        safe += gated.utility().safe();
        shown += gated.utility().safe() - gated.utility().beside;
    }
    assert!(attacked > 500, "{attacked}");
    assert!(shown * 3 > safe, "{shown} of {safe}");
}

/// The planted fault: a release made safe from readers alone gives cells away to those who contribute.
#[test]
fn a_release_made_without_regard_to_contributors_is_caught() {
    let policy = Policy::default();
    let mut dice = Dice(43);
    let (mut found, mut refused) = (0, 0);
    for _ in 0..60 {
        let (tables, shares) = region(&mut dice, 3, 14);
        let known = knowing(shares);
        let blind = gate(tables.clone(), &policy).unwrap();
        let shown: std::collections::BTreeMap<String, u64> = blind.remembered().shown().collect();
        let audit = crate::audit(&tables, &crate::Reading::of(&tables, &blind), &policy, &known).unwrap();
        let system = System::read(&tables, &policy, &known).unwrap();
        let told: Vec<Option<i64>> = system
            .counts
            .iter()
            .map(|count| shown.get(&count.id).map(|&count| i64::try_from(count).unwrap()))
            .collect();
        let by_trying = |view| recovered_by(&system, &told, &policy, Knowledge::Marker, view).len();
        let recovered: usize = system.views.iter().map(by_trying).sum();
        found += usize::from(recovered > 0);
        refused += usize::from(!audit.recovered.is_empty());
        assert!(
            recovered > 0 || audit.recovered.is_empty(),
            "a linear range is no narrower than the whole numbers in it"
        );
    }
    assert!(found > 20, "{found}");
    assert!(refused * 10 >= found * 9, "{refused} of {found}: the solver sees nearly all that trying everything does");
}

#[test]
fn a_total_that_leaves_a_contributor_with_a_small_rest_is_hidden() {
    let table = || row_of(&[("all", 43), ("a", 40), ("b", 3)], &[("all", &["a", "b"])]);
    let mut shares = Shares::default();
    shares.put("borough", "all", 40);
    shares.put("borough", "a", 40);
    shares.put("neighbour", "all", 3);
    shares.put("neighbour", "b", 3);
    let gated = gate_knowing(vec![table()], &Policy::default(), &knowing(shares)).unwrap();
    let fates: Vec<&Shown> = gated.tables()[0].rows().iter().map(|row| &row.cells()[0]).collect();
    assert_eq!(fates, [&Shown::Hidden, &Shown::Count(40), &Shown::Hidden], "43 less 40 is the neighbour's three");
    let blind = gate(vec![table()], &Policy::default()).unwrap();
    assert_eq!(blind.tables()[0].rows()[0].cells()[0], Shown::Count(43));
}

/// A count that contributors' rows do not add up to is nobody's to subtract from.
#[test]
fn shares_that_do_not_make_up_a_count_are_left_out() {
    let table = row_of(&[("a", 7)], &[]);
    let mut shares = Shares::default();
    shares.put("borough", "a", 4);
    let gated = gate_knowing(vec![table], &Policy::default(), &knowing(shares)).unwrap();
    assert_eq!(gated.tables()[0].rows()[0].cells()[0], Shown::Count(7));
}
