//! Pictures that neighbours of the demo send: drawn, because a photograph would be of a
//! real place.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

const WIDTH: u32 = 960;
const HEIGHT: u32 = 720;

/// What a picture shows.
#[derive(Clone, Copy)]
pub enum Scene {
    Umbrella,
    GarageDark,
    GarageHalf,
    GarageFar,
    GarageWall,
    GarageLit,
}

/// The picture as a phone would hand it in.
pub fn draw(scene: Scene) -> Vec<u8> {
    let picture = match scene {
        Scene::Umbrella => RgbImage::from_fn(WIDTH, HEIGHT, umbrella),
        Scene::GarageDark => garage([0.1, 0.1, 0.15, 0.6]),
        Scene::GarageHalf => garage([0.9, 0.1, 0.1, 0.5]),
        Scene::GarageFar => garage([0.1, 0.1, 0.1, 0.1]),
        Scene::GarageWall => garage([0.5, 0.1, 0.2, 0.1]),
        Scene::GarageLit => garage([1.0, 0.95, 1.0, 0.9]),
    };
    let mut out = Cursor::new(Vec::new());
    picture
        .write_to(&mut out, ImageFormat::Png)
        .expect("a picture in memory can be written");
    out.into_inner()
}

/// A blue umbrella on a bright floor.
fn umbrella(x: u32, y: u32) -> Rgb<u8> {
    let (x, y) = (x as f32 - 480.0, y as f32 - 400.0);
    let far = (x * x + y * y * 1.4).sqrt();
    if y < 0.0 && far < 300.0 {
        // Eight panels, each a little lighter than the one beside it.
        let panel = ((y.atan2(x) + std::f32::consts::PI) * 2.6) as u32 % 2;
        let light = 1.0 - far / 900.0;
        let blue = [40.0, 90.0, 190.0 - 25.0 * panel as f32];
        Rgb(blue.map(|v| (v * light) as u8))
    } else if x.abs() < 7.0 && (0.0..230.0).contains(&y) {
        Rgb([70, 55, 45])
    } else {
        let floor =
            205.0 + y / 30.0 + ((x / 96.0).floor() + (y / 96.0).floor()).rem_euclid(2.0) * 8.0;
        Rgb([floor as u8, floor as u8, (floor - 8.0) as u8])
    }
}

/// A garage with four lamps, each as bright as it is told.
fn garage(lamps: [f32; 4]) -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let (fx, fy) = (x as f32 / WIDTH as f32, y as f32 / HEIGHT as f32);
        let ceiling = fy < 0.28;
        let pillar =
            [0.16, 0.5, 0.84].iter().any(|p| (fx - p).abs() < 0.035) && fy > 0.2 && fy < 0.82;
        let mut light = 0.10;
        for (n, lamp) in lamps.iter().enumerate() {
            let at = 0.14 + 0.24 * n as f32;
            if (fx - at).abs() < 0.07 && (0.16..0.185).contains(&fy) {
                let glow = (60.0 + 195.0 * lamp) as u8;
                return Rgb([glow, glow, (glow as f32 * 0.94) as u8]);
            }
            let far = ((fx - at).powi(2) + (fy - 0.17).powi(2) * 0.5).sqrt();
            light += lamp * 0.34 / (1.0 + 14.0 * far * far);
        }
        let base = if ceiling {
            [150.0, 150.0, 148.0]
        } else if pillar {
            if fy > 0.7 {
                [210.0, 180.0, 40.0]
            } else {
                [190.0, 188.0, 184.0]
            }
        } else if fy > 0.8 {
            [104.0, 112.0, 110.0]
        } else {
            [172.0, 174.0, 170.0]
        };
        Rgb(base.map(|v: f32| (v * light.min(1.15)).min(255.0) as u8))
    })
}
