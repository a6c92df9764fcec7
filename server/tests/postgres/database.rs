//! Where a world keeps its database: here a new one on a real `PostgreSQL`.

use std::sync::Arc;

use ruhu_server::storage::DatabaseAt;

use crate::cluster::{Cluster, run};

pub(crate) struct Fresh {
    pub(crate) url: String,
    // Held so that the server runs for as long as a world stands on it.
    _cluster: Arc<Cluster>,
}

impl Fresh {
    pub(crate) fn new() -> Self {
        let cluster = Cluster::shared();
        Self { url: cluster.database(), _cluster: cluster }
    }

    pub(crate) fn at(&self) -> DatabaseAt {
        self.url.parse::<ruhu_server::storage::postgres::Server>().unwrap().into()
    }

    /// How the command line is told of it.
    pub(crate) fn option(&self) -> [String; 2] {
        ["--database".into(), self.url.clone()]
    }

    /// Changes rows behind the hub's back; how many.
    pub(crate) fn tamper(&self, sql: &str) -> Result<u64, String> {
        run(&self.url, sql)
    }

    /// A column of bytes with another last byte.
    pub(crate) fn flipped(column: &str) -> String {
        format!("substr({column}, 1, length({column}) - 1) || '\\x5a'::bytea")
    }

    /// Bytes as they stand in a statement.
    pub(crate) fn bytes(hex: &str) -> String {
        format!("'\\x{hex}'::bytea")
    }
}
