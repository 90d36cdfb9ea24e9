//! Why a file is not taken: facts enough for a sentence, never words of the file itself but a
//! container's entry name.

use serde::{Deserialize, Serialize};

use crate::Kind;

/// Why nothing was made of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refused {
    #[error("the file is empty")]
    Empty,
    #[error("{bytes} bytes, at most {max}")]
    Bytes { bytes: u64, max: u64 },
    /// A format that is known, and not accepted.
    #[error("a file of the kind {0:?} is not accepted")]
    Foreign(Foreign),
    #[error("no format that is known here")]
    Unknown,
    /// The end is missing: an upload that broke off, a scanner that was switched off.
    #[error("the {0:?} ends too early")]
    Truncated(Kind),
    /// Not readable though it begins as the kind does.
    #[error("the {kind:?} is damaged: {part}")]
    Broken { kind: Kind, part: Part },
    /// Bytes that do not belong to the kind, from offset `at`: another file rides along.
    #[error("the {kind:?} carries foreign content at byte {at}")]
    Polyglot { kind: Kind, at: u64 },
    #[error("{pages} pages or more, at most {max}")]
    Pages { pages: u64, max: u32 },
    #[error("a picture of {pixels} pixels, at most {max}")]
    Pixels { pixels: u64, max: u64 },
    #[error("more than {max} bytes when decompressed")]
    Decompressed { max: u64 },
    #[error("grows {ratio} times when decompressed, at most {max}")]
    Ratio { ratio: u64, max: u64 },
    /// Values within values, or directories that lead back to themselves.
    #[error("the {0:?} is nested without end")]
    Nested(Kind),
    #[error("the {0:?} has more parts than are read")]
    Parts(Kind),
    /// Content that acts by itself when somebody opens the original.
    #[error("the file would act by itself: {0:?}")]
    Active(Active),
    /// A file within the file.
    #[error("another file lies inside")]
    Embedded,
    #[error("the file is encrypted")]
    Encrypted,
    /// Two ways of reading it give different pages.
    #[error("one reading finds {one} pages, another {other}")]
    Ambiguous { one: u32, other: u32 },
    /// A container's entry with a path that leads elsewhere, or twice the same.
    #[error("the entry {name:?} of the container is not acceptable")]
    Entry { name: String },
    #[error("there is no page {page}, the last is {last}")]
    NoSuchPage { page: u32, last: u32 },
    /// The page exists, and no picture of it can be made here.
    #[error("no picture can be made: {0:?}")]
    NoPicture(NoPicture),
    /// Reading cost too much, or killed the reader.
    #[error("too heavy: {0:?}")]
    TooHeavy(Heavy),
}

/// Formats that are recognised in order to say what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Foreign {
    Svg,
    Html,
    Xml,
    /// Word, Excel or PowerPoint in the zip form; `macros` when it brings a VBA project.
    Office {
        macros: bool,
    },
    /// The older binary form, which may always bring macros.
    OldOffice,
    OpenDocument,
    Rtf,
    PostScript,
    Archive,
    Executable,
    Script,
    Gif,
    Bmp,
    /// A video, or a picture sequence.
    Video,
    /// AVIF, JPEG XL, JPEG 2000 and raw camera files.
    OtherPicture,
    /// Text without a format.
    Text,
}

/// Where a damaged file stopped making sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Part {
    #[error("its head")]
    Head,
    #[error("its structure")]
    Structure,
    #[error("its list of pages")]
    Pages,
    #[error("a checksum")]
    Checksum,
    #[error("compressed data")]
    Compressed,
    #[error("a picture")]
    Picture,
    #[error("it has no page")]
    NoPage,
}

/// What a PDF or OFD would do by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Active {
    JavaScript,
    /// Starts a program or opens a file of the reader's machine.
    Launch,
    /// Sends or fetches form data.
    Submit,
    /// Sound, film, 3D and Flash.
    Media,
    /// XFA: a form in XML whose pages are computed by the viewer.
    Xfa,
    /// Content that lies outside the file.
    External,
}

/// Why a good page has no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoPicture {
    /// A coding that nothing here decodes.
    Coding,
    /// Its letters need fonts, which are not drawn here.
    Letters,
    /// It wears a filled field, a stamp or a visible signature whose look cannot be drawn here.
    Annotations,
    /// The reader gave up on it.
    Damaged,
}

/// What was too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Heavy {
    /// The wall clock of the parent, or the processor time of the child.
    Time,
    Memory,
    /// It tried what is forbidden: a socket, a file, another program.
    Forbidden,
    /// The reader died in another way.
    Died,
    /// The reader panicked.
    Panicked,
    /// The answer is longer than agreed.
    Answer,
    /// The reader could not be started at all; nothing is said about the file.
    NotStarted,
}
