//! The engine: one text in, findings and an action out.

use std::sync::LazyLock;

use crate::finding::{Action, Finding, Rule, Verdict, Whose};
use crate::model::{self, Model};
use crate::policy::{Policy, PolicyError};
use crate::privacy::{self, Cells, Datum, Kind, Protected};
use crate::qr::{self, PictureError};
use crate::spam::{self, Digest, Recent};
use crate::text::{KEPT_SYMBOLS, Symbols, Table};
use crate::words::{self, Cue, Hit, Judge, Role, Severity, Words};
use crate::{advertising, scan};

/// Below this a finding is a possibility: it may be flagged, never held.
pub const SURE: f32 = 0.6;

/// Longest text judged, in bytes; what lies behind is not looked at. Sixteen times the longest
/// message of any chat.
pub const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Most findings told about one text, in the text's order; the action counts them all.
pub const FINDINGS_MAX: usize = 1_000;

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

/// What the engine is told about a message besides its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// What may not be revealed.
    pub protected: Option<&'a Protected>,
    /// Who writes, as the protected set counts members: their own data only warns.
    pub writer: Option<u64>,
    /// When, in seconds of the clock that `recent` shares.
    pub now: i64,
    /// The writer's earlier messages, oldest first.
    pub recent: &'a [Recent],
}

/// Memory kept between messages, so that a message costs no allocation unless something is found.
#[derive(Default)]
pub struct Scratch {
    pub(crate) symbols: Symbols,
    candidates: Vec<u32>,
    hits: Vec<Hit>,
    cells: Cells,
    data: Vec<Datum>,
    cues: Vec<Cue>,
}

impl Scratch {
    /// Bytes kept for the next message.
    #[must_use]
    pub fn kept_bytes(&self) -> usize {
        self.symbols.kept_bytes()
            + self.cells.kept_bytes()
            + self.candidates.capacity() * size_of::<u32>()
            + self.hits.capacity() * size_of::<Hit>()
            + self.data.capacity() * size_of::<Datum>()
            + self.cues.capacity() * size_of::<Cue>()
    }
}

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scratch")
    }
}

/// The speech rules of one community.
pub struct Engine {
    words: Words,
    policy: Policy,
    model: Option<&'static Model>,
    own_model: Option<Model>,
    allowed_numbers: Vec<String>,
    allowed_names: Vec<String>,
    allowed_domains: Vec<String>,
    offers: Vec<Vec<u16>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({} words)", self.words.entries.len())
    }
}

impl Engine {
    /// The shipped lists and model under a policy.
    ///
    /// # Errors
    /// When one of the policy's words cannot be looked for.
    pub fn new(policy: Policy) -> Result<Engine, PolicyError> {
        Engine::with_words(policy, words::shipped(), Some(model::shipped()))
    }

    /// Lists and model of one's own choosing, the policy's words laid over them.
    ///
    /// # Errors
    /// When a word cannot be looked for.
    pub fn with_words(
        policy: Policy,
        mut entries: Vec<words::Entry>,
        model: Option<&'static Model>,
    ) -> Result<Engine, PolicyError> {
        entries.extend(policy.words.iter().cloned());
        for innocent in &policy.allow.words {
            for entry in entries.iter_mut().filter(|e| innocent.contains(&e.word)) {
                entry.innocent.push(innocent.clone());
            }
        }
        let words = Words::new(&TABLE, entries)?;
        let keys = |list: &[String]| list.iter().map(|s| public_key(s)).collect();
        Ok(Engine {
            allowed_numbers: keys(&policy.allow.numbers),
            allowed_names: keys(&policy.allow.names),
            allowed_domains: policy
                .allow
                .domains
                .iter()
                .map(|d| d.to_lowercase())
                .collect(),
            offers: policy
                .allow
                .offers
                .iter()
                .map(|o| words::symbols_of(o).0)
                .filter(|o| !o.is_empty())
                .collect(),
            words,
            policy,
            model,
            own_model: None,
        })
    }

    /// Takes a community's own model instead of the shipped one.
    #[must_use]
    pub fn with_model(mut self, model: Model) -> Engine {
        self.own_model = Some(model);
        self
    }

    /// The model in use.
    #[must_use]
    pub fn model(&self) -> Option<&Model> {
        self.own_model.as_ref().or(self.model)
    }

