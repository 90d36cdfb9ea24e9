//! `linli serve`: the house opens its doors.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use super::Outcome;
use super::installation::Installation;
use crate::doors;
use crate::keeping::{self, checkpoints};
use foundation::communities;
use foundation::database::Community;
use foundation::house::House;
use foundation::keys::KeyError;

/// How often due jobs are looked for; an expiry may be this late.
const JOBS_EVERY: Duration = Duration::from_secs(1);
/// How often the ledgers' heads are looked at; they are signed every 256 events or
/// ten minutes.
const CHECKPOINTS_EVERY: Duration = Duration::from_secs(20);
/// How often the database learns anew how its tables are filled.
const STUDY_EVERY: Duration = Duration::from_secs(3_600);
/// How long answers in progress may take after the house was told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// `linli serve`
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The address to listen on; a reverse proxy carries TLS
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// The address that people type, such as https://linli.example: links and cookies
    /// are made for it
    #[arg(long, value_name = "URL", env = "LINLI_PUBLIC_URL")]
    pub public_url: Option<url::Url>,
    /// A reverse proxy whose X-Forwarded-For and X-Forwarded-Proto are believed; may be
    /// given several times
    #[arg(long, value_name = "IP")]
    pub trusted_proxy: Vec<IpAddr>,
    /// An OpenAI-compatible address of chat completions that may say the assistant's answers in
    /// other words, where a compound chooses so; its key is read from LINLI_REWORD_KEY
    #[arg(long, value_name = "URL", env = "LINLI_REWORD_URL")]
    pub reword_url: Option<url::Url>,
    /// The model that it is asked for
    #[arg(
        long,
        value_name = "NAME",
        env = "LINLI_REWORD_MODEL",
        default_value = ""
    )]
    pub reword_model: String,
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    let house = installation.open().await?;
    prepare(&house).await?;
    let listener = listen(args.listen).await?;
    eprintln!("linli serves http://{}", listener.local_addr()?);
    if let Some(link) = accounts::first_operator_link(&house).await? {
        eprintln!(
            "This is a new house. The first operator signs in here, once, within 24 hours:\n  \
             http://{}{link}",
            listener.local_addr()?
        );
    }
    if let Some(url) = args.reword_url {
        let key = std::env::var("LINLI_REWORD_KEY").unwrap_or_default();
        let model = args.reword_model;
        assistant::reword::through(&house, assistant::reword::Endpoint { url, key, model });
    }
    let settings = doors::web::Settings {
        public_url: args.public_url,
        trusted_proxies: args.trusted_proxy,
        tls: false,
    };
    remember_address(&house, &settings).await?;
    serve(house, listener, settings).await?;
    Ok(Outcome::Sound)
}

/// What must be done before any door opens: the rooms know each other, whoever was erased stays
/// erased.
pub async fn prepare(house: &House) -> anyhow::Result<()> {
    doors::handover::stand(house);
    rights::replay(house).await?;
    membership::pictures::at_start(house).await?;
    fees::exchange::arm_all(house).await?;
    notices::jobs::plan_greetings(house).await?;
    put_strongroom_right(house).await;
    dossiers::fixity::plan(house).await?;
    census::jobs::plan_next(house).await?;
    changes::jobs::plan(house).await?;
    assistant::jobs::plan(house).await?;
    let mut after = Community(0);
    loop {
        let part = communities::list(&house.db, after).await?;
        let Some(last) = part.last() else { break };
        after = last.number;
        let numbers: Vec<Community> = part.iter().map(|c| c.number).collect();
        arrears::escalate::plan(house, &numbers).await?;
    }
    Ok(())
}

/// Finishes or moves aside what a crash cut off in the archive. Where another process keeps
/// the strongroom, or its disk is away, the rest of the house opens all the same.
async fn put_strongroom_right(house: &House) {
    match dossiers::recovery::recover(house).await {
        Ok(done) if done.finished + done.given_up > 0 => tracing::warn!(
            done.finished,
            done.given_up,
            "documents that were cut off were put right"
        ),
        Ok(_) => {}
        Err(e) => tracing::error!(error = %e, "the strongroom could not be looked at"),
    }
}

/// Binds the address.
pub async fn listen(address: SocketAddr) -> anyhow::Result<tokio::net::TcpListener> {
    tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| {
            format!("cannot listen on {address}: choose another with --listen or --port")
        })
}

/// Keeps the public address, so that `doctor` knows whether one is set.
async fn remember_address(house: &House, settings: &doors::web::Settings) -> anyhow::Result<()> {
    if let Some(url) = &settings.public_url {
        keeping::remember_public_url(house, url.as_str()).await?;
    }
    Ok(())
}

/// Serves until the machine says stop; then the last answers go out and the heads
/// are signed.
pub async fn serve(
    house: Arc<House>,
    listener: tokio::net::TcpListener,
    settings: doors::web::Settings,
) -> anyhow::Result<()> {
    let base = settings.public_url.as_ref().map_or("", |url| url.as_str());
    let sending = tokio::spawn(send(house.clone(), base.to_owned()));
    let router = doors::web::router_with(house.clone(), doors::rooms::routes(), settings)?;
    let jobs = tokio::spawn(do_jobs(house.clone()));
    let signing = tokio::spawn(tend_checkpoints(house.clone()));
    let following = tokio::spawn(follow(house.clone()));
    let sealing = tokio::spawn(seal_clear(house.clone()));
    let studying = tokio::spawn(study(house.clone()));
    let nudging = tokio::spawn(nudge(house.clone()));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let (told, mut stopping) = tokio::sync::watch::channel(false);
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop_signal().await;
        // Whoever waits for this ends with the process.
        let _ = told.send(true);
    });
    let deadline = async move {
        if stopping.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(LAST_ANSWERS).await;
    };
    tokio::select! {
        served = serving => served?,
        () = deadline => tracing::warn!("some answers were cut off at the stop"),
    }
    jobs.abort();
    sending.abort();
    signing.abort();
    following.abort();
    sealing.abort();
    studying.abort();
    nudging.abort();
    checkpoints::sign_all(&house).await?;
    Ok(())
}

