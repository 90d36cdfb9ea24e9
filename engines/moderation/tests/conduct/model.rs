//! The trained part: the same lesson gives the same bytes, and what is damaged is refused.

use moderation::model::{self, Model, ModelError, Sample, TrainError, train};
use moderation::{Action, Context, Engine, Policy, Rule, Scratch};

fn lesson() -> Vec<Sample> {
    let rude = ["真坏", "太坏了", "坏透了", "可恶至极"];
    let kind = ["真好", "很好看", "谢谢你", "辛苦了"];
    (0..400)
        .map(|n| {
            let insult = n % 2 == 0;
            let words = if insult { rude } else { kind };
            Sample {
                text: format!("第{n}句：{}，{}", words[n % 4], words[(n / 4) % 4]),
                insult,
                weight: 1.0,
            }
        })
        .collect()
}

#[test]
fn the_same_lesson_gives_the_same_bytes_and_learns() {
    let teach = || train(&lesson(), &[], "test", 0, |_| {}).expect("enough samples");
    let model = teach();
    assert_eq!(model.to_bytes(), teach().to_bytes());
    assert!(model.to_bytes().len() <= 1 << 20);
    let engine = Engine::with_words(Policy::default(), Vec::new(), None)
        .expect("no words")
        .with_model(model);
    let mut scratch = Scratch::default();
    assert!(engine.score(&mut scratch, "他太坏了，可恶") > 0.0);
    assert!(engine.score(&mut scratch, "很好看，谢谢") < 0.0);
}

#[test]
fn a_model_reads_back_and_damage_is_refused() {
    let bytes = model::shipped().to_bytes();
    assert!(bytes.len() <= 1 << 20, "{}", bytes.len());
    assert_eq!(Model::from_bytes(&bytes).as_ref(), Ok(model::shipped()));
    assert_eq!(Model::from_bytes(b"PK\x03\x04"), Err(ModelError::Head));
    assert_eq!(
        Model::from_bytes(&bytes[..bytes.len() - 1]),
        Err(ModelError::Length)
    );
    assert!(model::shipped().made_of().contains("sha256"));
}

#[test]
fn too_small_a_lesson_is_refused() {
    let few = &lesson()[..20];
    assert_eq!(
        train(few, &[], "", 0, |_| {}),
        Err(TrainError::TooFew {
            insults: 10,
            innocent: 10
        })
    );
}

#[test]
fn the_trained_part_queues_with_the_words_that_raised_it_and_never_holds() {
    let engine =
        Engine::new(Policy::read("[model]\nthreshold = 0.0").expect("sound")).expect("sound");
    let text = "你们这种人真是让人看不起";
    let verdict = engine.check(text, &Context::default());
    let found = verdict
        .findings
        .iter()
        .find(|f| f.rule == Rule::InsultModel)
        .expect("queued");
    assert_eq!(
        (found.byte_start, found.byte_end),
        (0, text.len()),
        "no stretch is claimed"
    );
    assert!(!found.evidence.is_empty());
    assert_eq!(verdict.action, Action::Flag);
}

#[test]
fn what_is_written_in_other_characters_of_its_sound_is_heard() {
    let engine = Engine::new(Policy::default()).expect("sound");
    let mut scratch = Scratch::default();
    for (plain, alike) in [
        ("你们这种人真是让人看不起", "泥门这肿人珍是让仁看布起"),
        ("这些人就是社会的败类", "浙些人就是涉会的拜类"),
    ] {
        let [said, heard] = [plain, alike].map(|text| engine.score(&mut scratch, text));
        assert!((said - heard).abs() < 1.0, "{plain}: {said}, {heard}");
    }
}

#[test]
fn figures_count_what_they_say() {
    let scored = [(2.0, true), (1.0, false), (-1.0, true), (-2.0, false)];
    let f = model::figures(&scored, 0.0);
    assert_eq!(
        (f.n, f.accuracy, f.precision, f.recall, f.macro_f1),
        (4, 0.5, 0.5, 0.5, 0.5)
    );
    // No innocent text may be counted: only the insult above all of them is.
    assert_eq!((f.at_fpr_1.precision, f.at_fpr_1.recall), (1.0, 0.5));
}

/// How far apart two models' scores of a text are, the second's minus the first's.
fn moved(before: &Engine, after: &Engine, text: &str) -> f32 {
    let mut scratch = Scratch::default();
    after.score(&mut scratch, text) - before.score(&mut scratch, text)
}

#[test]
fn what_a_community_decided_moves_its_model_and_nothing_else() {
    let decided = |text: &str, insult| Sample {
        text: text.to_owned(),
        insult,
        weight: 1.0,
    };
    // Overturned: rude about a thing, not to a person. Confirmed: meant for a neighbour.
    let overturned = "這破電梯真是個垃圾玩意兒，修了三次還是壞";
    let confirmed = "三樓那位整天裝腔作勢，臉皮比城牆還厚";
    let lessons = [decided(overturned, false), decided(confirmed, true)];
    let teach = || model::adapt(model::shipped(), &lessons, "own decisions 2\n");
    let own = teach();
    assert_eq!(
        own.to_bytes(),
        teach().to_bytes(),
        "the same, byte for byte"
    );
    assert!(own.made_of().starts_with(model::shipped().made_of()));
    assert!(own.made_of().ends_with("own decisions 2\n"));
    assert_eq!(
        Model::from_bytes(&own.to_bytes()).as_ref(),
        Ok(&own),
        "it reads back"
    );

    let shipped = Engine::new(Policy::default()).expect("sound");
    let taught = Engine::new(Policy::default())
        .expect("sound")
        .with_model(own);
    let down = moved(&shipped, &taught, overturned);
    let up = moved(&shipped, &taught, confirmed);
    assert!(down < -0.2, "an overturned text scores lower: {down}");
    assert!(up > 0.2, "a confirmed text scores higher: {up}");
    // What has nothing to do with either stays where it was.
    for text in [
        "明天下午物業會清洗水箱，請提前儲水",
        "你們這些人沒一個好東西",
    ] {
        let far = moved(&shipped, &taught, text);
        assert!(far.abs() < 0.35, "{text}: {far}");
    }
    let none = model::adapt(model::shipped(), &[], "");
    assert_eq!(&none, model::shipped(), "no decision, no change");
}
