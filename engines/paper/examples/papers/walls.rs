//! What hangs on walls and goes from door to door.

use crate::code;

pub fn poster() -> paper::Poster {
    paper::Poster {
        compound: "春和苑".into(),
        class: "重要".into(),
        title: "本週六清洗水箱停水".into(),
        paragraphs: vec![
            "本週六 9:00–12:00 清洗低區水箱，低層區停水，請提前儲水。".into(),
            "高層區不受影響。需要桶裝水的家庭請聯繫客服。".into(),
        ],
        qr: code("https://linli.example/c/chunhe/my/notices/18"),
        scan: "微信掃碼看最新內容".into(),
        foot: vec!["掃碼後請按「我知道了」。".into(), "2026年11月27日".into()],
        ..paper::Poster::default()
    }
}

pub fn grave() -> paper::Poster {
    paper::Poster {
        class: "緊急".into(),
        grave: true,
        title: "3棟地下二層管道爆裂，電梯停運，請走樓梯".into(),
        paragraphs: vec![
            "今日 15:20，3棟地下二層（B2）供水主管爆裂，積水已近電梯井。為安全起見，1、2 號電梯停運，恢復時間另行通知。".into(),
            "行動不便的住戶請致電客服中心，工作人員會上門協助。請勿進入地下車庫取車；車輛受損的，請於 48 小時內到客服中心登記。".into(),
            "搶修期間 3 棟全棟停水。桶裝水在 1 層大堂領取，每戶兩桶。".into(),
        ],
        ..poster()
    }
}

pub fn doors() -> paper::DoorList {
    paper::DoorList {
        compound: "春和苑".into(),
        title: "上門名單".into(),
        about: "本週六清洗水箱停水 · 共 1,000 戶".into(),
        heads: ["房號", "狀態", "告知了誰", "時間", "簽名"]
            .map(String::from)
            .into(),
        rows: (0..1_000).map(|i| vec![room(i), "未送達".into()]).collect(),
        page: "第 {page} 頁，共 {pages} 頁".into(),
        qr: code("https://linli.example/c/chunhe/notices/18/reach"),
        ..paper::DoorList::default()
    }
}

/// The code of the i-th home of an invented compound.
pub fn room(i: usize) -> String {
    let (building, unit) = (i / 200 + 1, i / 100 % 2 + 1);
    let (floor, door) = (i % 100 / 4 + 1, i % 4 + 1);
    format!("{building}-{unit}-{floor:02}{door:02}")
}
