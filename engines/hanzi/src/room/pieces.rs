//! Cuts a code's spelling into pieces: what stands between two marks, and which mark ends it.

use super::atom::{DIRECTIONS, STEMS};
use super::marks::{KINDS, MARKS, ROOFS, starts};
use super::{CodeError, Floor, Kind, NUMBER_DIGITS_MAX, numerals};

/// The smallest things a piece is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Num(String),
    Latin(String),
    Stem(u8),
    Dir(Vec<u8>),
    Word(String),
}

/// Which part of the code a mark says a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Phase,
    Zone,
    Building,
    Unit,
    /// 楼 after a number: a floor (18楼), or a building where none is named yet.
    Storey,
    Floor,
    Room,
    /// 号 after a number: a room, or a building where a room follows.
    House,
    Suffix,
}

/// A stretch of the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub parts: Vec<Part>,
    pub label: Option<Label>,
    /// A floor that is written as a word (負一層, 夾層, 頂層).
    pub floor: Option<Floor>,
    /// Joined to the piece before by a sign for merged flats.
    pub joined: bool,
}

/// What the cutting found.
#[derive(Debug, Default)]
pub(super) struct Cut {
    pub pieces: Vec<Piece>,
    pub kind: Option<Kind>,
}

/// Deepest basement read from 負 or a leading minus: one digit, so that `-1023` stays readable.
const BASEMENT_DIGITS: usize = 1;

/// Cuts the spelling. Fails on numbers no room has.
pub(super) fn cut(text: &[char]) -> Result<Cut, CodeError> {
    let mut cutter = Cutter {
        text,
        at: 0,
        parts: Vec::new(),
        joined: false,
        cut: Cut::default(),
        marked: false,
    };
    while cutter.at < text.len() {
        cutter.step()?;
    }
    cutter.close(None);
    Ok(cutter.cut)
}

struct Cutter<'a> {
    text: &'a [char],
    at: usize,
    parts: Vec<Part>,
    joined: bool,
    /// The next piece is a suffix (附1).
    marked: bool,
    cut: Cut,
}

