//! Draws each paper with invented facts into a folder, and says how long each took:
//! `cargo run --profile dist -p paper --example papers -- /tmp/papers`; after the folder may follow the
//! catalog's rows and how the names of the papers begin that are wanted.

mod boxes;
mod forms;
mod handover;
mod renovation;
mod walls;

use std::path::{Path, PathBuf};
use std::time::Instant;

use paper::{Fonts, Paper};

/// The modules of a code, without its quiet zone.
pub fn code(text: &str) -> paper::Modules {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::Q)
        .expect("short enough for a code");
    let dark = code.to_colors().into_iter();
    paper::Modules::new(dark.map(|c| c == qrcode::Color::Dark).collect()).expect("codes are square")
}

/// The day on which the examples were printed.
pub const MADE: paper::Moment = paper::Moment {
    unix_ms: 1_795_741_200_000,
    minutes_east: 480,
};

struct Desk<'f> {
    dir: PathBuf,
    /// Only papers whose name begins so.
    only: String,
    fonts: &'f Fonts,
}

impl Desk<'_> {
    fn draw(&self, name: &str, paper: &dyn Paper) -> Result<(), Box<dyn std::error::Error>> {
        if !name.starts_with(&self.only) {
            return Ok(());
        }
        #[allow(clippy::disallowed_methods)] // a figure for people, not a rule of the house
        let started = Instant::now();
        let mut file =
            std::io::BufWriter::new(std::fs::File::create(self.dir.join(format!("{name}.pdf")))?);
        let written = paper.write(self.fonts, &mut file)?;
        println!(
            "{name}: {:?}, {} pages, {} bytes, missing {:?}",
            started.elapsed(),
            written.pages,
            written.bytes,
            written.missing
        );
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let rows = std::env::args().nth(2).map_or(Ok(100), |n| n.parse())?;
    #[allow(clippy::disallowed_methods)] // as above
    let started = Instant::now();
    let fonts = match std::env::var_os("LINLI_FONTS") {
        Some(folder) => Fonts::in_folders(&[Path::new(&folder)]),
        None => Fonts::of_system(),
    };
    println!("fonts: {:?}", started.elapsed());
    let desk = Desk {
        dir: dir.into(),
        only: std::env::args().nth(3).unwrap_or_default(),
        fonts: &fonts,
    };
    desk.draw("poster", &walls::poster())?;
    desk.draw("poster-grave", &walls::grave())?;
    desk.draw("poster", &walls::poster())?;
    desk.draw("doors", &walls::doors())?;
    for spine in paper::Spine::ALL {
        let name = format!("labels-{}", spine.mm());
        desk.draw(&name, &boxes::labels(spine, 24))?;
    }
    desk.draw("labels-1000", &boxes::labels(paper::Spine::Mm40, 1_000))?;
    desk.draw("lid", &boxes::lid())?;
    desk.draw("catalog", &boxes::catalog(rows))?;
    desk.draw("escrow", &boxes::escrow())?;
    desk.draw("form-c", &forms::register())?;
    desk.draw("form-d", &handover::receipt())?;
    desk.draw("form-e", &handover::keys())?;
    desk.draw("form-f", &handover::inspection())?;
    desk.draw("form-g", &renovation::application())?;
    desk.draw("form-h", &renovation::violation())?;
    desk.draw("census", &forms::census())?;
    Ok(())
}