    /// The policy in use.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Bytes that the automata take on the heap.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let words = &self.words;
        words.gate.heap_bytes() + words.plain.heap_bytes() + words.sound.heap_bytes()
    }

    /// Judges a text.
    #[must_use]
    pub fn check(&self, text: &str, context: &Context<'_>) -> Verdict {
        self.check_with(&mut Scratch::default(), text, context)
    }

    /// Judges a text of any bytes; what is no UTF-8 stands as U+FFFD, and offsets count in that.
    #[must_use]
    pub fn check_bytes(&self, bytes: &[u8], context: &Context<'_>) -> Verdict {
        self.check(&String::from_utf8_lossy(bytes), context)
    }

    /// Judges a text in memory kept from message to message.
    #[must_use]
    pub fn check_with(&self, scratch: &mut Scratch, text: &str, context: &Context<'_>) -> Verdict {
        let text = cut(text);
        let Scratch {
            symbols,
            candidates,
            hits,
            cells,
            data,
            cues,
        } = scratch;
        symbols.read(&TABLE, text);
        if candidates.capacity() > KEPT_SYMBOLS {
            *candidates = Vec::new();
        }
        hits.clear();
        scan::run(&self.words, symbols, candidates, hits);
        let gate = privacy::may_hold_data(symbols);
        let mut findings = Vec::new();
        cues.clear();
        data.clear();
        if !hits.is_empty() {
            let judge = Judge {
                words: &self.words,
                text,
                symbols,
            };
            judge.judge(hits, &mut findings, cues);
        }
        if gate {
            cells.read(text);
            self.data(cells, data, context);
        }
        let places = Places { symbols };
        for datum in data.iter() {
            findings.push(found(cells, datum));
            if advertising::is_contact(datum.rule) {
                cues.extend(places.contact(cells, datum));
            }
        }
        if cues.len() > 1 {
            self.advertisement(text, symbols, cues, &mut findings);
        }
        if let Some(model) = self.model() {
            self.queue(model, text, symbols, &mut findings);
        }
        if !context.recent.is_empty() {
            for (rule, count) in
                spam::judge(&self.policy.spam, symbols, context.now, context.recent)
            {
                findings.push(whole(text, rule, 0.9, format!("{count}")));
            }
        }
        self.verdict(text, findings)
    }

    /// What a message is recognised by when the same comes again.
    #[must_use]
    pub fn digest(&self, text: &str) -> Digest {
        let mut symbols = Symbols::default();
        symbols.read(&TABLE, cut(text));
        spam::digest(&symbols)
    }

    /// The trained part's logit, positive for an insult; 0 without a model.
    #[must_use]
    pub fn score(&self, scratch: &mut Scratch, text: &str) -> f32 {
        scratch.symbols.read(&TABLE, cut(text));
        self.model().map_or(0.0, |m| m.score(&scratch.symbols))
    }

    /// Judges a decoded picture, grey, row by row, 0 for black: its QR codes lead somewhere.
    ///
    /// # Errors
    /// When the sizes do not fit.
    pub fn check_picture(
        &self,
        width: usize,
        height: usize,
        grey: &[u8],
    ) -> Result<Verdict, PictureError> {
        let codes = qr::read_codes(width, height, grey)?;
        let mut findings = Vec::new();
        for code in codes {
            if !self.code_is_allowed(&code) {
                findings.push(whole(
                    &code,
                    Rule::AdQr,
                    0.85,
                    code.chars().take(60).collect(),
                ));
            }
        }
        let action = self.action(&findings);
        Ok(Verdict { findings, action })
    }

    fn code_is_allowed(&self, code: &str) -> bool {
        let code = code.to_lowercase();
        let host = code.split_once("://").map_or(&code[..], |(_, rest)| rest);
        let host = host.split(['/', '?', '#', ':']).next().unwrap_or("");
        // user@host goes to the host.
        let host = host.rsplit('@').next().unwrap_or("");
        self.allowed_domains.iter().any(|d| {
            host == d
                || host
                    .strip_suffix(d.as_str())
                    .is_some_and(|h| h.ends_with('.'))
        })
    }

    /// Personal data, links and names, each with whose it is.
    fn data(&self, cells: &Cells, data: &mut Vec<Datum>, context: &Context<'_>) {
        privacy::scan(cells, data);
        data.retain(|d| !self.allowed_numbers.contains(&public_key(&d.value)));
        if let Some(set) = context.protected {
            for datum in data.iter_mut() {
                let kind = match datum.rule {
                    Rule::Mobile | Rule::Landline => Kind::Phone,
                    Rule::Address => Kind::Room,
                    Rule::Plate => Kind::Plate,
                    _ => continue,
                };
                datum.whose = set.whose(kind, &datum.value, context.writer);
                if datum.whose == Whose::Another {
                    datum.confidence = datum.confidence.max(0.95);
                }
            }
        }
        let staff = |name: &str| self.allowed_names.contains(&public_key(name));
        privacy::scan_names(cells, context.protected, context.writer, &staff, data);
        advertising::links(cells, &self.allowed_domains, data);
    }

    fn advertisement(
        &self,
        text: &str,
        symbols: &Symbols,
        cues: &mut Vec<Cue>,
        findings: &mut Vec<Finding>,
    ) {
        let has = |cues: &[Cue], role: Role| cues.iter().any(|c| c.role == role);
        if !has(cues, Role::Intent) || !has(cues, Role::Contact) {
            return;
        }
        advertising::prices(symbols, cues);
        let Some(offer) = advertising::offer(cues) else {
            return;
        };
        let approved = |offer: &Vec<u16>| {
            symbols
                .plain()
                .windows(offer.len())
                .any(|w| w == &offer[..])
        };
        if !self.offers.iter().any(approved) {
            findings.push(advertising::finding(text, symbols, &offer));
        }
    }

    fn queue(&self, model: &Model, text: &str, symbols: &Symbols, findings: &mut Vec<Finding>) {
        let threshold = self.policy.model_threshold.unwrap_or(model.threshold());
        let logit = model.score(symbols);
        // Below one half on one side and above it on the other there is nothing to work out.
        if threshold > 0.5 && logit < 0.0 {
            return;
        }
        let sure = model.probability(logit);
        if sure >= threshold && symbols.len() > 1 {
            let words = model.words_that_raised(symbols, text);
            findings.push(whole(
                text,
                Rule::InsultModel,
                sure,
                words.join("、").chars().map(advertising::hidden).collect(),
            ));
        }
    }

    fn action(&self, findings: &[Finding]) -> Action {
        let of = |f: &Finding| {
            let action = self.policy.mode(f.rule).action();
            // What is one's own, or only possible, is looked at by somebody at most; and the
            // trained part never acts.
            if f.confidence < SURE || f.whose == Whose::Own || f.rule == Rule::InsultModel {
                action.min(Action::Flag)
            } else {
                action
            }
        };
        findings.iter().map(of).max().unwrap_or_default()
    }

    fn verdict(&self, text: &str, mut findings: Vec<Finding>) -> Verdict {
        if findings.is_empty() {
            return Verdict::default();
        }
        let action = self.action(&findings);
        findings.sort_by(|a, b| {
            let key = |f: &Finding| (f.byte_start, f.byte_end, f.rule);
            key(a).cmp(&key(b))
        });
        findings.truncate(FINDINGS_MAX);
        count_chars(text, &mut findings);
        Verdict { findings, action }
    }
}

