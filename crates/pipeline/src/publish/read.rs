//! What is read off a release for people: from the bytes that are served, so that nothing hidden can be in it.

use hub_sufficiency::{Answered, Gap, Printed, Question, largest_gaps};

use super::Published;
use crate::Fault;

/// The tables that gaps are read off.
const GAPS: &str = "market_gaps";
const MARGINAL: &str = "marginal_value";

impl Published {
    /// A question, answered by the release.
    ///
    /// # Errors
    /// When a table it serves does not read as one.
    pub fn answer(&self, question: &Question) -> Result<Vec<Answered>, Fault> {
        let served = |name: &str| self.tables.get(name).map(|table| table.json.as_ref());
        question.answer(served).map_err(|_| Fault::Inconsistent("a published table"))
    }

    /// The largest gaps that the release shows, at most so many, and what one more place would do about each.
    ///
    /// # Errors
    /// When a table it serves does not read as one.
    pub fn gaps(&self, most: usize) -> Result<Vec<Gap>, Fault> {
        let Some(market) = self.printed(GAPS)? else { return Ok(Vec::new()) };
        Ok(largest_gaps(&market, self.printed(MARGINAL)?.as_ref(), most))
    }

    fn printed(&self, name: &str) -> Result<Option<Printed>, Fault> {
        let read = self.tables.get(name).map(|table| Printed::read(&table.json));
        read.transpose().map_err(|_| Fault::Inconsistent("a published table"))
    }
}
