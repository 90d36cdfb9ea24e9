//! Breaking a paragraph into lines of one measure.

use super::kinsoku::may_break;

/// A line: the signs from `start` to `end`, `width` without the spaces that hang at its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub start: usize,
    pub end: usize,
    pub width: f32,
    /// The paragraph ends here: not to be widened.
    pub last: bool,
}

/// Rounding must not push a sign out that fits by arithmetic.
const SLACK: f32 = 1e-3;

/// Breaks signs with their widths into lines. A word too long for a line is cut where no
/// rule of the line's ends forbids it; nothing is ever left out, even when the measure is
/// narrower than one sign.
pub fn lines(signs: &[(char, f32)], measure: f32) -> Vec<Line> {
    let mut out = Vec::new();
    let mut start = 0;
    while start < signs.len() {
        let end = line_end(signs, start, measure);
        out.push(trimmed(signs, start, end));
        start = end;
        // A line begins with no space that a break left over.
        while start < signs.len() && signs[start].0 == ' ' {
            start += 1;
        }
    }
    if out.is_empty() {
        out.push(trimmed(signs, 0, 0));
    }
    out.last_mut().expect("one at least").last = true;
    out
}

fn line_end(signs: &[(char, f32)], start: usize, measure: f32) -> usize {
    let mut width = 0.0;
    let mut good = None;
    for at in start..signs.len() {
        let (c, w) = signs[at];
        if at > start && may_break(signs[at - 1].0, c) {
            good = Some(at);
        }
        if c != ' ' && width + w > measure + SLACK {
            return good.unwrap_or_else(|| forced(signs, start, at));
        }
        width += w;
    }
    signs.len()
}

/// A cut inside a word: the last place before `over` that the rules of a line's ends allow,
/// else the first after it.
fn forced(signs: &[(char, f32)], start: usize, over: usize) -> usize {
    let allowed = |at: usize| {
        // Cut as if an ideograph stood on either side: only the marks' own rules count.
        may_break(signs[at - 1].0, '一') && may_break('一', signs[at].0)
    };
    (start + 1..=over)
        .rev()
        .find(|&at| allowed(at))
        .or_else(|| (over + 1..signs.len()).find(|&at| allowed(at)))
        .unwrap_or(signs.len())
}

fn trimmed(signs: &[(char, f32)], start: usize, end: usize) -> Line {
    let ink = signs[start..end]
        .iter()
        .rposition(|s| s.0 != ' ')
        .map_or(start, |at| start + at + 1);
    Line {
        start,
        end: ink,
        width: signs[start..ink].iter().map(|s| s.1).sum(),
        last: false,
    }
}
