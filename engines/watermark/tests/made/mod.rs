//! Pages to stamp, and what a telephone does to a picture of one. Everything from a seed.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, imageops};
use paper::{Lang, Pen};
use watermark::{Code, Mark, stamp};

/// A row of numbers that is the same everywhere.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between 0 and 1.
    pub fn part(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.part()
    }

    pub fn code(&mut self) -> Code {
        Code::new(self.next() >> 24).expect("40 bits")
    }
}

/// What a page looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Close lines of Chinese and a table.
    Text,
    /// A photograph over all of the page.
    Photograph,
    /// A heading and nothing else.
    Empty,
    /// Light letters on a dark ground.
    Dark,
    /// A card on a light table, 1000 × 640.
    Card,
}

pub const PAGES: [Page; 5] = [
    Page::Text,
    Page::Photograph,
    Page::Empty,
    Page::Dark,
    Page::Card,
];

/// A4 at 150 dots an inch.
pub const A4: (u32, u32) = (1240, 1754);

impl Page {
    pub fn draw(self, dice: &mut Dice) -> RgbImage {
        match self {
            Page::Text => text(dice, [250, 249, 246], [25, 25, 28], 52),
            Page::Dark => text(dice, [30, 32, 36], [215, 215, 210], 30),
            Page::Empty => text(dice, [255, 255, 255], [20, 20, 20], 1),
            Page::Photograph => scenery(dice, A4.0, A4.1),
            Page::Card => card(dice),
        }
    }
}

struct Nib {
    area: Rasterizer,
    at: (f32, f32),
    size: f32,
    here: Point,
    start: Point,
}

impl Nib {
    fn spot(&self, x: f32, y: f32) -> Point {
        let (width, height) = self.area.dimensions();
        point(
            (self.at.0 + x * self.size).clamp(0.0, width as f32),
            (self.at.1 - y * self.size).clamp(0.0, height as f32),
        )
    }
}

impl Pen for Nib {
    fn move_to(&mut self, x: f32, y: f32) {
        self.here = self.spot(x, y);
        self.start = self.here;
    }
    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.spot(x, y);
        self.area.draw_line(self.here, to);
        self.here = to;
    }
    fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
        let (by, to) = (self.spot(a, b), self.spot(x, y));
        self.area.draw_quad(self.here, by, to);
        self.here = to;
    }
    fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
        let (one, two, to) = (self.spot(a, b), self.spot(c, d), self.spot(x, y));
        self.area.draw_cubic(self.here, one, two, to);
        self.here = to;
    }
    fn close(&mut self) {
        self.area.draw_line(self.here, self.start);
        self.here = self.start;
    }
}

const LETTERS: &str = "業主臨時公約前期物業服務協議本小區全體業主應當遵守下列規定不得擅自改變房屋用途\
裝修須先申請繳納押金保持樓道暢通消防設施嚴禁佔用飼養寵物應辦理登記共用部位由物業管理處負責維護按月交納費用";

fn write(picture: &mut RgbImage, words: &str, at: (f32, f32), size: f32, ink: [u8; 3]) {
    let outlines = paper::system_fonts().outlines(Lang::Traditional);
    let (width, height) = picture.dimensions();
    let top = (at.1 - size * 1.2).max(0.0) as u32;
    let strip = ((size * 1.6) as u32).min(height - top);
    let mut nib = Nib {
        area: Rasterizer::new(width as usize, strip as usize),
        at: (at.0, at.1 - top as f32),
        size,
        here: point(0.0, 0.0),
        start: point(0.0, 0.0),
    };
    for letter in words.chars() {
        nib.at.0 += outlines.draw(letter, &mut nib) * size;
    }
    nib.area.for_each_pixel_2d(|x, y, cover| {
        let cover = cover.clamp(0.0, 1.0);
        let point = picture.get_pixel_mut(x, top + y);
        for (value, ink) in point.0.iter_mut().zip(ink) {
            *value = (f32::from(*value) * (1.0 - cover) + f32::from(ink) * cover) as u8;
        }
    });
}

fn text(dice: &mut Dice, ground: [u8; 3], ink: [u8; 3], lines: usize) -> RgbImage {
    let mut picture = RgbImage::from_pixel(A4.0, A4.1, Rgb(ground));
    let letters: Vec<char> = LETTERS.chars().collect();
    let title: String = (0..8)
        .map(|_| letters[dice.next() as usize % letters.len()])
        .collect();
    write(&mut picture, &title, (420.0, 150.0), 48.0, ink);
    let size = dice.between(21.0, 27.0);
    for line in 1..lines {
        let length = if dice.part() < 0.2 {
            20
        } else {
            (1040.0 / size) as usize
        };
        let words: String = (0..length)
            .map(|_| letters[dice.next() as usize % letters.len()])
            .collect();
        let y = 190.0 + line as f32 * size * 1.3;
        if y < 1700.0 {
            write(&mut picture, &words, (100.0, y), size, ink);
        }
    }
    if lines > 10 {
        for row in 0..8 {
            let y = 900 + row * 60;
            for x in 100..1140 {
                picture.put_pixel(x, y, Rgb(ink));
                picture.put_pixel(x, y + 1, Rgb(ink));
            }
        }
    }
    picture
}

