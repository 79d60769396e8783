//! The return as one `EXPSSDA903` document: the tables that the CSV form has, read in one pass.
//!
//! No document type, no entities but XML's own five, no deep nesting, no long cells: a document that has any is not read.
//! Half a document is not read either, or a file cut short would look like children who left care.

use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::sheet::{Filling, Sheet};
use crate::finding::{Finding, Place, Severity};

/// Deepest element read; the return has four levels.
const DEEPEST: usize = 8;
/// Longest cell, bytes; the return's longest is a postcode.
const LONGEST: usize = 200;
/// Most cells of one child: 366 episodes, 52 reviews and room.
const MOST: usize = 20_000;

/// One table of the return: its name, the element that is a row of it, and its columns as CSV and XML name them.
struct Table {
    name: &'static str,
    element: &'static str,
    columns: &'static [(&'static str, &'static str)],
    /// Columns of which one must be filled for there to be a row; none: there always is.
    signs: &'static [&'static str],
}

macro_rules! same {
    ($($name:literal),+) => { &[("CHILD", "CHILDID"), ("DOB", "DOB"), $( ($name, $name) ),+] };
}

/// The header's own table comes first: the others take CHILD and DOB from it.
const TABLES: &[Table] = &[
    Table {
        name: "header",
        element: "HEADER",
        columns: &[
            ("CHILD", "CHILDID"),
            ("SEX", "SEX"),
            ("DOB", "DOB"),
            ("ETHNIC", "ETHNIC"),
            ("UPN", "UPN"),
            ("MOTHER", "MOTHER"),
            ("MC_DOB", "MC_DOB"),
        ],
        signs: &[],
    },
    Table {
        name: "episodes",
        element: "EPISODE",
        columns: &[
            ("CHILD", "CHILDID"),
            ("DECOM", "DECOM"),
            ("RNE", "RNE"),
            ("LS", "LS"),
            ("CIN", "CIN"),
            ("PLACE", "PL"),
            ("PLACE_PROVIDER", "PLACE_PROVIDER"),
            ("DEC", "DEC"),
            ("REC", "REC"),
            ("REASON_PLACE_CHANGE", "REASON_PLACE_CHANGE"),
            ("HOME_POST", "HOME_POST"),
            ("PL_POST", "PL_POST"),
            ("URN", "URN"),
        ],
        signs: &[],
    },
    Table {
        name: "uasc",
        element: "HEADER",
        columns: &[("CHILD", "CHILDID"), ("SEX", "SEX"), ("DOB", "DOB"), ("DUC", "DUC")],
        signs: &["DUC", "UASC"],
    },
    Table {
        name: "oc2",
        element: "OC2",
        columns: same!(
            "SDQ_SCORE",
            "SDQ_REASON",
            "CONVICTED",
            "HEALTH_CHECK",
            "IMMUNISATIONS",
            "TEETH_CHECK",
            "HEALTH_ASSESSMENT",
            "SUBSTANCE_MISUSE",
            "INTERVENTION_RECEIVED",
            "INTERVENTION_OFFERED"
        ),
        signs: &[],
    },
    Table {
        name: "oc3",
        element: "HEADER",
        columns: same!("IN_TOUCH", "ACTIV", "ACCOM"),
        signs: &["IN_TOUCH", "ACTIV", "ACCOM"],
    },
    Table {
        name: "ad1",
        element: "HEADER",
        columns: same!("DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR"),
        signs: &["DATE_INT", "DATE_MATCH", "NB_ADOPTR"],
    },
    Table { name: "missing", element: "AMISSING", columns: same!("MISSING", "MIS_START", "MIS_END"), signs: &[] },
    Table { name: "reviews", element: "AREVIEW", columns: same!("REVIEW", "REVIEW_CODE"), signs: &[] },
    Table {
        name: "prev_perm",
        element: "PERMANENCE",
        columns: same!("PREV_PERM", "LA_PERM", "DATE_PERM"),
        signs: &["PREV_PERM", "LA_PERM", "DATE_PERM"],
    },
    Table {
        name: "placed_adoption",
        element: "AD_PLACED",
        columns: same!("DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
        signs: &["DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"],
    },
];

/// Why a document is not read.
enum Fault {
    NotTheReturn,
    Doctype,
    Entity,
    Deep,
    Long,
    Broken,
    Unfinished,
}

/// One row's cells: element and text.
type Cells = Vec<(String, String)>;

/// What has been read of a document.
#[derive(Default)]
struct Reading {
    /// Elements that are open.
    path: Vec<String>,
    text: String,
    /// The header's own cells of the child that is being read.
    header: Cells,
    /// Its other rows: which element, and the cells.
    rows: Vec<(usize, Cells)>,
    cells: usize,
    /// `CHILD` elements so far.
    children: u64,
    is_whole: bool,
}

/// The tables of a document; rows are told by the number of their `CHILD` element.
pub(super) fn read(name: &Arc<str>, text: &str, findings: &mut Vec<Finding>) -> Vec<Sheet> {
    let mut tables: Vec<Filling> =
        TABLES.iter().map(|table| Filling::headed(table.columns.iter().map(|(csv, _)| *csv))).collect();
    let mut reading = Reading::default();
    if let Err(fault) = reading.walk(text, &mut tables) {
        findings.push(fault.told(name, reading.children));
        return Vec::new();
    }
    let fix = "Nothing.";
    let message = "the file is the return's XML form: what is called a line of it here counts its CHILD elements";
    findings.push(Finding::new("agent-xml", Severity::Note, Place::file(name), message, fix));
    let named = tables.into_iter().zip(TABLES);
    let always = ["header", "episodes", "uasc"];
    named
        .filter(|(filling, table)| filling.len() > 0 || always.contains(&table.name))
        .map(|(filling, table)| filling.finish(Arc::from(format!("{name} [{}]", table.name)), findings))
        .collect()
}

impl Reading {
    fn walk(&mut self, text: &str, tables: &mut [Filling]) -> Result<(), Fault> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        loop {
            match reader.read_event().map_err(|_| Fault::Broken)? {
                Event::Start(element) => self.open(element.local_name().as_ref())?,
                Event::Text(part) => self.add(&part.xml10_content())?,
                Event::CData(part) => self.add(&part.xml10_content())?,
                Event::GeneralRef(part) => {
                    let known = match part.resolve_char_ref() {
                        Ok(Some(character)) => Some(character.to_string()),
                        _ => quick_xml::escape::resolve_predefined_entity(&part.xml10_content()).map(str::to_owned),
                    };
                    self.add(&known.ok_or(Fault::Entity)?)?;
                }
                Event::End(_) => self.close(tables)?,
                Event::DocType(_) => return Err(Fault::Doctype),
                Event::Eof if self.is_whole && self.path.is_empty() => return Ok(()),
                Event::Eof => return Err(if self.path.is_empty() { Fault::NotTheReturn } else { Fault::Unfinished }),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    fn open(&mut self, name: &str) -> Result<(), Fault> {
        if self.path.is_empty() && (self.is_whole || !name.eq_ignore_ascii_case("EXPSSDA903")) {
            return Err(Fault::NotTheReturn);
        }
        if self.path.len() >= DEEPEST {
            return Err(Fault::Deep);
        }
        let name = name.to_ascii_uppercase();
        if name == "CHILD" && self.path.len() == 1 {
            self.children += 1;
        }
        if let Some(element) = row_element(&name) {
            self.rows.push((element, Cells::new()));
        }
        self.text.clear();
        self.path.push(name);
        Ok(())
    }

    fn add(&mut self, part: &str) -> Result<(), Fault> {
        // Between elements there is only white space, of which there may be any amount.
        self.text.push_str(if self.text.is_empty() { part.trim_start() } else { part });
        if self.text.trim_end().len() > LONGEST { Err(Fault::Long) } else { Ok(()) }
    }

    fn close(&mut self, tables: &mut [Filling]) -> Result<(), Fault> {
        let Some(name) = self.path.pop() else { return Err(Fault::Broken) };
        let text = std::mem::take(&mut self.text);
        if self.path.is_empty() {
            self.is_whole = true;
        } else if name == "CHILD" && self.path.len() == 1 {
            self.write(tables);
        } else if !text.trim().is_empty() {
            self.cells += 1;
            if self.cells > MOST {
                return Err(Fault::Long);
            }
            let in_row = self.path.last().is_some_and(|parent| row_element(parent).is_some());
            match self.rows.last_mut().filter(|_| in_row) {
                Some((_, cells)) => cells.push((name, text)),
                None => self.header.push((name, text)),
            }
        }
        Ok(())
    }

    /// Writes the rows of the child that has ended.
    fn write(&mut self, tables: &mut [Filling]) {
        let (header, rows) = (std::mem::take(&mut self.header), std::mem::take(&mut self.rows));
        self.cells = 0;
        for (table, filling) in TABLES.iter().zip(tables) {
            if table.element == "HEADER" {
                table.write(&header, &[], self.children, filling);
                continue;
            }
            for (_, cells) in
                rows.iter().filter(|(element, _)| TABLES.get(*element).is_some_and(|of| of.name == table.name))
            {
                table.write(&header, cells, self.children, filling);
            }
        }
    }
}

impl Table {
    fn write(&self, header: &[(String, String)], row: &[(String, String)], child: u64, filling: &mut Filling) {
        let cell = |element: &str| {
            let found = row.iter().chain(header).find(|(name, _)| name == element);
            found.map_or("", |(_, text)| text.as_str())
        };
        let is_there = self.signs.is_empty() || self.signs.iter().any(|sign| !matches!(cell(sign).trim(), "" | "0"));
        if is_there {
            filling.push(child, self.columns.iter().map(|(_, element)| cell(element)));
        }
    }
}

/// The place in [`TABLES`] of a table whose rows are elements of their own.
fn row_element(name: &str) -> Option<usize> {
    TABLES.iter().position(|table| table.element != "HEADER" && table.element == name)
}

impl Fault {
    fn told(&self, name: &Arc<str>, children: u64) -> Finding {
        let (rule, message, fix) = match self {
            Self::NotTheReturn => (
                "agent-xml-other",
                "the file is XML, but not the return's: its outermost element is not EXPSSDA903".to_owned(),
                "Export the return's XML, or its CSV files.",
            ),
            Self::Doctype => (
                "agent-xml-doctype",
                "the file declares a document type, which the return never has; it is not read".to_owned(),
                "Export it again from the case system; do not edit it by hand.",
            ),
            Self::Entity => (
                "agent-xml-entity",
                format!("an entity that XML does not define stands in CHILD element {children}; the file is not read"),
                "Export it again from the case system.",
            ),
            Self::Deep | Self::Long => (
                "agent-xml-form",
                format!(
                    "CHILD element {children} has more, longer or deeper elements than the return; the file is not read"
                ),
                "Export it again from the case system.",
            ),
            Self::Broken | Self::Unfinished => (
                "agent-xml-broken",
                format!("the XML breaks off or is not well formed at CHILD element {children}; nothing of it is used"),
                "Export it again: half a return would look like children who left care.",
            ),
        };
        Finding::new(rule, Severity::Error, Place::file(name), message, fix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Vec<Sheet>, Vec<String>) {
        let mut findings = Vec::new();
        let sheets = read(&"r.xml".into(), text, &mut findings);
        (sheets, findings.into_iter().map(|finding| finding.rule).collect())
    }

    const CHILD: &str = "<CHILD><HEADER><CHILDID>A1</CHILDID><SEX>2</SEX><DOB>28/07/2010</DOB><ETHNIC>BAFR</ETHNIC><UASC>1</UASC>\
        <AREVIEW><REVIEW>27/09/2015</REVIEW><REVIEW_CODE>PN0</REVIEW_CODE></AREVIEW>\
        <AREVIEW><REVIEW>14/07/2016</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW><MOTHER/></HEADER>\
        <EPISODE><DECOM>06/01/2017</DECOM><RNE>S</RNE><PL>R5 &amp; &#65;</PL></EPISODE></CHILD>";

    #[test]
    fn a_child_becomes_rows_of_the_tables_that_the_csv_form_has() {
        let text = format!(
            "<?xml version='1.0'?>\n<EXPSSDA903>{CHILD}<CHILD><HEADER><CHILDID>B2</CHILDID></HEADER></CHILD></EXPSSDA903>\n"
        );
        let (sheets, told) = read_text(&text);
        let shape: Vec<(&str, usize)> = sheets.iter().map(|sheet| (&*sheet.name, sheet.records.len())).collect();
        assert_eq!(
            shape,
            [("r.xml [header]", 2), ("r.xml [episodes]", 1), ("r.xml [uasc]", 1), ("r.xml [reviews]", 2)]
        );
        let row = |sheet: usize, at: usize, column: &str| {
            let sheet = &sheets[sheet];
            sheet.cell(&sheet.records[at], column).to_owned()
        };
        assert_eq!(row(1, 0, "CHILD") + &row(1, 0, "PLACE"), "A1R5 & A");
        assert_eq!(
            (row(3, 1, "CHILD"), row(3, 1, "DOB"), row(3, 1, "REVIEW_CODE")),
            ("A1".into(), "28/07/2010".into(), "PN1".into())
        );
        assert_eq!(sheets[0].records[1].line, 2);
        assert_eq!(told, ["agent-xml"]);
    }

    #[test]
    fn what_the_return_never_is_is_not_read() {
        let long = "x".repeat(300);
        for (text, rule) in [
            ("<html/>".to_owned(), "agent-xml-other"),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><EXPSSDA903/>".to_owned(), "agent-xml-doctype"),
            (format!("<EXPSSDA903>{}</EXPSSDA903>", CHILD.replace("A1", "&b;")), "agent-xml-entity"),
            (format!("<EXPSSDA903>{}</EXPSSDA903>", CHILD.replace("A1", &long)), "agent-xml-form"),
            (format!("<EXPSSDA903>{}", "<a>".repeat(50)), "agent-xml-form"),
            (format!("<EXPSSDA903>{CHILD}"), "agent-xml-broken"),
            (format!("<EXPSSDA903>{CHILD}</CHILD></EXPSSDA903>"), "agent-xml-broken"),
        ] {
            let (sheets, told) = read_text(&text);
            assert_eq!((sheets.len(), told.as_slice()), (0, [rule.to_owned()].as_slice()), "{text}");
        }
    }
}
