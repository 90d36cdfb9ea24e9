//! The values of PDF (ISO 32000-1 section 7.3), read with bounds on depth and number.

use crate::limits::Limits;
use crate::{Kind, Refused};

/// A value; of strings only the fact that they are there is kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Number(f64),
    Name(Vec<u8>),
    Text,
    Array(Vec<Value>),
    Dict(Vec<(Vec<u8>, Value)>),
    Ref(u32),
    /// A keyword such as `true`, `obj` or `R`.
    Word(Vec<u8>),
}

impl Value {
    pub fn get(&self, key: &[u8]) -> Option<&Self> {
        match self {
            Self::Dict(entries) => entries.iter().find(|e| e.0 == key).map(|e| &e.1),
            _ => None,
        }
    }

    pub fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn is(&self, key: &[u8], name: &[u8]) -> bool {
        self.get(key).and_then(Self::name) == Some(name)
    }
}

/// Reads values one after another.
pub(crate) struct Lexer<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    limits: &'a Limits,
    /// Values of the object being read.
    parts: u32,
}

fn white(b: u8) -> bool {
    matches!(b, 0 | 9 | 10 | 12 | 13 | 32)
}

fn regular(b: u8) -> bool {
    !white(b) && !b"()<>[]{}/%".contains(&b)
}

impl<'a> Lexer<'a> {
    pub fn new(bytes: &'a [u8], at: usize, limits: &'a Limits) -> Self {
        Self {
            bytes,
            at,
            limits,
            parts: 0,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub fn skip_white(&mut self) {
        while let Some(b) = self.peek() {
            if b == b'%' {
                self.skip_line();
            } else if white(b) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn skip_line(&mut self) {
        while self.peek().is_some_and(|b| b != b'\n' && b != b'\r') {
            self.at += 1;
        }
    }

    /// The next value with all that is in it; `None` at the end or at what is no value.
    pub fn value(&mut self) -> Result<Option<Value>, Refused> {
        self.parts = 0;
        self.nested(0)
    }

    fn nested(&mut self, depth: u32) -> Result<Option<Value>, Refused> {
        if depth > self.limits.depth {
            return Err(Refused::Nested(Kind::Pdf));
        }
        self.parts += 1;
        if self.parts > self.limits.parts {
            return Err(Refused::Parts(Kind::Pdf));
        }
        self.skip_white();
        let Some(b) = self.peek() else {
            return Ok(None);
        };
        match b {
            b'/' => Ok(Some(Value::Name(self.name()))),
            b'(' => Ok(Some(self.literal())),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.dict(depth).map(Some),
            b'<' => {
                while self.peek().is_some_and(|b| b != b'>') {
                    self.at += 1;
                }
                self.at += 1;
                Ok(Some(Value::Text))
            }
            b'[' => self.array(depth).map(Some),
            b'+' | b'-' | b'.' | b'0'..=b'9' => Ok(Some(self.number_or_ref())),
            b if regular(b) => {
                let from = self.at;
                while self.peek().is_some_and(regular) {
                    self.at += 1;
                }
                let word = &self.bytes[from..self.at];
                Ok(Some(match word {
                    b"null" => Value::Null,
                    word => Value::Word(word[..word.len().min(32)].to_vec()),
                }))
            }
            _ => Ok(None),
        }
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(b) = self.peek().filter(|b| regular(*b)) {
            self.at += 1;
            let hex = |i| self.bytes.get(i).and_then(|b| (*b as char).to_digit(16));
            // `/J#61vaScript` is `/JavaScript`.
            match (b, hex(self.at), hex(self.at + 1)) {
                (b'#', Some(high), Some(low)) => {
                    name.push((high * 16 + low) as u8);
                    self.at += 2;
                }
                _ => name.push(b),
            }
        }
        // The standard's own limit is 127.
        name.truncate(256);
        name
    }

    fn literal(&mut self) -> Value {
        let mut open = 0;
        while let Some(b) = self.peek() {
            self.at += 1;
            match b {
                b'\\' => self.at += 1,
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                _ => {}
            }
        }
        Value::Text
    }

    fn array(&mut self, depth: u32) -> Result<Value, Refused> {
        self.at += 1;
        let mut all = Vec::new();
        loop {
            self.skip_white();
            match self.peek() {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                _ => {}
            }
            match self.nested(depth + 1)? {
                // A structure that was never closed: the object ends here.
                Some(Value::Word(w)) if w == b"endobj" => break,
                Some(value) => all.push(value),
                None => self.at += 1,
            }
        }
        Ok(Value::Array(all))
    }

    fn dict(&mut self, depth: u32) -> Result<Value, Refused> {
        self.at += 2;
        let mut all = Vec::new();
        loop {
            self.skip_white();
            match self.peek() {
                None => break,
                Some(b'>') => {
                    self.at += if self.bytes.get(self.at + 1) == Some(&b'>') {
                        2
                    } else {
                        1
                    };
                    break;
                }
                _ => {}
            }
            match self.nested(depth + 1)? {
                Some(Value::Name(key)) => {
                    self.skip_white();
                    if self.peek() == Some(b'>') {
                        all.push((key, Value::Null));
                        continue;
                    }
                    match self.nested(depth + 1)? {
                        Some(Value::Word(w)) if w == b"endobj" || w == b"stream" => break,
                        Some(value) => all.push((key, value)),
                        None => self.at += 1,
                    }
                }
                Some(Value::Word(w)) if w == b"endobj" || w == b"stream" => break,
                Some(_) => {}
                None => self.at += 1,
            }
        }
        Ok(Value::Dict(all))
    }

    fn number(&mut self) -> f64 {
        let from = self.at;
        while self.peek().is_some_and(|b| b"+-.0123456789".contains(&b)) {
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.bytes[from..self.at]).unwrap_or_default();
        text.parse().unwrap_or(0.0)
    }

    /// `12` or, when ` 0 R` follows, a reference.
    fn number_or_ref(&mut self) -> Value {
        let number = self.number();
        let behind = self.at;
        if number >= 0.0 && number.fract() == 0.0 && number < f64::from(u32::MAX) {
            self.skip_white();
            if self.peek().is_some_and(|b| b.is_ascii_digit()) {
                self.number();
                self.skip_white();
                let ends = self.bytes.get(self.at + 1).is_none_or(|b| !regular(*b));
                if self.peek() == Some(b'R') && ends {
                    self.at += 1;
                    return Value::Ref(number as u32);
                }
            }
        }
        self.at = behind;
        Value::Number(number)
    }
}
