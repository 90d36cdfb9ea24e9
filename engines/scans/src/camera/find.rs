//! The sheet in a photograph. Several readings of what is paper are tried (bright at several
//! thresholds, colourless), and the patch that fills its four corners best wins.

use image::{DynamicImage, RgbImage};

use super::{Corners, Point};

/// Pixels of the longer edge while searching: a corner is found to a third of a percent.
const SEARCH_EDGE: u32 = 320;
/// Smaller than this part of the picture is no sheet somebody wanted to photograph.
const AREA_MIN: f64 = 0.12;
/// How much of the four-cornered area must be paper: letters and shadows are holes.
const FILL_MIN: f64 = 0.86;

type Spot = (f64, f64);

pub(super) fn sheet(photo: &DynamicImage) -> Corners {
    let small = photo.thumbnail(SEARCH_EDGE, SEARCH_EDGE).to_rgb8();
    let (width, height) = (f64::from(small.width()), f64::from(small.height()));
    let mut best: Option<(f64, [Spot; 4])> = None;
    for (values, thresholds) in readings(&small) {
        for threshold in thresholds {
            let mask: Vec<bool> = values.iter().map(|v| *v > threshold).collect();
            let Some((score, quad)) = candidate(&mask, small.width(), small.height()) else {
                continue;
            };
            if best.is_none_or(|b| score > b.0) {
                best = Some((score, quad));
            }
        }
    }
    let point = |(x, y): Spot| Point {
        x: (x / width).clamp(0.0, 1.0),
        y: (y / height).clamp(0.0, 1.0),
    };
    match best {
        Some((_, quad)) => Corners {
            corners: quad.map(point),
            sure: true,
        },
        None => Corners {
            corners: [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(point),
            sure: false,
        },
    }
}

/// What may tell paper from desk, each with the thresholds to try.
fn readings(small: &RgbImage) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (width, height) = (small.width() as usize, small.height() as usize);
    let light: Vec<u8> = small
        .pixels()
        .map(|p| ((u16::from(p[0]) + 2 * u16::from(p[1]) + u16::from(p[2])) / 4) as u8)
        .collect();
    let pale = small.pixels().map(|p| {
        let (low, high) = (
            p.0.iter().min().unwrap_or(&0),
            p.0.iter().max().unwrap_or(&0),
        );
        255 - (high - low).saturating_mul(2)
    });
    // White on a light desk differs by colour: bright counts only where it is pale.
    let both: Vec<u8> = pale
        .zip(&light)
        .map(|(p, l)| (u16::from(p) * u16::from(*l) / 255) as u8)
        .collect();
    let mut out = Vec::new();
    for values in [light, both] {
        let values = blur(&values, width, height);
        let middle = otsu(&values);
        let around = [-40_i16, -20, 0, 20, 40].map(|d| (i16::from(middle) + d).clamp(1, 254) as u8);
        out.push((values, around.to_vec()));
    }
    out
}

/// A mean over 5 × 5: letters melt into the paper.
fn blur(values: &[u8], width: usize, height: usize) -> Vec<u8> {
    let line = |from: &[u8], step: usize, len: usize, at: usize, i: usize| {
        let (low, high) = (i.saturating_sub(2), (i + 2).min(len - 1));
        let sum: u32 = (low..=high)
            .map(|j| u32::from(from[at + j * step - i * step]))
            .sum();
        (sum / (high - low + 1) as u32) as u8
    };
    let across: Vec<u8> = (0..width * height)
        .map(|at| line(values, 1, width, at, at % width))
        .collect();
    (0..width * height)
        .map(|at| line(&across, width, height, at, at / width))
        .collect()
}

/// The threshold that parts the values best (Otsu 1979).
fn otsu(values: &[u8]) -> u8 {
    let mut counts = [0_f64; 256];
    for v in values {
        counts[usize::from(*v)] += 1.0;
    }
    let all: f64 = values.len() as f64;
    let sum: f64 = counts.iter().enumerate().map(|(v, n)| v as f64 * n).sum();
    let (mut below, mut sum_below, mut best) = (0.0, 0.0, (0.0, 127));
    for (v, n) in counts.iter().enumerate() {
        below += n;
        sum_below += v as f64 * n;
        if below == 0.0 || below == all {
            continue;
        }
        let apart = sum_below / below - (sum - sum_below) / (all - below);
        let between = below * (all - below) * apart * apart;
        if between > best.0 {
            best = (between, v);
        }
    }
    best.1 as u8
}

