//! Personal data: what must be found, what must not, and whose it is. All numbers are invented.

use moderation::{Action, Context, Engine, Kind, Policy, Protected, Rule, Whose};

use crate::{check, finds, held, rules, stretches};

const MUST: &[(Rule, &[&str])] = &[
    (
        Rule::Mobile,
        &[
            "13800138000",
            "138-0013-8000",
            "+86 138 0013 8000",
            "0086-13800138000",
            "１３８００１３８０００",
            "一三八零零一三八零零零",
            "①③⑧0013⑧000",
            "打我13800138000吧",
            "138 0013 8000，急",
            "幺三八洞洞幺三八洞洞洞",
            "1380O138OO0",
            "l38001380OO",
            "壹叁捌零零壹叁捌零零零",
            "⑴⑶⑻00138000",
            "1 3 8 0 0 1 3 8 0 0 0",
            "13800138000 13900139000",
            "有一13800138000的号",
        ],
    ),
    (
        Rule::Landline,
        &[
            "010-62345678轉801",
            "010-62345678",
            "(0755)26000000",
            "0310 3123456",
            "02162345678",
            "（0755）26000000",
        ],
    ),
    (
        Rule::ResidentId,
        &[
            "110101190001010014",
            "44030019001231003x",
            "身份证：110101190001010014。",
            "110101 19000101 0014",
        ],
    ),
    (
        Rule::BankCard,
        &[
            "6222000000000000004",
            "6222 0000 0000 0000 004",
            "6222-0000-0000-0000-004",
        ],
    ),
    (
        Rule::Plate,
        &[
            "粤B12345",
            "粵B·D12345",
            "沪AF12345",
            "京A12345F",
            "粤Z1234港",
            "京A 12345",
        ],
    ),
    (
        Rule::Passport,
        &[
            "护照E12345678",
            "EA1234567",
            "護照號碼：G12345678",
            "通行证H12345678",
        ],
    ),
    (
        Rule::Wechat,
        &[
            "微信号：abc_12345",
            "加V：test-user01",
            "vx: abc12345",
            "薇信 abc_12345",
            "微信13800138000",
            "➕v：test_01",
        ],
    ),
    (
        Rule::Qq,
        &[
            "QQ 10001000",
            "扣扣10001000",
            "qq群：10001000",
            "加q10001000",
        ],
    ),
    (
        Rule::Email,
        &[
            "zhang.san@example.com",
            "zhang.san艾特example点com",
            "zhang.san(at)example.com",
            "ＺＨＡＮＧ＠example.com",
        ],
    ),
    (
        Rule::Address,
        &[
            "3棟2單元1801室",
            "12号楼1单元602室",
            "A座12层1203室",
            "三栋二单元一八零一室",
            "3-2-1801",
            "3#2单元1801",
            "住3栋1801室的",
        ],
    ),
    (Rule::RosterName, &["12号楼1单元602室的张先生"]),
];

#[test]
fn every_form_of_every_datum_is_found_and_its_evidence_is_masked() {
    for (rule, texts) in MUST {
        for text in *texts {
            let verdict = check(text);
            let found = verdict.findings.iter().find(|f| f.rule == *rule);
            let found = found.unwrap_or_else(|| panic!("{rule} in {text}: {:?}", verdict.findings));
            assert!(found.evidence.contains('*'), "{text}: {}", found.evidence);
            assert_ne!(verdict.action, Action::Pass, "{text}");
        }
    }
}

#[test]
fn what_only_looks_like_a_datum_is_spared() {
    for (rule, texts) in [
        (
            Rule::Mobile,
            &[
                "2138001380001234",
                "12800138000",
                "1380013800",
                "138001380001",
                "一三五七九是奇数，二四六八是偶数",
            ][..],
        ),
        (Rule::Landline, &["010-12345678", "010-6234567", "0100-1"]),
        (
            Rule::ResidentId,
            &[
                "110101190002300014",
                "990101190001010014",
                "A110101190001010014B",
            ],
        ),
        (
            Rule::BankCard,
            &[
                "6222000000000000005",
                "1222000000000000004",
                "110101190001010014",
            ],
        ),
        (
            Rule::Plate,
            &["川ABCDEF", "粤BI1234", "粤B1234", "粤B123456", "京东A12345"],
        ),
        (
            Rule::Passport,
            &["订单E12345678", "单号：G12345678", "E1234567", "AE12345678"],
        ),
        (Rule::Qq, &["企鵝玩偶", "qq好友", "扣扣子"]),
        (
            Rule::Wechat,
            &["微信payment", "vxworks", "威信很高", "加v", "微信小程序"],
        ),
        (Rule::Email, &["@所有人", "a@b", "5@8"]),
        (
            Rule::Address,
            &[
                "3号楼电梯坏了",
                "明天3栋停水",
                "2026-11-23",
                "1-2-3号电梯",
                "02/29-2008",
                "02-29-2008",
                "3栋100户停水",
                "3栋1200元",
                "10-20-3000",
            ],
        ),
        (Rule::RosterName, &["张先生好", "12号楼的张先生"]),
    ] {
        for text in texts {
            assert!(
                !finds(text, rule),
                "{rule} in {text}: {:?}",
                check(text).findings
            );
        }
    }
}

#[test]
fn an_identity_number_with_a_wrong_check_is_possible_masked_and_never_acted_on() {
    let verdict = check("110101190001010015");
    let found = &verdict.findings[0];
    assert_eq!(
        (found.rule, verdict.action),
        (Rule::ResidentId, Action::Flag)
    );
    assert!(found.confidence < moderation::SURE && found.evidence.starts_with("1***"));
    assert_eq!(check("110101190001010014").action, Action::Block);
}

