//! The table: what was measured, ours, bare, and the one divided by the other.

/// One line of the table.
pub struct Line {
    pub what: String,
    pub unit: &'static str,
    pub ours: f64,
    pub bare: f64,
}

/// The middle one.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// All lines as markdown.
pub fn markdown(lines: &[Line]) -> String {
    let mut out = String::from(
        "| measure | unit | linli | bare | linli ÷ bare |\n|---|---|---:|---:|---:|\n",
    );
    for line in lines {
        out.push_str(&format!(
            "| {} | {} | {:.0} | {:.0} | {:.2} |\n",
            line.what,
            line.unit,
            line.ours,
            line.bare,
            line.ours / line.bare
        ));
    }
    out
}
