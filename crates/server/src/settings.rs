//! Where the database is: flag, then environment, then the default.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use hub_domain::{Calendar, Date};
use hub_pipeline::identity::Seal;
use secrecy::{ExposeSecret as _, SecretString};

use crate::command::Stop;

/// The database that is used when none is named: a file in a folder beside where the program is started.
pub const DEFAULT_DATABASE: &str = "sqlite:hub-data/hub.sqlite";

/// Where the database is.
#[derive(Debug, Clone, Args)]
pub(crate) struct Database {
    /// The database: sqlite:PATH or postgres://… [default: sqlite:hub-data/hub.sqlite]
    #[arg(
        id = "database_url",
        long = "database-url",
        global = true,
        env = "HUB_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    url: Option<SecretString>,
    /// A file that holds the database's URL, for container secrets.
    #[arg(
        id = "database_url_file",
        long = "database-url-file",
        global = true,
        env = "HUB_DATABASE_URL_FILE",
        value_name = "FILE"
    )]
    file: Option<PathBuf>,
    /// Connections to the database: for reading (SQLite) or in all (PostgreSQL).
    #[arg(id = "database_connections", long = "database-connections", global = true, env = "HUB_DATABASE_CONNECTIONS",
          value_name = "N", default_value_t = 8,
          value_parser = clap::value_parser!(u32).range(2..=500))]
    connections: u32,
}

impl Database {
    /// Whether somebody named a database.
    pub(crate) fn is_given(&self) -> bool {
        self.url.is_some() || self.file.is_some()
    }

    /// The settings to open the store with.
    pub(crate) fn settings(&self) -> Result<hub_store::Settings, Stop> {
        let url = match (&self.url, &self.file) {
            (Some(_), Some(_)) => {
                let told = "both a database URL and a file with one are given (flag or environment); give one of them";
                return Err(Stop::Usage(told.to_owned()));
            }
            (Some(url), None) => url.expose_secret().to_owned(),
            (None, Some(path)) => read(path)?,
            (None, None) => DEFAULT_DATABASE.to_owned(),
        };
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(Stop::Usage("a database URL begins with sqlite: or postgres:".to_owned()));
        }
        Ok(hub_store::Settings { url, connections: self.connections })
    }
}

fn read(path: &Path) -> Result<String, Stop> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| Stop::Usage(format!("{} cannot be read: {error}", path.display())))?;
    Ok(text.trim().to_owned())
}

/// What seals the hub's private keys, from its key file; nothing does without one.
pub(crate) fn seal(file: Option<&Path>) -> Result<Seal, Stop> {
    let Some(path) = file else { return Ok(Seal::none()) };
    let told = |why: String| Stop::Usage(format!("the key file {} cannot be used: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| told(error.to_string()))?;
    Seal::read(&text).map_err(|refusal| told(refusal.to_string()))
}

/// Working days with the bank holidays of a file beside those that are known: a date a line, `#` before a remark. Read
/// once, and kept for as long as the program runs.
pub(crate) fn calendar(file: Option<&Path>) -> Result<&'static Calendar, Stop> {
    let known = Calendar::england_and_wales();
    let Some(path) = file else { return Ok(known) };
    let told = |why: String| Stop::Usage(format!("the holidays in {} cannot be used: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| told(error.to_string()))?;
    let mut days: Vec<Date> = Vec::new();
    for (n, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        let is_heading = n == 1 && line == "date";
        if !line.is_empty() && !is_heading {
            days.push(line.parse().map_err(|_| told(format!("line {n} is not a date, YYYY-MM-DD")))?);
        }
    }
    let more = known.with(days).map_err(|incomplete| told(incomplete.to_string()))?;
    Ok(Box::leak(Box::new(more)))
}

/// Makes a key file for its owner alone. A file that is there is left as it is: what it seals would be lost with it.
pub(crate) fn make_key_file(path: &Path) -> Result<(), Stop> {
    let key = Seal::fresh()?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            Stop::Refused(format!("{} is there already, and what it seals would be lost with it", path.display()))
        } else {
            Stop::Usage(format!("{} cannot be made: {error}", path.display()))
        }
    })?;
    let text =
        format!("# Seals what is secret in a hub's database. Keep a copy apart from it.\n{}\n", key.expose_secret());
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}

/// The file of an SQLite database; `None` for another database, or one in memory.
pub(crate) fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let path = rest.split('?').next().unwrap_or_default();
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

/// Makes the folder that an SQLite database is to be in, for its owner alone: what it holds is about children.
pub(crate) fn make_folder(url: &str) -> std::io::Result<()> {
    let Some(file) = sqlite_file(url) else { return Ok(()) };
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) else {
        return Ok(());
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_database_is_read_from_its_url() {
        let table = [
            ("sqlite:hub-data/hub.sqlite", Some("hub-data/hub.sqlite")),
            ("sqlite:///var/lib/hub.sqlite?mode=rwc", Some("/var/lib/hub.sqlite")),
            ("sqlite://hub.sqlite", Some("hub.sqlite")),
            ("sqlite::memory:", None),
            ("postgres://hub@db/hub", None),
        ];
        for (url, file) in table {
            assert_eq!(sqlite_file(url), file.map(PathBuf::from), "{url}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("a/b");
        make_folder(&format!("sqlite:{}/hub.sqlite", folder.display())).unwrap();
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_is_its_owners_alone_and_is_never_overwritten() {
        use std::os::unix::fs::PermissionsExt as _;
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("hub.key");
        assert!(matches!(seal(Some(&path)), Err(Stop::Usage(_))));
        make_key_file(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(seal(Some(&path)).unwrap().is_some());
        assert!(matches!(make_key_file(&path), Err(Stop::Refused(_))));
        assert!(!seal(None).unwrap().is_some());
    }

    #[test]
    fn proclaimed_holidays_are_read_from_a_file_and_what_is_wrong_in_it_is_said_by_line() {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("holidays.csv");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            calendar(Some(&path))
        };
        let monday = "2026-09-07".parse().unwrap();
        let known = read("date\n2026-09-07 # proclaimed\n\n").unwrap();
        assert_eq!(known.is_working(monday), Ok(false));
        assert_eq!(calendar(None).unwrap().is_working(monday), Ok(true));
        let refused = |text: &str| match read(text) {
            Err(Stop::Usage(told)) => told,
            other => panic!("{other:?}"),
        };
        assert!(refused("date\n7 September\n").contains("line 2"));
        assert!(refused("2029-01-01\n").contains("2029"));
    }

    #[test]
    fn a_secret_url_is_not_shown() {
        let database =
            Database { url: Some(SecretString::from("postgres://hub:canary@db/hub")), file: None, connections: 8 };
        assert!(!format!("{database:?}").contains("canary"));
        assert_eq!(database.settings().unwrap().url, "postgres://hub:canary@db/hub");
    }
}
