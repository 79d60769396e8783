//! How the agent gets out: proxies and certificates, from the command line, the settings and the environment.

use std::path::PathBuf;

use clap::Args;

use super::Stop;
use crate::hub::Connection;
use crate::settings::Settings;

/// Ways out that every command has.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Network {
    /// Go out by this proxy, http://host:port; otherwise by `proxy` of the settings, otherwise by HTTPS_PROXY.
    #[arg(long, global = true, value_name = "URL", help_heading = "Network")]
    proxy: Option<String>,
    /// Hosts to reach without a proxy, separated by commas; otherwise `no_proxy` of the settings.
    #[arg(
        long,
        global = true,
        value_name = "HOSTS",
        env = "NO_PROXY",
        hide_env_values = true,
        help_heading = "Network"
    )]
    no_proxy: Option<String>,
    /// A PEM file of certificate authorities to trust too, such as the council's own; otherwise `ca_certificate` of the
    /// settings.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Network")]
    pub(super) ca: Option<PathBuf>,
    #[arg(long, global = true, hide = true, env = "HTTPS_PROXY", hide_env_values = true)]
    environment_proxy: Option<String>,
    #[arg(long, global = true, hide = true, env = "https_proxy", hide_env_values = true)]
    environment_proxy_small: Option<String>,
    #[arg(long, global = true, hide = true, env = "no_proxy", hide_env_values = true)]
    no_proxy_small: Option<String>,
}

impl Network {
    /// Tells a connection the way out.
    pub(super) fn lead(&self, connection: &mut Connection, settings: &Settings) -> Result<(), Stop> {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        connection.proxy = filled(&self.proxy).or_else(|| settings.proxy.clone());
        connection.environment_proxy =
            filled(&self.environment_proxy).or_else(|| filled(&self.environment_proxy_small));
        let without = settings.no_proxy.clone().or_else(|| filled(&self.no_proxy));
        connection.no_proxy = without.or_else(|| filled(&self.no_proxy_small));
        if let Some(path) = self.certificates(settings) {
            let fault =
                |source| Stop::Io { what: format!("the certificates {} cannot be read", path.display()), source };
            connection.ca_certificate = Some(std::fs::read(path).map_err(fault)?);
        }
        Ok(())
    }

    /// The file of further certificates, if one is named.
    pub(super) fn certificates<'a>(&'a self, settings: &'a Settings) -> Option<&'a PathBuf> {
        self.ca.as_ref().or(settings.ca_certificate.as_ref())
    }

    /// By which proxy the hub is reached, in words.
    pub(super) fn way(&self, settings: &Settings) -> String {
        let named = self.proxy.as_ref().or(settings.proxy.as_ref());
        if named.is_some() {
            return "by the proxy that is named".to_owned();
        }
        let environment = self.environment_proxy.as_ref().or(self.environment_proxy_small.as_ref());
        let is_there = environment.is_some_and(|text| !text.trim().is_empty());
        if is_there { "by HTTPS_PROXY".to_owned() } else { "without a proxy".to_owned() }
    }
}
