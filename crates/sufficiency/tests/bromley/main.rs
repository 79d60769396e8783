//! The proof: a feed built from the table that Bromley published of 2021/22 (its sufficiency strategy 2022 to 2024:
//! `placements_2021_22.csv`) gives that table back, every cell and every margin, through the contract and the fold.
//!
//! Bromley rounded weeks cell by cell and margin by margin, each from its own days: in six rows the printed weeks do not add
//! up to the printed total, and no whole weeks could. Whole days can: every figure is met.

#[cfg(test)]
mod feed;
#[cfg(test)]
mod printed;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use hub_contract::{Format, Settings, contract, door, validate};
    use hub_disclosure::{Cell, Table};
    use hub_domain::record::from_body;
    use hub_domain::{AuthorityCode, Dataset, Date};
    use hub_sufficiency::Region;
    use jiff::civil::date;

    use crate::feed;
    use crate::printed::{BANDS, Printed, Row};

    const AS_AT: Date = date(2022, 3, 31);
    const BROMLEY: &str = "E09000006";

    const FOSTERING: &str = "All fostering, kin included";

    /// Validates the feed as the hub does and folds what it accepts.
    fn fold(text: &str) -> Region {
        let bromley: AuthorityCode = BROMLEY.parse().unwrap();
        let contract = contract(Dataset::Placements);
        let scanned = door(contract, Format::Csv, text.as_bytes()).unwrap();
        let mut region = Region::new(AS_AT, [bromley]);
        let settings = Settings::full(bromley, AS_AT);
        let outcome = validate(contract, &settings, Format::Csv, text.as_bytes(), &mut |row| {
            region.placement(bromley, &from_body(row.body).map_err(std::io::Error::other)?);
            Ok(())
        })
        .unwrap();
        assert_eq!((outcome.report.rows.accepted, outcome.excluded.len()), (scanned.rows, 0));
        region
    }

    /// Count and weeks by type and band; `all` for a margin. A row that is not there is nought.
    fn read(table: &Table) -> BTreeMap<(String, String), (u64, u64)> {
        let at = |name: &str| table.measures.iter().position(|measure| measure == name).unwrap();
        let (placements, weeks) = (at("placements"), at("weeks"));
        let rows = table.rows.iter().filter(|row| row.labels[0] == BROMLEY);
        rows.map(|row| {
            let Cell::Count { value: count, .. } = row.cells[placements] else { panic!("no count") };
            let Cell::Typical { value: weeks, .. } = row.cells[weeks] else { panic!("no weeks") };
            ((row.labels[5].clone(), row.labels[3].clone()), (count, u64::try_from(weeks).unwrap()))
        })
        .collect()
    }

    fn computed(printed: &Printed) -> BTreeMap<(String, String), (u64, u64)> {
        let picture = fold(&feed::text(printed)).finish();
        read(&picture.table("placements_by_type", 1).unwrap())
    }

    #[test]
    fn the_feed_gives_the_published_table_back() {
        let printed = Printed::read();
        let computed = computed(&printed);
        let figure = |kind: &str, band: &str| {
            let kind = if kind == "all" { "All kinds" } else { kind };
            computed.get(&(kind.to_owned(), band.to_owned())).copied().unwrap_or_default()
        };
        for row in &printed.rows {
            for (at, band) in BANDS.into_iter().chain(["all"]).enumerate() {
                assert_eq!(figure(&row.kind, band), (row.counts[at], row.weeks[at]), "{} {band}", row.kind);
            }
        }
        for (at, band) in BANDS.into_iter().enumerate() {
            let column: u64 = printed.rows.iter().map(|row| row.counts[at]).sum();
            assert_eq!(figure("all", band).0, column, "all of {band}");
        }
        assert_eq!(figure("all", "all"), (637, 15_535));
        // And the share of fostering by age that it printed beside.
        let fostering = |band| figure(FOSTERING, band).0;
        assert_eq!(fostering("all"), 421);
        let shares = BANDS.map(|band| (fostering(band) * 200 + figure("all", band).0) / (2 * figure("all", band).0));
        assert_eq!(shares, [69, 82, 82, 65, 34]);
        // Nothing stands there that Bromley did not print.
        let totals = ["All kinds", FOSTERING];
        let listed: Vec<&str> = printed.rows.iter().map(|row| row.kind.as_str()).chain(totals).collect();
        assert!(computed.keys().all(|(kind, _)| listed.contains(&kind.as_str())));
    }

    #[test]
    fn six_printed_margins_are_no_sum_of_printed_weeks() {
        let printed = Printed::read();
        let apart: Vec<_> = printed.rows.iter().filter(|row| row.adds_up_to() != row.weeks[5]).collect();
        let seen: Vec<_> = apart.iter().map(|row| (row.kind.as_str(), row.adds_up_to(), row.weeks[5])).collect();
        assert_eq!(
            seen,
            [
                ("Foster long term, private or voluntary", 2_218, 2_217),
                ("Foster not long term, private or voluntary", 2_506, 2_507),
                ("Adoption", 413, 414),
                ("Children's homes", 1_635, 1_636),
                ("Other", 18, 19),
                ("Residential care", 97, 96),
            ]
        );
        let rows = printed.rows.iter();
        assert_eq!(rows.clone().map(|row| row.weeks[5]).sum::<u64>(), 15_535);
        assert_eq!(rows.map(Row::adds_up_to).sum::<u64>(), 15_533);
    }

    #[test]
    fn a_feed_that_is_a_day_out_is_noticed() {
        let mut printed = Printed::read();
        printed.rows[0].weeks[0] += 1;
        printed.rows[0].weeks[5] += 1;
        let other = computed(&printed);
        let key = (printed.rows[0].kind.clone(), BANDS[0].to_owned());
        assert_eq!(other[&key].1, Printed::read().rows[0].weeks[0] + 1);
    }
}