/// The largest patch of a mask as four corners, with how well they fit.
fn candidate(mask: &[bool], width: u32, height: u32) -> Option<(f64, [Spot; 4])> {
    let (width, height) = (width as usize, height as usize);
    let patch = largest(mask, width, height);
    let all = (width * height) as f64;
    if (patch.len() as f64) < all * AREA_MIN * 0.8 {
        return None;
    }
    let quad = four(hull(&patch, width));
    let quad = <[Spot; 4]>::try_from(quad).ok()?;
    let area = area(&quad);
    // A patch that is the whole picture tells nothing.
    if area < all * AREA_MIN || area > all * 0.985 {
        return None;
    }
    let inside = patch.len() as f64 / area;
    if inside < FILL_MIN {
        return None;
    }
    Some((inside.min(1.0) * (area / all).powf(0.2), in_order(quad)))
}

/// The places of the largest connected patch.
fn largest(mask: &[bool], width: usize, height: usize) -> Vec<usize> {
    let mut seen = vec![false; mask.len()];
    let mut best = Vec::new();
    for start in 0..mask.len() {
        if !mask[start] || seen[start] {
            continue;
        }
        let (mut patch, mut next) = (vec![start], 0);
        seen[start] = true;
        while next < patch.len() {
            let at = patch[next];
            next += 1;
            let (x, y) = (at % width, at / width);
            let around = [
                (x > 0).then(|| at - 1),
                (x + 1 < width).then_some(at + 1),
                (y > 0).then(|| at - width),
                (y + 1 < height).then_some(at + width),
            ];
            for to in around.into_iter().flatten() {
                if mask[to] && !seen[to] {
                    seen[to] = true;
                    patch.push(to);
                }
            }
        }
        if patch.len() > best.len() {
            best = patch;
        }
    }
    best
}

fn cross(o: Spot, a: Spot, b: Spot) -> f64 {
    (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
}

/// The convex hull of the pixels' corners (Andrew's monotone chain).
fn hull(patch: &[usize], width: usize) -> Vec<Spot> {
    let mut points: Vec<(usize, usize)> = patch
        .iter()
        .flat_map(|at| {
            let (x, y) = (at % width, at / width);
            [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)]
        })
        .collect();
    points.sort_unstable();
    points.dedup();
    let half = |points: &mut dyn Iterator<Item = &(usize, usize)>| {
        let mut chain: Vec<Spot> = Vec::new();
        for (x, y) in points {
            let p = (*x as f64, *y as f64);
            while chain.len() > 1 && cross(chain[chain.len() - 2], chain[chain.len() - 1], p) <= 0.0
            {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut lower = half(&mut points.iter());
    lower.extend(half(&mut points.iter().rev()));
    lower
}

/// Takes edges away until four are left, each time the one whose neighbours, made longer until
/// they meet, add the least: rounded and clipped corners come out where they were.
fn four(mut hull: Vec<Spot>) -> Vec<Spot> {
    while hull.len() > 4 {
        let n = hull.len();
        let gain = |i: usize| {
            let (a, b, c, d) = (
                hull[(i + n - 1) % n],
                hull[i],
                hull[(i + 1) % n],
                hull[(i + 2) % n],
            );
            let meet = meet(a, b, d, c)?;
            Some((cross(b, meet, c).abs() / 2.0, i, meet))
        };
        let least = (0..n).filter_map(gain).min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, i, meet)) = least else {
            break;
        };
        hull[i] = meet;
        hull.remove((i + 1) % n);
    }
    hull
}

/// Where the line from `a` through `b` meets the one from `d` through `c`, behind `b` and `c`.
fn meet(a: Spot, b: Spot, d: Spot, c: Spot) -> Option<Spot> {
    let (u, v) = ((b.0 - a.0, b.1 - a.1), (c.0 - d.0, c.1 - d.1));
    let under = u.0 * v.1 - u.1 * v.0;
    if under.abs() < 1e-9 {
        return None;
    }
    let t = ((d.0 - a.0) * v.1 - (d.1 - a.1) * v.0) / under;
    let s = ((d.0 - a.0) * u.1 - (d.1 - a.1) * u.0) / under;
    (t >= 1.0 - 1e-9 && s >= 1.0 - 1e-9).then_some((a.0 + u.0 * t, a.1 + u.1 * t))
}

fn area(quad: &[Spot; 4]) -> f64 {
    let twice: f64 = (0..4)
        .map(|i| quad[i].0 * quad[(i + 1) % 4].1 - quad[(i + 1) % 4].0 * quad[i].1)
        .sum();
    twice.abs() / 2.0
}

/// Clockwise as seen, beginning with the corner nearest the upper left.
fn in_order(mut quad: [Spot; 4]) -> [Spot; 4] {
    let middle = (
        quad.iter().map(|p| p.0).sum::<f64>() / 4.0,
        quad.iter().map(|p| p.1).sum::<f64>() / 4.0,
    );
    let angle = |p: &Spot| (p.1 - middle.1).atan2(p.0 - middle.0);
    quad.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
    let first = (0..4).min_by(|a, b| {
        let near = |i: &usize| quad[*i].0 + quad[*i].1;
        near(a).total_cmp(&near(b))
    });
    quad.rotate_left(first.unwrap_or(0));
    quad
}
