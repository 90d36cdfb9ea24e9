//! Whatever stands in a file, reading ends with an answer.

use proptest::prelude::*;
use sheets::{Layout, Limits, guess_all, open, read_fees, read_roster};

/// Words of real sheets mixed with anything at all.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        prop::sample::select(vec![
            "房号",
            "业主",
            "電話",
            "身份证号",
            "面积",
            "1月",
            "物业费",
            "应收",
            "合计",
            "1棟",
            "3-2-1801",
            "王伟、李娜",
            "13712345678",
            "1.38E+10",
            "同上",
            "无",
            "2024-1-5",
            "50%",
            "(12.30)",
            "粤B12345",
            "2024.1.1-2025.1.1",
            "业主信息",
            "姓名",
            "租期",
            "份额",
            "月份",
            "金额",
            "5/1/2024",
            "等",
            "(",
            "各1/",
            "分之",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
        "[0-9./年月日 \\-E+,%()（）等:：]{0,20}",
    ]
}

fn read_all(bytes: &[u8], name: &str) {
    if let Ok(book) = open(bytes, name, &Limits::default()) {
        read_roster(&book, &guess_all(&book, Layout::Roster));
        read_fees(&book, &guess_all(&book, Layout::Fees));
    }
}

proptest! {
    #[test]
    fn any_grid_of_texts_is_read(rows in prop::collection::vec(prop::collection::vec(cell(), 0..8), 0..12)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        for row in &rows {
            let padded = (0..width).map(|i| row.get(i).map_or("", String::as_str));
            writer.write_record(padded).expect("memory");
        }
        read_all(&writer.into_inner().expect("memory"), "any.csv");
    }

    #[test]
    fn any_grid_under_a_heading_is_read(rows in prop::collection::vec(prop::collection::vec(cell(), 12..13), 1..8)) {
        let mut text = "楼栋,单元,房号,业主,电话,身份证号,面积,楼层,份额,租期,入住时间,车牌\n".to_owned();
        for row in &rows {
            let quoted: Vec<String> = row.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
            text += &(quoted.join(",") + "\n");
        }
        read_all(text.as_bytes(), "any.csv");
        read_all(text.replace("面积,楼层,份额", "金额,月份,实收").as_bytes(), "any.csv");
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..400), head in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"\xFF\xFE", b"\xEF\xBB\xBF", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"])) {
        read_all(&[head, &bytes].concat(), "any.csv");
        read_all(&[head, &bytes].concat(), "any.xlsx");
    }

    #[test]
    fn any_numbers_are_read(numbers in prop::collection::vec(any::<f64>(), 12..13)) {
        let bytes = crate::workbook(|s| {
            crate::put(s, 0, &[&["楼栋", "单元", "房号", "业主", "电话", "身份证号", "面积", "楼层", "份额", "入住时间", "金额", "月份"]]);
            for (c, n) in numbers.iter().enumerate().filter(|(_, n)| n.is_finite()) {
                s.write(1, c as u16, *n).expect("a small sheet");
            }
        });
        read_all(&bytes, "any.xlsx");
    }
}
