//! Where a room stands: the words of its phase, zone, building and unit, taken from its
//! code's one normal form, and the tree that they make.

use hanzi::room::{Atom, CodeError, Overrides, RoomCode};

/// A phase, zone, building or unit.
pub struct Place {
    /// Its level and its name with those above it.
    pub key: String,
    pub level: &'static str,
    /// The key of what it stands in, or empty.
    pub parent: String,
    pub name: String,
    pub sort_key: Vec<u8>,
}

/// A room's code taken apart for the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    pub normal: String,
    /// The last part of the normal form: `1801`.
    pub tail: String,
    pub sort_key: Vec<u8>,
    pub phase: String,
    pub zone: String,
    pub building: String,
    pub unit: String,
    /// Normal forms of the single flats of a merged home.
    pub aliases: Vec<String>,
}

fn word(atom: &Atom) -> String {
    if atom.is_missing() {
        String::new()
    } else {
        atom.to_string()
    }
}

impl Places {
    /// Takes a code apart as it is typed where the office has this order ([`crate::order::of`]).
    ///
    /// # Errors
    /// When the text is no room code; the error says how to mend it.
    pub fn parse(code: &str, site: &Overrides) -> Result<Places, CodeError> {
        RoomCode::parse_at(code, site).map(|code| Places::of(&code, site))
    }

    /// The parts of a code that was read.
    pub fn of(code: &RoomCode, site: &Overrides) -> Places {
        let normal = code.normal();
        let tail = normal.rsplit('-').next().unwrap_or_default().to_owned();
        Places {
            tail,
            sort_key: code.sort_key_with(site),
            phase: word(code.phase()),
            zone: word(code.zone()),
            building: word(code.building()),
            unit: word(code.unit()),
            aliases: match code.singles() {
                flats if flats.len() > 1 => flats.iter().map(RoomCode::normal).collect(),
                _ => Vec::new(),
            },
            normal,
        }
    }

    /// The places from the phase down to the unit; what the code does not name is left out.
    pub fn tree(&self) -> Vec<Place> {
        let mut path = String::new();
        let mut parent = String::new();
        let mut out = Vec::new();
        let levels = [
            ("phase", &self.phase),
            ("zone", &self.zone),
            ("building", &self.building),
            ("unit", &self.unit),
        ];
        for (level, name) in levels {
            path.push('/');
            path.push_str(name);
            if name.is_empty() {
                continue;
            }
            let key = format!("{level}{path}");
            out.push(Place {
                key: key.clone(),
                level,
                parent: std::mem::replace(&mut parent, key),
                name: name.clone(),
                sort_key: self.sort_key.clone(),
            });
        }
        out
    }
}