impl Cutter<'_> {
    fn rest(&self) -> &[char] {
        &self.text[self.at..]
    }

    fn close(&mut self, label: Option<Label>) {
        if self.parts.is_empty() {
            return;
        }
        let label = if std::mem::take(&mut self.marked) {
            Some(Label::Suffix)
        } else {
            label
        };
        let joined = std::mem::take(&mut self.joined);
        self.cut.pieces.push(Piece {
            parts: std::mem::take(&mut self.parts),
            label,
            floor: None,
            joined,
        });
    }

    fn push_floor(&mut self, floor: Floor) {
        self.close(None);
        let joined = std::mem::take(&mut self.joined);
        self.cut.pieces.push(Piece {
            parts: Vec::new(),
            label: Some(Label::Floor),
            floor: Some(floor),
            joined,
        });
    }

    fn step(&mut self) -> Result<(), CodeError> {
        match self.text[self.at] {
            '-' | ' ' | '/' => self.separator(),
            c if c.is_ascii_digit() => self.digits()?,
            c if c.is_ascii_alphabetic() => self.letters(),
            _ => {
                let taken = self.basement()?
                    || self.special_floor()
                    || self.kind()
                    || self.mark()
                    || self.short_name();
                if !taken && !self.numeral()? {
                    self.word();
                }
            }
        }
        Ok(())
    }

    fn separator(&mut self) {
        self.close(None);
        let joined = self.text[self.at] == '/';
        let minus = self.text[self.at] == '-';
        // A minus, not a dash: `-1层` anywhere, `-1-023` where nothing but a use stands before.
        let rest = &self.text[self.at + 1..];
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        if minus && digits == BASEMENT_DIGITS && rest[0] != '0' {
            let after = &rest[digits..];
            // 3-A-1层01 is parted by dashes throughout; 3栋-1层 is not.
            let dashed = self
                .cut
                .pieces
                .last()
                .is_some_and(|p| p.label.is_none() && p.floor.is_none());
            let floor = starts(after, "层") && !dashed && !echoes(&after[1..], rest[0]);
            let parted = after.is_empty() || matches!(after[0], '-' | ' ');
            // 商-7 and 商-1-05 are shops of the street; 车位-1-023 is below it.
            let below = match self.cut.kind {
                None => true,
                Some(Kind::Parking | Kind::Storage) => !after.is_empty(),
                Some(_) => false,
            };
            let first = self.cut.pieces.is_empty() && below && (parted || starts(after, "楼"));
            // 3栋-1-023: no unit's room is numbered so, basements are; A座-1-2503 has a unit.
            let marked = self
                .cut
                .pieces
                .last()
                .is_some_and(|piece| piece.label == Some(Label::Building))
                && starts(after, "-0")
                && after[1..].iter().take_while(|c| c.is_ascii_digit()).count() == 3;
            if floor || first || marked {
                self.at += 1 + digits + usize::from(!parted);
                let depth = rest[0].to_digit(10).unwrap_or(1);
                self.push_floor(Floor::Basement {
                    depth,
                    mezzanine: false,
                });
                return;
            }
        }
        self.joined |= joined;
        self.at += 1;
    }

    fn digits(&mut self) -> Result<(), CodeError> {
        let length = self
            .rest()
            .iter()
            .take_while(|c| c.is_ascii_digit())
            .count();
        let number: String = self.rest()[..length].iter().collect();
        if length > NUMBER_DIGITS_MAX {
            return Err(CodeError::NumberTooLong(number));
        }
        self.at += length;
        match self.parts.last_mut() {
            // 一零1 and the like: digits of two scripts in one number.
            Some(Part::Num(before)) if before.len() + length <= NUMBER_DIGITS_MAX => {
                before.push_str(&number)
            }
            Some(Part::Num(_)) => return Err(CodeError::NumberTooLong(number)),
            _ => self.parts.push(Part::Num(number)),
        }
        Ok(())
    }

    fn letters(&mut self) {
        let length = self
            .rest()
            .iter()
            .take_while(|c| c.is_ascii_alphabetic())
            .count();
        let word: String = self.rest()[..length].iter().collect();
        self.at += length;
        let numbers = self
            .rest()
            .iter()
            .take_while(|c| matches!(c, '-' | ' '))
            .count();
        let number_follows = self.rest().get(numbers).is_some_and(char::is_ascii_digit);
        if word == "NO" && self.parts.is_empty() && number_follows {
            // No.3 is 3.
            self.at += numbers;
        } else {
            self.parts.push(Part::Latin(word));
        }
    }

    /// 負一層, 負1-023, 地下二層, 地下室.
    fn basement(&mut self) -> Result<bool, CodeError> {
        let rest = self.rest();
        let lead = if starts(rest, "负") {
            1
        } else if starts(rest, "地下") {
            2
        } else {
            return Ok(false);
        };
        let after = &rest[lead..];
        let (digits, length) = match numerals::leading(after) {
            Some((digits, length)) => (digits, length),
            None => {
                let digits: String = after
                    .iter()
                    .take_while(|c| c.is_ascii_digit())
                    .take(BASEMENT_DIGITS)
                    .collect();
                let length = digits.len();
                (digits, length)
            }
        };
        if digits.is_empty() {
            if lead == 2 {
                // 地下车库, 地下室: below ground, the storey unsaid.
                let word = usize::from(starts(after, "室") || starts(after, "层"));
                self.at += lead + word;
                if word == 1 {
                    self.push_floor(Floor::Basement {
                        depth: 1,
                        mezzanine: false,
                    });
                }
                return Ok(true);
            }
            return Ok(false);
        }
        let mark = after.get(length).is_some_and(|c| matches!(c, '层' | '楼'));
        let depth = digits
            .parse()
            .map_err(|_| CodeError::NumberTooLong(digits))?;
        self.at += lead + length + usize::from(mark);
        self.push_floor(Floor::Basement {
            depth,
            mezzanine: false,
        });
        Ok(true)
    }

    /// 夾層 (alone or of the storey before), 頂層.
    fn special_floor(&mut self) -> bool {
        if starts(self.rest(), "夹层") {
            self.at += 2;
            if self.parts.is_empty() {
                match self.cut.pieces.last_mut() {
                    // 1楼夹层, 负一层夹层: the mezzanine of the floor just named.
                    Some(piece) if matches!(piece.label, Some(Label::Floor | Label::Storey)) => {
                        match &mut piece.floor {
                            Some(Floor::Basement { mezzanine, .. }) => *mezzanine = true,
                            Some(_) => {}
                            None => {
                                piece.label = Some(Label::Floor);
                                piece.parts.push(Part::Latin("M".to_owned()));
                            }
                        }
                    }
                    _ => self.push_floor(Floor::Mezzanine),
                }
            } else {
                self.parts.push(Part::Latin("M".to_owned()));
                self.close(Some(Label::Floor));
            }
            return true;
        }
        match ROOFS.iter().find(|roof| starts(self.rest(), roof)) {
            Some(roof) if self.parts.is_empty() => {
                self.at += roof.chars().count();
                self.push_floor(Floor::Roof);
                true
            }
            _ => false,
        }
    }

    fn mark(&mut self) -> bool {
        let Some(&(word, label)) = MARKS.iter().find(|(word, _)| starts(self.rest(), word)) else {
            return false;
        };
        let named = matches!(self.parts.last(), Some(Part::Word(_)));
        let numbered = matches!(
            self.parts.last(),
            Some(Part::Num(_) | Part::Latin(_) | Part::Stem(_))
        );
        let pointed = numbered || matches!(self.parts.last(), Some(Part::Dir(_)));
        let fits = match label {
            Label::Phase | Label::Zone if word == "期" || word == "区" => pointed || named,
            Label::Building if word == "#" => pointed,
            Label::Building => pointed || named,
            Label::Unit if word == "单元" => pointed || named,
            // 东门, 楼梯 are words; 3门, 2梯 are units.
            Label::Unit | Label::Zone => numbered,
            Label::Phase => pointed || named,
            Label::Floor | Label::Storey => pointed || (named && label == Label::Storey),
            Label::Room | Label::House => pointed,
            Label::Suffix => true,
        };
        if word == "#" && !fits && self.parts.is_empty() {
            // #3 is 3.
            self.at += 1;
            return true;
        }
        if label == Label::Suffix {
            let number_before = !self.parts.is_empty() || !self.cut.pieces.is_empty();
            let number_after = self
                .rest()
                .get(1)
                .is_some_and(|c| c.is_ascii_alphanumeric());
            if named || !number_before || !number_after {
                return false;
            }
            self.close(None);
            self.at += 1;
            self.marked = true;
            return true;
        }
        if !fits {
            return false;
        }
        self.at += word.chars().count();
        // 翠竹楼, 东楼, A楼 name buildings; 3楼 may be a floor.
        let by_number = matches!(self.parts.as_slice(), [Part::Num(_)]);
        let label = if label == Label::Storey && !by_number {
            Label::Building
        } else {
            label
        };
        self.close(Some(label));
        true
    }

    fn kind(&mut self) -> bool {
        let fits = |word: &str| {
            let after = &self.rest()[word.chars().count()..];
            let end = after.is_empty()
                || matches!(after[0], '-' | ' ' | '/')
                || after[0].is_ascii_alphanumeric();
            let floor = starts(after, "负")
                || starts(after, "地下")
                || starts(after, "夹层")
                || starts(after, "顶");
            let numeral = numerals::leading(after).is_some();
            let mark = MARKS.iter().any(|(mark, _)| starts(after, mark));
            // Short forms are words of their own only before a number or a sign: 商-07, 车12, not 商丘.
            end || floor
                || numeral
                || (word.chars().count() > 1 && (mark || after[0].is_alphabetic()))
        };
        if self.parts.iter().any(|part| matches!(part, Part::Word(_))) {
            return false;
        }
        let found = KINDS
            .iter()
            .find(|(word, _)| starts(self.rest(), word) && fits(word));
        let Some(&(word, kind)) = found else {
            return false;
        };
        if self.cut.kind.is_some() {
            return false;
        }
        self.close(None);
        self.cut.kind = Some(kind);
        self.at += word.chars().count();
        true
    }

    /// 甲, 东, 东南 where a mark, a number or the end follows.
    fn short_name(&mut self) -> bool {
        if matches!(self.parts.last(), Some(Part::Word(_))) {
            return false;
        }
        let rest = self.rest();
        let (part, length) = if let Some(rank) = STEMS.chars().position(|c| c == rest[0]) {
            (Part::Stem(rank as u8), 1)
        } else {
            let ranks: Vec<u8> = rest
                .iter()
                .map_while(|c| DIRECTIONS.chars().position(|d| d == *c))
                .map(|rank| rank as u8)
                .take(2)
                .collect();
            let length = ranks.len();
            (Part::Dir(ranks), length)
        };
        if length == 0 || !self.ends_name(length) {
            return false;
        }
        self.parts.push(part);
        self.at += length;
        true
    }

    fn numeral(&mut self) -> Result<bool, CodeError> {
        let Some((digits, length)) = numerals::leading(self.rest()) else {
            return Ok(false);
        };
        if digits.len() > NUMBER_DIGITS_MAX {
            return Err(CodeError::NumberTooLong(digits));
        }
        // 三元里 and 八一 are names: a number ends at a mark, a sign or the end.
        let lead_in = starts(self.rest(), "第");
        if lead_in || !self.ends_name(length) {
            return Ok(false);
        }
        match self.parts.last_mut() {
            Some(Part::Num(before)) if before.len() + digits.len() <= NUMBER_DIGITS_MAX => {
                before.push_str(&digits)
            }
            Some(Part::Num(_)) => return Err(CodeError::NumberTooLong(digits)),
            _ => self.parts.push(Part::Num(digits)),
        }
        self.at += length;
        Ok(true)
    }

    /// Whether a name of that length may end there.
    fn ends_name(&self, length: usize) -> bool {
        let after = &self.rest()[length..];
        match after.first() {
            None => true,
            Some(c) if matches!(c, '-' | ' ' | '/') || c.is_ascii_alphanumeric() => true,
            Some(c) => {
                MARKS.iter().any(|(mark, _)| starts(after, mark))
                    || starts(after, "夹层")
                    || STEMS.contains(*c)
                    || (numerals::leading(after).is_some()
                        && numerals::leading(self.rest()).is_none())
                    || KINDS.iter().any(|(kind, _)| starts(after, kind))
            }
        }
    }

    fn word(&mut self) {
        let c = self.text[self.at];
        self.at += 1;
        // 第三栋 is 3栋.
        let ordinal = c == '第'
            && (numerals::leading(self.rest()).is_some()
                || self.rest().first().is_some_and(char::is_ascii_digit));
        if ordinal {
            return;
        }
        match self.parts.last_mut() {
            Some(Part::Word(word)) => word.push(c),
            _ => self.parts.push(Part::Word(c.to_string())),
        }
    }
}

/// Whether the room that follows a floor repeats it (`-2层-201`): then the minus was a dash.
fn echoes(after: &[char], floor: char) -> bool {
    let digits: Vec<char> = after
        .iter()
        .copied()
        .skip_while(|c| matches!(c, '-' | ' '))
        .take_while(char::is_ascii_digit)
        .collect();
    digits.len() == 3 && digits[0] == floor
}
