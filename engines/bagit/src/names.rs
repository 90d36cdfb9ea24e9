//! Names of files in a bag: they mean the same on every system, and none leads out of the bag.

/// Why a name cannot be a file's in a bag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot name a file in a bag")]
pub struct BadPath(pub String);

/// The name of a file within a bag, with `/` between folders: `data/dossiers/A/a-001.pdf`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(String);

/// Of a whole name, and of one part: what Windows and Linux both take.
const BYTES_MAX: usize = 1_024;
const PART_BYTES_MAX: usize = 200;
/// Signs that some system gives a meaning of its own.
const SPECIAL: &[char] = &['\\', ':', '*', '?', '"', '<', '>', '|', '~'];
/// Names that a system keeps for devices, whatever their ending.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

impl Path {
    /// A name for a file to be written: the strict rules.
    ///
    /// # Errors
    /// [`BadPath`] where a system could not keep it or would read it otherwise.
    pub fn new(text: &str) -> Result<Path, BadPath> {
        let bad = || BadPath(text.to_owned());
        let plain = |part: &str| {
            let stem = part.split('.').next().unwrap_or("").to_lowercase();
            let device = DEVICES.contains(&stem.as_str())
                || (stem.len() == 4
                    && (stem.starts_with("com") || stem.starts_with("lpt"))
                    && stem.ends_with(|c: char| c.is_ascii_digit()));
            part.len() <= PART_BYTES_MAX
                && !part.ends_with(['.', ' '])
                && !part.starts_with(' ')
                && !part.contains(SPECIAL)
                && !device
        };
        let path = Path::read(text).ok_or_else(bad)?;
        if path.0.split('/').all(plain) {
            Ok(path)
        } else {
            Err(bad())
        }
    }

    /// A name as another's bag has it: it must stay inside the bag, no more.
    pub(crate) fn read(text: &str) -> Option<Path> {
        let inside = |part: &str| !part.is_empty() && part != "." && part != "..";
        let plain = !text.chars().any(char::is_control) && !text.contains('\\');
        let drive = text.as_bytes().get(1) == Some(&b':');
        let fine = text.len() <= BYTES_MAX && plain && !drive && text.split('/').all(inside);
        fine.then(|| Path(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a line of a manifest has it: `%` and line ends are written as `%25`, `%0A`, `%0D`.
    pub(crate) fn encoded(&self) -> String {
        self.0.replace('%', "%25")
    }

    /// From a line of a manifest.
    pub(crate) fn decoded(text: &str) -> Option<Path> {
        let text = text
            .replace("%0A", "\n")
            .replace("%0a", "\n")
            .replace("%0D", "\r")
            .replace("%0d", "\r")
            .replace("%25", "%");
        Path::read(&text)
    }

    pub(crate) fn is_payload(&self) -> bool {
        self.0.starts_with("data/")
    }
}
