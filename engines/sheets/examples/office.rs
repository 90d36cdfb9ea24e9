//! Makes the example files of an office in `examples/`: a roster and fee lists, as messy as clerks
//! keep them. Every person, number and plate is invented.
//!
//! `cargo run -p sheets --example office -- examples`

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

const SURNAMES: [&str; 24] = [
    "王", "李", "張", "劉", "陳", "楊", "黃", "趙", "吳", "周", "徐", "孫", "馬", "朱", "胡", "郭",
    "何", "林", "高", "羅", "鄭", "梁", "謝", "歐陽",
];
const GIVEN: [&str; 17] = [
    "曉安", "文樂", "嘉禾", "子晴", "一諾", "明遠", "思齊", "若水", "知行", "雨桐", "景行", "安然",
    "望舒", "清和", "星河", "立夏", "小滿",
];

/// A flat of the invented compound.
struct Flat {
    building: u32,
    unit: u32,
    number: u32,
}

/// Three buildings of two units, eight floors of two flats each.
fn flats() -> Vec<Flat> {
    let mut flats = Vec::new();
    for building in 1..=3 {
        for unit in 1..=2 {
            for floor in 1..=8 {
                for door in 1..=2 {
                    flats.push(Flat {
                        building,
                        unit,
                        number: floor * 100 + door,
                    });
                }
            }
        }
    }
    flats
}

fn name(n: usize) -> String {
    format!(
        "{}{}",
        SURNAMES[n * 7 % SURNAMES.len()],
        GIVEN[n * 5 % GIVEN.len()]
    )
}

/// Numbers of a block that is used here only for inventions.
fn phone(n: usize) -> String {
    format!("1370000{:04}", 1000 + n * 37 % 9000)
}

fn id_number(n: usize) -> String {
    let first = format!(
        "440000{}{:02}{:02}{:03}",
        1950 + n % 50,
        1 + n % 12,
        1 + n % 28,
        101 + n % 800
    );
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first
        .bytes()
        .zip(weights)
        .map(|(b, w)| u32::from(b - b'0') * w)
        .sum();
    format!("{first}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// Area in hundredths of a square metre.
fn area(flat: &Flat) -> u32 {
    if flat.number % 100 == 1 {
        8_950
    } else {
        11_826
    }
}

/// The monthly fee: 2.80 yuan per square metre, in fen, rounded half up.
fn fee(flat: &Flat) -> u32 {
    (area(flat) * 280 + 50) / 100
}

fn yuan(fen: u32) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "examples".into()));
    std::fs::create_dir_all(&folder)?;
    roster_workbook(&folder)?;
    shops_text(&folder)?;
    fees_workbook(&folder)?;
    payments_text(&folder)?;
    Ok(())
}

fn new_book() -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    // The same bytes each time.
    book.set_properties(
        &DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 5)?),
    );
    Ok(book)
}

/// The main list: one tab per building, title, two rows of heading, merged buildings and units.
fn roster_workbook(folder: &Path) -> Result<(), XlsxError> {
    let mut book = new_book()?;
    let flats = flats();
    for building in 1..=3u32 {
        let sheet = book.add_worksheet();
        sheet.set_name(format!("{building}棟"))?;
        roster_head(sheet)?;
        let mut row = 4;
        for (n, flat) in flats
            .iter()
            .enumerate()
            .filter(|(_, f)| f.building == building)
        {
            row = roster_rows(sheet, row, n, flat)?;
        }
        sheet.write(row, 0, "合計")?;
        sheet.write(row, 9, 32.0 * 103.88)?;
        sheet.write(row + 1, 0, "製表：王女士")?;
        sheet.write(row + 1, 5, "審核：")?;
    }
    let sheet = book.add_worksheet();
    sheet.set_name("填表說明")?;
    sheet.write(0, 0, "一、業主有幾位的，姓名之間用頓號隔開。")?;
    sheet.write(1, 0, "二、不清楚的留空。")?;
    book.save(folder.join("roster.xlsx"))
}