#[test]
fn the_stretch_is_the_number_with_its_cue_and_no_more() {
    assert_eq!(
        stretches("我的号138-0013-8000！", Rule::Mobile),
        ["138-0013-8000"]
    );
    assert_eq!(
        stretches("国外打+86 13800138000", Rule::Mobile),
        ["+86 13800138000"]
    );
    assert_eq!(
        stretches("座机010-62345678轉801找我", Rule::Landline),
        ["010-62345678轉801"]
    );
    assert_eq!(
        stretches("他住12号楼1单元602室。", Rule::Address),
        ["12号楼1单元602室"]
    );
}

fn protected() -> Protected {
    let mut set = Protected::new(&[7; 32]);
    set.read("name,room,phone\n王小明,3-2-1801,13800138000\n欧阳娜娜,二期5-1-302,13900139000\n")
        .expect("a table of households");
    set
}

fn with(set: &Protected, writer: Option<u64>, text: &str) -> moderation::Verdict {
    let context = Context {
        protected: Some(set),
        writer,
        ..Context::default()
    };
    Engine::new(Policy::default())
        .expect("shipped")
        .check(text, &context)
}

#[test]
fn another_members_name_beside_a_room_or_phone_is_a_leak_and_alone_is_none() {
    let set = protected();
    for text in [
        "3棟2單元1801室王小明欠費",
        "王小明 138-0013-8000",
        "王 小 明住3-2-1801",
        "歐陽娜娜：13900139000",
    ] {
        let verdict = with(&set, None, text);
        let named = verdict.findings.iter().any(|f| f.rule == Rule::RosterName);
        let spaced = text.contains("王 小");
        assert!(named || spaced, "{text}: {:?}", verdict.findings);
        assert!(verdict.action >= Action::Flag, "{text}");
    }
    let alone = with(&set, None, "王小明你好，今天开会吗");
    assert!(alone.findings.iter().all(|f| f.rule != Rule::RosterName));
}

#[test]
fn ones_own_data_only_warns() {
    let set = protected();
    let own = with(&set, Some(2), "我是3棟2單元1801室，電話13800138000");
    assert!(
        own.findings.iter().all(|f| f.whose == Whose::Own),
        "{:?}",
        own.findings
    );
    assert_eq!(own.action, Action::Flag);
    let others = with(&set, Some(3), "找他：13800138000");
    assert_eq!(others.findings[0].whose, Whose::Another);
    assert_eq!(others.action, Action::Hold);
}

#[test]
fn published_numbers_and_staff_on_duty_are_allowed() {
    let policy = Policy::read(
        "[allow]\nnumbers = [\"010-62345678\", \"粤B12345\"]\nnames = [\"张师傅\"]\ndomains = [\"example.com\"]",
    )
    .expect("sound");
    let engine = Engine::new(policy).expect("sound");
    for text in [
        "物业热线（010）62345678",
        "工程车粤B·12345",
        "看 www.example.com",
    ] {
        assert_eq!(
            engine.check(text, &Context::default()).findings,
            [],
            "{text}"
        );
    }
    let duty = engine.check("3棟2單元1801室漏水找张师傅", &Context::default());
    assert!(
        duty.findings.iter().all(|f| f.rule != Rule::RosterName),
        "{:?}",
        duty.findings
    );
}

#[test]
fn a_protected_file_is_read_in_its_three_forms_and_errors_tell_no_value() {
    for text in [
        "name\t王小明\nroom\t3-2-1801\nphone\t13800138000",
        "姓名,王小明,a\n房號,3-2-1801,a\n電話,13800138000,a",
        "王小明\n3-2-1801\n13800138000\n",
        "姓名,房號,電話\n王小明,3-2-1801,13800138000",
    ] {
        let mut set = Protected::new(&[1; 32]);
        set.read(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(set.len(), 3, "{text}");
        assert_eq!(
            set.whose(Kind::Phone, "+86 138 0013 8000", None),
            Whose::Another,
            "{text}"
        );
    }
    let error = Protected::new(&[1; 32])
        .read("phone,1380013")
        .expect_err("no phone")
        .to_string();
    assert!(
        error.contains("line 1") && !error.contains("1380013"),
        "{error}"
    );
}

#[test]
fn nothing_personal_stands_in_any_evidence() {
    let text = "專業疏通，加微信 abc_98765，電話13800138000，價格優惠，粤B12345，3-2-1801，zhang.san@example.com";
    for finding in check(text).findings {
        for secret in [
            "abc_98765",
            "98765",
            "13800138000",
            "00138",
            "B12345",
            "1801",
            "zhang.san",
        ] {
            assert!(
                !finding.evidence.contains(secret),
                "{}: {}",
                finding.rule,
                finding.evidence
            );
        }
    }
}

#[test]
fn prose_with_numbers_passes() {
    for text in [
        "一三五单号限行，二四六双号",
        "电梯坏了3次，修了15天，花了20000元",
        "2026年11月23日上午10:30开会",
        "水表读数00123，电表45678",
    ] {
        assert!(!held(text), "{text}: {:?}", rules(text));
    }
}

#[test]
fn a_number_written_into_a_mail_domain_is_not_shown() {
    // Found by the fuzz target `personal`.
    let verdict = check("a@b.b.commb13800138000.cb.ujm");
    assert!(!verdict.findings.is_empty());
    for f in &verdict.findings {
        assert!(!f.evidence.contains("13800138000"), "{f:?}");
    }
    let verdict = check("請寫信到 wang.wu@163.com");
    assert_eq!(verdict.findings[0].evidence, "w***@163.com");
}