/// The text as far as it is judged.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The form in which public numbers and names are compared.
fn public_key(text: &str) -> String {
    let key = hanzi::fold::key(text);
    key.chars()
        .filter(|c| c.is_alphanumeric() || *c == '@' || *c == '.')
        .collect()
}

/// Counts the scalars before each stretch in one sweep over the text.
fn count_chars(text: &str, findings: &mut [Finding]) {
    let mut bounds: Vec<usize> = findings
        .iter()
        .flat_map(|f| [f.byte_start, f.byte_end])
        .collect();
    bounds.sort_unstable();
    bounds.dedup();
    let (mut at, mut chars) = (0, 0);
    let counts: Vec<usize> = bounds
        .iter()
        .map(|&bound| {
            chars += text[at..bound].chars().count();
            at = bound;
            chars
        })
        .collect();
    let of = |byte: usize| counts[bounds.binary_search(&byte).unwrap_or(0)];
    for finding in findings {
        finding.start = of(finding.byte_start);
        finding.end = of(finding.byte_end);
    }
}

fn found(cells: &Cells, datum: &Datum) -> Finding {
    let all = &cells.cells;
    Finding {
        category: datum.rule.category(),
        rule: datum.rule,
        start: 0,
        end: 0,
        byte_start: all[datum.start].start as usize,
        byte_end: all[datum.end - 1].end as usize,
        confidence: datum.confidence,
        evidence: datum.masked.clone(),
        whose: datum.whose,
    }
}

/// A finding about the message as a whole.
fn whole(text: &str, rule: Rule, confidence: f32, evidence: String) -> Finding {
    Finding {
        category: rule.category(),
        rule,
        start: 0,
        end: text.chars().count(),
        byte_start: 0,
        byte_end: text.len(),
        confidence,
        evidence,
        whose: Whose::Unknown,
    }
}

/// The way from a datum's cells to symbols.
struct Places<'a> {
    symbols: &'a Symbols,
}

impl Places<'_> {
    fn contact(&self, cells: &Cells, datum: &Datum) -> Option<Cue> {
        let start = cells.cells[datum.start].start;
        let end = cells.cells[datum.end - 1].end;
        let places = self.symbols.places();
        let first = places.partition_point(|p| p.end <= start);
        let after = places.partition_point(|p| p.start < end);
        (first < after).then_some(Cue {
            role: Role::Contact,
            severity: Severity::Middle,
            start: first as u32,
            end: after as u32,
        })
    }
}
