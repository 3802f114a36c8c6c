//! Starting and stopping: a listener, the ledger, the router; every failure one clear sentence.

use std::{
    io,
    net::{IpAddr, SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum_server::{Handle, tls_rustls::RustlsConfig};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinHandle,
};

use crate::{
    auth::EnrolLimiter,
    blobs::Blobs,
    router,
    state::{AppState, PLACES, WRITERS},
    store::{Store, StoreError, cases, company, curve, promises},
};

/// How long open requests may go on when the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// Connections that may wait to be taken (the system may allow fewer): a whole company of phones that come
/// back in the same moment. One that finds no room tries again a second later.
const WAITING: i32 = 4_096;
/// How often the server looks whether a command beside it has written into the ledger.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it looks whether a new business day has begun.
const DAY_EVERY: Duration = Duration::from_secs(300);

/// Certificate and key, PEM files.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// Certificate chain.
    pub cert: PathBuf,
    /// Private key.
    pub key: PathBuf,
}

/// What `serve` needs.
#[derive(Clone, Debug)]
pub struct ServeConfig {
    /// Data folder.
    pub data: PathBuf,
    /// Address to listen on.
    pub host: IpAddr,
    /// Port; 0 takes a free one.
    pub port: u16,
    /// Folder with the client's files, if it is to be served.
    pub web: Option<PathBuf>,
    /// HTTPS instead of HTTP.
    pub tls: Option<TlsFiles>,
    /// Address that links begin with, for example `https://ledger.example.com`.
    pub public_url: Option<String>,
}

/// How a server differs from the plain one.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folder with the client's files, if it is to be served.
    pub web: Option<PathBuf>,
    /// HTTPS instead of HTTP.
    pub tls: Option<TlsFiles>,
    /// Address that links begin with.
    pub public_url: Option<String>,
}

/// Why the server can't be started, or stopped running.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Somebody else listens there.
    #[error("port {port} is in use by another program: stop it, or choose another port")]
    PortInUse {
        /// Which.
        port: u16,
    },
    /// The address can't be listened on.
    #[error("can't listen on {address}: {reason}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        reason: io::Error,
    },
    /// The client's folder has no page.
    #[error("{path} has no index.html: build the client first")]
    NoClient {
        /// Which.
        path: PathBuf,
    },
    /// Certificate or key can't be used.
    #[error("certificate {cert} or key {key} can't be used: {reason}")]
    Tls {
        /// Certificate file.
        cert: PathBuf,
        /// Key file.
        key: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// The ledger can't be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The network failed while serving.
    #[error("the server stopped: {0}")]
    Stopped(io::Error),
}

impl ServeError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PortInUse { .. } => "serve.port_in_use",
            Self::Listen { .. } => "serve.listen",
            Self::NoClient { .. } => "serve.no_client",
            Self::Tls { .. } => "serve.tls",
            Self::Store(error) => error.code(),
            Self::Stopped(_) => "serve.stopped",
        }
    }
}

