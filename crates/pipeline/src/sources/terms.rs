//! What was agreed of a source.

use hub_contract::{Encoding, Format};
use hub_domain::{Date, Mode, Timestamp, london_date, words};
use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::SourceRefusal;

/// What the name of a checksum file has at its end.
pub(super) const ENDING: &str = ".sha256";

words! {
    /// Which business date a file describes.
    AsAt("rule for the business date") {
        /// The London date on which it is collected.
        Day = "day", "The day it is collected";
        /// The day before: an extract made after midnight describes yesterday.
        DayBefore = "day_before", "The day before";
    }
}

words! {
    /// Whether a file with the checksum lies beside it, named as the file with `.sha256` after it.
    Checksum("rule for checksum files") {
        /// It must, and must agree.
        Required = "required", "Required";
        /// Where it lies there, it must agree.
        IfThere = "if_there", "Where there is one";
        /// It is not looked for.
        None = "none", "Not looked for";
    }
}

/// How the hub shows who it is; the secret lies elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// A token.
    Bearer,
    /// A user's name, and a password.
    Basic(String),
}

/// What was agreed of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// How much a file covers.
    pub mode: Mode,
    /// With [`Mode::Window`]: it covers what is open, or ended so many days before its business date or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_days: Option<u16>,
    /// Which business date it describes.
    pub as_at: AsAt,
    /// Whether its checksum lies beside it.
    pub checksum: Checksum,
    /// It is Windows-1252 rather than UTF-8.
    #[serde(default)]
    pub windows_1252: bool,
    /// How the hub shows who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<Shows>,
}

impl Default for Terms {
    /// Everything the sender knows, of the day it is collected, in UTF-8, its checksum looked for, without a credential.
    fn default() -> Self {
        Self {
            mode: Mode::Full,
            window_days: None,
            as_at: AsAt::Day,
            checksum: Checksum::IfThere,
            windows_1252: false,
            shows: None,
        }
    }
}

impl Terms {
    pub(super) fn check(&self) -> Result<(), SourceRefusal> {
        let agree = match (self.mode, self.window_days) {
            (Mode::Window, Some(days)) => (1..=1_000).contains(&days),
            (Mode::Full | Mode::Changes, None) => true,
            (Mode::Window, None) | (Mode::Full | Mode::Changes, Some(_)) => false,
        };
        if agree { Ok(()) } else { Err(SourceRefusal::Window) }
    }

    /// The business date of what is collected for a slot.
    pub(super) fn date(&self, slot: Timestamp) -> Date {
        let day = london_date(slot);
        match self.as_at {
            AsAt::Day => day,
            AsAt::DayBefore => day.yesterday().unwrap_or(day),
        }
    }

    /// From when a window covers.
    pub(super) fn covers_from(&self, as_at: Date) -> Option<Date> {
        let days = i32::from(self.window_days?);
        as_at.checked_sub(days.days()).ok()
    }

    /// How the text is encoded.
    pub(super) fn encoding(&self) -> Encoding {
        if self.windows_1252 { Encoding::Windows1252 } else { Encoding::Utf8 }
    }
}

/// Where a source's file of a business date lies.
pub(super) fn address(url: &str, as_at: Date) -> String {
    url.replace("{date}", &as_at.to_string())
}

/// The format that the address's ending names, compression's own aside; CSV where it names none.
pub(super) fn format(url: &str) -> Format {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit('.').find(|part| !matches!(*part, "gz" | "zst")).unwrap_or("csv");
    ending.parse().unwrap_or(Format::Csv)
}

/// The digest that a checksum file says: its first word, as `sha256sum` writes it.
pub(super) fn read_digest(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?.trim_start_matches('\u{feff}');
    let word = text.split_ascii_whitespace().next()?.to_ascii_lowercase();
    (word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_business_date_is_londons_and_stands_in_the_address() {
        let slot: Timestamp = "2026-07-20T23:30:00Z".parse().expect("an instant");
        let terms = Terms::default();
        assert_eq!(terms.date(slot).to_string(), "2026-07-21");
        let before = Terms { as_at: AsAt::DayBefore, ..terms };
        assert_eq!(address("https://a.b/{date}/p.csv", before.date(slot)), "https://a.b/2026-07-20/p.csv");
    }

    #[test]
    fn a_checksum_file_is_read_as_it_is_usually_written() {
        let digest = "a".repeat(64);
        for text in
            [digest.clone(), format!("{}  placements.csv\r\n", digest.to_uppercase()), format!("\n{digest} *p\n")]
        {
            assert_eq!(read_digest(text.as_bytes()), Some(digest.clone()), "{text}");
        }
        for text in ["", "abc", "not a checksum", &"g".repeat(64), &"a".repeat(65)] {
            assert_eq!(read_digest(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn the_format_is_the_addresss() {
        for (url, wanted) in [
            ("https://a.b/p.csv", Format::Csv),
            ("https://a.b/p.ndjson.gz?sig=x.csv", Format::Ndjson),
            ("https://a.b/latest", Format::Csv),
        ] {
            assert_eq!(format(url), wanted, "{url}");
        }
    }

    #[test]
    fn days_go_with_a_window_and_only_with_one() {
        let terms = |mode, window_days| Terms { mode, window_days, ..Terms::default() }.check().is_ok();
        assert!(terms(Mode::Full, None) && terms(Mode::Window, Some(400)));
        assert!(!terms(Mode::Window, None) && !terms(Mode::Full, Some(3)) && !terms(Mode::Window, Some(0)));
    }
}
