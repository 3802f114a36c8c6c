//! `serve`: the server itself.

use std::{
    io,
    net::IpAddr,
    path::{Path, PathBuf},
};

use clap::Args;
use shared::{
    ids::PersonId,
    people::{Person, Role},
};
use uuid::Uuid;

use super::{CliError, ListenArgs, begin_company, link};
use crate::store::{Store, devices, people};

/// Name of the administrator that an empty folder begins with.
const FIRST_ADMIN: &str = "管理员";

#[derive(Args, Debug)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    listen: ListenArgs,
    /// Certificate chain (PEM), to serve HTTPS
    #[arg(long, value_name = "FILE.pem")]
    tls_cert: Option<PathBuf>,
    /// Its private key (PEM)
    #[arg(long, value_name = "FILE.pem")]
    tls_key: Option<PathBuf>,
    /// Address under which phones reach the server, for sign-in links
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Name of the company, where this begins the ledger
    #[arg(long, default_value = "公司")]
    company: String,
}

/// What serving needs beside the store.
pub(super) struct Serving {
    listen: ListenArgs,
    tls: Option<(PathBuf, PathBuf)>,
    public_url: String,
}

impl From<ListenArgs> for Serving {
    fn from(listen: ListenArgs) -> Self {
        let public_url = format!("http://localhost:{}", listen.port);
        Self {
            listen,
            tls: None,
            public_url,
        }
    }
}

pub(super) fn run(data: &Path, args: ServeArgs) -> Result<(), CliError> {
    let tls = match (args.tls_cert, args.tls_key) {
        (Some(cert), Some(key)) => Some((cert, key)),
        (None, None) => None,
        _ => return Err(CliError::HalfTls),
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let public_url = match &args.public_url {
        Some(url) => link::check_url(url)?,
        None => format!("{scheme}://localhost:{}", args.listen.port),
    };
    let store = Store::open(data)?;
    begin_company(&store, &args.company)?;
    if let Some(admin) = first_admin(&store)? {
        println!("Nobody has signed in yet. This link makes you the administrator:");
        link::print(&link::make(&store, admin, &public_url)?);
    }
    serve_until_stopped(
        data,
        store,
        Serving {
            listen: args.listen,
            tls,
            public_url,
        },
    )
}

/// The administrator to whom a link is owed: nobody else is there, and no device has been enrolled.
fn first_admin(store: &Store) -> Result<Option<PersonId>, CliError> {
    let (everybody, devices) =
        store.read(|conn| Ok::<_, CliError>((people::all(conn)?, devices::all(conn)?.len())))?;
    match everybody.as_slice() {
        [] => {
            let id = PersonId(Uuid::now_v7());
            let person = Person {
                id,
                name: FIRST_ADMIN.to_owned(),
                role: Role::Admin,
                phone: String::new(),
                active: true,
            };
            store.write(|tx| people::add(tx, &person).map_err(CliError::from))?;
            Ok(Some(id))
        }
        [only] if only.role == Role::Admin && only.active && devices == 0 => Ok(Some(only.id)),
        _ => Ok(None),
    }
}

/// The sentence for a port that can't be listened on.
pub(super) fn listen_error(host: IpAddr, port: u16, error: &io::Error) -> CliError {
    match error.kind() {
        io::ErrorKind::AddrInUse => CliError::PortInUse(port),
        _ => CliError::Listen(format!("{host}:{port}"), error.to_string()),
    }
}

/// Serves until Ctrl-C or SIGTERM.
pub(super) fn serve_until_stopped(
    data: &Path,
    store: Store,
    serving: Serving,
) -> Result<(), CliError> {
    let _ = (
        data,
        store,
        serving.tls,
        serving.public_url,
        serving.listen.web,
    );
    Err(CliError::Serve("not wired".to_owned()))
}
