//! Pages as a strict reader reads them: every element closed, every id its own, every reference leading somewhere, every field
//! labelled, every table with its caption and scopes. What it finds fault with is a sentence; a good page has none.

use std::collections::{BTreeMap, BTreeSet};

/// Elements that have no end.
const VOID: [&str; 7] = ["meta", "link", "input", "br", "hr", "img", "wbr"];

/// An element of a page, in the order of the page.
#[derive(Debug, Clone)]
pub struct Element {
    /// Its name, lower case.
    pub name: String,
    /// Its attributes; blank where they have no value.
    pub attributes: BTreeMap<String, String>,
    /// The element that holds it.
    pub within: Option<usize>,
    /// All text in it, runs of white space made one, ends cut.
    pub text: String,
}

/// A page, read.
#[derive(Debug)]
pub struct Markup {
    /// Its elements.
    pub elements: Vec<Element>,
    faults: Vec<String>,
}

impl Markup {
    /// Reads a whole page.
    pub fn read(page: &str) -> Self {
        let mut markup = Self { elements: Vec::new(), faults: Vec::new() };
        if !page.trim_start().to_ascii_lowercase().starts_with("<!doctype html>") {
            markup.faults.push("it does not begin with <!DOCTYPE html>".to_owned());
        }
        let mut open: Vec<usize> = Vec::new();
        let mut rest = page;
        while let Some(at) = rest.find('<') {
            markup.say(&open, &rest[..at]);
            rest = &rest[at..];
            if rest.starts_with("<!--") {
                rest = rest.split_once("-->").map_or("", |(_, after)| after);
                continue;
            }
            let Some(end) = tag_end(rest) else {
                markup.faults.push("a tag is not closed".to_owned());
                break;
            };
            markup.take(&rest[1..end], &mut open);
            rest = &rest[end + 1..];
        }
        for at in open {
            markup.faults.push(format!("<{}> is never closed", markup.elements[at].name));
        }
        for element in &mut markup.elements {
            element.text = element.text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        markup
    }

    fn say(&mut self, open: &[usize], text: &str) {
        if text.contains('>') {
            self.faults.push(format!("a stray > in {:?}", text.trim()));
        }
        let text = plain(text);
        for at in open {
            self.elements[*at].text.push_str(&text);
        }
    }

    fn take(&mut self, tag: &str, open: &mut Vec<usize>) {
        if tag.starts_with('!') {
            return;
        }
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(at) if self.elements[at].name == name.trim() => {}
                Some(at) => self.faults.push(format!("</{name}> closes <{}>", self.elements[at].name)),
                None => self.faults.push(format!("</{name}> closes nothing")),
            }
            // What one cell says does not run into what the next one says.
            if matches!(name, "td" | "th" | "p" | "li" | "dt" | "dd" | "text" | "title" | "option") {
                self.say(&open.clone(), " ");
            }
            return;
        }
        let is_closed = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let attributes = self.attributes(name, attributes);
        let element = Element { name: name.to_owned(), attributes, within: open.last().copied(), text: String::new() };
        self.elements.push(element);
        if !is_closed && !VOID.contains(&name) {
            open.push(self.elements.len() - 1);
        }
    }

    fn attributes(&mut self, name: &str, mut rest: &str) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        while !rest.trim_start().is_empty() {
            rest = rest.trim_start();
            let end = rest.find(|letter: char| letter == '=' || letter.is_whitespace()).unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            let (value, after) = match after.strip_prefix("=\"") {
                Some(after) => after.split_once('"').unwrap_or((after, "")),
                None => ("", after),
            };
            if after.starts_with('=') {
                self.faults.push(format!("<{name}> has an attribute without quotes"));
                return found;
            }
            if found.insert(key.to_owned(), plain(value)).is_some() {
                self.faults.push(format!("<{name}> has {key} twice"));
            }
            rest = after;
        }
        found
    }

    /// The elements of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// The element of that id.
    pub fn by_id(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.is("id", id))
    }

    /// The cells of each row of the table of that id, headings of columns left out.
    pub fn rows(&self, table: &str) -> Vec<Vec<String>> {
        let bodies: Vec<usize> = self.places(|element| {
            let holder = element.within.map(|at| &self.elements[at]);
            element.name == "tbody" && holder.is_some_and(|holder| holder.is("id", table))
        });
        let rows = self.places(|element| element.name == "tr" && element.within.is_some_and(|at| bodies.contains(&at)));
        let cells = |row: usize| self.elements.iter().filter(move |cell| cell.within == Some(row));
        rows.into_iter().map(|row| cells(row).map(|cell| cell.text.clone()).collect()).collect()
    }

    fn places(&self, is_meant: impl Fn(&Element) -> bool) -> Vec<usize> {
        let all = self.elements.iter().enumerate();
        all.filter(|(_, element)| is_meant(element)).map(|(at, _)| at).collect()
    }

    /// Everything that is wrong with the page.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.faults.clone();
        self.check_head(&mut faults);
        self.check_headings(&mut faults);
        self.check_ids(&mut faults);
        self.check_fields(&mut faults);
        self.check_tables(&mut faults);
        self.check_policy(&mut faults);
        faults
    }

    fn check_head(&self, faults: &mut Vec<String>) {
        if !self.all("html").any(|html| html.has("lang")) {
            faults.push("<html> does not say its language".to_owned());
        }
        let is_heads = |title: &&Element| title.within.is_some_and(|at| self.elements[at].name == "head");
        let titles: Vec<_> = self.all("title").filter(is_heads).collect();
        if titles.len() != 1 || titles[0].text.is_empty() {
            faults.push(format!("{} titles in the head", titles.len()));
        }
        if self.all("main").count() != 1 {
            faults.push("there is not one <main>".to_owned());
        }
    }

    fn check_headings(&self, faults: &mut Vec<String>) {
        let level = |name: &str| name.strip_prefix('h')?.parse::<u8>().ok().filter(|level| (1..=6).contains(level));
        let levels: Vec<u8> = self.elements.iter().filter_map(|element| level(&element.name)).collect();
        if levels.iter().filter(|level| **level == 1).count() != 1 {
            faults.push("there is not one <h1>".to_owned());
        }
        for two in levels.windows(2).filter(|two| two[1] > two[0] + 1) {
            faults.push(format!("a heading of level {} follows one of level {}", two[1], two[0]));
        }
        for empty in self.elements.iter().filter(|element| level(&element.name).is_some() && element.text.is_empty()) {
            faults.push(format!("<{}> is empty", empty.name));
        }
    }

    fn check_ids(&self, faults: &mut Vec<String>) {
        let mut ids = BTreeSet::new();
        for id in self.elements.iter().filter_map(|element| element.attributes.get("id")) {
            if !ids.insert(id.as_str()) {
                faults.push(format!("two elements have the id {id}"));
            }
        }
        for element in &self.elements {
            for name in ["aria-labelledby", "aria-describedby", "for"] {
                let named = element.attributes.get(name).into_iter().flat_map(|value| value.split_whitespace());
                faults.extend(named.filter(|id| !ids.contains(id)).map(|id| format!("{name} leads to no {id}")));
            }
            let within = element.attributes.get("href").and_then(|to| to.strip_prefix('#'));
            faults.extend(within.filter(|to| !ids.contains(to)).map(|to| format!("a link leads to no #{to}")));
        }
    }

    fn check_fields(&self, faults: &mut Vec<String>) {
        let labelled: BTreeSet<&str> =
            self.all("label").filter_map(|label| label.attributes.get("for").map(String::as_str)).collect();
        for field in self.elements.iter().filter(|field| matches!(&*field.name, "input" | "select" | "textarea")) {
            let named = field.attributes.get("id").is_some_and(|id| labelled.contains(id.as_str()));
            let is_named = named || field.has("aria-label") || self.stands_in(field, "label");
            if !is_named && !matches!(field.attributes.get("type").map(String::as_str), Some("hidden" | "submit")) {
                faults.push(format!("a field is not labelled: {:?}", field.attributes.get("name")));
            }
        }
        for button in self.all("button").chain(self.all("a")).filter(|button| button.text.is_empty()) {
            if !button.has("aria-label") {
                faults.push(format!("<{}> says nothing", button.name));
            }
        }
    }

    fn check_tables(&self, faults: &mut Vec<String>) {
        for (at, table) in self.elements.iter().enumerate().filter(|(_, table)| table.name == "table") {
            let captioned = self
                .elements
                .iter()
                .any(|caption| caption.within == Some(at) && caption.name == "caption" && !caption.text.is_empty());
            if !captioned {
                faults.push(format!("a table has no caption: {:?}", table.attributes.get("id")));
            }
        }
        if self.all("th").any(|heading| !heading.has("scope")) {
            faults.push("a heading of a table has no scope".to_owned());
        }
        for picture in self.all("svg").filter(|svg| !svg.is("aria-hidden", "true")) {
            if !picture.has("role") || !(picture.has("aria-labelledby") || picture.has("aria-label")) {
                faults.push("a picture has no role or no name".to_owned());
            }
        }
        if self.all("img").any(|img| !img.has("alt")) {
            faults.push("an image has no words in its place".to_owned());
        }
    }

    /// Nothing that the policy of content would stop.
    fn check_policy(&self, faults: &mut Vec<String>) {
        for element in &self.elements {
            let own = element.attributes.keys().filter(|name| *name == "style" || name.starts_with("on"));
            faults.extend(own.map(|name| format!("<{}> has {name}", element.name)));
            if matches!(&*element.name, "script" | "style" | "iframe" | "object") {
                faults.push(format!("there is a <{}>", element.name));
            }
        }
    }

    fn stands_in(&self, element: &Element, name: &str) -> bool {
        let holders = std::iter::successors(element.within, |at| self.elements[*at].within);
        holders.into_iter().any(|at| self.elements[at].name == name)
    }
}

