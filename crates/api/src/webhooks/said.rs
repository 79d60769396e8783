//! What a placing authority stated, described from the fields of a statement, so that it never falls behind them.

use std::borrow::Cow;

use hub_domain::codes::all;
use hub_notices::statement::{FIELDS, Field, Form, Recipient};
use serde::Serialize;
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// What the placing authority stated, tiers 1 and 2. Every field may be absent.
#[derive(Serialize)]
pub(crate) struct NoticeStatement;

impl PartialSchema for NoticeStatement {
    fn schema() -> RefOr<Schema> {
        let start = ObjectBuilder::new().description(Some(
            "What the placing authority stated. A field that was not stated is absent; the pseudonym stands beside it.",
        ));
        // The pseudonym is not repeated here.
        let told = FIELDS.iter().filter(|field| field.form != Form::Child);
        let whole = told.fold(start, |object, field| object.property(field.name, described(field)));
        RefOr::T(Schema::Object(whole.build()))
    }
}

impl ToSchema for NoticeStatement {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("NoticeStatement")
    }
}

/// Somebody else whom reg 13(2) names: told, or not and why.
#[derive(Serialize, ToSchema)]
#[schema(as = NoticeRecipient)]
pub(crate) struct NoticeRecipient {
    /// Who.
    #[schema(schema_with = roles)]
    role: String,
    /// When told.
    #[schema(format = Date)]
    told_on: Option<String>,
    /// Why not told.
    withheld: Option<String>,
}

fn roles() -> Object {
    one_of(Recipient::ROLES)
}

fn described(field: &Field) -> RefOr<Schema> {
    let words = format!("{} ({})", field.meaning, field.rule);
    let object = match field.form {
        Form::Flag => ObjectBuilder::new().schema_type(SchemaType::new(Type::Boolean)),
        Form::Weeks => ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)),
        Form::Date => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))),
        Form::Word(words) => text().enum_values(Some(words.iter().copied())),
        Form::Code(list) => text().enum_values(Some(all(list).map(|code| code.code.as_str()))),
        Form::Recipients => {
            let list = ArrayBuilder::new().items(Ref::from_schema_name("NoticeRecipient")).description(Some(words));
            return RefOr::T(Schema::Array(list.build()));
        }
        Form::Authority | Form::Child | Form::Reference | Form::Sector | Form::Text | Form::Title | Form::Contact => {
            text()
        }
    };
    RefOr::T(Schema::Object(object.description(Some(words)).build()))
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String))
}

/// One of these words.
pub(super) fn one_of(words: &[&str]) -> Object {
    text().enum_values(Some(words.iter().copied())).build()
}
