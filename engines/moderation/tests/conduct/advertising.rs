//! Advertisements need intent, contact and offer together; links, and codes in pictures.

use moderation::{Action, Context, Engine, Policy, Rule};

use crate::{check, finds, held, stretches};

#[test]
fn the_three_legs_together_are_an_advertisement_and_any_two_are_not() {
    for text in [
        "专业疏通下水道，价格优惠，联系电话13800138000",
        "承接装修，加微信 zhuang_xiu88，免费量房",
        "新店开业，扫码进群，买一送一",
        "上门回收旧家电，高价格从优，致电010-62345678",
        "專業開鎖，熱線13800138000，低價",
    ] {
        assert!(
            finds(text, Rule::AdOffer) && held(text),
            "{text}: {:?}",
            check(text).findings
        );
    }
    for text in [
        "有没有专业疏通下水道的推荐？",
        "超市打折，八折优惠",
        "联系电话多少？",
        "专业疏通收费低吗？",
        "优惠券扫码领的吗？",
    ] {
        assert!(!finds(text, Rule::AdOffer), "{text}");
        assert_eq!(check(text).action, Action::Pass, "{text}");
    }
}

#[test]
fn legs_far_apart_are_three_matters() {
    let text = format!(
        "专业疏通的事。{}优惠的事。联系电话多少",
        "今天天气很好我们去公园散步吧".repeat(20)
    );
    assert!(!finds(&text, Rule::AdOffer));
}

#[test]
fn a_neighbours_own_parking_space_is_looked_at_and_not_held() {
    let text = "转让地下车位，价格面议，私聊";
    let verdict = check(text);
    assert!(finds(text, Rule::AdOffer));
    assert_eq!(verdict.action, Action::Flag, "{:?}", verdict.findings);
}

#[test]
fn approved_offers_pass() {
    let policy = Policy::read("[allow]\noffers = [\"中秋團購月餅\"]").expect("sound");
    let engine = Engine::new(policy).expect("sound");
    let text = "中秋团购月饼，优惠价88元，扫码进群接龙，诚招加盟";
    assert_eq!(engine.check(text, &Context::default()).action, Action::Pass);
    assert!(finds(text, Rule::AdOffer));
}

#[test]
fn links_are_found_whole_and_allowed_domains_pass() {
    assert_eq!(
        stretches("戳 https://a.b-c.top/x?y=1 看", Rule::AdLink),
        ["https://a.b-c.top"]
    );
    assert_eq!(
        stretches("ｗｗｗ．ｂａｄ．ｃｏｍ", Rule::AdLink),
        ["ｗｗｗ．ｂａｄ．ｃｏｍ"]
    );
    let policy = Policy::read("[allow]\ndomains = [\"example.com\"]").expect("sound");
    let engine = Engine::new(policy).expect("sound");
    let found = |text: &str| engine.check(text, &Context::default()).findings.len();
    assert_eq!(found("https://pay.example.com/x"), 0);
    assert_eq!(found("https://notexample.com"), 1);
    assert_eq!(found("https://example.com.evil.top"), 1);
}

/// A picture of a code, `scale` pixels a module, on a white ground of at least `side`.
fn picture(text: &str, scale: usize, side: usize) -> (usize, Vec<u8>) {
    let code = qrcode::QrCode::new(text).expect("a short text");
    let modules = code.width();
    let side = side.max((modules + 8) * scale);
    let mut grey = vec![255u8; side * side];
    let margin = (side - modules * scale) / 2;
    for y in 0..modules * scale {
        for x in 0..modules * scale {
            if code[(x / scale, y / scale)] == qrcode::Color::Dark {
                grey[(y + margin) * side + x + margin] = 0;
            }
        }
    }
    (side, grey)
}

#[test]
fn a_code_in_a_picture_leads_somewhere_unless_that_is_allowed() {
    let policy = Policy::read("[allow]\ndomains = [\"example.com\"]").expect("sound");
    let engine = Engine::new(policy).expect("sound");
    for (scale, side) in [(4, 0), (12, 900), (40, 2000)] {
        let (side, grey) = picture("https://bad.top/join", scale, side);
        let verdict = engine.check_picture(side, side, &grey).expect("sizes fit");
        assert_eq!(verdict.action, Action::Hold, "{side}");
        assert_eq!(verdict.findings[0].rule, Rule::AdQr);
    }
    let (side, grey) = picture("https://example.com/x", 6, 0);
    assert_eq!(
        engine
            .check_picture(side, side, &grey)
            .expect("sizes fit")
            .action,
        Action::Pass
    );
    assert_eq!(
        engine
            .check_picture(10, 10, &[255; 100])
            .expect("sizes fit")
            .action,
        Action::Pass
    );
    assert!(engine.check_picture(10, 11, &[255; 100]).is_err());
}