fn roster_head(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let head = Format::new()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_border(FormatBorder::Thin);
    sheet.merge_range(0, 0, 0, 14, "鄰里花園業主（住戶）名冊", &head)?;
    sheet.write(1, 0, "登記日期：2026年1月5日")?;
    for (column, text) in [
        (0, "棟號"),
        (1, "單元"),
        (2, "房號"),
        (8, "樓層"),
        (9, "建築面積\n（㎡）"),
        (10, "使用狀態"),
        (11, "收樓日期"),
        (12, "車牌號碼"),
        (13, "緊急聯繫人"),
        (14, "備註"),
    ] {
        sheet.merge_range(2, column, 3, column, text, &head)?;
    }
    sheet.merge_range(2, 3, 2, 5, "業主信息", &head)?;
    sheet.merge_range(2, 6, 2, 7, "租戶信息", &head)?;
    for (column, text) in [
        (3, "姓名"),
        (4, "聯繫電話"),
        (5, "證件號碼"),
        (6, "姓名"),
        (7, "電話"),
    ] {
        sheet.write_with_format(3, column, text, &head)?;
    }
    Ok(())
}

/// Writes one flat, over one or two rows; answers the next free row.
fn roster_rows(sheet: &mut Worksheet, row: u32, n: usize, flat: &Flat) -> Result<u32, XlsxError> {
    let date = Format::new().set_num_format("yyyy/m/d");
    if flat.unit == 1 && flat.number == 101 {
        sheet.write(row, 0, format!("{}棟", flat.building))?;
    }
    if flat.number == 101 {
        sheet.write(row, 1, format!("{}單元", flat.unit))?;
    }
    // As numbers in the first building, as text with a blank behind in the others.
    if flat.building == 1 {
        sheet.write(row, 2, flat.number)?;
    } else {
        sheet.write(row, 2, format!("{} ", flat.number))?;
    }
    sheet.write(
        row,
        8,
        if n.is_multiple_of(3) {
            format!("{}層", flat.number / 100)
        } else {
            format!("{}", flat.number / 100)
        },
    )?;
    sheet.write(row, 9, f64::from(area(flat)) / 100.0)?;
    if n % 9 == 4 {
        // Not sold yet.
        sheet.write(row, 3, "無")?;
        sheet.write(row, 10, "未交付")?;
        return Ok(row + 1);
    }
    sheet.write(row, 10, ["自住", "已入住", "出租", "空置", "裝修中"][n % 5])?;
    if n % 5 == 2 {
        sheet.write(row, 6, name(n + 200))?;
        sheet.write(row, 7, phone(n + 200))?;
    }
    match n % 8 {
        0 => {
            sheet.write(row, 11, format!("2019-{}-{}", 1 + n % 12, 1 + n % 28))?;
        }
        1 => {
            sheet.write(row, 11, format!("2019年{}月{}日", 1 + n % 12, 1 + n % 28))?;
        }
        2 => {
            sheet.write(row, 11, format!("2019.{}.{}", 1 + n % 12, 1 + n % 28))?;
        }
        3 => {
            sheet.write(row, 11, format!("2019{:02}{:02}", 1 + n % 12, 1 + n % 28))?;
        }
        4 => {
            sheet.write_with_format(
                row,
                11,
                &ExcelDateTime::from_ymd(2019, 1 + (n % 12) as u8, 1 + (n % 28) as u8)?,
                &date,
            )?;
        }
        5 => {
            sheet.write(row, 11, 43_831 + n as u32)?;
        }
        6 => {
            sheet.write(row, 11, format!("2019/{:02}/{:02}", 1 + n % 12, 1 + n % 28))?;
        }
        _ => {}
    }
    if n % 4 == 1 {
        let plate = format!("粵B{:05}", 10_000 + n * 731 % 89_999);
        sheet.write(
            row,
            12,
            if n % 8 == 1 {
                plate.replace('B', "B·")
            } else {
                plate
            },
        )?;
    }
    if n.is_multiple_of(6) {
        sheet.write(row, 13, format!("{} {}", name(n + 400), phone(n + 400)))?;
    }
    match n % 7 {
        // Two owners over two rows, the room merged.
        3 => {
            sheet.write(row, 3, name(n))?;
            sheet.write(row, 4, phone(n))?;
            sheet.write(row + 1, 3, name(n + 100))?;
            sheet.write(row + 1, 4, phone(n + 100))?;
            let plain = Format::new();
            sheet.merge_range(row, 2, row + 1, 2, &flat.number.to_string(), &plain)?;
            return Ok(row + 2);
        }
        1 => {
            sheet.write(row, 3, format!("{}、{}", name(n), name(n + 100)))?;
            sheet.write(row, 4, format!("{}、{}", phone(n), phone(n + 100)))?;
            sheet.write(row, 5, format!("{}、{}", id_number(n), id_number(n + 100)))?;
        }
        2 => {
            sheet.write(row, 3, format!("{}\n{}", name(n), name(n + 100)))?;
            sheet.write(row, 4, phone(n))?;
        }
        4 => {
            // Full width, and a stand-in that somebody's template asked for.
            let wide: String = phone(n)
                .chars()
                .filter_map(|c| char::from_u32(c as u32 + 0xfee0))
                .collect();
            sheet.write(row, 3, name(n))?;
            sheet.write(row, 4, wide)?;
            sheet.write(row, 5, "111111111111111111")?;
        }
        5 => {
            sheet.write(row, 3, format!("{}　", name(n)))?;
            sheet.write(
                row,
                4,
                if n.is_multiple_of(2) {
                    "18999999999"
                } else {
                    "不詳"
                },
            )?;
        }
        _ => {
            sheet.write(row, 3, name(n))?;
            let digits: f64 = phone(n).parse().unwrap_or_default();
            sheet.write(row, 4, digits)?;
            sheet.write(row, 5, id_number(n))?;
        }
    }
    // Three slips, as every list has them: a digit too few, a wrong digit, a date either way round.
    match n {
        20 => {
            sheet.write(row, 4, "137000012")?;
        }
        48 => {
            sheet.write(row, 5, "440000198001011239")?;
        }
        70 => {
            sheet.write(row, 11, "5/6/2019")?;
        }
        33 | 34 => {
            sheet.set_row_hidden(row)?;
        }
        _ => {}
    }
    if n % 10 == 7 {
        sheet.write(row, 14, "鑰匙留管理處一把")?;
    }
    Ok(row + 1)
}

