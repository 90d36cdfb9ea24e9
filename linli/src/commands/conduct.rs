//! `linli conduct`: checks texts by the speech rules, trains and measures the trained part.

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use moderation::model::{self, Sample};
use moderation::{Action, Context, Engine, Model, Policy, Protected, Rule, Scratch, Verdict};
use sha2::{Digest as _, Sha256};

use super::Outcome;
use super::installation::Installation;

mod own;
mod replay;

/// Longest line judged: no message comes near it, and a file without line ends must not fill memory.
const LINE_BYTES_MAX: usize = moderation::TEXT_BYTES_MAX;
/// Largest file read: a hundred times the largest public set.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Columns in which a text is looked for when none is named.
const TEXT_COLUMNS: [&str; 3] = ["text", "TEXT", "comment_text"];

/// `linli conduct`
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Args {
    /// Judges texts from standard input, one per line; prints one JSON object per line
    #[command(after_help = FILES_HELP)]
    Check {
        /// A policy in TOML, laid over the shipped one; see below
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
        /// Names, rooms, phones and plates that may not be revealed; see below
        #[arg(long, value_name = "FILE")]
        protected: Option<PathBuf>,
    },
    /// Trains a model from labelled CSV files (UTF-8 or GB18030; label 1 is an insult), from a
    /// compound's own decisions, or from both
    Train {
        /// Labelled files; the same files in the same order give the same bytes
        #[arg(required_unless_present = "own", value_name = "FILE")]
        files: Vec<PathBuf>,
        /// A compound whose confirmed and overturned decisions are learned from: beside the
        /// files, or, without any, going on from --from
        #[arg(long, value_name = "COMMUNITY")]
        own: Option<String>,
        /// The model that --own goes on from when no file is given; else the shipped one
        #[arg(long, value_name = "MODEL", requires = "own", conflicts_with = "files")]
        from: Option<PathBuf>,
        /// Where the model goes
        #[arg(long, value_name = "MODEL")]
        out: PathBuf,
        /// A labelled file that sets the thresholds and is not learned from; else every tenth
        /// text is kept back for that
        #[arg(long, value_name = "FILE")]
        tune: Option<PathBuf>,
        /// How much the texts of each file count, in the files' order; 1 where none is given
        #[arg(long, value_name = "NUMBER", value_delimiter = ',')]
        weights: Vec<f32>,
        /// Changes the order in which texts are seen
        #[arg(long, default_value_t = 0)]
        seed: u32,
        #[command(flatten)]
        columns: Columns,
    },
    /// Lets a compound use a model of its own instead of the shipped one
    Use {
        /// The compound, by name
        #[arg(long, value_name = "NAME")]
        community: String,
        /// A model made by train
        #[arg(required_unless_present = "shipped", value_name = "MODEL")]
        model: Option<PathBuf>,
        /// The shipped model again
        #[arg(long, conflicts_with = "model")]
        shipped: bool,
    },
    /// Tells what a changed policy would have done to the texts a compound keeps
    #[command(after_help = REPLAY_HELP)]
    Replay {
        /// The compound, by name
        #[arg(long, value_name = "NAME")]
        community: String,
        /// The changed policy in TOML; see below. Without it, the shipped policy is tried
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
    /// Measures a model, and the shipped policy, on a labelled CSV file
    Eval {
        /// A labelled file
        file: PathBuf,
        /// A model instead of the shipped one
        #[arg(long, value_name = "MODEL")]
        model: Option<PathBuf>,
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        columns: Columns,
    },
}

const FILES_HELP: &str = "A policy (all of it optional):
  [modes]                      dry_run, flag, hold or block per rule
  mobile = \"hold\"
  [allow]
  numbers = [\"010-62345678\"]   public numbers        names = [\"张师傅\"]         staff on duty
  domains = [\"example.com\"]    and below             words = [\"大麻烦\"]         innocent words
  offers = [\"中秋團購月餅\"]      approved offers
  [spam]                       repeat_count, repeat_seconds, flood_count, flood_seconds
  [model]
  threshold = 0.9
  [[words]]                    words of your own
  word = \"…\"                   rule = \"custom\", severity = 1 to 3, marks = [\"ear\", \"inside\"], innocent = [\"…\"]

A protected file: a table whose first line names columns name, room, phone, plate (a household a
line), or lines kind,value or kind,value,whose, or bare values. Values are hashed while they are read.";

const REPLAY_HELP: &str = "A policy (all of it optional, the rest is as shipped):
  [speech]
  words = [\"…\"]               words of your own      innocent = [\"…\"]       innocent phrases
  numbers, names, domains, offers                    what may be said
  [speech.modes]               dry_run, flag, hold or block per rule
  mobile = \"block\"

Nothing is changed; that somebody looked stands in the ledger.";

/// Where a labelled file keeps text and label.
#[derive(Clone, Debug, clap::Args)]
pub struct Columns {
    /// Column of the text; else text, TEXT or comment_text
    #[arg(long, value_name = "NAME")]
    text_column: Option<String>,
    /// Column of the label, 0 or 1
    #[arg(long, value_name = "NAME", default_value = "label")]
    label_column: String,
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    match args {
        Args::Replay {
            community,
            policy,
            json,
        } => return replay::run(installation, &community, policy.as_deref(), json).await,
        Args::Check { policy, protected } => {
            let input = std::io::stdin().lock();
            let out = std::io::stdout().lock();
            check(policy.as_deref(), protected.as_deref(), input, out)?;
        }
        Args::Train {
            files,
            own,
            from,
            out,
            tune,
            weights,
            seed,
            columns,
        } => {
            let tune = tune.as_deref();
            let own = match own {
                Some(name) => own::decisions(installation, &name).await?,
                None => Vec::new(),
            };
            if files.is_empty() {
                own::adapt(from.as_deref(), &own, &out)?;
                return Ok(Outcome::Sound);
            }
            train(
                &Lesson {
                    files,
                    own,
                    weights,
                    seed,
                },
                &out,
                tune,
                &columns,
            )?;
        }
        Args::Use {
            community,
            model,
            shipped: _,
        } => own::put(installation, &community, model.as_deref()).await?,
        Args::Eval {
            file,
            model,
            json,
            columns,
        } => eval(&file, model.as_deref(), json, &columns)?,
    }
    Ok(Outcome::Sound)
}

fn check(
    policy: Option<&Path>,
    protected: Option<&Path>,
    mut input: impl BufRead,
    out: impl std::io::Write,
) -> anyhow::Result<()> {
    let policy = match policy {
        Some(path) => {
            Policy::read(&read_text(path)?).with_context(|| path.display().to_string())?
        }
        None => Policy::default(),
    };
    let engine = Engine::new(policy).context("the policy's words")?;
    let protected = protected.map(read_protected).transpose()?;
    let context = Context {
        protected: protected.as_ref(),
        ..Context::default()
    };
    let mut scratch = Scratch::default();
    let mut out = std::io::BufWriter::new(out);
    let mut line = Vec::new();
    let mut first = true;
    let typed = std::io::stdin().is_terminal();
    while read_line(&mut input, &mut line)? {
        if std::mem::take(&mut first) && line.starts_with(b"\xEF\xBB\xBF") {
            line.drain(..3);
        }
        // What is no UTF-8 stands as U+FFFD, and spans count in the text as it then stands.
        let text = String::from_utf8_lossy(&line);
        let verdict = engine.check_with(&mut scratch, &text, &context);
        serde_json::to_writer(&mut out, &as_json(&verdict))?;
        out.write_all(b"\n")?;
        // Whoever types wants the answer at once; a file waits for the buffer.
        if typed {
            out.flush()?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Reads a line without its end; false when none is left.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> anyhow::Result<bool> {
    line.clear();
    let read = input
        .take(LINE_BYTES_MAX as u64 + 1)
        .read_until(b'\n', line)?;
    if read == 0 {
        return Ok(false);
    }
    ensure!(
        read <= LINE_BYTES_MAX,
        "a line is longer than {} MB",
        LINE_BYTES_MAX >> 20
    );
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(true)
}

fn as_json(verdict: &Verdict) -> serde_json::Value {
    let findings = verdict.findings.iter().map(|f| {
        serde_json::json!({
            "category": f.category,
            "rule": f.rule.code(),
            "start": f.start,
            "end": f.end,
            "byte_start": f.byte_start,
            "byte_end": f.byte_end,
            // Three places: what a single float holds beyond is noise.
            "confidence": (f64::from(f.confidence) * 1000.0).round() / 1000.0,
            "evidence": f.evidence,
        })
    });
    serde_json::json!({"findings": findings.collect::<Vec<_>>(), "action": verdict.action})
}

fn read_bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = || path.display().to_string();
    let size = std::fs::metadata(path).with_context(shown)?.len();
    ensure!(
        size <= FILE_BYTES_MAX,
        "{}: larger than {} MB",
        shown(),
        FILE_BYTES_MAX >> 20
    );
    std::fs::read(path).with_context(shown)
}

/// UTF-8 with or without its mark, else GB18030, as Chinese offices save it.
fn read_text(path: &Path) -> anyhow::Result<String> {
    let bytes = read_bytes(path)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    match text {
        Some(text) => Ok(text.into_owned()),
        None => bail!(
            "{}: neither UTF-8 nor GB18030; save it as UTF-8",
            path.display()
        ),
    }
}

fn read_protected(path: &Path) -> anyhow::Result<Protected> {
    let text = read_text(path)?;
    // The digests never leave this process: any key will do that nobody can guess.
    let mut protected = Protected::new(&key_of_this_run());
    protected
        .read(&text)
        .with_context(|| path.display().to_string())?;
    Ok(protected)
}

fn key_of_this_run() -> [u8; 32] {
    use std::hash::{BuildHasher as _, RandomState};
    let mut key = [0; 32];
    for part in key.chunks_mut(8) {
        part.copy_from_slice(&RandomState::new().hash_one(0_u8).to_le_bytes());
    }
    key
}

fn samples(path: &Path, columns: &Columns) -> anyhow::Result<Vec<Sample>> {
    let text = read_text(path)?;
    let shown = path.display();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers().with_context(|| shown.to_string())?.clone();
    let find = |name: &str| header.iter().position(|h| h.trim() == name);
    let named = header.iter().collect::<Vec<_>>().join(", ");
    let text_at = match &columns.text_column {
        Some(name) => find(name),
        None => TEXT_COLUMNS.iter().find_map(|name| find(name)),
    };
    let text_at = text_at.with_context(|| {
        format!("{shown}: no column of texts among {named}; name it with --text-column")
    })?;
    let label_at = find(&columns.label_column).with_context(|| {
        let wanted = &columns.label_column;
        format!("{shown}: no column {wanted} among {named}; name it with --label-column")
    })?;
    let mut samples = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let row = at + 2;
        let record = record.with_context(|| format!("{shown}: row {row}"))?;
        let insult = match record.get(label_at).unwrap_or("").trim() {
            "0" | "0.0" => false,
            "1" | "1.0" => true,
            other => bail!("{shown}: row {row}: the label must be 0 or 1, not {other:?}"),
        };
        let text = record.get(text_at).unwrap_or("").to_owned();
        samples.push(Sample {
            text,
            insult,
            weight: 1.0,
        });
    }
    ensure!(!samples.is_empty(), "{shown}: no rows");
    Ok(samples)
}

/// What is learned from.
struct Lesson {
    files: Vec<PathBuf>,
    /// A compound's own decisions, learned from after the files.
    own: Vec<Sample>,
    weights: Vec<f32>,
    seed: u32,
}

fn train(
    lesson: &Lesson,
    out: &Path,
    tune: Option<&Path>,
    columns: &Columns,
) -> anyhow::Result<()> {
    let Lesson {
        files,
        own,
        weights,
        seed,
    } = lesson;
    ensure!(
        weights.len() <= files.len() && weights.iter().all(|w| (0.0..=100.0).contains(w)),
        "--weights: at most one number between 0 and 100 for each file"
    );
    let mut all = Vec::new();
    let mut made_of = String::new();
    for (at, file) in files.iter().enumerate() {
        let mut read = samples(file, columns)?;
        let weight = weights.get(at).copied().unwrap_or(1.0);
        read.iter_mut().for_each(|sample| sample.weight = weight);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let hash = Sha256::digest(read_bytes(file)?);
        let hex: String = hash.iter().map(|b| format!("{b:02x}")).collect();
        made_of += &format!("{name} {} texts weight {weight} sha256 {hex}\n", read.len());
        eprintln!("{name}: {} texts", read.len());
        all.extend(read);
    }
    if !own.is_empty() {
        made_of += &own::note(own);
        all.extend(own.iter().cloned());
    }
    let tuned = match tune {
        Some(file) => samples(file, columns)?,
        None => Vec::new(),
    };
    let bar = ProgressBar::new(1).with_style(
        ProgressStyle::with_template("{bar:40} pass {pos} of {len} {msg}")
            .expect("the template is right"),
    );
    let model = model::train(&all, &tuned, &made_of, *seed, |done| {
        bar.set_length(u64::from(done.epochs));
        bar.set_position(u64::from(done.epoch));
        bar.set_message(format!("{:.4} right", done.accuracy));
    })?;
    bar.finish_and_clear();
    write_model(&model, out)
}

fn write_model(model: &Model, out: &Path) -> anyhow::Result<()> {
    let bytes = model.to_bytes();
    std::fs::write(out, &bytes).with_context(|| out.display().to_string())?;
    let hash = Sha256::digest(&bytes);
    let hex: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    eprintln!("{}: {} bytes, sha256 {hex}", out.display(), bytes.len());
    Ok(())
}

fn eval(file: &Path, model: Option<&Path>, json: bool, columns: &Columns) -> anyhow::Result<()> {
    let samples = samples(file, columns)?;
    let mut engine = Engine::new(Policy::default())?;
    if let Some(path) = model {
        let model = Model::from_bytes(&read_bytes(path)?);
        engine = engine.with_model(model.with_context(|| path.display().to_string())?);
    }
    let mut scratch = Scratch::default();
    let mut scored = Vec::with_capacity(samples.len());
    let mut acted = 0usize;
    let mut counts: BTreeMap<&str, usize> = Rule::ALL.iter().map(|r| (r.code(), 0)).collect();
    for sample in &samples {
        scored.push((engine.score(&mut scratch, &sample.text), sample.insult));
        let verdict = engine.check_with(&mut scratch, &sample.text, &Context::default());
        acted += usize::from(verdict.action >= Action::Hold);
        let mut rules: Vec<&str> = verdict.findings.iter().map(|f| f.rule.code()).collect();
        rules.sort_unstable();
        rules.dedup();
        for rule in rules {
            *counts.entry(rule).or_default() += 1;
        }
    }
    let decision = engine.model().map_or(0.0, Model::decision);
    let figures = model::figures(&scored, decision);
    let share = |count: usize| count as f64 / samples.len() as f64;
    let rules: BTreeMap<&str, f64> = counts
        .into_iter()
        .filter(|&(_, count)| count > 0)
        .map(|(rule, count)| (rule, share(count)))
        .collect();
    if json {
        let mut report = serde_json::to_value(figures)?;
        report["acted_share"] = share(acted).into();
        report["rules"] = serde_json::to_value(&rules)?;
        println!("{report}");
        return Ok(());
    }
    println!("texts      {}", figures.n);
    println!("accuracy   {:.4}", figures.accuracy);
    println!("macro F1   {:.4}", figures.macro_f1);
    println!("precision  {:.4}", figures.precision);
    println!("recall     {:.4}", figures.recall);
    for (name, point) in [("1 %", figures.at_fpr_1), ("5 %", figures.at_fpr_5)] {
        println!(
            "with {name} of the innocent: threshold {:.4}, precision {:.4}, recall {:.4}",
            point.threshold, point.precision, point.recall
        );
    }
    println!("held or blocked by the shipped policy: {:.4}", share(acted));
    for (rule, share) in &rules {
        println!("  {rule:14} {share:.4}");
    }
    Ok(())
}