async fn do_jobs(house: Arc<House>) {
    let runner = doors::rooms::jobs();
    loop {
        tokio::time::sleep(JOBS_EVERY).await;
        loop {
            match runner.run_due(&house.db, &house, house.now()).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(e) => {
                    tracing::warn!(error = %e, "jobs wait");
                    break;
                }
            }
        }
    }
}

/// Sends what waits to leave the house.
async fn send(house: Arc<House>, base: String) {
    outbox::Post::new(house, outbox::ways::AsSetUp::default(), &base)
        .run()
        .await;
}

async fn tend_checkpoints(house: Arc<House>) {
    loop {
        if let Err(e) = checkpoints::tend(&house).await {
            tracing::error!(error = %e, "a ledger's head could not be signed");
        }
        tokio::time::sleep(CHECKPOINTS_EVERY).await;
    }
}

/// Seals what people wrote in their own words before such texts were sealed.
async fn seal_clear(house: Arc<House>) {
    let sealed = async {
        Ok::<_, KeyError>(
            accounts::seal_clear(&house).await?
                + fees::seal_clear(&house).await?
                + membership::seal_clear(&house).await?,
        )
    };
    match sealed.await {
        Ok(0) => {}
        Ok(sealed) => tracing::info!(sealed, "texts that lay in clear were sealed"),
        Err(error) => tracing::error!(%error, "texts in clear cannot be sealed now"),
    }
}

/// Lets the database learn what its tables hold.
async fn study(house: Arc<House>) {
    loop {
        tokio::time::sleep(STUDY_EVERY).await;
        if let Err(e) = house.db.study().await {
            tracing::warn!(error = %e, "the database was not studied");
        }
    }
}

/// Rooms that react to others follow the ledger: after each commit, and once at the start.
async fn follow(house: Arc<House>) {
    use tokio::sync::broadcast::error::RecvError;
    let mut commits = house.db.commits();
    let mut waiting: Vec<Community> = Vec::new();
    let mut after = Community(0);
    while let Ok(part) = communities::list(&house.db, after).await {
        let Some(last) = part.last() else { break };
        after = last.number;
        waiting.extend(part.into_iter().map(|c| c.number));
    }
    loop {
        for c in waiting.drain(..) {
            if let Err(e) = membership::follow::follow(&house, c).await {
                tracing::warn!(error = %e, "membership could not follow the roster");
            }
            if let Err(e) = conduct::follow::follow(&house, c).await {
                tracing::warn!(error = %e, "conduct could not follow what applicants write");
            }
            if let Err(e) = group::follow::follow(&house, c).await {
                tracing::warn!(error = %e, "the group could not follow conduct and members");
            }
            if let Err(e) = group::search::index(&house, c).await {
                tracing::warn!(error = %e, "what was said could not be indexed");
            }
            if let Err(e) = notices::delivery::follow(&house, c).await {
                tracing::warn!(error = %e, "notices could not follow the outbox");
            }
            if let Err(e) = supervision::tally::follow(&house, c).await {
                tracing::warn!(error = %e, "supervision could not count the ledger");
            }
            if let Err(e) = dossiers::follow::follow(&house, c).await {
                tracing::warn!(error = %e, "dossiers could not follow the roster");
            }
            if let Err(e) = shelves::follow::follow(&house, c).await {
                tracing::warn!(error = %e, "new dossiers have no boxes yet");
            }
            // After the dossiers: a change lies in the one that was opened for it.
            if let Err(e) = changes::follow::follow(&house, c).await {
                tracing::warn!(error = %e, "changes could not follow the roster");
            }
            if let Err(e) = assistant::expiry::follow(&house, c).await {
                tracing::warn!(error = %e, "the assistant could not follow its sources");
            }
            if let Err(e) = assistant::listening::follow(&house, c).await {
                tracing::warn!(error = %e, "the assistant could not follow the group");
            }
            if let Err(e) = arrears::follow::follow(&house, c).await {
                tracing::warn!(error = %e, "arrears could not follow the fees");
            }
        }
        match commits.recv().await {
            Ok(c) => waiting.push(c),
            // What was missed is found by the cursor at the compound's next commit.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Devices of those who are away are told so often, of compounds where something happened.
const NUDGES_EVERY: Duration = Duration::from_secs(30);

async fn nudge(house: Arc<House>) {
    use tokio::sync::broadcast::error::TryRecvError;
    let mut commits = house.db.commits();
    loop {
        tokio::time::sleep(NUDGES_EVERY).await;
        let mut touched = std::collections::BTreeSet::new();
        loop {
            match commits.try_recv() {
                Ok(c) => {
                    touched.insert(c);
                }
                // What was missed is told with the compound's next message.
                Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Closed) => return,
            }
        }
        for c in touched {
            match group::nudge::nudge(&house, c).await {
                Ok(0) => {}
                Ok(items) => tracing::debug!(items, "devices are told of the group"),
                Err(e) => tracing::warn!(error = %e, "devices were not told of the group"),
            }
        }
    }
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
    }
}