/// Shops and parking spaces, saved from an old program: semicolons and GB18030.
fn shops_text(folder: &Path) -> std::io::Result<()> {
    let mut text =
        "资源编号;用途;面积;客户名称;统一社会信用代码;法人;联系方式;起始日期;备注\r\n".to_owned();
    // The specimen code of the standard (GB 32100): nobody's.
    let specimen = "91350100M000100Y43";
    for (n, given) in GIVEN_SIMPLIFIED.iter().enumerate() {
        let owner = if n.is_multiple_of(2) {
            format!("某某{}贸易有限公司", given)
        } else {
            format!("李{}", given)
        };
        let code = if n == 4 { specimen } else { "" };
        let person = if n.is_multiple_of(2) { "陈女士" } else { "" };
        let phone = if n.is_multiple_of(2) {
            format!("0755-2600{:04}", 1000 + n)
        } else {
            phone(n + 600)
        };
        text += &format!(
            "商-{:02};商铺;{}.5;{owner};{code};{person};{phone};2020-03-{:02};\r\n",
            n + 1,
            40 + n,
            n + 1
        );
    }
    for n in 0..12usize {
        let owner = if n % 4 == 3 {
            String::new()
        } else {
            format!("张{}", GIVEN_SIMPLIFIED[n % 6])
        };
        text += &format!(
            "B1-{:03};车位;12.72;{owner};;;{};;\r\n",
            n + 1,
            if n % 4 == 3 {
                String::new()
            } else {
                phone(n + 700)
            }
        );
    }
    text += "合计;;;;;;;;\r\n";
    std::fs::write(
        folder.join("shops.csv"),
        encoding_rs::GB18030.encode(&text).0,
    )
}

