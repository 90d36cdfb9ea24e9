//! `linli shelf`: the order in which boxes stand on the shelf.

use std::io::{BufRead as _, Read as _, Write as _};

use hanzi::room::RoomCode;

use super::Outcome;

/// The most that `sort` reads: ten million codes; beyond that it is no list of rooms.
const INPUT_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// `linli shelf`
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Args {
    /// Prints a room code's sort key in lower-case hex; byte order is shelf order
    Key {
        /// A room code as the office writes it, such as 3棟2單元1801
        #[arg(allow_hyphen_values = true)]
        code: String,
    },
    /// Sorts room codes, one per line, from standard input; prints them as typed
    Sort,
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    match args {
        Args::Key { code } => {
            let code = RoomCode::parse(&code).map_err(|e| anyhow::anyhow!("{code}: {e}"))?;
            println!("{}", hanzi::shelf::key_hex(&code));
        }
        Args::Sort => sort()?,
    }
    Ok(Outcome::Sound)
}

fn sort() -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for line in std::io::stdin().lock().take(INPUT_BYTES_MAX).split(b'\n') {
        let mut line = line?;
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        let text = String::from_utf8(line);
        lines.push(text.map_err(|_| anyhow::anyhow!("line {}: not UTF-8", lines.len() + 1))?);
    }
    if let Some(first) = lines.first_mut()
        && let Some(rest) = first.strip_prefix('\u{feff}')
    {
        *first = rest.to_owned();
    }
    let sorted = hanzi::shelf::sort(&lines);
    for warning in &sorted.warnings {
        eprintln!(
            "linli: line {}: {}: {}",
            warning.line, warning.text, warning.error
        );
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in &sorted.lines {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}
