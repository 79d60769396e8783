//! Rows as the text of a CSV file.

/// A file being written.
#[derive(Debug)]
pub(crate) struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    /// A file with these headings.
    pub(crate) fn headed(headings: &[&str]) -> Self {
        let mut sheet = Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new()));
        sheet.row(headings);
        sheet
    }

    /// Adds a row.
    pub(crate) fn row<T: AsRef<[u8]>>(&mut self, cells: &[T]) {
        // Writing to memory does not fail.
        let _ = self.0.write_record(cells);
    }

    /// The file's bytes.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.into_inner().unwrap_or_default()
    }
}

/// `dd/mm/yyyy`, as the SSDA903 writes dates.
pub(crate) fn day(date: jiff::civil::Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}
