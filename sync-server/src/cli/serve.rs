//! `serve`: the server itself.

use std::{
    io,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use shared::{
    ids::PersonId,
    people::{Person, Role},
};
use tracing_subscriber::EnvFilter;
use uuid::Uuid;

use super::{CliError, ListenArgs, begin_company, link};
use crate::{
    serve::{self, Options, Server, TlsFiles},
    store::{Store, devices, people},
};

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

pub(super) fn run(data: &Path, args: ServeArgs) -> Result<(), CliError> {
    let tls = match (args.tls_cert, args.tls_key) {
        (Some(cert), Some(key)) => Some(TlsFiles { cert, key }),
        (None, None) => None,
        _ => return Err(CliError::HalfTls),
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let public_url = args
        .public_url
        .as_deref()
        .map(link::check_url)
        .transpose()?;
    // Port and certificate first, so that nothing is made when they can't be used.
    let listener = serve::listen(args.listen.host, args.listen.port)?;
    if let Some(files) = &tls {
        runtime()?.block_on(serve::check_tls(files))?;
    }
    let port = listener.local_addr().map_or(args.listen.port, |a| a.port());
    let links_begin_with = public_url
        .clone()
        .unwrap_or_else(|| format!("{scheme}://localhost:{port}"));
    let store = Store::open(data)?;
    begin_company(&store, &args.company)?;
    println!("Huikuan serves {} at {links_begin_with}", data.display());
    if let Some(admin) = first_admin(&store)? {
        println!("Nobody has signed in yet. This link makes you the administrator:");
        link::print(&link::make(&store, admin, &links_begin_with)?);
    }
    let options = Options {
        web: args.listen.web,
        tls,
        public_url,
    };
    serve_until_stopped(store, listener, options)
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

/// Serves until Ctrl-C or SIGTERM.
pub(super) fn serve_until_stopped(
    store: Store,
    listener: TcpListener,
    options: Options,
) -> Result<(), CliError> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    // Fails only if somebody installed one already.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .try_init();
    runtime()?.block_on(async {
        let server = Server::start(Arc::new(store), listener, options).await?;
        serve::stop_signal().await;
        server.shutdown().await.map_err(CliError::from)
    })
}

fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::Runtime(e.to_string()))
}
