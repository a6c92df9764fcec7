//! Which server, as whom, and whether the way there is encrypted.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::storage::db::DbError;

/// A node gives up on a server that does not answer at all after this long.
const CONNECT: Duration = Duration::from_secs(10);
/// A silent connection is probed after this long, so that a server that vanished is noticed.
const PROBE: Duration = Duration::from_secs(30);

/// A `PostgreSQL` server, from an address such as `postgres://ruhu@db.county.example/ruhu`.
#[derive(Clone)]
pub struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    shown: String,
    keys: Option<PathBuf>,
}

/// Why an address of a database cannot be used. The address is not repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum UrlError {
    /// Not an address of a `PostgreSQL` server.
    #[error(
        "数据库地址应为 postgres://用户@主机/库名 / the address of a database is postgres://user@host/name: {0}"
    )]
    Shape(DbError),
    /// The file that `sslrootcert` names could not be used.
    #[error("读取数据库的根证书 {path} / read the root certificate of the database {path}: {why}")]
    Roots {
        /// Which.
        path: PathBuf,
        /// Why.
        why: DbError,
    },
    /// Encryption could not be set up.
    #[error("准备到数据库的加密连接 / prepare the encrypted connection to the database: {0}")]
    Tls(DbError),
}

impl Server {
    /// The folder of the outer key, which lies outside the database.
    #[must_use]
    pub fn keys(&self) -> Option<&Path> {
        self.keys.as_deref()
    }

    /// With this folder for the outer key, unless the address named one.
    #[must_use]
    pub fn or_keys_in(mut self, folder: &Path) -> Self {
        self.keys.get_or_insert_with(|| folder.to_owned());
        self
    }

    pub(super) fn connect(&self) -> Result<Client, DbError> {
        Ok(match &self.tls {
            Some(tls) => self.config.connect(tls.clone())?,
            None => self.config.connect(NoTls)?,
        })
    }
}

impl FromStr for Server {
    type Err = UrlError;

    fn from_str(url: &str) -> Result<Self, UrlError> {
        let (url, roots) = without(url, "sslrootcert=");
        let (url, keys) = without(&url, "keys=");
        let mut config: Config = url.parse().map_err(|why: postgres::Error| UrlError::Shape(why.into()))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(UrlError::Shape(DbError::new("no host; for a socket say ?host=/var/run/postgresql")));
        }
        config.application_name("ruhu").keepalives_idle(PROBE);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        // Names of households cross this line: in the open only on this machine, or when somebody said so.
        let leaves = config.get_hosts().iter().any(leaves_this_machine) || !config.get_hostaddrs().is_empty();
        if leaves && !url.contains("sslmode=") {
            config.ssl_mode(SslMode::Require);
        }
        let encrypted = match config.get_ssl_mode() {
            SslMode::Disable => false,
            SslMode::Require => true,
            _ => leaves,
        };
        let tls = if encrypted { Some(tls(roots.as_deref())?) } else { None };
        let shown = shown(&config);
        Ok(Self { config, tls, shown, keys })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// The address without `sslrootcert=FILE` or `keys=FOLDER`, which the client library does not know, and what that names.
fn without(url: &str, name: &str) -> (String, Option<PathBuf>) {
    let Some((head, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let (named, rest): (Vec<&str>, Vec<&str>) = query.split('&').partition(|part| part.starts_with(name));
    let named = named.first().and_then(|part| part.split_once('=')).map(|(_, path)| PathBuf::from(path));
    (format!("{head}?{}", rest.join("&")), named)
}

fn leaves_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name != "localhost"
                && name.parse::<std::net::IpAddr>().map_or(true, |address| !address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => false,
    }
}

/// Trusts the file alone, or without one what this machine trusts.
fn tls(roots: Option<&Path>) -> Result<MakeRustlsConnect, UrlError> {
    let failed = |why: rustls::Error| UrlError::Tls(DbError::new(why.to_string()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    let builder = match roots {
        Some(path) => builder.with_root_certificates(read_roots(path)?),
        None => builder.with_platform_verifier().map_err(failed)?,
    };
    Ok(MakeRustlsConnect::new(builder.with_no_client_auth()))
}

fn read_roots(path: &Path) -> Result<RootCertStore, UrlError> {
    let failed = |why: String| UrlError::Roots { path: path.to_owned(), why: DbError::new(why) };
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(path).map_err(|why| failed(why.to_string()))? {
        let root = root.map_err(|why| failed(why.to_string()))?;
        roots.add(root).map_err(|why| failed(why.to_string()))?;
    }
    if roots.is_empty() { Err(failed("no certificate in it".to_owned())) } else { Ok(roots) }
}

/// The address for people and logs: user, host and name, never the password.
fn shown(config: &Config) -> String {
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        })
        .chain(config.get_hostaddrs().iter().map(ToString::to_string))
        .collect();
    let user = config.get_user().map_or_else(String::new, |user| format!("{user}@"));
    format!("postgres://{user}{}/{}", hosts.join(","), config.get_dbname().unwrap_or_default())
}
