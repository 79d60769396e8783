//! Small documents kept whole in a text column.

use serde::Serialize;

use super::StoreError;

/// The value as JSON text.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Decode("JSON"))
}
