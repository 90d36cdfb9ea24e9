//! Forms g and h: what is asked before walls are touched, and what follows when nobody asked.

use paper::{Block, Cell, Check, Form, Grid, Row, Signature};

use crate::forms::{blank, columns};

/// 《裝修申請審批表》
pub fn application() -> Form {
    let (h, v) = (Cell::head, Cell::value);
    let open = |all: &[&str]| all.iter().map(|t| Check::open(t)).collect::<Vec<_>>();
    Form {
        blocks: vec![
            Block::Grid(Grid::new(vec![
                Row::new(vec![h("房號", 2), v("3棟2單元1801", 4), h("業主", 2), v("林知夏", 4)]),
                Row::new(vec![h("聯繫電話", 2), v("", 4), h("計劃工期", 2), v("2026-12-05 至 2027-03-05", 4)]),
                Row::new(vec![h("施工單位", 2).over(2), v("清禾裝飾工程有限公司", 4), h("資質證號", 2), v("", 4)]),
                Row::new(vec![h("負責人", 1), v("", 3), h("電話", 2), v("", 4)]),
                Row::new(vec![
                    h("裝修項目", 2),
                    Cell::checks(open(&["水電改造", "拆非承重牆", "砌牆", "防水", "吊頂", "地面鋪裝", "門窗", "封陽台", "空調移位", "燃氣改動（須燃氣公司施工）"]), 10),
                ]),
                Row::new(vec![h("拆改說明", 2), v("廚房與餐廳之間非承重牆開門洞 900 × 2,100 mm；主衛改淋浴間，重做防水。", 10)]).tall(18.0),
                Row::new(vec![
                    h("所附資料", 2),
                    Cell::checks(open(&["平面圖", "拆牆圖", "砌牆圖", "水管圖", "開關插座圖", "營業執照", "資質證書", "電工證", "負責人身份證複印件", "施工人員照片及證件"]), 10),
                ]),
            ])),
            Block::Section("施工人員".into()),
            Block::Rows {
                columns: columns(&[("姓名", 28.0), ("工種", 24.0), ("證件號碼", 54.0), ("電話", 34.0), ("出入證號", 40.0)]),
                rows: Vec::new(),
                blank: 5,
                mm: 8.5,
            },
            Block::Section("承諾".into()),
            Block::Text(vec![
                "1. 不拆改承重牆、樑、柱、樓板，不改動燃氣與消防設施，不在外牆開孔，不佔用公共部位。".into(),
                "2. 施工時間為週一至週六 8:00–12:00、14:00–18:00；週日及法定節假日不進行有噪聲的施工。".into(),
                "3. 裝修垃圾袋裝運至指定地點；電梯、走廊做好保護，損壞照價賠償。".into(),
                "4. 防水工程完成後做 24 小時閉水試驗，並通知樓下住戶及管理處到場查看。".into(),
                "5. 現場每 30 m² 至少配兩具滅火器；動火須事先申請。施工人員憑證出入，未經批准不得留宿。".into(),
            ]),
            Block::Section("審批".into()),
            Block::Signatures(vec![
                Signature::of("業主", "本人及施工單位願遵守以上承諾。"),
                Signature::of("施工單位（蓋章）", ""),
                Signature::of("工程部審核", "")
                    .with(open(&["同意", "補充資料", "不同意，理由："])),
                Signature::of("管理處經理審批", "").with(open(&["同意", "不同意，理由："])),
            ]),
            Block::Section("押金與驗收".into()),
            Block::Grid(Grid::new(vec![
                Row::new(vec![h("裝修押金", 2), v("", 2), h("收據號", 2), v("", 2), h("開工許可證號", 2), v("", 2)]),
                Row::new(vec![h("完工驗收", 2), Cell::checks(open(&["合格", "整改後複驗"]), 4), h("驗收日期", 2), v("", 4)]),
                Row::new(vec![h("三個月複驗", 2), Cell::checks(open(&["合格", "有滲漏等問題"]), 4), h("退款日期及簽收", 2), v("", 4)]),
            ])),
        ],
        ..blank("裝修申請審批表", "g", "YX-03-2-1801-02K-g-002")
    }
}

/// 《違章處理通知單》
pub fn violation() -> Form {
    let (h, v) = (Cell::head, Cell::value);
    Form {
        blocks: vec![
            Block::Grid(Grid::new(vec![
                Row::new(vec![h("致", 2), v("3棟2單元1801 業主／施工負責人", 6), h("發單日期", 2), v("2026-11-27", 2)]),
                Row::new(vec![h("發現時間", 2), v("2026-11-27 10:35", 4), h("發現人", 2), v("工程部 許明軒", 4)]),
                Row::new(vec![h("地點", 2), v("主臥與陽台之間牆體", 10)]),
                Row::new(vec![h("事實", 2), v("現場已鑿除主臥與陽台之間配重牆約 0.6 m²，未見審批手續；現場施工人員兩名，未戴出入證。照片三張附後。", 10)]).tall(24.0),
                Row::new(vec![h("違反條款", 2), v("《裝修申請審批表》承諾第 1 條；《業主（臨時）公約》第 12 條第 3 項", 10)]),
                Row::new(vec![
                    h("要求", 2),
                    Cell::checks(vec![Check::ticked("立即停工"), Check::ticked("恢復原狀"), Check::open("補辦手續"), Check::open("清理現場"), Check::open("其他：＿＿＿＿＿＿＿")], 10),
                ]),
                Row::new(vec![h("限期", 2), v("2026-12-04 18:00 前", 4), h("聯繫電話", 2), v("服務中心 24 小時值班電話", 4)]),
            ])),
            Block::Text(vec![
                "請在限期內整改並通知管理處複查。逾期未整改的，管理處將依法報告有關行政主管部門處理。對本通知有異議的，可在三日內向服務中心提出，由未經手本單的人員覆核。".into(),
            ]),
            Block::Section("送達".into()),
            Block::Checks {
                label: "方式".into(),
                checks: vec![Check::open("當面簽收"), Check::open("郵寄"), Check::open("張貼於門並拍照"), Check::open("拒簽，見證人在場")],
            },
            Block::Signatures(vec![Signature::of("簽收人", ""), Signature::of("發單人", ""), Signature::of("見證人（拒簽時）", "")]),
            Block::Section("複查與結案".into()),
            Block::Grid(Grid::new(vec![
                Row::new(vec![h("複查時間", 2), v("", 4), h("複查人", 2), v("", 4)]),
                Row::new(vec![
                    h("結果", 2),
                    Cell::checks(vec![Check::open("已整改"), Check::open("部分整改，延期至＿＿＿＿"), Check::open("未整改，上報")], 10),
                ]),
                Row::new(vec![h("處理經過", 2), v("", 10)]).tall(22.0),
            ])),
        ],
        ..blank("違章處理通知單", "h", "WZ-2026-0041")
    }
}
