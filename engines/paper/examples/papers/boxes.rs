//! What stands on, in and beside archive boxes.

use std::cell::RefCell;

use paper::{
    Catalog, CatalogRow, EscrowCard, LabelSheets, Lang, LidRow, LidSheet, Mark, Spine, SpineLabel,
};

use crate::{MADE, code, walls};

/// Rooms as compounds really write them, with the building and unit beside them.
const ROOMS: [(&str, &str, &str); 12] = [
    ("1棟", "1單元", "1801"),
    ("2棟", "1單元", "101"),
    ("12棟", "3單元", "12A02"),
    ("地庫", "", "B1夾層-023"),
    ("T3", "", "T3-2-1801A"),
    ("5棟", "2單元", "1801-1802"),
    ("十二號樓", "1單元", "3A01"),
    ("A座", "", "2208"),
    ("臨江商業街", "", "鋪-0018"),
    ("甲座", "東", "18A"),
    ("聽濤苑3期26棟", "10單元", "3301"),
    ("8棟", "2單元", "頂層複式-2"),
];

pub fn labels(spine: Spine, count: usize) -> LabelSheets {
    LabelSheets {
        lang: Lang::Traditional,
        made: Some(MADE),
        title: "檔案盒脊標籤".into(),
        spine,
        labels: (0..count).map(label).collect(),
        copy: 1,
        note: "2026-11-27 09:00".into(),
    }
}

fn label(i: usize) -> SpineLabel {
    let (building, unit, room) = ROOMS[i % ROOMS.len()];
    let serial = format!("7K2M9QXR4TB6WJ8DNPC5{i:06}");
    SpineLabel {
        compound: "春和苑".into(),
        building: building.into(),
        unit: unit.into(),
        room: room.into(),
        tenure: "02·1/2".into(),
        code: format!("YX-{:02}-{room}-02K", i % 12 + 1),
        qr: code(&format!("YZ1:{serial}C")),
        mark: Mark((i % ROOMS.len()) as u16),
    }
}

pub fn lid() -> LidSheet {
    let row = |pages, date: &str, note: &str| LidRow {
        pages,
        date: date.into(),
        note: note.into(),
    };
    LidSheet {
        made: Some(MADE),
        compound: "春和苑物業服務中心".into(),
        room: "3棟2單元1801".into(),
        number: "YX-03-2-1801-02K".into(),
        tenure: "02·1/2".into(),
        rows: vec![
            row(Some(12), "2021-06-18", ""),
            row(Some(2), "2021-06-18", ""),
            row(Some(2), "2026-10-09", "第三季度普查更新"),
            row(Some(1), "2021-06-18", ""),
            row(Some(3), "2024-02-20", "備用鑰匙一把仍在管理處"),
            row(Some(4), "2021-06-18", ""),
            row(Some(18), "2021-09-02", "含水電改造圖"),
            row(None, "", ""),
            row(Some(5), "2021-06-18", "限閱"),
            row(None, "", ""),
        ],
        foot: ("SY-WI-KF-09 · 盒內目錄 第 1 版".into(), "2026-11-27".into()),
        qr: code("YZ1:7K2M9QXR4TB6WJ8DNPC5000001C"),
        ..LidSheet::default()
    }
}

const SURNAMES: [&str; 12] = [
    "林", "陳", "黃", "歐陽", "張", "李", "王", "吳", "劉", "蔡", "司徒", "許",
];
const NAMES: [&str; 10] = [
    "知夏", "承遠", "若琳", "明軒", "靜姝", "𠮷川", "嘉禾", "雨桐", "國強", "秀英",
];

pub fn catalog(rows: usize) -> Catalog<'static> {
    Catalog {
        lang: Lang::Traditional,
        made: Some(MADE),
        compound: "春和苑".into(),
        about: format!("按架位順序 · 共 {rows} 盒 · 截至 2026年11月27日"),
        page: "第 {page} 頁，共 {pages} 頁".into(),
        foot: ("SY-WI-KF-09 4.3.4".into(), "限閱·業主個人資料".into()),
        rows: RefCell::new(Box::new((0..rows).map(|i| CatalogRow {
            room: walls::room(i),
            number: format!("YX-{}-{:02}K", walls::room(i), i % 3 + 1),
            owner: format!("{}{}", SURNAMES[i % 12], NAMES[i * 7 % 10]),
            moved_in: format!("20{:02}-{:02}-{:02}", 10 + i % 16, i % 12 + 1, i % 28 + 1),
            pages: (i % 17 != 3).then_some((i * 13 % 90 + 8) as u32),
            note: match i % 23 {
                4 => "共有人：林承遠、林若琳".into(),
                9 => "車位 B1-023 同盒".into(),
                _ => String::new(),
            },
        }))),
    }
}

pub fn escrow() -> EscrowCard {
    let words = "山川日月星辰雲霧松柏竹梅蘭菊荷桂鶴鹿馬牛羊雁燕鯉舟車橋塔鐘鼓琴棋";
    EscrowCard {
        made: Some(MADE),
        title: "檔案庫備用密鑰卡".into(),
        compound: "春和苑物業服務中心".into(),
        index: 2,
        of: 5,
        needed: 3,
        words: words
            .chars()
            .zip(words.chars().rev())
            .map(|(a, b)| format!("{a}{b}"))
            .collect(),
        check: vec!["江河".into(), "湖海".into(), "泉溪".into(), "潮汐".into()],
        key: "key 7f3a·91c4·e02b·55d8　2026-11-27".into(),
        qr: code("LINLI-ESCROW:2/5:7F3A91C4E02B55D8:QWERTYUIOPASDFGHJKLZXCVBNM234567QWERTYUIOPASDFGH"),
        zh: [
            "把本卡放入信封，封口處簽名並寫上日期，存入保險箱；五張卡由五人分開保管，不拍照、不複印、不放在同一處。",
            "每季度演練時核對信封是否完好；封口破損即視為洩露，應立即更換全部密鑰卡。",
            "需要開庫時，由三位持卡人到場，在「恢復」頁掃碼或逐字輸入本卡詞語，校驗詞一致即輸入無誤。",
        ]
        .map(String::from)
        .into(),
        en: [
            "Seal this card in an envelope, sign and date across the flap, and keep it in a safe. Five cards, five people, five places; no photo, no copy.",
            "Check the envelope at each quarterly drill. A broken seal counts as a leak: replace all cards.",
            "To open the archive, three holders come together and scan or type their words; the check words show a slip.",
        ]
        .map(String::from)
        .into(),
        foot: ("SY-WI-KF-09 · 密鑰卡 第 1 版".into(), "2/5".into()),
        ..EscrowCard::default()
    }
}
