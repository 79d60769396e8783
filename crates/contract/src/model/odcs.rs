//! The subset of the Open Data Contract Standard 3.1 that a contract file may use. Any other key is an error.

use serde::Deserialize;

/// A whole contract file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Document {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) status: String,
    pub(crate) description: Description,
    pub(crate) schema: Vec<Object>,
    pub(crate) sla_properties: Vec<Sla>,
    #[serde(default)]
    pub(crate) custom_properties: Vec<Custom>,
}

/// What the dataset is for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Description {
    pub(crate) purpose: String,
    pub(crate) usage: String,
    #[serde(default)]
    pub(crate) limitations: String,
}

/// The one table of the dataset.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) logical_type: String,
    pub(crate) description: String,
    pub(crate) properties: Vec<Property>,
    #[serde(default)]
    pub(crate) quality: Vec<Quality>,
}

/// A column.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) logical_type: String,
    pub(crate) physical_type: String,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) primary_key: bool,
    #[serde(default)]
    pub(crate) primary_key_position: u8,
    #[serde(default)]
    pub(crate) classification: String,
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) examples: Vec<String>,
    #[serde(default)]
    pub(crate) logical_type_options: Options,
    #[serde(default)]
    pub(crate) custom_properties: Vec<Custom>,
}

/// Bounds of a column.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Options {
    pub(crate) min_length: Option<usize>,
    pub(crate) max_length: Option<usize>,
    pub(crate) minimum: Option<i64>,
    pub(crate) maximum: Option<i64>,
}

/// A rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Quality {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    #[serde(rename = "type")]
    pub(crate) sort: String,
    pub(crate) engine: String,
    pub(crate) implementation: String,
    pub(crate) severity: String,
    #[serde(default)]
    pub(crate) custom_properties: Vec<Custom>,
}

/// A promise about delivery.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sla {
    pub(crate) property: String,
    pub(crate) value: Scalar,
    #[serde(default)]
    pub(crate) unit: String,
}

/// A property of ours that the standard has no key for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Custom {
    pub(crate) property: String,
    pub(crate) value: Scalar,
}

/// What a property may hold.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Scalar {
    Flag(bool),
    Number(f64),
    Text(String),
    List(Vec<String>),
}
