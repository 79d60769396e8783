//! Does this database understand every statement?

use super::{Store, StoreError};
use crate::registry;

/// A statement that this database could prepare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Checked {
    /// `module.verb`.
    pub name: &'static str,
    /// The names of the answer's columns, in order; none where it answers nothing.
    pub columns: Vec<String>,
}

impl Store {
    /// Prepares every statement of the store on this database, without running any: what the binary asks for is what
    /// the schema has. In order of name.
    ///
    /// # Errors
    /// [`StoreError::Statement`] names the first that cannot be prepared.
    pub async fn check_statements(&self) -> Result<Vec<Checked>, StoreError> {
        let mut link = self.read().await?;
        let mut all = Vec::new();
        for statement in registry::statements() {
            all.push(Checked { name: statement.name, columns: link.columns(statement).await? });
        }
        all.sort();
        Ok(all)
    }
}
