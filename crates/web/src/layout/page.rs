use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use hub_domain::{AuthorityCode, Date, Timestamp};
use hub_pipeline::Hub;
use hub_pipeline::identity::person::Person;
use hub_pipeline::identity::{Host, Operator, Principal, Tenant};
use hub_pipeline::readings::{self, Reader, Thing};

use super::shell::wrap;
use crate::form::Fields;
use crate::refused::{Answer, Refused};
use crate::routes::Route;
use crate::state::Web;

/// What the gate has found out about a request: the row it is for, and who asks.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) route: &'static Route,
    pub(crate) person: Option<Arc<Person>>,
}

/// The page that is asked for: by whom, with which parameters. A handler takes it and gives an [`Answer`].
#[derive(Debug)]
pub(crate) struct Page {
    web: Web,
    seen: Seen,
    parameters: Vec<(String, String)>,
    query: Fields,
    path: String,
    shown: bool,
}

impl FromRequestParts<Web> for Page {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refused> {
        // A handler that the gate does not stand around answers nobody.
        let seen = parts.extensions.get::<Seen>().cloned().ok_or(Refused::NotFound)?;
        let named = RawPathParams::from_request_parts(parts, web).await.map_err(|_| Refused::NotFound)?;
        let parameters = named.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let query = Fields::read(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self {
            web: web.clone(),
            seen,
            parameters,
            query,
            path: parts.uri.path().to_owned(),
            shown: parts.method != Method::HEAD,
        })
    }
}

impl Page {
    pub(crate) fn web(&self) -> &Web {
        &self.web
    }

    /// The use cases' view of the hub.
    pub(crate) fn hub(&self) -> &Arc<Hub> {
        self.web.hub()
    }

    /// The time by the hub's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.hub().clock.now()
    }

    /// Today in London.
    pub(crate) fn today(&self) -> Date {
        hub_domain::clock::london_date(self.now())
    }

    /// Who is signed in, if anybody: on public pages nobody need be.
    pub(crate) fn visitor(&self) -> Option<&Arc<Person>> {
        self.seen.person.as_ref()
    }

    /// Who is signed in.
    pub(crate) fn person(&self) -> Result<&Arc<Person>, Refused> {
        self.visitor().ok_or(Refused::Unknown)
    }

    /// What that person may do: the only source of a tenant.
    pub(crate) fn principal(&self) -> Result<&Principal, Refused> {
        self.person().map(|person| person.principal().as_ref())
    }

    /// The address asked for, without its query.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Whether the answer is shown to somebody: HEAD shows nothing.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown
    }

    /// The fields of the query.
    pub(crate) fn query(&self) -> &Fields {
        &self.query
    }

    /// A parameter of the path. What does not read as a `T` names nothing.
    pub(crate) fn parameter<T: FromStr>(&self, name: &str) -> Result<T, Refused> {
        let found = self.parameters.iter().find(|(own, _)| own == name).ok_or(Refused::NotFound)?;
        found.1.parse().map_err(|_| Refused::NotFound)
    }

    /// The host authority meant: the one that `?authority=` names, else the person's first. Somebody else's is not found.
    pub(crate) fn host(&self) -> Result<Host, Refused> {
        let principal = self.principal()?;
        match self.named()? {
            Some(authority) => Ok(principal.host_for(authority)?),
            None => principal.hosts().into_iter().next().ok_or(Refused::NotFound),
        }
    }

    /// The authority whose feeds are meant, likewise.
    pub(crate) fn tenant(&self) -> Result<Tenant, Refused> {
        let principal = self.principal()?;
        match self.named()? {
            Some(authority) => Ok(principal.borough_for(authority)?),
            None => principal.tenants().into_iter().next().ok_or(Refused::NotFound),
        }
    }

    /// The person as operator.
    pub(crate) fn operator(&self) -> Result<Operator, Refused> {
        Ok(self.principal()?.operator()?)
    }

    /// Notes that things of other authorities were looked at: whose, and which (blank for a list). HEAD looks at nothing.
    pub(crate) fn note(&self, reader: Reader, thing: Thing, seen: BTreeSet<(AuthorityCode, String)>) {
        if self.is_shown() {
            let hub = Arc::clone(self.hub());
            self.web.aside(async move { readings::note(&hub, &reader, thing, seen).await });
        }
    }

    fn named(&self) -> Result<Option<AuthorityCode>, Refused> {
        let named = self.query.get("authority");
        named.map(|code| code.parse().map_err(|_| Refused::NotFound)).transpose()
    }

    /// Answers with a page of that title: the body alone; head and navigation are put around it.
    pub(crate) fn show(&self, title: &str, body: &impl Template) -> Answer {
        let place = (self.seen.person.as_deref(), self.seen.route.path);
        Ok(wrap(&self.web, place, title, &body.render()?)?.into_response())
    }
}

/// Leads on to an address of this hub's: what a form does when it is done.
pub(crate) fn lead_to(address: &str) -> Response {
    Redirect::to(address).into_response()
}
