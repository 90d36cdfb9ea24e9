//! QR codes in pictures: large photographs fail where small ones are read, so sizes are tried.

/// Longest sides tried after the picture's own, in pixels.
const SIDES: [usize; 4] = [1600, 1000, 800, 500];
/// Largest picture looked at, in pixels: a phone's camera has 50 million.
pub const PIXELS_MAX: usize = 64 * 1024 * 1024;

/// Why a picture was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Width times height is not the number of pixels.
    #[error("{pixels} pixels are not {width} times {height}")]
    Size {
        /// Pixels given.
        pixels: usize,
        /// Width said.
        width: usize,
        /// Height said.
        height: usize,
    },
    /// Too large.
    #[error("the picture has more than {} million pixels", PIXELS_MAX >> 20)]
    TooLarge,
}

/// What the QR codes of a grey picture say, row by row from the top, 0 for black.
///
/// # Errors
/// When the sizes do not fit or are beyond [`PIXELS_MAX`].
pub fn read_codes(width: usize, height: usize, grey: &[u8]) -> Result<Vec<String>, PictureError> {
    if width.checked_mul(height) != Some(grey.len()) {
        return Err(PictureError::Size {
            pixels: grey.len(),
            width,
            height,
        });
    }
    if grey.len() > PIXELS_MAX {
        return Err(PictureError::TooLarge);
    }
    if grey.is_empty() {
        return Ok(Vec::new());
    }
    let longest = width.max(height);
    let own = std::iter::once(longest).filter(|&side| side <= SIDES[0]);
    for side in own.chain(SIDES.into_iter().filter(|&side| side < longest)) {
        let codes = read_at(width, height, grey, side);
        if !codes.is_empty() {
            return Ok(codes);
        }
    }
    Ok(Vec::new())
}

/// Reads the picture made smaller so that its longest side is `side`; boxes are averaged.
fn read_at(width: usize, height: usize, grey: &[u8], side: usize) -> Vec<String> {
    let longest = width.max(height);
    let (w, h) = (
        (width * side / longest).max(1),
        (height * side / longest).max(1),
    );
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(w, h, |x, y| {
        let columns = x * width / w..((x + 1) * width / w).max(x * width / w + 1);
        let rows = y * height / h..((y + 1) * height / h).max(y * height / h + 1);
        let count = columns.len() * rows.len();
        let sum: usize = rows
            .map(|row| {
                let line = &grey[row * width..][columns.clone()];
                line.iter().map(|&p| usize::from(p)).sum::<usize>()
            })
            .sum();
        (sum / count) as u8
    });
    let grids = picture.detect_grids();
    let read = grids.iter().filter_map(|grid| grid.decode().ok());
    read.map(|(_, text)| text).collect()
}
