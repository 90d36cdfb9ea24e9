//! What is left of a picture without what it shows: the ground's small differences.

use image::RgbImage;

/// Values row by row.
pub struct Plane {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

/// Longer edges are halved first: a photograph of 12 million points shows nothing more.
const EDGE_MAX: usize = 2_800;
/// A neighbour within so many grey levels is of the same paper, and not ink on it.
const ALIKE: i16 = 22;
/// Neighbours looked at lie so far apart, in each direction up to so many steps.
const STEP: isize = 4;
const STEPS: isize = 3;
/// No wave reaches further from the ground; what does is ink or an edge.
const REACH: f32 = 11.0;

/// The differences of each point from its neighbours of the same paper.
pub fn ground(picture: &RgbImage) -> Plane {
    let mut grey = grey(picture);
    while grey.width.max(grey.height) > EDGE_MAX {
        grey = halved(&grey);
    }
    differences(&grey)
}

struct Grey {
    width: usize,
    height: usize,
    /// Sixteenths of a grey level would not survive JPEG; quarters are kept for halving.
    values: Vec<i16>,
}

fn grey(picture: &RgbImage) -> Grey {
    let quarter = |p: &[u8]| {
        let sum = u32::from(p[0]) * 306 + u32::from(p[1]) * 601 + u32::from(p[2]) * 117;
        (sum >> 8) as i16
    };
    Grey {
        width: picture.width() as usize,
        height: picture.height() as usize,
        values: picture.as_raw().chunks_exact(3).map(quarter).collect(),
    }
}

fn halved(grey: &Grey) -> Grey {
    let (width, height) = (grey.width / 2, grey.height / 2);
    let mut values = Vec::with_capacity(width * height);
    for y in 0..height {
        let above = &grey.values[2 * y * grey.width..][..2 * width];
        let below = &grey.values[(2 * y + 1) * grey.width..][..2 * width];
        let pairs = above.chunks_exact(2).zip(below.chunks_exact(2));
        values.extend(pairs.map(|(a, b)| (a[0] + a[1] + b[0] + b[1]) / 4));
    }
    Grey {
        width,
        height,
        values,
    }
}

fn differences(grey: &Grey) -> Plane {
    let (width, height) = (grey.width, grey.height);
    let alike = ALIKE * 4;
    let mut values = vec![0f32; width * height];
    let (mut sums, mut counts) = (vec![0i16; width], vec![0i16; width]);
    for y in 0..height {
        sums.fill(0);
        counts.fill(0);
        let here = &grey.values[y * width..][..width];
        for down in -STEPS..=STEPS {
            let Some(other) = y.checked_add_signed(down * STEP).filter(|o| *o < height) else {
                continue;
            };
            let there = &grey.values[other * width..][..width];
            for across in -STEPS..=STEPS {
                let by = (across * STEP).unsigned_abs().min(width);
                let (from, to) = if across < 0 { (0, by) } else { (by, 0) };
                let length = width - by;
                let (here, there) = (&here[to..][..length], &there[from..][..length]);
                let (sums, counts) = (&mut sums[to..][..length], &mut counts[to..][..length]);
                for at in 0..length {
                    let apart = there[at] - here[at];
                    let mask = i16::from(apart.abs() <= alike);
                    sums[at] += apart * mask;
                    counts[at] += mask;
                }
            }
        }
        let row = &mut values[y * width..][..width];
        for ((value, sum), count) in row.iter_mut().zip(&sums).zip(&counts) {
            // The point is its own neighbour, so there is one at least; few tell little.
            let few = (f32::from(*count) / 12.0).min(1.0);
            let apart = -f32::from(*sum) / (4.0 * f32::from(*count));
            *value = (apart * few).clamp(-REACH, REACH);
        }
    }
    Plane {
        width,
        height,
        values,
    }
}

impl Plane {
    /// The value between four points; nothing beyond the edge.
    #[inline]
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        if left < 0.0 || top < 0.0 {
            return 0.0;
        }
        let (column, row) = (left as usize, top as usize);
        if column + 1 >= self.width || row + 1 >= self.height {
            return 0.0;
        }
        let (fx, fy) = (x - left, y - top);
        let above = &self.values[row * self.width + column..][..2];
        let below = &self.values[(row + 1) * self.width + column..][..2];
        let upper = above[0] + (above[1] - above[0]) * fx;
        let lower = below[0] + (below[1] - below[0]) * fx;
        upper + (lower - upper) * fy
    }
}
