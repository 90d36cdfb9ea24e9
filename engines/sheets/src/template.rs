//! Spreadsheets to download and fill in: headings, an example per column in its comment, and lists
//! to choose from. Nothing in them asks for what may be unknown.

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Note, Workbook,
    Worksheet, XlsxError,
};

/// The language of a template's headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    TraditionalChinese,
    SimplifiedChinese,
    English,
}

/// Rows that are made ready for filling in: a large building's rooms.
const ROWS_READY: u32 = 5_000;

/// One column: heading per language, example, width in signs, choices in Chinese, and whether it
/// holds digits that Excel must leave alone.
struct Column {
    headings: [&'static str; 3],
    example: &'static str,
    width: f64,
    choices: &'static [&'static str],
    digits: bool,
}

const fn column(headings: [&'static str; 3], example: &'static str, width: f64) -> Column {
    Column {
        headings,
        example,
        width,
        choices: &[],
        digits: false,
    }
}

const fn digits(headings: [&'static str; 3], example: &'static str, width: f64) -> Column {
    Column {
        headings,
        example,
        width,
        choices: &[],
        digits: true,
    }
}

const fn choice(headings: [&'static str; 3], choices: &'static [&'static str]) -> Column {
    Column {
        headings,
        example: choices[0],
        width: 10.0,
        choices,
        digits: false,
    }
}

const ROSTER: &[Column] = &[
    column(["棟", "栋", "Building"], "3棟", 8.0),
    column(["單元", "单元", "Unit"], "2單元", 8.0),
    digits(["房號", "房号", "Room"], "1801", 10.0),
    column(
        ["建築面積(㎡)", "建筑面积(㎡)", "Floor area (m²)"],
        "89.50",
        12.0,
    ),
    digits(["樓層", "楼层", "Floor"], "18", 8.0),
    choice(["用途", "用途", "Use"], &["住宅", "商鋪", "車位", "其他"]),
    choice(
        ["狀態", "状态", "State"],
        &["自住", "出租", "空置", "已交付", "未交付"],
    ),
    column(["入住時間", "入住时间", "Move-in date"], "2024-01-05", 12.0),
    column(
        ["業主姓名", "业主姓名", "Owner name"],
        "王女士、李先生",
        18.0,
    ),
    digits(
        ["業主電話", "业主电话", "Owner phone"],
        "13700000123、13700000456",
        26.0,
    ),
    digits(
        ["業主證件號碼", "业主证件号码", "Owner ID number"],
        "",
        24.0,
    ),
    column(["份額", "份额", "Share"], "50%、50%", 10.0),
    digits(["統一社會信用代碼", "统一社会信用代码", "USCC"], "", 24.0),
    column(["法定代表人", "法定代表人", "Representative"], "", 12.0),
    column(["租戶姓名", "租户姓名", "Tenant name"], "陳女士", 12.0),
    digits(
        ["租戶電話", "租户电话", "Tenant phone"],
        "13700000789",
        16.0,
    ),
    column(
        ["租期", "租期", "Lease term"],
        "2024-01-01至2025-12-31",
        24.0,
    ),
    column(
        ["緊急聯繫人", "紧急联系人", "Emergency contact"],
        "張先生",
        14.0,
    ),
    digits(
        ["緊急聯繫電話", "紧急联系电话", "Emergency contact phone"],
        "13700000321",
        16.0,
    ),
    column(["車牌", "车牌", "Plate"], "粵B12345", 12.0),
    column(["備註", "备注", "Note"], "", 24.0),
];

const FEES: &[Column] = &[
    column(["房號", "房号", "Room"], "3-2-1801", 12.0),
    choice(
        ["收費項目", "收费项目", "Fee item"],
        &["物業費", "水費", "電費", "車位費"],
    ),
    column(["費用期間", "费用期间", "Period"], "2026-01", 12.0),
    column(["應繳日期", "应缴日期", "Due date"], "2026-01-31", 12.0),
    column(
        ["應收金額(元)", "应收金额(元)", "Amount due"],
        "268.50",
        14.0,
    ),
    column(
        ["實收金額(元)", "实收金额(元)", "Paid amount"],
        "268.50",
        14.0,
    ),
    column(["繳費日期", "缴费日期", "Payment date"], "2026-01-15", 12.0),
    choice(
        ["繳費方式", "缴费方式", "Payment method"],
        &["微信", "支付寶", "轉賬", "現金", "刷卡", "其他"],
    ),
    digits(["收據號", "收据号", "Receipt no"], "0001234", 14.0),
    column(["備註", "备注", "Note"], "", 24.0),
];

/// The roster to fill in, as the bytes of an `.xlsx` file: the same bytes every time.
pub fn template_roster(language: Language) -> Vec<u8> {
    let tab = ["業主名冊", "业主名册", "Roster"];
    made(ROSTER, tab, language)
}

/// The fee list to fill in, as the bytes of an `.xlsx` file: the same bytes every time.
pub fn template_fees(language: Language) -> Vec<u8> {
    let tab = ["費用", "费用", "Fees"];
    made(FEES, tab, language)
}

fn made(columns: &[Column], tab: [&str; 3], language: Language) -> Vec<u8> {
    build(columns, tab, language)
        .expect("the columns above keep Excel's bounds; a test builds each template")
}

fn build(columns: &[Column], tab: [&str; 3], language: Language) -> Result<Vec<u8>, XlsxError> {
    let of = language as usize;
    let mut book = Workbook::new();
    // No clock here: the file's own date says nothing to anyone.
    book.set_properties(
        &DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?),
    );
    let sheet = book.add_worksheet();
    sheet.set_name(tab[of])?;
    sheet.set_freeze_panes(1, 0)?;
    let head = Format::new()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_background_color(Color::RGB(0xE8F0EA));
    let text = Format::new().set_num_format("@");
    for (at, column) in columns.iter().enumerate() {
        let at = at as u16;
        sheet.write_with_format(0, at, column.headings[of], &head)?;
        sheet.set_column_width(at, column.width)?;
        if column.digits {
            // As text, or Excel rounds identity numbers and drops leading zeros.
            sheet.set_column_format(at, &text)?;
        }
        comment(sheet, at, column, language)?;
        if !column.choices.is_empty() {
            let list = DataValidation::new()
                .allow_list_strings(column.choices)?
                .ignore_blank(true)
                .show_error_message(false);
            sheet.add_data_validation(1, at, ROWS_READY, at, &list)?;
        }
    }
    book.save_to_buffer()
}

fn comment(
    sheet: &mut Worksheet,
    at: u16,
    column: &Column,
    language: Language,
) -> Result<(), XlsxError> {
    let unknown = [
        "不知道就留空，不要填假號碼。",
        "不知道就留空，不要填假号码。",
        "Leave blank what is unknown.",
    ][language as usize];
    let example = ["例：", "例：", "Example: "][language as usize];
    let said = if column.example.is_empty() {
        unknown.to_owned()
    } else {
        format!("{example}{}\n{unknown}", column.example)
    };
    sheet.insert_note(0, at, &Note::new(said).add_author_prefix(false))?;
    Ok(())
}
