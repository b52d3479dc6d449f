//! A private PostgreSQL server for as long as a test needs it.
//!
//! The server keeps its data in a temporary folder and listens on a free port of this machine. PostgreSQL refuses to run for
//! root, so that there it runs for the user `postgres`, or `nobody`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{run, try_run};

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Server {
    port: u16,
    process: Child,
    programs: PathBuf,
    // Removed after the server has stopped, because fields are dropped after `drop`.
    _folder: tempfile::TempDir,
}

impl Server {
    /// Starts a server.
    ///
    /// # Panics
    ///
    /// If PostgreSQL is not installed or does not start: what needs it is never skipped.
    pub fn start() -> Self {
        let programs = programs().unwrap_or_else(|| {
            panic!(
                "no PostgreSQL server was found (looked for `initdb` and `postgres` on PATH and in \
                 /usr/lib/postgresql/*/bin, /opt/homebrew and /usr/local); install one (`apt-get install postgresql`)"
            )
        });
        let folder = tempfile::Builder::new().prefix("umlaut-postgres-").tempdir().unwrap();
        let user = other_user();
        if let Some(user) = &user {
            run(Command::new("chown").arg(user).arg(folder.path()));
        }
        let (data, log) = (folder.path().join("data"), folder.path().join("log"));
        run(program(user.as_deref(), &programs.join("initdb"), folder.path())
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"])
            .arg(&data));

        // A port that is free now may be taken when the server wants it.
        for _ in 0..5 {
            let port = free_port();
            let mut process = program(user.as_deref(), &programs.join("postgres"), folder.path())
                .arg("-D")
                .arg(&data)
                .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
                .args(["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"])
                .stdout(Stdio::null())
                // A pipe that nobody reads would fill up and stop the server.
                .stderr(std::fs::File::create(&log).unwrap())
                .spawn()
                .unwrap();
            if wait(&programs, port, &mut process) {
                return Self { port, process, programs, _folder: folder };
            }
            let said = std::fs::read_to_string(&log).unwrap();
            assert!(said.contains("could not bind"), "PostgreSQL did not start:\n{said}");
        }
        panic!("PostgreSQL found no free port")
    }

    /// The address of a database of the server, as Django's environment variable takes it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database and gives its address.
    pub fn create(&self, database: &str) -> String {
        run(Command::new(self.programs.join("createdb")).args([
            "-h",
            "127.0.0.1",
            "-U",
            "postgres",
            "-p",
            &self.port.to_string(),
            database,
        ]));
        self.url(database)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown; the process is ours, by its id.
        let asked = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            self.process.kill().ok();
        }
        self.process.wait().ok();
    }
}

/// Waits until the server answers; `false` if it ended instead.
fn wait(programs: &Path, port: u16, process: &mut Child) -> bool {
    for _ in 0..600 {
        if process.try_wait().unwrap().is_some() {
            return false;
        }
        let mut ready = Command::new(programs.join("pg_isready"));
        if try_run(ready.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])).status.success() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    process.kill().ok();
    process.wait().ok();
    false
}

/// The folder that has the server's programs.
fn programs() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    for parent in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"] {
        let mut versions: Vec<_> =
            std::fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
    }
    let needed = ["initdb", "postgres", "pg_isready", "createdb"];
    folders.into_iter().find(|folder| needed.iter().all(|name| folder.join(name).is_file()))
}

/// The user to run as, if we are root.
fn other_user() -> Option<String> {
    let id = |args: &[&str]| {
        let output = try_run(Command::new("id").args(args));
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if id(&["-u"])? != "0" {
        return None;
    }
    let user = ["postgres", "nobody"].into_iter().find(|user| id(&["-u", user]).is_some());
    assert!(user.is_some(), "PostgreSQL does not run for root, and there is no user `postgres` or `nobody`");
    user.map(str::to_owned)
}

/// `program`, run by `user` without a process in between, so that its id is the server's.
fn program(user: Option<&str>, program: &Path, cwd: &Path) -> Command {
    let mut command = match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", user, "--regid", &group(user), "--clear-groups", "--"]).arg(program);
            command
        }
    };
    command.current_dir(cwd).env("LC_ALL", "C");
    command
}

/// The id of the user's first group.
fn group(user: &str) -> String {
    String::from_utf8_lossy(&run(Command::new("id").args(["-g", user])).stdout).trim().to_owned()
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_private_server_answers_and_stops() {
    let server = Server::start();
    let url = server.create("judged");
    let script = "import os, psycopg; print(psycopg.connect(os.environ['U']).execute('select 6 * 7').fetchone()[0])";
    let output = super::python::python(&["-c", script], super::root(), &[("U", &url)]);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "42");
    let port = server.port;
    drop(server);
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "the server still listens");
}
