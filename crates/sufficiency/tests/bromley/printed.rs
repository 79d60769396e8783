//! The table as it was printed.

/// Its bands of age, in the order of its columns.
pub(crate) const BANDS: [&str; 5] = ["0-4", "5-9", "10-12", "13-15", "16+"];

/// A row: five bands, then the total.
pub(crate) struct Row {
    pub(crate) kind: String,
    pub(crate) counts: [u64; 6],
    pub(crate) weeks: [u64; 6],
}

pub(crate) struct Printed {
    pub(crate) rows: Vec<Row>,
}

impl Printed {
    pub(crate) fn read() -> Self {
        let mut reader = csv::Reader::from_reader(include_str!("placements_2021_22.csv").as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let figures = |measure: &str, kind: &str| -> [u64; 6] {
            let record = records.iter().find(|record| &record[0] == measure && &record[1] == kind).unwrap();
            let figures: Vec<u64> = record.iter().skip(2).map(|figure| figure.parse().unwrap()).collect();
            figures.try_into().unwrap()
        };
        let kinds = records.iter().filter(|record| &record[0] == "count").map(|record| record[1].to_owned());
        let row = |kind: String| Row { counts: figures("count", &kind), weeks: figures("weeks", &kind), kind };
        Self { rows: kinds.map(row).collect() }
    }
}

impl Row {
    /// The printed weeks of its bands together.
    pub(crate) fn adds_up_to(&self) -> u64 {
        self.weeks.iter().take(BANDS.len()).sum()
    }
}
