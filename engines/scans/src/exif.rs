//! The few facts of EXIF that matter: how the picture is to be turned, and whether it says where
//! it was taken. Everything else stays in the original only.

use crate::walk::Walk;

/// What the block says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exif {
    /// 1 to 8, as EXIF 2.3 table 4 counts; 0 when not said.
    pub orientation: u8,
    pub place: bool,
}

/// Reads the first directory of the block; what does not fit says nothing.
pub(crate) fn read(block: &[u8]) -> Exif {
    let mut exif = Exif::default();
    let big = block.starts_with(b"MM");
    let walk = Walk { bytes: block, big };
    let Some(ifd) = walk.u32(4) else {
        return exif;
    };
    let count = walk.u16(ifd).unwrap_or(0);
    for i in 0..count {
        let at = ifd + 2 + i * 12;
        match walk.u16(at) {
            Some(0x0112) => {
                let turn = walk.u16(at + 8).filter(|o| (1..=8).contains(o));
                exif.orientation = turn.unwrap_or(0) as u8;
            }
            Some(0x8825) => exif.place = true,
            Some(_) => {}
            None => break,
        }
    }
    exif
}
