//! What columns are taken for.

use sheets::{
    Evidence, Field, Language, Layout, Mapping, Whose, guess, template_fees, template_roster,
};

use crate::{opened, rooms, typed};

fn mapped(text: &str, layout: Layout) -> Mapping {
    guess(&opened(text.as_bytes(), "list.csv").sheets[0], layout)
}

#[test]
fn headings_of_real_offices_in_three_scripts() {
    use Field::*;
    let cases: &[(&str, Field)] = &[
        ("房号", Room),
        ("房屋编号", Room),
        ("門牌", Room),
        ("室號", Room),
        ("Room No.", Room),
        ("栋", Building),
        ("樓棟", Building),
        ("幢号", Building),
        ("座", Building),
        ("Block", Building),
        ("单元", Unit),
        ("業主", Name),
        ("业主姓名", Name),
        ("产权人", Name),
        ("戶主", Name),
        ("Owner Name", Name),
        ("手机", Phone),
        ("聯繫電話", Phone),
        ("电话1", Phone),
        ("业主电话", Phone),
        ("Mobile", Phone),
        ("身份证号", IdNumber),
        ("證件號碼", IdNumber),
        ("建筑面积", Area),
        ("面积(㎡)", Area),
        ("專有面積", Area),
        ("Area (m2)", Area),
        ("楼层", Floor),
        ("用途", Use),
        ("状态", State),
        ("入住时间", MoveIn),
        ("收樓日期", MoveIn),
        ("与业主关系", Relation),
        ("份额", Share),
        ("起止日期", Term),
        ("统一社会信用代码", Uscc),
        ("法人", Representative),
        ("车牌", Plate),
        ("紧急联系人", Name),
        ("备注", Note),
        ("證件類型", IdKind),
        ("出生日期", BirthDate),
        ("工作单位", Workplace),
        ("序号", Ignored),
        ("性别", Ignored),
        ("通讯地址", Ignored),
    ];
    for (heading, field) in cases {
        let mapping = mapped(
            &format!("{heading},房号,姓名\nx,1-1-101,王女士\n"),
            Layout::Roster,
        );
        assert_eq!(mapping.columns[0].field, *field, "{heading}");
    }
    let fees: &[(&str, Field)] = &[
        ("收费项目", Item),
        ("账期", Period),
        ("應繳日期", Due),
        ("应收金额(元)", Amount),
        ("实收", Paid),
        ("繳費方式", Way),
        ("收据号", Receipt),
        ("缴费日期", PaidOn),
        ("Amount", Amount),
    ];
    for (heading, field) in fees {
        let mapping = mapped(&format!("房号,{heading}\n1-1-101,x\n"), Layout::Fees);
        assert_eq!(mapping.columns[1].field, *field, "{heading}");
    }
}

#[test]
fn a_heading_says_whose_a_number_is() {
    let mapping = mapped(
        "房号,业主姓名,业主电话,共有人,共有人电话,租户姓名,租户电话,紧急联系人,紧急联系电话\n",
        Layout::Roster,
    );
    let whose: Vec<_> = mapping.columns.iter().map(|c| c.whose).collect();
    use Whose::*;
    assert_eq!(
        whose[1..],
        [
            Owner, Owner, CoOwner, CoOwner, Tenant, Tenant, Emergency, Emergency
        ]
    );
    let mapping = mapped("房号,业主1,电话1,业主2,电话2\n", Layout::Roster);
    let nth: Vec<_> = mapping.columns.iter().map(|c| c.nth).collect();
    assert_eq!(nth, [1, 1, 1, 2, 2]);
}

#[test]
fn columns_without_a_known_heading_are_guessed_by_content() {
    let text = "1-1-101,王伟,13712345678\n1-1-102,李娜,13712345679\n1-1-103,张敏,13712345670\n";
    let mapping = mapped(text, Layout::Roster);
    assert_eq!(
        mapping.columns.iter().map(|c| c.field).collect::<Vec<_>>(),
        [Field::Room, Field::Name, Field::Phone]
    );
    assert!(
        mapping
            .columns
            .iter()
            .all(|c| c.confidence < 90 && matches!(c.evidence, Evidence::Content { .. }))
    );
    assert_eq!(rooms(&typed(text)).len(), 3);
    let mapping = mapped(
        "房号,业主,甲\n1-1-101,王伟,13712345678\n1-1-102,李娜,13712345679\n",
        Layout::Roster,
    );
    assert_eq!(mapping.columns[2].field, Field::Phone);
}

#[test]
fn a_screen_can_change_the_mapping_and_send_it_back() {
    let book = opened("房号,业主,甲\n1-1-101,王伟,x\n".as_bytes(), "list.csv");
    let mut mapping = guess(&book.sheets[0], Layout::Roster);
    mapping.tell(3, Field::Note, Whose::Owner);
    let sent = serde_json::to_string(&mapping).expect("plain data");
    let back: Mapping = serde_json::from_str(&sent).expect("the same data");
    assert_eq!(back, mapping);
    let line = back.roster(&book.sheets[0]).next().expect("one row");
    assert_eq!(line.row.and_then(|r| r.note).as_deref(), Some("x"));
}

#[test]
fn a_mapping_from_a_stranger_reads_nothing_that_is_not_there() {
    let book = opened("房号,业主\n1-1-101,王伟\n".as_bytes(), "list.csv");
    let mut mapping = guess(&book.sheets[0], Layout::Roster);
    mapping.columns[1].number = u32::MAX;
    mapping.columns[0].number = 0;
    mapping.first_row = 0;
    assert_eq!(
        mapping
            .roster(&book.sheets[0])
            .filter(|l| l.row.is_some())
            .count(),
        0
    );
}

#[test]
fn our_own_templates_are_recognised_whole() {
    for language in [
        Language::TraditionalChinese,
        Language::SimplifiedChinese,
        Language::English,
    ] {
        for (bytes, layout) in [
            (template_roster(language), Layout::Roster),
            (template_fees(language), Layout::Fees),
        ] {
            let book = opened(&bytes, "template.xlsx");
            let mapping = guess(&book.sheets[0], layout);
            assert!(mapping.recognised());
            for column in &mapping.columns {
                assert!(
                    column.field != Field::Ignored && column.confidence >= 90,
                    "{language:?} {column:?}"
                );
            }
            let fields: std::collections::HashSet<_> =
                mapping.columns.iter().map(|c| (c.field, c.whose)).collect();
            assert_eq!(
                fields.len(),
                mapping.columns.len(),
                "{language:?}: two columns of one meaning"
            );
        }
    }
    assert_eq!(
        template_roster(Language::English),
        template_roster(Language::English)
    );
}
