//! The spreadsheets that a property office would hand over: written the way clerks
//! write them, because the demo goes through the same importer as everybody.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::names;
use foundation::chance::Chance;

/// 1棟 to 5棟, two units, eighteen floors of six flats: 1,080 homes.
const BUILDINGS: u32 = 5;
const UNITS: u32 = 2;
const FLOORS: u32 = 18;
const FLATS: u32 = 6;
/// Shops on the street side and parking spaces below make 1,200 in all.
const SHOPS: u32 = 40;
const PARKING: u32 = 80;
/// The developer's name on what is not sold yet.
const DEVELOPER: &str = "春和置業有限公司";
/// 面積 of the six flats of a floor, in 0.01 m².
const AREAS: [u32; 6] = [8_936, 11_820, 14_255, 14_255, 11_820, 8_936];

/// A room of the demo and what is known of it.
pub struct DemoRoom {
    pub code: String,
    pub building: String,
    pub unit: String,
    pub number: String,
    pub area: u32,
    pub owners: Vec<(String, Option<String>)>,
    pub moved_in: Option<String>,
    pub state: &'static str,
    pub usage: &'static str,
}

/// Every room of the compound, the same for the same chance.
pub fn rooms(chance: &Chance) -> Vec<DemoRoom> {
    let mut out = Vec::with_capacity(1_200);
    let mut phones = 0u32;
    for building in 1..=BUILDINGS {
        for unit in 1..=UNITS {
            for floor in 1..=FLOORS {
                for flat in 1..=FLATS {
                    out.push(flat_of(chance, &mut phones, building, unit, floor, flat));
                }
            }
        }
    }
    for shop in 1..=SHOPS {
        phones += 1;
        out.push(DemoRoom {
            code: format!("商-{shop:02}"),
            building: "商".into(),
            unit: String::new(),
            number: format!("{shop:02}"),
            area: 4_200 + 310 * (shop % 7),
            owners: vec![(names::firm(chance), Some(names::phone(phones)))],
            moved_in: Some(date(chance, 2019)),
            state: "自用",
            usage: "商鋪",
        });
    }
    let homes: Vec<usize> = (0..out.len()).filter(|i| out[*i].usage == "住宅").collect();
    for space in 1..=PARKING {
        let owner = &out[homes[chance.below(homes.len() as u64) as usize]];
        let owners = owner.owners.first().cloned().into_iter().collect();
        out.push(DemoRoom {
            code: format!("車位B1-{space:03}"),
            building: "車位".into(),
            unit: String::new(),
            number: format!("B1-{space:03}"),
            area: 1_272,
            owners,
            moved_in: None,
            state: "自用",
            usage: "車位",
        });
    }
    out
}

fn flat_of(
    chance: &Chance,
    phones: &mut u32,
    building: u32,
    unit: u32,
    floor: u32,
    flat: u32,
) -> DemoRoom {
    let fate = chance.below(100);
    let number = format!("{floor}{flat:02}");
    let mut room = DemoRoom {
        code: format!("{building}-{unit}-{number}"),
        building: format!("{building}棟"),
        unit: format!("{unit}單元"),
        number,
        area: AREAS[flat as usize - 1],
        owners: vec![],
        moved_in: None,
        state: "自住",
        usage: "住宅",
    };
    if fate < 4 {
        room.owners.push((DEVELOPER.into(), None));
        room.state = "未交付";
        return room;
    }
    let surname_shared = names::person(chance);
    *phones += 1;
    room.owners
        .push((surname_shared, Some(names::phone(*phones))));
    if fate >= 70 {
        *phones += 1;
        let phone = (fate >= 80).then(|| names::phone(*phones));
        room.owners.push((names::person(chance), phone));
    }
    room.moved_in = Some(date(chance, 2018 + (building - 1) % 3));
    room.state = match fate {
        4..=9 => "空置",
        10..=21 => "出租",
        _ => "自住",
    };
    room
}

/// A date in one of the forms that clerks write.
fn date(chance: &Chance, year: u32) -> String {
    let (month, day) = (1 + chance.below(12), 1 + chance.below(28));
    match chance.below(4) {
        0 => format!("{year}-{month:02}-{day:02}"),
        1 => format!("{year}/{month}/{day}"),
        2 => format!("{year}.{month}.{day}"),
        _ => format!("{year}年{month}月{day}日"),
    }
}

