//! What each published figure means, exactly enough to compute it again.

use hub_sufficiency::{Definition, definitions, find_definition, find_definition_version, is_published};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Caller, Fields, FromFields, Json, Library, Path, Query};
use crate::page::List;
use crate::problem::{NOT_FOUND, Problem};

/// A definition and where it stands.
#[derive(Serialize, ToSchema)]
#[schema(as = Definition)]
pub(crate) struct View {
    /// Id, version, plain words, cohort, numerator, denominator, window, banding, variants, source, datasets, unit,
    /// rounding, owner, limits, test vectors.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    definition: &'static Definition,
    /// Releases are computed by this version.
    in_force: bool,
    /// The table that it defines, as served now; absent where it is asked for on its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    /// Every version of it, the one in force first.
    versions: Vec<u32>,
}

/// Which version.
pub(crate) struct Wanted {
    version: Option<u32>,
}

impl FromFields for Wanted {
    fn from_fields(fields: &mut Fields) -> Option<Self> {
        Some(Self { version: fields.optional("version", "the number of a version")? })
    }
}

impl View {
    fn of(definition: &'static Definition) -> Self {
        let in_force = find_definition(definition.id).is_some_and(|found| found.version == definition.version);
        let alike = definitions().filter(|other| other.id == definition.id);
        let table = is_published(definition.id).then(|| format!("/v1/tables/{}", definition.id));
        Self { definition, in_force, table, versions: alike.map(|other| other.version).collect() }
    }
}

/// Every definition, in every version.
#[utoipa::path(get, path = "/v1/definitions", tag = "figures", responses((status = 200, body = List<View>)))]
pub(crate) async fn list(_: Caller<Library>) -> List<View> {
    List::whole(definitions().map(View::of).collect())
}

/// One definition: the version in force, or the one asked for.
#[utoipa::path(get, path = "/v1/definitions/{id}", tag = "figures",
    params(("id" = String, Path, description = "Such as market_gaps; every published row names its own"),
           ("version" = Option<u32>, Query, description = "The one in force unless given")),
    responses((status = 200, body = View)))]
pub(crate) async fn show(
    _: Caller<Library>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<View>, Problem> {
    let found = match wanted.version {
        Some(version) => find_definition_version(&id, version),
        None => find_definition(&id),
    };
    found.map(|definition| Json(View::of(definition))).ok_or_else(|| Problem::new(NOT_FOUND))
}
