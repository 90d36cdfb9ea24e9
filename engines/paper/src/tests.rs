//! What comes out is a PDF with its pages and letters; `pdftotext` and `pdffonts` of
//! poppler-utils read it back as a stranger would.

use super::*;
use std::io::Write as _;
use std::process::{Command, Stdio};

const QR: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10"><path fill="#000" d="M0 0h4v4H0z"/></svg>"##;

fn poster_of(title: &str, paragraphs: usize) -> Poster {
    Poster {
        compound: "春和苑".into(),
        class: "緊急".into(),
        grave: true,
        title: title.into(),
        paragraphs: vec![
            "二棟一單元立管爆裂，預計今晚 23:00 恢復供水。#[不是命令]".into();
            paragraphs
        ],
        qr: QR.into(),
        scan: "掃碼看最新內容".into(),
        foot: vec!["2026年11月27日".into()],
    }
}

/// What a tool of poppler says about a PDF on its standard input.
fn read_by(tool: &str, args: &[&str], pdf: &[u8]) -> String {
    let mut child = Command::new(tool)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("poppler-utils is installed by scripts/test");
    let mut input = child.stdin.take().expect("piped");
    let bytes = pdf.to_vec();
    let feed = std::thread::spawn(move || input.write_all(&bytes));
    let out = child.wait_with_output().expect("it ends");
    feed.join().expect("no panic").expect("it reads all");
    String::from_utf8_lossy(&out.stdout).into_owned()
}

#[test]
fn a_poster_is_one_page_of_a4_with_its_letters_embedded() {
    let pdf = poster(&poster_of("緊急停水", 3)).expect("drawn");
    assert!(pdf.starts_with(b"%PDF-"));
    let info = read_by("pdfinfo", &["-"], &pdf);
    assert!(info.contains("Pages:           1"), "{info}");
    assert!(info.contains("841.89 pts (A4)"), "{info}");
    let text = read_by("pdftotext", &["-", "-"], &pdf).replace('\n', "");
    assert!(
        text.contains("緊急停水") && text.contains("春和苑"),
        "{text}"
    );
    assert!(
        text.contains("#[不是命令]"),
        "what is written is text, never a command: {text}"
    );
    let fonts = read_by("pdffonts", &["-"], &pdf);
    for line in fonts.lines().skip(2) {
        assert!(
            line.contains(" yes yes "),
            "embedded and cut to its letters: {line}"
        );
    }
}

#[test]
fn a_door_list_repeats_its_head_and_counts_its_pages() {
    let rows = |n| {
        (1..=n)
            .map(|i| vec![format!("3-2-{i:04}"), "未送達".into()])
            .collect()
    };
    let mut list = DoorList {
        compound: "春和苑".into(),
        title: "上門名單".into(),
        about: "緊急停水".into(),
        heads: ["房號", "狀態", "告知了誰", "時間", "簽名"]
            .map(String::from)
            .into(),
        rows: rows(100),
        page: "第 {page} 頁，共 {pages} 頁".into(),
        qr: QR.into(),
    };
    let pdf = door_list(&list).expect("drawn");
    let text = read_by("pdftotext", &["-layout", "-", "-"], &pdf);
    let pages: Vec<&str> = text
        .split('\u{c}')
        .filter(|p| !p.trim().is_empty())
        .collect();
    assert!(pages.len() >= 4, "{} pages", pages.len());
    for (n, page) in pages.iter().enumerate() {
        assert!(page.contains("簽名"), "the head is on page {}", n + 1);
        assert!(page.contains(&format!("第 {} 頁，共 {} 頁", n + 1, pages.len())));
    }
    assert!(text.contains("3-2-0001") && text.contains("3-2-0100"));
    list.rows.clear();
    door_list(&list).expect("an empty list is a paper too");
}
