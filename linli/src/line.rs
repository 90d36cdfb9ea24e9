//! The command line: what can be asked, and who answers. It is run here and not in
//! `main.rs`: an `async fn` is compiled again by each crate that polls it, and the binary
//! would compile the whole house a second time.

use std::process::ExitCode;

use crate::commands::installation::Installation;
use crate::commands::{
    Outcome, archive, arrears, assistant, conduct, demo, doctor, escrow, import, keys, ledger,
    serve, shelf, strongroom, user, viewing,
};
use clap::{Parser, Subcommand};

/// Runs a residential compound's owners' group and owner archive.
#[derive(Parser)]
#[command(name = "linli", version, about, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    installation: Installation,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  linli demo                                  a believable compound to look around in
  linli serve --data /srv/linli               the real thing
  linli import roster rooms.xlsx --community 春和苑 --create
  linli ledger verify --json";

#[derive(Subcommand)]
enum Command {
    /// What the operator sets for a compound's file room
    #[command(subcommand)]
    Archive(archive::Args),
    /// The dates of a debt, each with the rule behind it
    #[command(subcommand)]
    Arrears(arrears::Args),
    /// Measures the assistant and asks it, without an installation
    #[command(subcommand)]
    Assistant(assistant::Args),
    /// Checks texts by the speech rules; trains and measures the trained part
    #[command(subcommand)]
    Conduct(conduct::Args),
    /// A believable compound to look around in, with a sign-in link for each role
    Demo(demo::Args),
    /// Opens the doors
    Serve(serve::Args),
    /// Looks for what is missing or unsafe and says how to mend it
    Doctor(doctor::Args),
    /// The cards that open the archive when the machine and its keys are gone
    #[command(subcommand)]
    Escrow(escrow::Args),
    /// Imports an office's spreadsheets
    Import(import::Args),
    /// Rotates the keys of the key store
    #[command(subcommand)]
    Keys(keys::Args),
    /// Verifies, exports and signs the ledger
    Ledger(ledger::Args),
    /// Shelf order of room codes
    #[command(subcommand)]
    Shelf(shelf::Args),
    /// Verifies and repairs the archive's storage, and changes its key
    #[command(subcommand)]
    Strongroom(strongroom::Args),
    /// Accounts: invites, roles, sign-in links
    User(user::Args),
    /// Reads whose page a leaked picture shows
    #[command(subcommand)]
    Viewing(viewing::Args),
    /// Reads one file of a stranger from standard input, with nothing else of the machine
    #[command(name = dossiers::reader::SUBCOMMAND, hide = true)]
    ReadScan,
}

/// Reads the arguments, does what they ask and says how it ended.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let code = if e.use_stderr() { 2 } else { 0 };
            // Nothing can be done about a closed terminal.
            let _ = e.print();
            return ExitCode::from(code);
        }
    };
    if let Command::ReadScan = cli.command {
        // Before anything else is begun: the child gives up the machine first.
        let served = scans::jail::serve(std::io::stdin(), std::io::stdout());
        return ExitCode::from(u8::from(served.is_err()));
    }
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("LINLI_LOG")
                .unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    exit_two_when_nobody_reads();
    packed::furnish();
    // A page is milliseconds of work between two turns of a thread, so that looking for what came
    // from the disk or the line costs nothing beside it, and not looking costs all who wait: by
    // default sixty pages are drawn before one answer of the disk is taken up.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .global_queue_interval(2)
        .event_interval(8)
        .build()
        .expect("the machine gives threads");
    match runtime.block_on(obey(cli)) {
        Ok(outcome) => outcome.into(),
        Err(e) => {
            eprintln!("linli: {e:#}");
            ExitCode::from(2)
        }
    }
}

async fn obey(cli: Cli) -> anyhow::Result<Outcome> {
    let installation = cli.installation;
    match cli.command {
        Command::Archive(args) => archive::run(&installation, args).await,
        Command::Arrears(args) => arrears::run(&installation, args).await,
        Command::Assistant(args) => assistant::run(args),
        Command::Conduct(args) => conduct::run(&installation, args).await,
        Command::Demo(args) => demo::run(&installation, args).await,
        Command::Doctor(args) => doctor::run(&installation, args).await,
        Command::Escrow(args) => escrow::run(&installation, args).await,
        Command::Import(args) => import::run(&installation, args).await,
        Command::Keys(args) => keys::run(&installation, args).await,
        Command::Ledger(args) => ledger::run(&installation, args).await,
        Command::Serve(args) => serve::run(&installation, args).await,
        Command::Shelf(args) => shelf::run(args),
        Command::Strongroom(args) => strongroom::run(&installation, args).await,
        Command::User(args) => user::run(&installation, args).await,
        Command::Viewing(args) => viewing::run(&installation, args).await,
        Command::ReadScan => unreachable!("served before the runtime began"),
    }
}

/// A closed pipe or a full disk behind standard output ends a command with 2, as the
/// contract says of what could not run, and not with a panic.
fn exit_two_when_nobody_reads() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>();
        if said.is_some_and(|s| s.starts_with("failed printing to stdout")) {
            std::process::exit(2);
        }
        usual(panic);
    }));
}
