//! `linli assistant`: measures and asks the answering engine; needs no installation.

use std::path::{Path, PathBuf};

use answers::measure::{Figures, measure};
use answers::{Base, Make, Topic};
use anyhow::{Context as _, ensure};

use super::Outcome;

/// The largest file read: ten thousand entries with fifty phrasings each.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// `linli assistant`
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Args {
    /// Measures answers: hit@1, hit@3, MRR@10, wrong and refused shares
    Eval {
        /// CSV with columns query,answer_id; an empty id is a question out of scope
        queries: PathBuf,
        /// CSV with columns answer_id,text; an id said again is a further phrasing
        #[arg(long, value_name = "FILE")]
        entries: PathBuf,
        /// Words and BM25 alone, as a search library has them, to compare with
        #[arg(long)]
        plain: bool,
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
    /// Finds the entry that answers a question, and says why
    Ask {
        question: String,
        /// CSV with columns answer_id,text; an id said again is a further phrasing
        #[arg(long, value_name = "FILE")]
        entries: PathBuf,
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
}

pub fn run(args: Args) -> anyhow::Result<Outcome> {
    match args {
        Args::Eval {
            queries,
            entries,
            plain,
            json,
        } => {
            let make = if plain { Make::PLAIN } else { Make::FULL };
            let base = Base::made(topics(&entries)?, make);
            let questions = pairs(&queries, ["query", "answer_id"])?;
            let pairs = questions.iter().map(|(q, id)| (q.as_str(), id.as_str()));
            tell(&base, &measure(&base, pairs), json);
        }
        Args::Ask {
            question,
            entries,
            json,
        } => ask(&question, &entries, json)?,
    }
    Ok(Outcome::Sound)
}

fn tell(base: &Base, f: &Figures, json: bool) {
    let bands = base.bands();
    if json {
        let told = serde_json::json!({
            "n": f.n, "hit1": f.hit1, "hit3": f.hit3, "mrr10": f.mrr10,
            "wrong_rate": f.wrong_rate, "refused_out_of_scope": f.refused_out_of_scope,
            "clarified": f.clarified, "in_scope": f.in_scope, "answered": f.answered,
            "refused_in_scope": f.refused_in_scope,
            "bands": { "high": bands.high, "gap": bands.gap, "low": bands.low },
        });
        println!("{told}");
        return;
    }
    println!("questions        {}", f.n);
    for (name, share) in [
        ("hit@1", f.hit1),
        ("hit@3", f.hit3),
        ("MRR@10", f.mrr10),
        ("wrong", f.wrong_rate),
        ("refused (out)", f.refused_out_of_scope),
        ("clarified", f.clarified),
        ("answered (in)", f.answered),
        ("refused (in)", f.refused_in_scope),
    ] {
        println!("{name:<16} {share:.3}");
    }
}

fn ask(question: &str, entries: &Path, json: bool) -> anyhow::Result<()> {
    let base = Base::new(topics(entries)?);
    let danger = answers::risk::danger(question);
    let reply = base.ask(question);
    let best: Vec<(&str, &str, f32)> = reply
        .best
        .iter()
        .map(|c| (base.topic(c.topic), base.phrasing(c.phrasing), c.score))
        .collect();
    if json {
        let best: Vec<_> = best
            .iter()
            .map(|(id, near, score)| serde_json::json!({"id": id, "nearest": near, "score": score}))
            .collect();
        let told = serde_json::json!({
            "danger": danger.map(|d| serde_json::json!({
                "kind": d.kind.word(), "words": d.words, "happening": d.happening,
            })),
            "band": reply.band.word(), "best": best,
            "terms": reply.why.terms, "barred_by": reply.why.barred_by,
        });
        println!("{told}");
        return Ok(());
    }
    if let Some(d) = danger {
        // No words where the sentence as a whole tells of it.
        match d.words.as_slice() {
            [] => println!("danger: {}", d.kind.word()),
            words => println!("danger: {} ({})", d.kind.word(), words.join(", ")),
        }
    }
    println!("{}", reply.band.word());
    for (id, near, score) in best.iter().take(3) {
        println!("{score:.3}  {id}  {near}");
    }
    for (term, part) in reply.why.terms.iter().take(8) {
        println!("       {part:.3}  {term}");
    }
    Ok(())
}

/// Phrasings of one id together, in the order in which ids first stand.
fn topics(file: &Path) -> anyhow::Result<Vec<Topic>> {
    let pairs = pairs(file, ["answer_id", "text"])?;
    ensure!(
        pairs.iter().all(|(id, _)| !id.is_empty()),
        "{}: an entry without answer_id",
        file.display()
    );
    Ok(Topic::gathered(pairs))
}

/// Two columns of a CSV file, found by their names.
fn pairs(file: &Path, names: [&str; 2]) -> anyhow::Result<Vec<(String, String)>> {
    let shown = file.display();
    let size = std::fs::metadata(file)
        .with_context(|| shown.to_string())?
        .len();
    ensure!(
        size <= FILE_BYTES_MAX,
        "{shown}: larger than {FILE_BYTES_MAX} bytes"
    );
    let bytes = std::fs::read(file).with_context(|| shown.to_string())?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.headers().with_context(|| shown.to_string())?.clone();
    let column = |name: &str| {
        let found = header.iter().position(|h| h.trim() == name);
        found.with_context(|| format!("{shown}: no column {name}"))
    };
    let (first, second) = (column(names[0])?, column(names[1])?);
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record.with_context(|| shown.to_string())?;
        let cell = |at| record.get(at).unwrap_or_default().trim().to_owned();
        out.push((cell(first), cell(second)));
    }
    Ok(out)
}
