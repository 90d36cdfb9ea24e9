//! Repeating and flooding, from what the caller remembers.

use moderation::{Action, Context, Recent, Rule};

use crate::ENGINE;

fn rules(text: &str, before: &[(&str, i64)], now: i64) -> Vec<Rule> {
    let recent: Vec<Recent> = before
        .iter()
        .map(|&(text, at)| Recent {
            digest: ENGINE.digest(text),
            at,
        })
        .collect();
    let context = Context {
        now,
        recent: &recent,
        ..Context::default()
    };
    let verdict = ENGINE.check(text, &context);
    let spam = verdict.findings.iter().map(|f| f.rule);
    spam.filter(|r| matches!(r, Rule::Repeat | Rule::Flood))
        .collect()
}

#[test]
fn the_third_of_the_same_within_ten_minutes_repeats_and_the_second_does_not() {
    let text = "请大家支持五号候选人";
    assert_eq!(rules(text, &[(text, 0)], 100), []);
    assert_eq!(rules(text, &[(text, 0), (text, 50)], 100), [Rule::Repeat]);
    assert_eq!(rules(text, &[(text, 0), (text, 50)], 640), []);
    assert_eq!(rules("收到", &[("收到", 0), ("收到", 50)], 100), []);
}

#[test]
fn disguised_repeats_are_repeats() {
    let before = [
        ("请大家支持五号候选人，他最热心肠了", 0),
        ("请*大家支持五號候選人，他最热心肠了！！", 50),
    ];
    assert_eq!(
        rules("請大家支持五号候选人，他最热心肠了。", &before, 100),
        [Rule::Repeat]
    );
}

#[test]
fn the_tenth_message_of_a_minute_floods() {
    let texts: Vec<String> = (0..9).map(|n| format!("第{n}条不同的消息内容")).collect();
    let before: Vec<(&str, i64)> = texts.iter().map(|t| (t.as_str(), 0)).collect();
    assert_eq!(rules("又一条", &before, 30), [Rule::Flood]);
    assert_eq!(rules("又一条", &before[1..], 30), []);
    assert_eq!(rules("又一条", &before, 61), []);
}

#[test]
fn flooding_is_held_and_repeating_is_looked_at() {
    let recent = [Recent {
        digest: ENGINE.digest("一"),
        at: 0,
    }; 9];
    let context = Context {
        now: 1,
        recent: &recent,
        ..Context::default()
    };
    assert_eq!(ENGINE.check("二", &context).action, Action::Hold);
}
