//! The table: what was measured, ours, bare, and the one divided by the other.

/// One line of the table.
pub struct Line {
    pub what: String,
    pub unit: &'static str,
    pub ours: f64,
    pub bare: f64,
    /// What else was seen: the slowest of a hundred, and such.
    pub note: String,
}

/// The middle one.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// The one that 99 of a hundred do not exceed.
pub fn p99(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let at = figures.len().saturating_sub(1) * 99 / 100;
    figures.get(at).copied().unwrap_or_default()
}

/// Three digits that mean something.
fn figure(value: f64) -> String {
    match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

/// One line as markdown.
pub fn row(line: &Line) -> String {
    format!(
        "| {} | {} | {} | {} | {:.2} | {} |",
        line.what,
        line.unit,
        figure(line.ours),
        figure(line.bare),
        line.ours / line.bare,
        line.note
    )
}

/// All lines as markdown.
pub fn markdown(lines: &[Line]) -> String {
    let mut out = String::from(
        "| measure | unit | linli | bare | linli ÷ bare | beside it |\n\
         |---|---|---:|---:|---:|---|\n",
    );
    for line in lines {
        out.push_str(&row(line));
        out.push('\n');
    }
    out
}
