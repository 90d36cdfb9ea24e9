//! Invented people and firms. Names are drawn from common characters; phones lie in
//! one invented run of numbers, so that nobody's real number stands in a demo.

use foundation::chance::Chance;

const SURNAMES: &[&str] = &[
    "王", "李", "張", "劉", "陳", "楊", "黃", "趙", "吳", "周", "徐", "孫", "馬", "朱", "胡", "郭",
    "何", "林", "高", "羅", "鄭", "梁", "謝", "宋", "唐", "許", "鄧", "馮", "韓", "曹", "曾", "彭",
    "蕭", "蔡", "潘", "田", "董", "袁", "于", "余", "葉", "蔣", "杜", "蘇", "魏", "程", "呂", "丁",
    "沈", "任", "姚", "盧", "傅", "鍾", "姜", "崔", "譚", "廖", "范", "汪", "陸", "金", "石", "戴",
    "歐陽", "上官",
];
const GIVEN: &[&str] = &[
    "安", "寧", "文", "軒", "雅", "靜", "明", "華", "建", "國", "志", "強", "秀", "英", "麗", "芳",
    "敏", "偉", "磊", "洋", "艷", "勇", "傑", "娟", "濤", "超", "霞", "平", "剛", "桂", "玉", "春",
    "蘭", "梅", "雪", "晨", "曦", "若", "溪", "雨", "澤", "浩", "然", "梓", "涵", "思", "遠", "俊",
    "輝", "立", "新", "慧", "嘉", "怡", "樂", "行", "知", "遙", "清", "和",
];
const TRADES: &[&str] = &[
    "便利店",
    "水果行",
    "乾洗店",
    "藥房",
    "麵包坊",
    "理髮店",
    "茶舍",
    "書店",
    "五金行",
    "花坊",
];

fn pick<'a>(chance: &Chance, from: &[&'a str]) -> &'a str {
    from[chance.below(from.len() as u64) as usize]
}

/// A person's name of two to four signs.
pub fn person(chance: &Chance) -> String {
    let mut name = pick(chance, SURNAMES).to_owned();
    name.push_str(pick(chance, GIVEN));
    if chance.below(5) > 0 {
        name.push_str(pick(chance, GIVEN));
    }
    name
}

/// A small firm of the kind that keeps a shop downstairs.
pub fn firm(chance: &Chance) -> String {
    format!(
        "{}{}{}有限公司",
        pick(chance, GIVEN),
        pick(chance, GIVEN),
        pick(chance, TRADES)
    )
}

/// The `n`th invented mobile number.
pub fn phone(n: u32) -> String {
    format!("1990{:07}", n % 10_000_000)
}
