//! Forms d, e and f: what is handed over with a home.

use paper::{Block, Cell, Check, Form, Grid, Row, Signature};

use crate::forms::{blank, columns, rows};

fn home() -> Block {
    let (h, v) = (Cell::head, Cell::value);
    Block::Grid(Grid::new(vec![Row::new(vec![
        h("房號", 2),
        v("3棟2單元1801", 3),
        h("業主", 1),
        v("林知夏", 3),
        h("日期", 1),
        v("2021-06-18", 2),
    ])]))
}

/// 《資料簽收表》
pub fn receipt() -> Form {
    Form {
        blocks: vec![
            home(),
            Block::Rows {
                columns: columns(&[
                    ("序", 10.0),
                    ("資料名稱", 76.0),
                    ("份數", 16.0),
                    ("簽收日期", 28.0),
                    ("簽收人", 28.0),
                    ("備注", 22.0),
                ]),
                rows: rows(&[
                    ["1", "《業主（臨時）公約》", "1", "", "", ""],
                    ["2", "《前期物業服務協議》", "1", "", "", ""],
                    ["3", "《消防安全責任書》", "1", "", "", ""],
                    ["4", "《住宅質量保證書》", "1", "", "", ""],
                    ["5", "《住宅使用說明書》", "1", "", "", ""],
                    ["6", "《裝修指南》及裝修須知", "1", "", "", ""],
                    ["7", "戶內水電管線圖", "1", "", "", ""],
                    ["8", "服務手冊與服務電話卡", "1", "", "", ""],
                    ["9", "門禁卡", "3", "", "", "另見鑰匙表"],
                ]),
                blank: 5,
                mm: 9.5,
            },
            Block::Text(vec![
                "本人已收到上列資料並核對份數無誤。資料內容如有疑問，可隨時到服務中心查詢。".into(),
            ]),
            Block::Signatures(vec![
                Signature::of("業主（受託人）", ""),
                Signature::of("發放人", ""),
            ]),
        ],
        ..blank("資料簽收表", "d", "YX-03-2-1801-02K-d-001")
    }
}

/// 《鑰匙領(借)用登記表》
pub fn keys() -> Form {
    Form {
        blocks: vec![
            home(),
            Block::Section("領取".into()),
            Block::Rows {
                columns: columns(&[("鑰匙／卡", 40.0), ("編號", 32.0), ("數量", 16.0), ("領取日期", 28.0), ("領取人簽名", 36.0), ("經手人", 28.0)]),
                rows: rows(&[
                    ["入戶門鑰匙", "1801-A01～05", "5", "", "", ""],
                    ["信報箱鑰匙", "1801-M", "2", "", "", ""],
                    ["單元門禁卡", "00731～00733", "3", "", "", ""],
                ]),
                blank: 2,
                mm: 9.0,
            },
            Block::Section("留存（業主委託管理處保管）".into()),
            Block::Grid(Grid::new(vec![
                Row::new(vec![
                    Cell::head("是否留存", 2),
                    Cell::checks(vec![Check::ticked("留 1 把，封袋簽名"), Check::open("不留，說明：＿＿＿＿＿＿＿＿")], 10),
                ]),
                Row::new(vec![Cell::head("用途", 2), Cell::value("緊急情況（跑水、起火、燃氣洩漏）及業主書面同意的維修", 10)]),
            ])),
            Block::Section("借用".into()),
            Block::Rows {
                columns: columns(&[("借用人", 24.0), ("事由", 42.0), ("借出時間", 30.0), ("應還時間", 28.0), ("歸還時間", 28.0), ("經手人", 28.0)]),
                rows: Vec::new(),
                blank: 6,
                mm: 9.0,
            },
            Block::Text(vec!["無證件、無登記不得領借；業主託他人領取須有《委託書》。逾期未還，經手人應於當日電話催還並記錄結果。".into()]),
            Block::Signatures(vec![Signature::of("業主（受託人）", ""), Signature::of("客服專員", "")]),
        ],
        ..blank("鑰匙領（借）用登記表", "e", "YX-03-2-1801-02K-e-001")
    }
}

/// 《房屋交付驗收表》
pub fn inspection() -> Form {
    let (h, v) = (Cell::head, Cell::value);
    let ok = || vec![Check::open("合格"), Check::open("不合格")];
    let item = |part: &str, what: &str| {
        Row::new(vec![
            h(part, 2),
            v(what, 4),
            Cell::checks(ok(), 3),
            v("", 3),
        ])
    };
    Form {
        blocks: vec![
            home(),
            Block::Section("分項驗收".into()),
            Block::Grid(Grid::new(vec![
                Row::new(vec![
                    h("部位", 2),
                    h("驗收內容", 4),
                    h("結果", 3),
                    h("問題描述", 3),
                ]),
                item("入戶門", "開啟順暢、鎖具完好、無劃傷"),
                item("客廳餐廳", "牆面平整、地面無空鼓裂縫"),
                item("臥室", "牆面、天花、窗台無滲水痕跡"),
                item("廚房", "煙道通暢、地漏排水、閥門無滲漏"),
                item("衛生間", "閉水試驗 24 小時無滲漏"),
                item("陽台", "欄杆牢固、坡度朝向地漏"),
                item("門窗", "開關靈活、密封條完整、玻璃無損"),
                item("電氣", "開關插座通電、漏電保護動作正常"),
            ])),
            Block::Section("表底數".into()),
            Block::Rows {
                columns: columns(&[("表", 24.0), ("表號", 60.0), ("底數", 48.0), ("備注", 48.0)]),
                rows: rows(&[
                    ["水", "", "", ""],
                    ["電", "", "", ""],
                    ["燃氣", "", "", ""],
                    ["中水", "", "", ""],
                ]),
                blank: 0,
                mm: 8.5,
            },
            Block::Section("業主意見".into()),
            Block::Checks {
                label: String::new(),
                checks: vec![
                    Check::open("同意接收"),
                    Check::open("除上列問題外同意接收，問題由保修單位限期整改"),
                    Check::open("暫不接收"),
                ],
            },
            Block::Signatures(vec![
                Signature::of("業主", "聯繫電話："),
                Signature::of("陪同驗房人", ""),
                Signature::of("保修辦複查", "複查結果："),
                Signature::of("業主（複查後）", ""),
            ]),
        ],
        ..blank("房屋交付驗收表", "f", "YX-03-2-1801-02K-f-001")
    }
}
