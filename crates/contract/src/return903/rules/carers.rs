//! Who provides the placement.

use super::prelude::*;

/// Temporary moves and the listed other placements have no provider code.
fn takes_none(place: Code) -> bool {
    is_temporary(place) || is_listed_other(place)
}

/// One provider code that does not go with some placements.
const fn unfit(
    id: &'static str,
    test: fn(Row<'_>, &Child<'_>) -> bool,
    title: &'static str,
    samples: (&'static str, &'static str),
) -> Rule {
    Rule::each(id, Episodes, ep::PLACE_PROVIDER, test)
        .says(title, "Correct PLACE_PROVIDER or PLACE.")
        .samples(samples.0, samples.1)
}

pub(super) static RULES: &[Rule] = &[
    unfit(
        "213",
        |row, _| row.is_filled(ep::PLACE_PROVIDER) && takes_none(row.code(ep::PLACE)),
        "A provider for a temporary move or a listed other placement, which have none",
        ("ep PLACE=T1", "ep PLACE=T1 PLACE_PROVIDER="),
    ),
    unfit(
        "526",
        |row, _| {
            let place = row.code(ep::PLACE);
            row.is_blank(ep::PLACE_PROVIDER) && place != Z1 && !takes_none(place)
        },
        "The provider is blank",
        ("ep PLACE_PROVIDER=", "ep"),
    ),
    unfit(
        "527",
        |row, _| row.code(ep::PLACE_PROVIDER) == PR1 && matches!(row.code(ep::PLACE), P1 | R2 | R5),
        "Own provision of a placement with parents, in health or in custody",
        ("ep PLACE=R2 PLACE_PROVIDER=PR1", "ep PLACE_PROVIDER=PR1"),
    ),
    unfit(
        "528",
        |row, _| row.code(ep::PLACE_PROVIDER) == PR2 && matches!(row.code(ep::PLACE), P1 | R2 | R5),
        "Another authority's provision of a placement with parents, in health or in custody",
        ("ep PLACE=P1 PLACE_PROVIDER=PR2", "ep PLACE_PROVIDER=PR2"),
    ),
    unfit(
        "529",
        |row, _| {
            let place = row.code(ep::PLACE);
            let wrong = matches!(place, P1 | K1 | K2) || is_adoption(place) || is_fostered(place);
            row.code(ep::PLACE_PROVIDER) == PR3 && wrong
        },
        "Other public provision of what no other public body provides",
        ("ep PLACE_PROVIDER=PR3", "ep PLACE=R2 PLACE_PROVIDER=PR3"),
    ),
    unfit(
        "530",
        |row, _| row.code(ep::PLACE_PROVIDER) == PR4 && row.code(ep::PLACE) == P1,
        "Private provision of a placement with parents",
        ("ep PLACE=P1", "ep"),
    ),
    unfit(
        "531",
        |row, _| row.code(ep::PLACE_PROVIDER) == PR5 && row.code(ep::PLACE) == P1,
        "Voluntary provision of a placement with parents",
        ("ep PLACE=P1 PLACE_PROVIDER=PR5", "ep PLACE_PROVIDER=PR5"),
    ),
    unfit(
        "550",
        |row, _| row.code(ep::PLACE_PROVIDER) == PR0 && row.code(ep::PLACE) != P1,
        "Parents provide what is no placement with parents",
        ("ep PLACE_PROVIDER=PR0", "ep PLACE=P1 PLACE_PROVIDER=PR0"),
    ),
];
