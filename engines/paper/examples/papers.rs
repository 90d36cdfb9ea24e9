//! Draws each paper with invented facts into a folder, and says how long each took:
//! `cargo run --release -p paper --example papers -- /tmp/papers`.

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let qr = code("https://linli.example/c/chunhe/my/notices/18");
    let poster = paper::Poster {
        compound: "春和苑".into(),
        class: "重要".into(),
        title: "本週六清洗水箱停水".into(),
        paragraphs: vec![
            "本週六 9:00–12:00 清洗低區水箱，低層區停水，請提前儲水。".into(),
            "高層區不受影響。需要桶裝水的家庭請聯繫客服。".into(),
        ],
        qr: qr.clone(),
        scan: "微信掃碼看最新內容".into(),
        foot: vec!["掃碼後請按「我知道了」。".into(), "2026年11月27日".into()],
        ..paper::Poster::default()
    };
    let list = paper::DoorList {
        compound: "春和苑".into(),
        title: "上門名單".into(),
        about: "本週六清洗水箱停水 · 共 1,000 戶".into(),
        heads: ["房號", "狀態", "告知了誰", "時間", "簽名"]
            .map(String::from)
            .into(),
        rows: (0..1_000)
            .map(|i| {
                vec![
                    format!(
                        "{}-{}-{:02}{:02}",
                        i / 200 + 1,
                        i / 100 % 2 + 1,
                        i % 100 / 4 + 1,
                        i % 4 + 1
                    ),
                    "未送達".into(),
                ]
            })
            .collect(),
        page: "第 {page} 頁，共 {pages} 頁".into(),
        qr,
        ..paper::DoorList::default()
    };
    #[allow(clippy::disallowed_methods)] // a figure for people, not a rule of the house
    let begin = Instant::now;
    for round in ["cold", "warm"] {
        let started = begin();
        let bytes = paper::poster(&poster)?;
        println!(
            "{round} poster: {:?}, {} bytes",
            started.elapsed(),
            bytes.len()
        );
        std::fs::write(format!("{dir}/poster.pdf"), bytes)?;
        let started = begin();
        let bytes = paper::door_list(&list)?;
        println!(
            "{round} door list of 1,000: {:?}, {} bytes",
            started.elapsed(),
            bytes.len()
        );
        std::fs::write(format!("{dir}/doors.pdf"), bytes)?;
    }
    Ok(())
}

/// The modules of a code, without its quiet zone.
fn code(text: &str) -> paper::Modules {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::Q)
        .expect("short enough for a code");
    let dark = code
        .to_colors()
        .iter()
        .map(|c| *c == qrcode::Color::Dark)
        .collect();
    paper::Modules::new(dark).expect("codes are square")
}
