//! People at the pages, each signed in as a persona of the demonstration, with a browser that keeps cookies and follows no
//! redirect by itself.

use reqwest::header::{COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use url::Url;

use crate::answer::Answer;
use crate::hub::{ISSUER, TestHub};

/// Somebody at the pages.
#[derive(Debug, Clone)]
pub struct Visitor {
    base: String,
    /// Cookies, `name=value`.
    jar: Vec<String>,
    http: reqwest::Client,
}

impl TestHub {
    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Visitor {
        Visitor { base: self.base(), jar: Vec::new(), http: self.http().clone() }
    }

    /// Somebody who has signed in as a persona of the demonstration, such as `kent-duty`, `lewisham-analyst`,
    /// `commissioner` or `operator`.
    ///
    /// # Panics
    /// When that does not lead to a session.
    pub async fn visit(&self, persona: &str) -> Visitor {
        let mut visitor = self.visitor();
        let back = visitor.sign_in(persona, "/").await;
        assert_eq!(back, "/", "the sign-in of {persona} ended elsewhere");
        visitor
    }
}

impl Visitor {
    /// Signs in as a persona, on the way to the page `to`; where the sign-in leads.
    ///
    /// # Panics
    /// When a step of it is not answered by leading on.
    pub async fn sign_in(&mut self, persona: &str, to: &str) -> String {
        let back = self.begin(persona, &format!("/sign-in/begin?to={to}")).await;
        let entered = self.get(&back).await.expect(303);
        entered.header(LOCATION.as_str()).to_owned()
    }

    /// Chooses a persona at the issuer; the address that the issuer leads back to, code and all.
    ///
    /// # Panics
    /// When a step of it is not answered by leading on.
    pub async fn authorise(&mut self, persona: &str) -> String {
        self.begin(persona, "/sign-in/begin").await
    }

    async fn begin(&mut self, persona: &str, path: &str) -> String {
        let begun = self.get(path).await.expect(303);
        let chosen = choice(begun.header(LOCATION.as_str()), persona);
        let returned = self.fetch(&chosen).await.expect(303);
        returned.header(LOCATION.as_str()).strip_prefix(ISSUER).expect("an address of the hub").to_owned()
    }

    /// The same browser at another replica.
    #[must_use]
    pub fn at(&self, hub: &TestHub) -> Self {
        Self { base: hub.base(), ..self.clone() }
    }

    /// A page.
    ///
    /// # Panics
    /// When nobody answers.
    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.http.get(format!("{}{path}", self.base));
        self.send(request).await
    }

    /// Sends a form from a page of the hub's.
    ///
    /// # Panics
    /// When nobody answers.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.http.post(format!("{}{path}", self.base)).header(ORIGIN, ISSUER).form(form);
        self.send(request).await
    }

    /// Sends a form from a page of somebody else's.
    ///
    /// # Panics
    /// When nobody answers.
    pub async fn post_from(&mut self, origin: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.http.post(format!("{}{path}", self.base)).header(ORIGIN, origin).form(form);
        self.send(request).await
    }

    /// Whether the browser has a cookie of that name.
    pub fn has_cookie(&self, name: &str) -> bool {
        self.jar.iter().any(|cookie| cookie.split('=').next() == Some(name))
    }

    /// Sends a request as this browser would: with its cookies, to the hub's own name.
    ///
    /// # Panics
    /// When nobody answers.
    pub async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let mut request = request.header("accept", "text/html").header(HOST, own_host());
        if !self.jar.is_empty() {
            request = request.header(COOKIE, self.jar.join("; "));
        }
        let answer = Answer::read(request.send().await.expect("an answer")).await.expect("a whole answer");
        for line in answer.headers.get_all(SET_COOKIE) {
            self.keep(line.to_str().expect("text"));
        }
        answer
    }

    /// What is at a whole address, without cookies: the issuer's.
    async fn fetch(&self, address: &str) -> Answer {
        Answer::read(self.http.get(address).send().await.expect("an answer")).await.expect("a whole answer")
    }

    fn keep(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').expect("a cookie has attributes");
        assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{line}");
        let name = pair.split('=').next().expect("a name").to_owned();
        self.jar.retain(|cookie| cookie.split('=').next() != Some(&name));
        if !attributes.contains("Max-Age=0") {
            self.jar.push(pair.to_owned());
        }
    }
}

fn own_host() -> String {
    Url::parse(ISSUER).expect("an address").host_str().expect("a host").to_owned()
}

/// The link of that persona on the page that the hub leads to.
fn choice(address: &str, persona: &str) -> String {
    let mut address = Url::parse(address).expect("an address");
    let path = address.path().replace("/choose", "/as");
    address.set_path(&path);
    address.query_pairs_mut().append_pair("persona", persona);
    address.into()
}
