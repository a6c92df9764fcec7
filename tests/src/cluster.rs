//! 数据库服务 – a real `PostgreSQL` for the length of some tests: its own folder, its own socket, no port, as a user
//! without rights.
//!
//! The server runs under a shell that waits on a pipe; when the test goes away, in whatever way, the pipe closes and
//! the shell stops the server. Where the programs are missing the tests fail and say what to install; without them,
//! `cargo test --workspace -- --skip on_postgres` runs all the rest.

use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use postgres::{Client, NoTls};

/// 数据库服务 – a server that stops when this is dropped.
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    owner: Option<(u32, u32)>,
    running: Mutex<Option<Child>>,
    databases: AtomicU32,
}

/// Starts the server, says so, stops it when the pipe closes; `$1` is the program, `$2` the folder.
const KEEPER: &str =
    "\"$1\" -D \"$2/data\" -k \"$2\" -c listen_addresses= -c fsync=off -c max_connections=300 \
     -c shared_buffers=32MB 2>>\"$2/log\" & server=$!
     while ! \"$(dirname \"$1\")\"/pg_isready -q -h \"$2\" -d postgres; do
         kill -0 $server 2>/dev/null || exit 1; read -t 0.05 nothing </dev/zero; done
     echo ready; read stop; kill -INT $server; wait $server";

impl Cluster {
    /// The server all tests of a program share; it stops when the last of them lets go.
    #[must_use]
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let started = Arc::new(Self::start());
            *shared = Arc::downgrade(&started);
            started
        })
    }

    /// A server of one's own, to stop and start again.
    #[must_use]
    pub fn start() -> Self {
        let programs = programs().expect(
            "没有找到 PostgreSQL,请先 apt-get install postgresql / PostgreSQL was not found: apt-get install \
             postgresql, or leave these tests out with `cargo test --workspace -- --skip on_postgres`",
        );
        let folder = tempfile::Builder::new().prefix("ruhu-pg-").tempdir().unwrap();
        // initdb refuses to run as root; the package brings a user for it.
        let owner =
            is_root(folder.path()).then(|| postgres_user().expect("the package made a user `postgres`"));
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group)).unwrap();
            std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o700)).unwrap();
        }
        let own = Self { folder, programs, owner, running: Mutex::new(None), databases: AtomicU32::new(0) };
        let data = own.folder.path().join("data");
        // Another collation than bytes, as a county's server has: what has to sort by bytes must say so itself.
        let made = own
            .command(&own.programs.join("initdb"))
            .args(["-U", "ruhu", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"])
            .args(["--locale-provider=icu", "--icu-locale=zh", "-D"])
            .arg(&data)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        own.run();
        own
    }

    /// Starts the server again after [`Cluster::stop`].
    pub fn run(&self) {
        let mut keeper = self.command(Path::new("/bin/bash"));
        keeper.args(["-c", KEEPER, "ruhu"]).arg(self.programs.join("postgres")).arg(self.folder.path());
        let mut keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        let mut out = std::io::BufReader::new(keeper.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut out, &mut said).unwrap();
        let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert_eq!(said, "ready\n", "PostgreSQL did not start: {}", log());
        *self.running.lock().unwrap() = Some(keeper);
    }

    /// Stops the server; whoever is connected is thrown out.
    pub fn stop(&self) {
        let keeper = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut keeper) = keeper {
            // The keeper may be gone already when a test ends badly.
            drop(keeper.stdin.take().map(|mut pipe| pipe.write_all(b"stop\n")));
            drop(keeper.wait());
        }
    }

    /// The address of a new, empty database.
    #[must_use]
    pub fn database(&self) -> String {
        let name = format!("ruhu{}", self.databases.fetch_add(1, Ordering::Relaxed));
        run(&self.address("postgres"), &format!("CREATE DATABASE {name}")).unwrap();
        self.address(&name)
    }

    fn address(&self, name: &str) -> String {
        // What is sealed needs a folder for its key, one for each database.
        let keys = self.folder.path().join(format!("keys-{name}"));
        std::fs::create_dir_all(&keys).unwrap();
        format!("postgres://ruhu@/{name}?host={}&keys={}", self.folder.path().display(), keys.display())
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("LC_ALL", "C.UTF-8");
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs one statement on a database, beside the hub; the rows it changed, or what the database said.
///
/// # Errors
/// What the database said.
pub fn run(address: &str, sql: &str) -> Result<u64, String> {
    // The folder of keys is the hub's own word.
    let address = address.split("&keys=").next().unwrap_or_default();
    let mut client = Client::connect(address, NoTls).map_err(|why| format!("{why:?}"))?;
    client.execute(sql, &[]).map_err(|why| format!("{why:?}"))
}

/// The newest `PostgreSQL` of Debian, else the one on the path.
fn programs() -> Option<PathBuf> {
    let packaged = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut packaged: Vec<PathBuf> = packaged.map(|version| version.path().join("bin")).collect();
    packaged.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = packaged.into_iter().rev().chain(std::env::split_paths(&path));
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

fn is_root(folder: &Path) -> bool {
    std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(folder).unwrap()) == 0
}

fn postgres_user() -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let mut fields = users.lines().find(|line| line.starts_with("postgres:"))?.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
