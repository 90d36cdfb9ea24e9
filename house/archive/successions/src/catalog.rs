//! The catalog as CSV (RFC 4180, UTF-8): exactly the six columns of SY-WI-KF-09 4.3.4.

use dossiers::handing::Handed;

/// The head, with the mark by which spreadsheets know UTF-8.
pub fn head() -> String {
    let mut text = String::from("\u{feff}");
    line(&mut text, paper::CATALOG_HEADS.iter().copied());
    text
}

/// A dossier's line.
pub fn row(text: &mut String, h: &Handed) {
    let d = &h.dossier;
    let pages = d.pages.to_string();
    let note = d.ended.as_ref().map(|day| format!("{day} 止"));
    let cells = [
        d.code.as_str(),
        d.number.as_str(),
        &h.owners.join("、"),
        d.began.as_deref().unwrap_or_default(),
        &pages,
        note.as_deref().unwrap_or_default(),
    ];
    line(text, cells.into_iter());
}

fn line<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
}
