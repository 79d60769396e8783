//! Secret files: made for the owner alone, and refused when others could read them.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::KeyError;

/// Makes a file that its owner alone may read. An existing file is left as it is, with an error.
pub fn write_secret(path: &Path, secret: &SecretString) -> Result<(), KeyError> {
    let write = || -> std::io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(secret.expose_secret().as_bytes())?;
        file.sync_all()
    };
    write().map_err(|source| KeyError::Write { path: path.to_owned(), source })
}

/// Reads a secret file. On Unix, refuses one that group or others may read or write.
pub fn read_secret(path: &Path) -> Result<SecretString, KeyError> {
    let fault = |source| KeyError::Read { path: path.to_owned(), source };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_err(fault)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(KeyError::Exposed { path: path.to_owned() });
        }
    }
    Ok(SecretString::from(std::fs::read_to_string(path).map_err(fault)?))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_its_owners_alone_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        write_secret(&path, &"one".into()).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(matches!(write_secret(&path, &"two".into()), Err(KeyError::Write { .. })));
        assert_eq!(read_secret(&path).unwrap().expose_secret(), "one");
    }

    #[test]
    fn a_secret_that_others_could_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        write_secret(&path, &"one".into()).unwrap();
        for mode in [0o640, 0o604, 0o620] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let told = read_secret(&path).unwrap_err();
            assert!(told.to_string().contains("chmod 600"), "{told}");
        }
    }
}