/// Smooth noise of several sizes, edges and grain, as in a photograph.
fn scenery(dice: &mut Dice, width: u32, height: u32) -> RgbImage {
    let mut light = vec![0f32; (width * height) as usize];
    for (cell, high) in [(400, 60.0), (150, 35.0), (60, 16.0), (24, 7.0), (9, 3.0)] {
        let columns = width / cell + 2;
        let knots: Vec<f32> = (0..columns * (height / cell + 2))
            .map(|_| dice.between(-high, high))
            .collect();
        for y in 0..height {
            for x in 0..width {
                let (cx, cy) = (x / cell, y / cell);
                let ease = |t: f32| t * t * (3.0 - 2.0 * t);
                let fx = ease((x % cell) as f32 / cell as f32);
                let fy = ease((y % cell) as f32 / cell as f32);
                let knot = |i: u32, j: u32| knots[((cy + j) * columns + cx + i) as usize];
                let upper = knot(0, 0) + (knot(1, 0) - knot(0, 0)) * fx;
                let lower = knot(0, 1) + (knot(1, 1) - knot(0, 1)) * fx;
                light[(y * width + x) as usize] += upper + (lower - upper) * fy;
            }
        }
    }
    // Roofs and people: shapes with hard edges.
    for _ in 0..24 {
        let (x, y) = (
            dice.between(0.0, width as f32),
            dice.between(0.0, height as f32),
        );
        let radius = dice.between(20.0, 160.0);
        let by = dice.between(-70.0, 70.0);
        let square = dice.part() < 0.5;
        for v in (y - radius).max(0.0) as u32..((y + radius) as u32).min(height) {
            for u in (x - radius).max(0.0) as u32..((x + radius) as u32).min(width) {
                let off = (u as f32 - x).hypot(v as f32 - y);
                if square || off < radius {
                    light[(v * width + u) as usize] += by;
                }
            }
        }
    }
    let tint = [dice.between(0.85, 1.1), 1.0, dice.between(0.8, 1.05)];
    RgbImage::from_fn(width, height, |x, y| {
        let grain = dice.between(-5.0, 5.0);
        let value = 120.0 + light[(y * width + x) as usize] + grain;
        Rgb(tint.map(|t| (value * t).clamp(0.0, 255.0) as u8))
    })
}

fn card(dice: &mut Dice) -> RgbImage {
    let mut picture = RgbImage::from_pixel(1000, 640, Rgb([236, 240, 244]));
    let face = scenery(dice, 300, 380);
    imageops::overlay(&mut picture, &face, 640, 100);
    let rows = [
        "姓名　王女士",
        "性別　女",
        "住址　春和苑三棟二單元",
        "號碼　00000000000000",
    ];
    for (at, row) in rows.iter().enumerate() {
        let y = 150.0 + at as f32 * 90.0;
        write(&mut picture, row, (60.0, y), 40.0, [30, 40, 60]);
    }
    picture
}

/// Stamps a page as a viewing would.
pub fn stamped(mut picture: RgbImage, code: Code) -> RgbImage {
    let mark = Mark {
        lines: &["王女士 0123", "閱-2026-000123 · 2026-11-27 22:00"],
        footer: "王女士 · 工號 0123 · 閱-2026-000123 · 2026-11-27 22:00:05",
        code,
    };
    stamp(&mut picture, &mark).expect("a font that can write Chinese");
    picture
}

/// What is left in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crop {
    Whole,
    /// A quarter of the height or width is cut off at one side.
    QuarterOff,
    /// One of the four quarters is left.
    QuarterLeft,
}

/// What a telephone and its messenger do.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// Degrees that the page is tilted away, about an axis by chance.
    pub tilt: f32,
    /// Degrees that the telephone is turned.
    pub turn: f32,
    pub scale: f32,
    /// Gaussian, in points of the photograph.
    pub blur: f32,
    /// Standard deviation of the sensor's noise in grey levels.
    pub grain: f32,
    pub quality: u8,
    pub crop: Crop,
}

