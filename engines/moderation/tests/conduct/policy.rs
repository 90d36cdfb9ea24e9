//! Modes, words of the operator, and errors that say what to write.

use moderation::{Action, Context, Engine, Mode, Policy, PolicyError, Rule};

fn read(text: &str) -> Engine {
    Engine::new(Policy::read(text).unwrap_or_else(|e| panic!("{text}: {e}"))).expect("sound words")
}

#[test]
fn each_mode_does_what_it_says() {
    for (mode, action) in [
        ("dry_run", Action::Pass),
        ("flag", Action::Flag),
        ("hold", Action::Hold),
        ("block", Action::Block),
    ] {
        let engine = read(&format!("[modes]\nmobile = \"{mode}\""));
        let verdict = engine.check("13800138000", &Context::default());
        assert_eq!((verdict.findings.len(), verdict.action), (1, action));
    }
}

#[test]
fn the_trained_part_cannot_be_made_to_punish() {
    assert_eq!(
        Policy::read("[modes]\ninsult_model = \"block\""),
        Err(PolicyError::ModelActs)
    );
    let mut policy = Policy::default();
    assert!(policy.set_mode(Rule::InsultModel, Mode::Hold).is_err());
    assert!(policy.set_mode(Rule::InsultModel, Mode::DryRun).is_ok());
}

#[test]
fn an_operators_words_lie_over_the_shipped_ones_with_their_innocent_neighbours() {
    let engine = read(
        "[allow]\nwords = [\"甲乙丙丁\"]\n[[words]]\nword = \"乙丙\"\nseverity = 3\n[[words]]\nword = \"某传销\"\nrule = \"fraud\"\nmarks = [\"ear\"]",
    );
    let rules = |text: &str| -> Vec<Rule> {
        engine
            .check(text, &Context::default())
            .findings
            .iter()
            .map(|f| f.rule)
            .filter(|&r| r != Rule::InsultModel)
            .collect()
    };
    assert_eq!(rules("这是乙丙"), [Rule::Custom]);
    assert_eq!(rules("甲乙丙丁"), []);
    assert_eq!(rules("某传肖"), [Rule::Fraud]);
    assert_eq!(rules("傻逼"), [Rule::InsultStrong]);
}

#[test]
fn faults_are_named_with_what_to_write_instead() {
    for (text, says) in [
        ("[modes]\nmobil = \"hold\"", "mobile"),
        ("[modes]\nmobile = \"delete\"", "dry_run"),
        ("[mode]\nmobile = \"hold\"", "mode"),
        ("[[words]]\nword = \"x\"\nrule = \"politics\"", "custom"),
        ("[[words]]\nword = \"词语\"\nseverity = 9", "1, 2 or 3"),
        ("[[words]]\nword = \"词语\"\nmarks = [\"loud\"]", "ear"),
        ("[model]\nthreshold = 7", "between 0 and 1"),
        ("[spam]\nrepeat_count = 0", "2 or more"),
        ("not toml", "line 1"),
    ] {
        let error = Policy::read(text).expect_err(text).to_string();
        assert!(error.contains(says), "{text}: {error}");
    }
    let short = Policy::read("[[words]]\nword = \"字\"").expect("well-formed");
    assert!(Engine::new(short).is_err());
}

#[test]
fn rules_codes_are_frozen() {
    let codes: Vec<&str> = Rule::ALL.iter().map(|r| r.code()).collect();
    assert_eq!(
        codes.join(" "),
        "mobile landline resident_id bank_card plate passport email wechat qq address roster_name gambling drugs fraud \
         porn contraband insult_strong insult_mild insult_model ad_offer ad_link ad_qr repeat flood custom"
    );
    for rule in Rule::ALL {
        assert_eq!(Rule::of_code(rule.code()), Some(rule));
    }
}
