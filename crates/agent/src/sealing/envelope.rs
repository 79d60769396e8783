//! Sealing and opening: the only two functions that call age.

use std::io::{Read, Write};

use age::{DecryptError, Decryptor, Encryptor};
use hub_notices::envelope::{Fingerprint, Recipient};

use super::Identities;

/// An envelope cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// age will not have the public key.
    #[error("age refuses the public key {0}")]
    Recipient(Fingerprint),
    /// There is no key to seal to.
    #[error("there is no key to seal to")]
    Nobody,
    /// The bytes are no age file.
    #[error("this is not an age file")]
    NotAge,
    /// None of the private keys opens it.
    #[error("none of the keys in the identity file opens it: it is sealed for other keys")]
    OtherKeys,
    /// It ends too soon, or a byte of it was changed.
    #[error("the envelope is cut short or was changed on its way; nothing of it is used. Fetch it again")]
    Broken,
    /// Encryption failed.
    #[error("it could not be sealed")]
    Seal(#[source] std::io::Error),
}

/// Seals bytes so that any one of the keys opens them.
pub fn seal(recipients: &[Recipient], plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let mut keys = Vec::new();
    for one in recipients {
        let key: age::x25519::Recipient = one.as_str().parse().map_err(|_| SealError::Recipient(one.fingerprint()))?;
        keys.push(key);
    }
    let keys = keys.iter().map(|key| {
        let key: &dyn age::Recipient = key;
        key
    });
    let encryptor = Encryptor::with_recipients(keys).map_err(|_| SealError::Nobody)?;
    let mut sealed = Vec::with_capacity(plain.len() + 4096);
    let mut writer = encryptor.wrap_output(&mut sealed).map_err(SealError::Seal)?;
    writer.write_all(plain).and_then(|()| writer.finish().map(drop)).map_err(SealError::Seal)?;
    Ok(sealed)
}

/// Opens an envelope with whichever of the private keys fits. Either all of it comes out, or nothing does.
pub fn open(identities: &Identities, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let decryptor = Decryptor::new_buffered(sealed).map_err(|fault| refusal(&fault))?;
    let mut reader = decryptor.decrypt(identities.keys()).map_err(|fault| refusal(&fault))?;
    let mut plain = Vec::with_capacity(sealed.len());
    reader.read_to_end(&mut plain).map_err(|_| SealError::Broken)?;
    Ok(plain)
}

fn refusal(fault: &DecryptError) -> SealError {
    if matches!(fault, DecryptError::NoMatchingKeys) {
        SealError::OtherKeys
    } else if matches!(fault, DecryptError::InvalidHeader | DecryptError::UnknownFormat) {
        SealError::NotAge
    } else {
        SealError::Broken
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use hub_notices::envelope::{Header, LONGEST_HEAD};

    use super::*;

    fn key() -> Identities {
        Identities::none().with_new("2026-06-01T09:00:00Z".parse().unwrap()).unwrap()
    }

    fn head(sealed: &[u8]) -> Header {
        Header::read(&sealed[..sealed.len().min(LONGEST_HEAD)], sealed.len() as u64).unwrap()
    }

    #[test]
    fn any_of_the_keys_opens_it_and_no_other_does() {
        let (one, two, other) = (key(), key(), key());
        let sealed = seal(&[one.newest().unwrap(), two.newest().unwrap()], b"a canary").unwrap();
        assert!(sealed.starts_with(b"age-encryption.org/v1\n-> X25519 "), "binary age v1, X25519 stanzas");
        assert_eq!(head(&sealed).recipients, 2, "the hub counts what age wrote");
        assert!(!String::from_utf8_lossy(&sealed).contains("canary"));
        for mine in [&one, &two, &one.with_new("2026-06-02T09:00:00Z".parse().unwrap()).unwrap()] {
            assert_eq!(open(mine, &sealed).unwrap(), b"a canary");
        }
        assert!(matches!(open(&other, &sealed), Err(SealError::OtherKeys)));
        assert!(matches!(seal(&[], b""), Err(SealError::Nobody)));
    }

    /// Made with the age 1.1.1 of Debian 12: `echo hello | age -r age1…`.
    #[test]
    fn what_the_command_line_tool_sealed_opens_here() {
        let key = "AGE-SECRET-KEY-18M422T9Y3LS5CHVGLREHF6HJMYHTUCX3PZT8NL2LUT9687A5U6NQ3UVDGU";
        let sealed = concat!(
            "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSB0NVdLWDRUSS8xME5IYmdLQUErSUZtUmUxd3o1cjA0cDBPdDRncnlJ",
            "UWlnClFndjhkTkRZdXNOK2FDd1VtQ1VWSTN0cWNpVWFGYmpIM2FNRlExbkYvcTgKLS0tIDcybkZpcGdIQW9DZzNWZktnWjU5",
            "bHY4OFRMTlZyVGM5QXYvR2JKVERkZ3cK21KG5X3Zm71kijqi/Qj+qQSF13n1KdUMbm/3GSWIbxSVpAUVYRQ=",
        );
        let sealed = STANDARD.decode(sealed).unwrap();
        assert_eq!(head(&sealed).recipients, 1);
        assert_eq!(open(&Identities::parse(key.into()).unwrap(), &sealed).unwrap(), b"hello\n");
    }

    #[test]
    fn nothing_comes_out_of_an_envelope_that_was_cut_or_changed() {
        let mine = key();
        let plain = vec![7; 200_000];
        let sealed = seal(&[mine.newest().unwrap()], &plain).unwrap();
        let ends = head(&sealed).bytes;
        for cut in [sealed.len() - 1, sealed.len() - 70_000, ends + 20, ends, ends - 3, 10, 0] {
            assert!(open(&mine, &sealed[..cut]).is_err(), "cut to {cut}");
        }
        for at in [30, ends - 5, ends + 3, ends + 100, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&mine, &changed).is_err(), "changed at {at}");
        }
        assert_eq!(open(&mine, &sealed).unwrap(), plain, "the control");
    }
}
