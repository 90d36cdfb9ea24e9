//! The model's file: a head, a note of what it was made of, the weights.
//!
//! ```text
//! linli-conduct-model 2\n
//! made_of length (u32 LE), made_of (UTF-8)
//! scale, bias, decision, threshold (f32 LE each)
//! weight count (u32 LE), weights of symbols and pairs of syllables (i8 each)
//! slot count (u32 LE), slots (u16 LE each: the three's own bits above, weight below)
//! ```

use super::grams::DIRECT;
use super::{Model, SLOTS, empty_direct, empty_slots};

const HEAD: &[u8] = b"linli-conduct-model 2\n";
/// Longest note.
const NOTE_MAX: usize = 1 << 16;

/// Why a file is no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It does not begin as a model of this version does.
    #[error(
        "this is no conduct model, or one of another version; train it again with linli conduct train"
    )]
    Head,
    /// It ends too early or goes on too long.
    #[error("the model is cut short or has something behind its end")]
    Length,
    /// A number that is none, or a note that is no text.
    #[error("the model is damaged")]
    Damaged,
}

impl Model {
    /// The file's bytes; the same model has the same.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = HEAD.to_vec();
        out.extend((self.made_of.len() as u32).to_le_bytes());
        out.extend(self.made_of.as_bytes());
        for number in [self.scale, self.bias, self.decision, self.threshold] {
            out.extend(number.to_le_bytes());
        }
        out.extend((self.direct.len() as u32).to_le_bytes());
        out.extend(self.direct.iter().map(|&weight| weight as u8));
        out.extend((self.slots.len() as u32).to_le_bytes());
        out.extend(self.slots.iter().flat_map(|slot| slot.to_le_bytes()));
        out
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is no model, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelError> {
        let mut rest = bytes.strip_prefix(HEAD).ok_or(ModelError::Head)?;
        let note = number(&mut rest)? as usize;
        if note > NOTE_MAX {
            return Err(ModelError::Damaged);
        }
        let (made_of, after) = rest.split_at_checked(note).ok_or(ModelError::Length)?;
        rest = after;
        let made_of = std::str::from_utf8(made_of)
            .map_err(|_| ModelError::Damaged)?
            .to_owned();
        let mut float = || number(&mut rest).map(f32::from_bits);
        let [scale, bias, decision, threshold] = [float()?, float()?, float()?, float()?];
        if ![scale, bias, decision, threshold]
            .iter()
            .all(|n| n.is_finite())
        {
            return Err(ModelError::Damaged);
        }
        if number(&mut rest)? as usize != DIRECT {
            return Err(ModelError::Damaged);
        }
        let (weights, after) = rest.split_at_checked(DIRECT).ok_or(ModelError::Length)?;
        rest = after;
        let mut direct = empty_direct();
        for (weight, &byte) in direct.iter_mut().zip(weights) {
            *weight = byte as i8;
        }
        let count = number(&mut rest)? as usize;
        if count.checked_mul(2) != Some(rest.len()) {
            return Err(ModelError::Length);
        }
        if count != SLOTS {
            return Err(ModelError::Damaged);
        }
        let mut slots = empty_slots();
        for (slot, bytes) in slots.iter_mut().zip(rest.as_chunks::<2>().0) {
            *slot = u16::from_le_bytes(*bytes);
        }
        Ok(Model {
            direct,
            slots,
            scale,
            bias,
            decision,
            threshold,
            made_of,
        })
    }
}

fn number(rest: &mut &[u8]) -> Result<u32, ModelError> {
    let (bytes, after) = rest.split_first_chunk::<4>().ok_or(ModelError::Length)?;
    *rest = after;
    Ok(u32::from_le_bytes(*bytes))
}
