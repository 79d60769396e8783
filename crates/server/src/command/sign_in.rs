//! Where people sign in, as `serve` is told.

use std::path::{Path, PathBuf};

use clap::Args;
use hub_domain::AuthorityCode;
use hub_pipeline::identity::Role;
use hub_pipeline::identity::person::Rules;
use hub_web::ProviderSettings;
use secrecy::SecretString;
use url::Url;

use super::Stop;
use super::office::parse_authority;
use crate::wire::People;

/// Where people sign in. Without an issuer nobody can.
#[derive(Debug, Args)]
#[command(next_help_heading = "People who sign in")]
pub(super) struct SignIn {
    /// The issuer of people's accounts (OpenID Connect), by its https address.
    #[arg(long = "sign-in-issuer", env = "HUB_SIGN_IN_ISSUER", value_name = "URL", requires = "client_id",
          value_parser = parse_issuer)]
    issuer: Option<Url>,
    /// The hub's client id at the issuer.
    #[arg(long = "sign-in-client-id", env = "HUB_SIGN_IN_CLIENT_ID", value_name = "ID", requires = "issuer")]
    client_id: Option<String>,
    /// A file with the hub's client secret at the issuer, where it has one.
    #[arg(
        long = "sign-in-client-secret-file",
        env = "HUB_SIGN_IN_CLIENT_SECRET_FILE",
        value_name = "FILE",
        requires = "issuer"
    )]
    secret_file: Option<PathBuf>,
    /// Scopes that are asked for.
    #[arg(
        long = "sign-in-scopes",
        env = "HUB_SIGN_IN_SCOPES",
        value_name = "SCOPES",
        default_value = "openid profile"
    )]
    scopes: String,
    /// The claim that names an account for good.
    #[arg(
        long = "sign-in-subject-claim",
        env = "HUB_SIGN_IN_SUBJECT_CLAIM",
        value_name = "CLAIM",
        default_value = "sub"
    )]
    subject: String,
    /// The claim with the person's name.
    #[arg(long = "sign-in-name-claim", env = "HUB_SIGN_IN_NAME_CLAIM", value_name = "CLAIM", default_value = "name")]
    name: String,
    /// The claim with the person's roles.
    #[arg(
        long = "sign-in-roles-claim",
        env = "HUB_SIGN_IN_ROLES_CLAIM",
        value_name = "CLAIM",
        default_value = "roles"
    )]
    roles: String,
    /// The claim with the person's authorities, or with groups that stand for them.
    #[arg(
        long = "sign-in-authorities-claim",
        env = "HUB_SIGN_IN_AUTHORITIES_CLAIM",
        value_name = "CLAIM",
        default_value = "groups"
    )]
    authorities: String,
    /// A role by the issuer's word for it: "Duty desk=host". May be repeated.
    #[arg(long = "sign-in-role", env = "HUB_SIGN_IN_ROLE_MAP", value_name = "WORD=ROLE", value_delimiter = ';',
          value_parser = parse_role)]
    role_names: Vec<(String, Role)>,
    /// An authority by the issuer's word for it, such as a group's id: 6f1d…=E09000023. May be repeated.
    #[arg(long = "sign-in-authority", env = "HUB_SIGN_IN_AUTHORITY_MAP", value_name = "WORD=CODE", value_delimiter = ';',
          value_parser = parse_word)]
    authority_names: Vec<(String, AuthorityCode)>,
}

impl SignIn {
    /// Where people sign in: at the issuer that was named, or nowhere. The demonstration's own accounts cannot be named.
    pub(super) fn people(self) -> Result<People, Stop> {
        let (Some(issuer), Some(client_id)) = (self.issuer, self.client_id) else {
            return Ok(People::Nowhere);
        };
        let client_secret = self.secret_file.as_deref().map(read).transpose()?;
        let rules = Rules {
            subject: self.subject,
            name: self.name,
            roles: self.roles,
            authorities: self.authorities,
            role_names: self.role_names.into_iter().collect(),
            authority_names: self.authority_names.into_iter().collect(),
        };
        let settings = ProviderSettings { issuer, client_id, client_secret, scopes: self.scopes, rules };
        Ok(People::At(Box::new(settings)))
    }
}

fn read(path: &Path) -> Result<SecretString, Stop> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| Stop::Usage(format!("{} cannot be read: {error}", path.display())))?;
    Ok(text.trim().to_owned().into())
}

fn parse_issuer(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "it is not a URL".to_owned())?;
    let is_plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if url.scheme() == "https" && is_plain {
        Ok(url)
    } else {
        Err("give an https address without query, fragment or user: accounts over plain HTTP are anybody's".to_owned())
    }
}

fn parse_role(text: &str) -> Result<(String, Role), String> {
    let (word, role) = text.rsplit_once('=').ok_or("write it as WORD=host")?;
    Ok((
        word.trim().to_owned(),
        role.trim().parse().map_err(|error: hub_pipeline::identity::UnknownRole| error.to_string())?,
    ))
}

fn parse_word(text: &str) -> Result<(String, AuthorityCode), String> {
    let (word, code) = text.rsplit_once('=').ok_or("write it as WORD=E09000023")?;
    Ok((word.trim().to_owned(), parse_authority(code.trim())?))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Told {
        #[command(flatten)]
        sign_in: SignIn,
    }

    fn people(args: &[&str]) -> Result<People, String> {
        let told = Told::try_parse_from(std::iter::once(&"hub").chain(args)).map_err(|error| error.to_string())?;
        told.sign_in.people().map_err(|_| "refused".to_owned())
    }

    #[test]
    fn people_sign_in_at_an_issuer_over_tls_or_nowhere() {
        assert!(matches!(people(&[]), Ok(People::Nowhere)));
        let good = [
            "--sign-in-issuer",
            "https://login.example/council/v2.0",
            "--sign-in-client-id",
            "hub",
            "--sign-in-role",
            "Duty desk=host",
            "--sign-in-authority",
            "6f1d=kent",
        ];
        let Ok(People::At(settings)) = people(&good) else { panic!("refused") };
        assert_eq!(settings.rules.role_names["Duty desk"], Role::Host);
        assert_eq!(settings.rules.authority_names["6f1d"].to_string(), "E10000016");
        assert_eq!(settings.rules.authorities, "groups");
    }

    #[test]
    fn no_flag_opens_the_demonstrations_accounts() {
        for issuer in ["http://127.0.0.1:8080/demonstration", "http://login.example", "demonstration", "https://a@b"] {
            assert!(people(&["--sign-in-issuer", issuer, "--sign-in-client-id", "hub"]).is_err(), "{issuer}");
        }
        assert!(people(&["--sign-in-issuer", "https://login.example"]).is_err(), "without a client id");
        assert!(people(&["--sign-in-client-id", "hub"]).is_err(), "without an issuer");
    }
}
