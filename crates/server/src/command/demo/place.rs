//! The folder that everything of a demonstration is in.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::command::Stop;

/// A folder of the demonstration's own.
#[derive(Debug)]
pub(super) enum Place {
    /// Made for this run; removed with all that is in it.
    Passing(TempDir),
    /// Named by the user; kept.
    Kept(PathBuf),
}

impl Place {
    /// The named folder, which must be new or empty; or a temporary one.
    pub(super) fn make(named: Option<&Path>) -> Result<Self, Stop> {
        let Some(folder) = named else {
            return Ok(Self::Passing(tempfile::Builder::new().prefix("hub-demo-").tempdir()?));
        };
        let cannot =
            |error: std::io::Error| Stop::Usage(format!("the folder {} cannot be used: {error}", folder.display()));
        let mut maker = std::fs::DirBuilder::new();
        // What is in it is made up; what it teaches is not: a hub's folder is its owner's alone.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
        maker.recursive(true).create(folder).map_err(cannot)?;
        if std::fs::read_dir(folder).map_err(cannot)?.next().is_some() {
            let told = format!("the folder {} is not empty; name a new one, or none", folder.display());
            return Err(Stop::Usage(told));
        }
        Ok(Self::Kept(folder.to_owned()))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Passing(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }

    /// An SQLite database in it.
    pub(super) fn database(&self) -> hub_store::Settings {
        hub_store::Settings { url: format!("sqlite:{}", self.path().join("hub.sqlite").display()), connections: 8 }
    }

    /// The file of the key that seals the hub's own keys.
    pub(super) fn key_file(&self) -> PathBuf {
        self.path().join("hub.key")
    }

    /// What becomes of it, for people.
    pub(super) fn fate(&self) -> String {
        match self {
            Self::Passing(folder) => format!("Everything is in {}, which is removed then.", folder.path().display()),
            Self::Kept(folder) => format!("Everything is in {}, which is kept.", folder.display()),
        }
    }

    /// Removes what was made for this run.
    pub(super) fn clear(self) -> Result<(), Stop> {
        match self {
            Self::Passing(folder) => Ok(folder.close()?),
            Self::Kept(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_folder_goes_and_a_named_one_stays() {
        let place = Place::make(None).unwrap();
        let path = place.path().to_owned();
        std::fs::write(path.join("a"), "a").unwrap();
        place.clear().unwrap();
        assert!(!path.exists());
        let outer = tempfile::tempdir().unwrap();
        let named = outer.path().join("new");
        let place = Place::make(Some(&named)).unwrap();
        std::fs::write(place.path().join("a"), "a").unwrap();
        place.clear().unwrap();
        assert!(named.join("a").exists());
        assert!(matches!(Place::make(Some(&named)), Err(Stop::Usage(_))), "a folder with something in it is not taken");
    }
}