pub const STRAIGHT: Taken = Taken {
    tilt: 0.0,
    turn: 0.0,
    scale: 1.0,
    blur: 0.0,
    grain: 0.0,
    quality: 100,
    crop: Crop::Whole,
};

impl Taken {
    pub fn of(&self, page: &RgbImage, dice: &mut Dice) -> RgbImage {
        let bent = self.tilt != 0.0 || self.turn != 0.0 || self.scale != 1.0;
        let mut picture = if bent {
            self.projected(page, dice)
        } else {
            page.clone()
        };
        if self.blur > 0.0 {
            picture = imageops::blur(&picture, self.blur);
        }
        if self.grain > 0.0 {
            for point in picture.pixels_mut() {
                let by: f32 = (0..3).map(|_| dice.between(-1.0, 1.0)).sum::<f32>() * self.grain;
                point.0 = point.0.map(|v| (f32::from(v) + by).clamp(0.0, 255.0) as u8);
            }
        }
        let picture = self.cropped(&picture, dice);
        if self.quality >= 100 {
            return picture;
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, self.quality)
            .encode_image(&picture)
            .expect("a JPEG");
        image::load_from_memory(&jpeg).expect("a JPEG").to_rgb8()
    }

    /// The page seen by a lens one and a half page lengths away.
    fn projected(&self, page: &RgbImage, dice: &mut Dice) -> RgbImage {
        let (width, height) = (page.width() as f32, page.height() as f32);
        let away = 1.5 * width.max(height);
        let about = dice.between(0.0, std::f32::consts::TAU);
        let (sin, cos) = self.tilt.to_radians().sin_cos();
        let (turn_sin, turn_cos) = self.turn.to_radians().sin_cos();
        let across = (width * self.scale).round();
        let down = (height * self.scale).round();
        // A quarter of a point in, four times a point: no finer waves than the sensor has.
        let fine = if self.scale < 0.9 { 3 } else { 2 };
        let back = |px: f32, py: f32| -> (f32, f32) {
            let (x, y) = (
                (px - across / 2.0) / self.scale,
                (py - down / 2.0) / self.scale,
            );
            let (x, y) = (turn_cos * x + turn_sin * y, turn_cos * y - turn_sin * x);
            // Along the slope and beside it.
            let (s, c) = about.sin_cos();
            let (along, beside) = (c * x + s * y, c * y - s * x);
            // The ray meets the plane that is tilted about the axis beside.
            let depth = away * cos / (cos - along / away * sin) / away;
            let (p, q) = (along * depth / cos, beside * depth);
            (c * p - s * q + width / 2.0, s * p + c * q + height / 2.0)
        };
        RgbImage::from_fn(across as u32, down as u32, |px, py| {
            let mut sum = [0f32; 3];
            for j in 0..fine {
                for i in 0..fine {
                    let off = |k: u32| (k as f32 + 0.5) / fine as f32;
                    let (x, y) = back(px as f32 + off(i), py as f32 + off(j));
                    let seen = sample(page, x - 0.5, y - 0.5);
                    sum.iter_mut().zip(seen).for_each(|(s, v)| *s += v);
                }
            }
            Rgb(sum.map(|s| (s / (fine * fine) as f32).round() as u8))
        })
    }

    fn cropped(&self, picture: &RgbImage, dice: &mut Dice) -> RgbImage {
        let (width, height) = picture.dimensions();
        let side = dice.next() % 4;
        let (x, y, w, h) = match (self.crop, side) {
            (Crop::Whole, _) => return picture.clone(),
            (Crop::QuarterOff, 0) => (width / 4, 0, width - width / 4, height),
            (Crop::QuarterOff, 1) => (0, 0, width - width / 4, height),
            (Crop::QuarterOff, 2) => (0, height / 4, width, height - height / 4),
            (Crop::QuarterOff, _) => (0, 0, width, height - height / 4),
            (Crop::QuarterLeft, side) => {
                let (w, h) = (width / 2, height / 2);
                (side as u32 % 2 * w, side as u32 / 2 * h, w, h)
            }
        };
        imageops::crop_imm(picture, x, y, w, h).to_image()
    }
}

fn sample(page: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let inside = left >= 0.0
        && top >= 0.0
        && left + 1.0 < page.width() as f32
        && top + 1.0 < page.height() as f32;
    if !inside {
        return [112.0; 3];
    }
    let (column, row) = (left as u32, top as u32);
    let at = |i, j| page.get_pixel(column + i, row + j).0.map(f32::from);
    let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
    std::array::from_fn(|k| {
        let upper = a[k] + (b[k] - a[k]) * fx;
        let lower = c[k] + (d[k] - c[k]) * fx;
        upper + (lower - upper) * fy
    })
}