impl Element {
    /// Whether it has the attribute, with anything in it.
    pub fn has(&self, attribute: &str) -> bool {
        self.attributes.get(attribute).is_some_and(|value| !value.is_empty())
    }

    /// Whether the attribute has that value.
    pub fn is(&self, attribute: &str, value: &str) -> bool {
        self.attributes.get(attribute).is_some_and(|own| own == value)
    }
}

/// Where the tag that begins the text ends: the first `>` outside quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut is_quoted = false;
    text.char_indices().find_map(|(at, letter)| {
        is_quoted ^= letter == '"';
        (letter == '>' && !is_quoted).then_some(at)
    })
}

/// Text with its references read.
fn plain(text: &str) -> String {
    let mut out = text.to_owned();
    for (reference, letter) in [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
    ] {
        out = out.replace(reference, letter);
    }
    out.replace("&#38;", "&").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r##"<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><main id="main"><h1>One</h1>
        <a href="#main">to &#38; fro</a><label for="f">F</label><input id="f" name="f" required>
        <table id="t"><caption>C</caption><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><th scope="row">x</th><td>1</td></tr></tbody></table>
        <svg role="img" aria-label="p"><rect width="1"/></svg></main></body></html>"##;

    fn faults(page: &str) -> Vec<String> {
        Markup::read(page).faults()
    }

    #[test]
    fn a_good_page_has_no_fault_and_is_read_as_it_stands() {
        assert_eq!(faults(GOOD), Vec::<String>::new());
        let page = Markup::read(GOOD);
        assert_eq!(page.rows("t"), [["x", "1"]]);
        assert_eq!(page.all("a").next().map(|link| link.text.as_str()), Some("to & fro"));
    }

    #[test]
    fn each_fault_is_found() {
        let planted = [
            ("<h1>One</h1>", "<h1>One", "</main> closes <h1>"),
            ("<h1>One</h1>", "<h1>One</h1><h3>x</h3>", "a heading of level 3 follows one of level 1"),
            ("<h1>One</h1>", "<h2>One</h2>", "there is not one <h1>"),
            (" lang=\"en\"", "", "<html> does not say its language"),
            ("<label for=\"f\">F</label>", "", "a field is not labelled: Some(\"f\")"),
            ("<caption>C</caption>", "", "a table has no caption: Some(\"t\")"),
            (" scope=\"row\"", "", "a heading of a table has no scope"),
            ("#main", "#nowhere", "a link leads to no #nowhere"),
            ("id=\"t\"", "id=\"main\"", "two elements have the id main"),
            ("id=\"t\"", "style=\"x\"", "<table> has style"),
            (" role=\"img\"", "", "a picture has no role or no name"),
            ("<title>T</title>", "", "0 titles in the head"),
        ];
        for (part, instead, fault) in planted {
            let page = GOOD.replace(part, instead);
            assert_ne!(page, GOOD, "{fault}");
            assert!(faults(&page).iter().any(|found| found == fault), "{fault}: {:?}", faults(&page));
        }
    }
}
