//! Form c and the sheet of a census visit.

use paper::{Block, Cell, Check, Column, Form, Grid, Row, Signature};

use crate::{MADE, code};

/// What all forms of the invented compound share.
pub fn blank(title: &str, kind: &str, number: &str) -> Form {
    Form {
        made: Some(MADE),
        compound: "春和苑物業服務中心".into(),
        title: title.into(),
        number: format!("編號：{number}"),
        code: format!("SY-WI-KF-09-{kind} · 第 3 版"),
        record: format!("{number} · 2026-11-27"),
        page: "第 {page} 頁，共 {pages} 頁".into(),
        qr: code(&format!("YZ1:{kind}:7K2M9QXR4TB6WJ8DNPC5000001C")),
        ..Form::default()
    }
}

pub fn columns(heads: &[(&str, f32)]) -> Vec<Column> {
    heads
        .iter()
        .map(|(head, mm)| Column {
            head: (*head).to_owned(),
            mm: *mm,
            align: paper::Align::Left,
        })
        .collect()
}

pub fn rows<const N: usize>(rows: &[[&str; N]]) -> Vec<Vec<String>> {
    rows.iter().map(|r| r.map(String::from).into()).collect()
}

fn choices(all: &[&str], ticked: usize) -> Vec<Check> {
    all.iter()
        .enumerate()
        .map(|(n, text)| {
            if n == ticked {
                Check::ticked(text)
            } else {
                Check::open(text)
            }
        })
        .collect()
}

/// 《業主(住戶)情況登記表》
pub fn register() -> Form {
    let h = Cell::head;
    let v = Cell::value;
    let none = usize::MAX;
    let house = Grid::new(vec![
        Row::new(vec![
            h("房號", 2),
            v("3棟2單元1801", 4),
            h("入住時間", 2),
            v("2021年6月18日", 4),
        ]),
        Row::new(vec![
            h("建築面積", 2),
            v("118.36 m²", 2),
            h("戶型", 1),
            v("三房兩廳", 3),
            h("合同號", 2),
            v("", 2),
        ]),
        Row::new(vec![
            h("使用狀態", 2),
            Cell::checks(choices(&["自住", "出租", "裝修中", "空置", "其他"], 0), 10),
        ]),
    ]);
    let owner = Grid::new(vec![
        Row::new(vec![
            h("業主姓名", 2),
            v("林知夏", 3),
            h("性別", 1),
            Cell::checks(choices(&["男", "女"], 1), 2),
            h("出生日期", 2),
            v("", 2),
        ]),
        Row::new(vec![
            h("證件類型", 2),
            v("居民身份證", 3),
            h("證件號碼", 2),
            v("", 5),
        ]),
        Row::new(vec![h("手機", 2), v("", 3), h("電子郵箱", 2), v("", 5)]),
        Row::new(vec![
            h("緊急聯繫人", 2).over(2),
            h("姓名", 1),
            v("", 2),
            h("關係", 2),
            v("", 1),
            h("電話", 1),
            v("", 3),
        ]),
        Row::new(vec![h("地址", 1), v("", 9)]),
        Row::new(vec![
            h("單位業主", 2).over(2),
            h("名稱", 1),
            v("", 4),
            h("信用代碼", 2),
            v("", 3),
        ]),
        Row::new(vec![h("法人", 1), v("", 4), h("經辦人", 2), v("", 3)]),
        Row::new(vec![
            h("特殊照顧", 2),
            Cell::checks(
                choices(
                    &["獨居老人", "行動不便", "孕婦或嬰兒", "需要定期用藥", "無"],
                    none,
                ),
                10,
            ),
        ]),
    ]);
    Form {
        blocks: vec![
            Block::Section("房屋".into()),
            Block::Grid(house),
            Block::Section("業主".into()),
            Block::Grid(owner),
            Block::Section("同住人（共有人請在備注寫明）".into()),
            Block::Rows {
                columns: columns(&[("姓名", 26.0), ("與業主關係", 26.0), ("證件號碼", 48.0), ("職業", 26.0), ("電話", 32.0), ("備注", 22.0)]),
                rows: rows(&[["林承遠", "配偶", "", "", "", "共有人"]]),
                blank: 3,
                mm: 8.5,
            },
            Block::Section("車輛".into()),
            Block::Rows {
                columns: columns(&[("車牌號", 34.0), ("品牌顏色", 40.0), ("車位號", 34.0), ("備注", 72.0)]),
                rows: Vec::new(),
                blank: 2,
                mm: 8.5,
            },
            Block::Text(vec![
                "個人資料告知：以上資料僅用於物業服務、安全管理及法律規定的用途，存入限閱檔案，非經管理處經理批准並登記不得查閱。您可隨時要求查閱、更正，或在法律允許的範圍內要求刪除。未滿十四周歲者的資料由監護人填寫。".into(),
                "本人確認以上內容屬實；聯繫方式變更時將在七日內告知管理處。".into(),
            ]),
            Block::Signatures(vec![Signature::of("業主（住戶）", ""), Signature::of("經辦人", ""), Signature::of("覆核人", "")]),
        ],
        ..blank("業主（住戶）情況登記表", "c", "YX-03-2-1801-02K-c-001")
    }
}

/// The sheet of a census visit: what is known, what changed, who confirmed it.
pub fn census() -> Form {
    Form {
        blocks: vec![
            Block::Checks {
                label: "普查方式".into(),
                checks: choices(&["上門", "電話", "業主自查", "空置確認"], usize::MAX),
            },
            Block::Rows {
                columns: columns(&[
                    ("項目", 30.0),
                    ("檔案記載", 60.0),
                    ("一致", 14.0),
                    ("變更為", 76.0),
                ]),
                rows: rows(&[
                    ["業主姓名", "林知夏", "", ""],
                    ["聯繫電話", "尾號 6371", "", ""],
                    ["緊急聯繫人", "林承遠（配偶）", "", ""],
                    ["使用狀態", "自住", "", ""],
                    ["同住人數", "3 人", "", ""],
                    ["車輛", "1 輛", "", ""],
                    ["寵物", "犬 1 隻（已登記）", "", ""],
                ]),
                blank: 1,
                mm: 9.5,
            },
            Block::Lines {
                label: "備注".into(),
                count: 3,
            },
            Block::Signatures(vec![
                Signature::of("住戶確認", "以上內容由本人核對。"),
                Signature::of("普查員", ""),
            ]),
        ],
        ..blank("季度普查上門登記表", "c1", "2026Q4-0173")
    }
}