/// Takes the port.
pub fn listen(host: IpAddr, port: u16) -> Result<TcpListener, ServeError> {
    let address = SocketAddr::new(host, port);
    let bound = TcpListener::bind(address).and_then(|listener| {
        // Again with more room than the 128 of the standard library.
        socket2::SockRef::from(&listener).listen(WAITING)?;
        Ok(listener)
    });
    bound.map_err(|reason| match reason.kind() {
        io::ErrorKind::AddrInUse => ServeError::PortInUse { port },
        _ => ServeError::Listen { address, reason },
    })
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    handle: Handle<SocketAddr>,
    stop: watch::Sender<bool>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Starts serving a ledger on a listener (inside a tokio runtime).
    pub async fn start(
        store: Arc<Store>,
        listener: TcpListener,
        options: Options,
    ) -> Result<Self, ServeError> {
        if let Some(path) = &options.web
            && !path.join("index.html").is_file()
        {
            return Err(ServeError::NoClient { path: path.clone() });
        }
        let tls = match &options.tls {
            Some(files) => Some(tls_config(files).await?),
            None => None,
        };
        let (stop, stopping) = watch::channel(false);
        let state = AppState {
            blobs: Arc::new(Blobs::new(store.dir())),
            store: Arc::clone(&store),
            enrol_limiter: Arc::new(EnrolLimiter::default()),
            desk_sessions: Arc::default(),
            web: options.web,
            public_url: options.public_url,
            tls: tls.is_some(),
            places: Arc::new(Semaphore::new(PLACES)),
            writers: Arc::new(Semaphore::new(WRITERS)),
            stopping,
        };
        listener
            .set_nonblocking(true)
            .map_err(ServeError::Stopped)?;
        let addr = listener.local_addr().map_err(ServeError::Stopped)?;
        let handle = Handle::new();
        let service = router::router(state.clone()).into_make_service();
        let serving = handle.clone();
        let task = match tls {
            Some(config) => {
                let server =
                    axum_server::from_tcp_rustls(listener, config).map_err(ServeError::Stopped)?;
                tokio::spawn(server.handle(serving).serve(service))
            }
            None => {
                let server = axum_server::from_tcp(listener).map_err(ServeError::Stopped)?;
                tokio::spawn(server.handle(serving).serve(service))
            }
        };
        tokio::spawn(look_for_growth(state.clone()));
        tokio::spawn(begin_days(state));
        Ok(Self {
            addr,
            handle,
            stop,
            task,
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Stops it: live channels end, open requests may finish.
    pub async fn shutdown(self) -> Result<(), ServeError> {
        self.stop.send_replace(true);
        self.handle.graceful_shutdown(Some(GRACE));
        match self.task.await {
            Ok(result) => result.map_err(ServeError::Stopped),
            Err(_) => Ok(()),
        }
    }
}

/// Can certificate and key be used? Whoever is about to begin a ledger asks before that.
pub async fn check_tls(files: &TlsFiles) -> Result<(), ServeError> {
    tls_config(files).await.map(drop)
}

async fn tls_config(files: &TlsFiles) -> Result<RustlsConfig, ServeError> {
    // Fails only if a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    RustlsConfig::from_pem_file(&files.cert, &files.key)
        .await
        .map_err(|reason| ServeError::Tls {
            cert: files.cert.clone(),
            key: files.key.clone(),
            reason,
        })
}

/// Commands that run beside the server write into the same ledger: devices hear of it, too.
async fn look_for_growth(mut state: AppState) {
    loop {
        tokio::select! {
            _ = state.stopping.wait_for(|stopping| *stopping) => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let _ = state.blocking(|store| Ok(store.look_for_growth()?)).await;
    }
}

/// A new day may break promises without any new fact, and brings the company's own curve up to date.
async fn begin_days(mut state: AppState) {
    let mut done = None;
    loop {
        let store = Arc::clone(&state.store);
        let before = done;
        let today = tokio::task::spawn_blocking(move || begin_day(&store, before)).await;
        match today {
            Ok(Ok(day)) => done = day,
            Ok(Err(error)) => tracing::error!(code = error.code(), "promises were not judged"),
            Err(_) => {}
        }
        tokio::select! {
            _ = state.stopping.wait_for(|stopping| *stopping) => return,
            () = tokio::time::sleep(DAY_EVERY) => {}
        }
    }
}

fn begin_day(
    store: &Store,
    done: Option<shared::day::Day>,
) -> Result<Option<shared::day::Day>, StoreError> {
    let Some(company) = store.read(company::get)? else {
        return Ok(None);
    };
    let today = shared::day::Day::of(crate::clock::now(), company.utc_offset_minutes);
    match done {
        Some(day) if day == today => Ok(done),
        _ => {
            let day = promises::begin_day(store)?;
            store.write(cases::send_all)?;
            curve::renew(store)?;
            Ok(day)
        }
    }
}

/// Serves until the process is told to stop (Ctrl-C or SIGTERM).
pub async fn serve(config: ServeConfig) -> Result<(), ServeError> {
    let listener = listen(config.host, config.port)?;
    let store = Arc::new(Store::open(&config.data)?);
    let options = Options {
        web: config.web,
        tls: config.tls,
        public_url: config.public_url,
    };
    let server = Server::start(store, listener, options).await?;
    tracing::info!(address = %server.addr(), "serving");
    stop_signal().await;
    tracing::info!("stopping");
    server.shutdown().await
}

/// Resolves when the process is told to stop.
pub async fn stop_signal() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminate => {}
    }
}