/// The roster: a title over the header, the building written once for its block,
/// co-owners in one cell, a total at the end; shops and parking on a sheet of their own.
pub fn roster(rooms: &[DemoRoom]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (homes, others): (Vec<&DemoRoom>, Vec<&DemoRoom>) =
        rooms.iter().partition(|r| r.usage == "住宅");
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name("業主名冊")?;
    sheet.merge_range(0, 0, 0, 9, "春和苑業主名冊（客服中心）", &bold)?;
    let header = [
        "樓棟",
        "單元",
        "房號",
        "建築面積(㎡)",
        "用途",
        "使用狀態",
        "業主姓名",
        "聯繫電話",
        "入住時間",
        "備註",
    ];
    for (column, text) in header.iter().enumerate() {
        sheet.write_with_format(2, column as u16, *text, &bold)?;
    }
    let (mut building, mut unit) = (String::new(), String::new());
    let mut row = 3u32;
    for room in &homes {
        if room.building != building {
            sheet.write(row, 0, room.building.as_str())?;
            building.clone_from(&room.building);
            unit.clear();
        }
        if room.unit != unit {
            sheet.write(row, 1, room.unit.as_str())?;
            unit.clone_from(&room.unit);
        }
        sheet.write(row, 2, room.number.as_str())?;
        facts(sheet, row, room)?;
        row += 1;
    }
    sheet.write(row, 0, "合計")?;
    sheet.write(row, 2, format!("{}戶", homes.len()))?;
    let sheet = book.add_worksheet().set_name("商鋪車位")?;
    for (column, text) in header.iter().enumerate().skip(2) {
        sheet.write_with_format(0, column as u16, *text, &bold)?;
    }
    for (i, room) in others.iter().enumerate() {
        let row = 1 + i as u32;
        sheet.write(row, 2, room.code.as_str())?;
        facts(sheet, row, room)?;
    }
    book.save_to_buffer()
}

/// What the sheet says of a room, beside its code.
fn facts(sheet: &mut Worksheet, row: u32, room: &DemoRoom) -> Result<(), XlsxError> {
    sheet.write(row, 3, f64::from(room.area) / 100.0)?;
    sheet.write(row, 4, room.usage)?;
    sheet.write(row, 5, room.state)?;
    let owners: Vec<&str> = room.owners.iter().map(|(name, _)| name.as_str()).collect();
    sheet.write(row, 6, owners.join("、"))?;
    let phones = room.owners.iter().filter_map(|(_, phone)| phone.as_deref());
    sheet.write(row, 7, phones.collect::<Vec<_>>().join("、"))?;
    if let Some(moved_in) = &room.moved_in {
        sheet.write(row, 8, moved_in.as_str())?;
    }
    Ok(())
}

/// Monthly property fees of 2.80 yuan a square metre with what was paid of them; a
/// few households owe for some months.
pub fn fees(
    rooms: &[DemoRoom],
    months: &[(i16, i8)],
    chance: &Chance,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("物業費")?;
    let header = [
        "房號",
        "費用項目",
        "帳期",
        "應收金額",
        "繳費截止日",
        "實收金額",
        "繳費日期",
        "繳費方式",
        "收據號",
    ];
    for (column, text) in header.iter().enumerate() {
        sheet.write(0, column as u16, *text)?;
    }
    let mut row = 1u32;
    let mut receipt = 100_000u32;
    for room in rooms.iter().filter(|r| r.usage != "車位") {
        // Nine in a hundred pay late; one of them has stopped altogether.
        let owed_months = match chance.below(100) {
            0 => 8,
            1..=3 => 4,
            4..=8 => 1,
            _ => 0,
        };
        let cents = (u64::from(room.area) * 280 + 50) / 100;
        for (i, (year, month)) in months.iter().enumerate() {
            let amount = format!("{}.{:02}", cents / 100, cents % 100);
            sheet.write(row, 0, room.code.as_str())?;
            sheet.write(row, 1, "物業費")?;
            sheet.write(row, 2, format!("{year}-{month:02}"))?;
            sheet.write(row, 3, amount.as_str())?;
            sheet.write(row, 4, format!("{year}-{month:02}-25"))?;
            if months.len() - i > owed_months {
                receipt += 1;
                sheet.write(row, 5, amount.as_str())?;
                sheet.write(
                    row,
                    6,
                    format!("{year}-{month:02}-{:02}", 3 + chance.below(20)),
                )?;
                sheet.write(
                    row,
                    7,
                    ["微信", "銀行轉帳", "現金"][chance.below(3) as usize],
                )?;
                sheet.write(row, 8, format!("SJ{receipt}"))?;
            }
            row += 1;
        }
    }
    book.save_to_buffer()
}