const GIVEN_SIMPLIFIED: [&str; 6] = ["晓安", "嘉禾", "明远", "知行", "清和", "星河"];

/// What each flat owes per month of a year: a column per month, the total at the right and below.
fn fees_workbook(folder: &Path) -> Result<(), XlsxError> {
    let mut book = new_book()?;
    let sheet = book.add_worksheet();
    sheet.set_name("物業費")?;
    let head = Format::new().set_bold().set_align(FormatAlign::Center);
    let money = Format::new().set_num_format("#,##0.00");
    sheet.merge_range(0, 0, 0, 8, "鄰里花園2026年物業費應收表（單位：元）", &head)?;
    for (column, text) in [
        "序號", "房號", "面積", "1月", "2月", "3月", "4月", "合計", "備註",
    ]
    .into_iter()
    .enumerate()
    {
        sheet.write_with_format(1, column as u16, text, &head)?;
    }
    let flats = flats();
    for (n, flat) in flats.iter().enumerate() {
        let row = 2 + n as u32;
        let fee = f64::from(fee(flat)) / 100.0;
        sheet.write(row, 0, n as u32 + 1)?;
        sheet.write(
            row,
            1,
            format!("{}-{}-{}", flat.building, flat.unit, flat.number),
        )?;
        sheet.write(row, 2, f64::from(area(flat)) / 100.0)?;
        for month in 0..4u16 {
            sheet.write_with_format(row, 3 + month, fee, &money)?;
        }
        sheet.write_with_format(row, 7, fee * 4.0, &money)?;
    }
    let row = 2 + flats.len() as u32;
    sheet.write(row, 0, "合計")?;
    let total: u32 = flats.iter().map(fee).sum();
    sheet.write_with_format(row, 3, f64::from(total) / 100.0, &money)?;
    book.save(folder.join("fees.xlsx"))
}

/// What was paid for January and February, with water and parking among it.
fn payments_text(folder: &Path) -> std::io::Result<()> {
    let mut text =
        "\u{feff}房号,费用项目,所属月份,应收金额,实收金额,缴费日期,缴费方式,收据号,备注\r\n"
            .to_owned();
    let ways = ["微信", "支付宝", "现金", "银行转账", "刷卡"];
    for (n, flat) in flats().iter().enumerate().filter(|(n, _)| n % 3 != 2) {
        let room = format!("{}栋{}单元{}", flat.building, flat.unit, flat.number);
        let day = 1 + n % 28;
        let fee = yuan(fee(flat));
        let grouped = if n.is_multiple_of(5) {
            format!("¥{fee}")
        } else {
            fee.clone()
        };
        text += &format!(
            "{room},物业费,2026年1月,{grouped},{grouped},2026/1/{day},{},{:07},\r\n",
            ways[n % 5],
            1000 + n
        );
        if n.is_multiple_of(4) {
            text += &format!(
                "{room},水费,202601,\"{}\",,,,,\r\n",
                yuan(1_234 + n as u32 * 11)
            );
        }
        if n % 8 == 1 {
            text += &format!(
                "{room},车位费,2026年1-3月,\"1,050.00\",\"1,050.00\",2026-01-{day:02},{},{:07},预收一季\r\n",
                ways[n % 5],
                5000 + n
            );
        }
        if n % 16 == 4 {
            text += &format!(
                "{room},水费,2026-01,,(12.30),2026.1.{day},{},{:07},退多收\r\n",
                ways[n % 5],
                7000 + n
            );
        }
    }
    std::fs::write(folder.join("payments.csv"), text)
}
