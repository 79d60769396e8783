//! The catalogue of what is published, for machines: DCAT 3 as JSON-LD (<https://www.w3.org/TR/vocab-dcat-3/>), in the
//! fields that DCAT-AP asks for first.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use hub_domain::Date;
use hub_store::release;
use hub_sufficiency::{Definition, find_definition};
use serde_json::{Value, json};

use super::{Audience, Form, Published, PublishedTable};
use crate::receive::hex;
use crate::{Fault, Hub, Settings, boxed};

/// Access rights as the Publications Office of the EU names them, which DCAT-AP wants.
const RIGHTS: &str = "http://publications.europa.eu/resource/authority/access-right/";
const ENGLISH: &str = "http://publications.europa.eu/resource/authority/language/ENG";
const MEDIA: &str = "https://www.iana.org/assignments/media-types/";

/// A catalogue, serialised once.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The document.
    pub json: Bytes,
    /// Its entity tag, quoted.
    pub tag: Bytes,
}

/// The catalogue of what is served to an audience. Made once for each release; before the first it lists nothing.
#[boxed]
pub async fn catalogue(hub: &Hub, audience: Audience) -> Result<Catalogue, Fault> {
    let served = audience.served(hub).load_full();
    let Some(published) = served else { return Ok(Catalogue::of(&document(&hub.settings, audience, &[], None))) };
    let make = || async {
        let mut link = hub.store.read().await?;
        let began = release::began(&mut link, audience.as_str()).await?;
        let datasets = datasets(&hub.settings, audience, &published, &began);
        Ok::<_, Fault>(Catalogue::of(&document(&hub.settings, audience, &datasets, Some(&published))))
    };
    Ok(published.catalogue.get_or_try_init(make).await?.clone())
}

impl Catalogue {
    fn of(document: &Value) -> Self {
        let json = Bytes::from(document.to_string());
        let tag = Bytes::from(format!("\"{}\"", hex(digest(&SHA256, &json).as_ref())));
        Self { json, tag }
    }
}

fn document(settings: &Settings, audience: Audience, datasets: &[Value], of: Option<&Published>) -> Value {
    let base = &settings.base_url;
    let (at, title, about) = match audience {
        Audience::Consortium => (
            "catalogue",
            "Sufficiency tables of the consortium",
            "Every table of the release that the consortium is served, with what it means. Readers need a token or a \
             reporting key.",
        ),
        Audience::Public => (
            "public/catalogue",
            "Sufficiency tables for anybody",
            "Every table of the public's snapshot, with what it means. Counts under ten are hidden, the rest rounded to five.",
        ),
    };
    let mut catalogue = json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": format!("{base}/v1/{at}"),
        "@type": "dcat:Catalog",
        "dct:title": title,
        "dct:description": about,
        "dct:language": { "@id": ENGLISH },
        "dct:publisher": publisher(settings),
        "dcat:dataset": datasets,
    });
    if let Some(of) = of {
        add(&mut catalogue, "dct:modified", typed(&of.release.published_at, "dateTime"));
    }
    license(&mut catalogue, settings, audience);
    catalogue
}

fn datasets(
    settings: &Settings,
    audience: Audience,
    published: &Published,
    began: &BTreeMap<String, Date>,
) -> Vec<Value> {
    let described = published.tables.iter().filter_map(|(name, table)| Some((find_definition(name)?, table)));
    let release = &published.release;
    described
        .map(|(definition, table)| {
            let first = began.get(definition.id).copied().unwrap_or(release.as_at);
            let temporal = json!({
                "@type": "dct:PeriodOfTime",
                "dcat:startDate": typed(&first, "date"),
                "dcat:endDate": typed(&release.as_at, "date"),
            });
            let mut dataset = dataset(settings, audience, definition, table);
            add(&mut dataset, "dct:temporal", temporal);
            add(&mut dataset, "dct:modified", typed(&release.published_at, "dateTime"));
            add(&mut dataset, "dcat:version", json!(release.id));
            dataset
        })
        .collect()
}

fn dataset(settings: &Settings, audience: Audience, definition: &Definition, table: &PublishedTable) -> Value {
    let base = &settings.base_url;
    let (at, rights) = match audience {
        Audience::Consortium => ("tables", "RESTRICTED"),
        Audience::Public => ("public/tables", "PUBLIC"),
    };
    let address = format!("{base}/v1/{at}/{}", definition.id);
    let distributions = Form::ALL.into_iter().filter(|form| form.is_given()).map(|form| {
        let url = format!("{address}.{}", form.as_str());
        let bytes = match form {
            Form::Json => Some(table.json.len()),
            Form::Csv => Some(table.csv.len()),
            Form::Parquet => None,
        };
        let media = form.media_type();
        let mut said = json!({
            "@id": url,
            "@type": "dcat:Distribution",
            "dct:title": format!("{} as {}", definition.title, form.as_str().to_uppercase()),
            "dcat:accessURL": { "@id": url },
            "dcat:downloadURL": { "@id": url },
            "dcat:mediaType": { "@id": format!("{MEDIA}{media}") },
        });
        if let Some(bytes) = bytes {
            add(&mut said, "dcat:byteSize", typed(&bytes, "nonNegativeInteger"));
        }
        license(&mut said, settings, audience);
        said
    });
    json!({
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": definition.id,
        "dct:title": definition.title,
        "dct:description": definition.words,
        "dct:publisher": publisher(settings),
        "dct:language": { "@id": ENGLISH },
        "dct:accessRights": { "@id": format!("{RIGHTS}{rights}") },
        "dct:conformsTo": { "@id": format!("{base}/v1/definitions/{}?version={}", definition.id, definition.version) },
        "dcat:distribution": distributions.collect::<Vec<_>>(),
    })
}

fn publisher(settings: &Settings) -> Value {
    json!({ "@type": "foaf:Organization", "foaf:name": settings.publisher })
}

/// What anybody may do with it. Of the consortium's tables that is for its own agreement to say.
fn license(into: &mut Value, settings: &Settings, audience: Audience) {
    if audience == Audience::Public {
        add(into, "dct:license", json!({ "@id": settings.public_licence }));
    }
}

fn typed(value: &impl ToString, kind: &str) -> Value {
    json!({ "@value": value.to_string(), "@type": format!("xsd:{kind}") })
}

fn add(into: &mut Value, name: &str, value: Value) {
    if let Some(members) = into.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
