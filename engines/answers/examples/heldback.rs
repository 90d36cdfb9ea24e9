//! What the base answers to questions written apart, beside plain BM25, and how fast:
//! `cargo run --profile dist -p answers --example heldback -- examples/faq.csv
//! engines/answers/tests/heldback/seen`.

#![expect(clippy::disallowed_methods, reason = "it measures, outside the house")]

use std::path::Path;
use std::time::Instant;

use answers::{Base, Make, Scratch, Topic, measure};

/// Answering is timed on a base of so many entries.
const MANY: usize = 10_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let usage = "ENTRIES.csv and a directory of queries.csv and out_of_scope.csv are needed";
    let (entries, apart) = (args.next().ok_or(usage)?, args.next().ok_or(usage)?);
    let topics = Topic::gathered(pairs(Path::new(&entries))?);
    let mut questions = pairs(&Path::new(&apart).join("queries.csv"))?;
    questions.extend(pairs(&Path::new(&apart).join("out_of_scope.csv"))?);
    let many = many(&topics);
    println!("          hit@1  hit@3   MRR  wrong  refused  asked back  answered  lost");
    for (name, make) in [("engine", Make::FULL), ("plain", Make::PLAIN)] {
        let from = Instant::now();
        let base = Base::made(topics.clone(), make);
        let built = from.elapsed();
        let f = measure::measure(
            &base,
            questions.iter().map(|(q, id)| (q.as_str(), id.as_str())),
        );
        println!(
            "{name:<8} {:.3}  {:.3}  {:.3}  {:.3}    {:.3}       {:.3}     {:.3}  {:.3}",
            f.hit1,
            f.hit3,
            f.mrr10,
            f.wrong_rate,
            f.refused_out_of_scope,
            f.clarified,
            f.answered,
            f.refused_in_scope
        );
        println!("         {:?}, built in {built:.2?}", base.bands());
        speed(&base, &questions);
        let from = Instant::now();
        let base = Base::made(many.clone(), make);
        let (topics, phrasings) = base.size();
        println!(
            "         {topics} entries, {phrasings} phrasings built in {:.2?}",
            from.elapsed()
        );
        speed(&base, &questions);
    }
    Ok(())
}

/// As many entries of one another's phrasings, four each.
fn many(topics: &[Topic]) -> Vec<Topic> {
    let all: Vec<&String> = topics.iter().flat_map(|t| &t.phrasings).collect();
    let of = |at: usize| Topic {
        id: at.to_string(),
        phrasings: (0..4)
            .map(|n| format!("{at}號 {}", all[(at * 7 + n * 1_009) % all.len()]))
            .collect(),
        sentences: Vec::new(),
    };
    (0..MANY).map(of).collect()
}

fn speed(base: &Base, questions: &[(String, String)]) {
    let mut scratch = Scratch::default();
    let mut took: Vec<u128> = questions
        .iter()
        .map(|(question, _)| {
            let from = Instant::now();
            let reply = base.ask_within(question, |_| true, &mut scratch);
            std::hint::black_box(reply);
            from.elapsed().as_micros()
        })
        .collect();
    took.sort_unstable();
    let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or(0);
    println!(
        "         an answer: median {} µs, 99 of 100 within {} µs",
        at(50),
        at(99)
    );
}

fn pairs(file: &Path) -> Result<Vec<(String, String)>, csv::Error> {
    csv::Reader::from_path(file)?.into_deserialize().collect()
}
