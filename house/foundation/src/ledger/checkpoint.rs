//! Checkpoints: the head of a log as a short signed text that anybody can keep, and
//! against which the log can be held later (C2SP tlog-checkpoint in a C2SP
//! signed-note, Ed25519).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::tree::{Hash, hex};

/// The algorithm byte of Ed25519 (C2SP signed-note).
const ED25519: u8 = 1;
/// Every signature line begins with an em dash and a space.
const SIGNED_BY: &str = "\u{2014} ";
/// A note is a few hundred bytes; more is no note of ours.
pub const NOTE_BYTES_MAX: usize = 1024 * 1024;

/// Why a signed text is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("it is not a signed note")]
    Form,
    #[error("it is not signed by the ledger's key")]
    Unsigned,
    #[error("its signature is false")]
    Signature,
    #[error("it is signed, but no checkpoint")]
    NoCheckpoint,
    #[error("the key cannot be read: give the line that `linli ledger key` prints")]
    Key,
}

/// The key that checks checkpoints; public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    pub fn of(key: &SigningKey) -> PublicKey {
        PublicKey(key.verifying_key())
    }

    /// Reads a C2SP verifier key (`name+hash+base64`), or the bare 32 bytes in
    /// base64 or hexadecimal.
    pub fn parse(text: &str) -> Result<PublicKey, NoteError> {
        let text = text.trim();
        let mut parts = text.splitn(3, '+');
        let bytes = match (parts.next(), parts.next(), parts.next()) {
            (Some(name), Some(hash), Some(key)) if hash.len() == 8 && name.contains('/') => {
                let bytes = STANDARD.decode(key).map_err(|_| NoteError::Key)?;
                let (first, key) = bytes.split_first().ok_or(NoteError::Key)?;
                let key: [u8; 32] = key.try_into().map_err(|_| NoteError::Key)?;
                if *first != ED25519 || hex(&key_hash(name, &key)) != hash {
                    return Err(NoteError::Key);
                }
                key.to_vec()
            }
            _ if text.len() == 64 => (0..32)
                .map(|i| text.get(i * 2..i * 2 + 2))
                .map(|pair| u8::from_str_radix(pair.unwrap_or(""), 16).ok())
                .collect::<Option<_>>()
                .ok_or(NoteError::Key)?,
            _ => STANDARD.decode(text).map_err(|_| NoteError::Key)?,
        };
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| NoteError::Key)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| NoteError::Key)?;
        Ok(PublicKey(key))
    }

    /// The 32 bytes in base64.
    pub fn bare(&self) -> String {
        STANDARD.encode(self.0.as_bytes())
    }

    /// As a C2SP verifier key under `name`.
    pub fn line(&self, name: &str) -> String {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.0.as_bytes());
        let hash = hex(&key_hash(name, self.0.as_bytes()));
        format!("{name}+{hash}+{}", STANDARD.encode(bytes))
    }
}

/// The first four bytes of SHA-256(name ‖ LF ‖ algorithm ‖ key).
fn key_hash(name: &str, key: &[u8; 32]) -> [u8; 4] {
    let mut h = Sha256::new();
    h.update(name);
    h.update([b'\n', ED25519]);
    h.update(key);
    let all: Hash = h.finalize().into();
    [all[0], all[1], all[2], all[3]]
}

/// Signs `text` (which ends with a line feed) under `name`.
pub fn sign_note(text: &str, name: &str, key: &SigningKey) -> String {
    let mut bytes = key_hash(name, key.verifying_key().as_bytes()).to_vec();
    bytes.extend_from_slice(&key.sign(text.as_bytes()).to_bytes());
    format!("{text}\n{SIGNED_BY}{name} {}\n", STANDARD.encode(bytes))
}

/// The text of a note that carries a good signature of `key` under its first line
/// or, when `name` is given, under that name.
pub fn open_note<'n>(
    note: &'n str,
    name: Option<&str>,
    key: &PublicKey,
) -> Result<&'n str, NoteError> {
    if note.len() > NOTE_BYTES_MAX {
        return Err(NoteError::Form);
    }
    let cut = note.rfind("\n\n").ok_or(NoteError::Form)? + 1;
    let (text, lines) = (&note[..cut], &note[cut + 1..]);
    let name = name.unwrap_or_else(|| text.lines().next().unwrap_or(""));
    if name.is_empty() || !lines.ends_with('\n') {
        return Err(NoteError::Form);
    }
    let hash = key_hash(name, key.0.as_bytes());
    let mut found = Err(NoteError::Unsigned);
    for line in lines[..lines.len() - 1].split('\n') {
        let line = line.strip_prefix(SIGNED_BY).ok_or(NoteError::Form)?;
        let (by, signature) = line.split_once(' ').ok_or(NoteError::Form)?;
        let bytes = STANDARD.decode(signature).map_err(|_| NoteError::Form)?;
        let (id, signature) = bytes.split_at_checked(4).ok_or(NoteError::Form)?;
        if by != name || id != hash || found.is_ok() {
            // Signatures of others (witnesses) are theirs to check.
            continue;
        }
        let signature = Signature::from_slice(signature).map_err(|_| NoteError::Signature)?;
        key.0
            .verify_strict(text.as_bytes(), &signature)
            .map_err(|_| NoteError::Signature)?;
        found = Ok(text);
    }
    found
}

/// The head of one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: `linli/<installation>/<community>`.
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

impl Checkpoint {
    /// The three lines that are signed.
    pub fn text(&self) -> String {
        let root = STANDARD.encode(self.root);
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    /// The signed note.
    pub fn sign(&self, key: &SigningKey) -> String {
        sign_note(&self.text(), &self.origin, key)
    }

    /// What a text says before any signature is looked at.
    pub fn read(text: &str) -> Result<Checkpoint, NoteError> {
        let mut lines = text.split('\n');
        let mut next = || lines.next().ok_or(NoteError::NoCheckpoint);
        let (origin, size, root) = (next()?, next()?, next()?);
        let number: u64 = size.parse().map_err(|_| NoteError::NoCheckpoint)?;
        let root = STANDARD.decode(root).map_err(|_| NoteError::NoCheckpoint)?;
        if origin.is_empty() || number.to_string() != size {
            return Err(NoteError::NoCheckpoint);
        }
        Ok(Checkpoint {
            origin: origin.to_owned(),
            size: number,
            root: root.try_into().map_err(|_| NoteError::NoCheckpoint)?,
        })
    }

    /// A checkpoint whose signature holds.
    pub fn open(note: &str, key: &PublicKey) -> Result<Checkpoint, NoteError> {
        Checkpoint::read(open_note(note, None, key)?)
    }
}

/// The notes of a file to which notes are appended one after another.
pub fn notes(file: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut at, mut signed) = (0, 0, false);
    for line in file.split_inclusive('\n') {
        let is_signature = line.starts_with(SIGNED_BY);
        if signed && !is_signature {
            out.push(&file[start..at]);
            start = at;
        }
        signed = is_signature;
        at += line.len();
        if !signed && line == "\n" && file[start..at].trim().is_empty() {
            start = at;
        }
    }
    if !file[start..].trim().is_empty() {
        out.push(&file[start..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn checkpoint(size: u64) -> Checkpoint {
        Checkpoint {
            origin: "linli/abc/3".into(),
            size,
            root: super::super::tree::leaf(&size.to_be_bytes()),
        }
    }

    #[test]
    fn the_published_example_of_the_standard_opens() {
        // golang.org/x/mod/sumdb/note, the documented example.
        let key = PublicKey::parse("PeterNeumann/x").expect_err("no key");
        assert_eq!(key, NoteError::Key);
        let bytes = STANDARD
            .decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
            .expect("the documented key");
        let key = PublicKey(
            VerifyingKey::from_bytes(&bytes[1..].try_into().expect("32 bytes")).expect("a key"),
        );
        let name = "PeterNeumann";
        assert_eq!(hex(&key_hash(name, key.0.as_bytes())), "c74f20a3");
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
        let note = format!(
            "{text}\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        );
        assert_eq!(open_note(&note, Some(name), &key), Ok(text));
    }

    #[test]
    fn a_checkpoint_opens_whole_and_with_no_byte_changed() {
        let public = PublicKey::of(&key());
        let note = checkpoint(70_000).sign(&key());
        assert_eq!(Checkpoint::open(&note, &public), Ok(checkpoint(70_000)));
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(other) = String::from_utf8(bytes) else {
                continue;
            };
            assert!(Checkpoint::open(&other, &public).is_err(), "byte {at}");
        }
        let other = PublicKey::of(&SigningKey::from_bytes(&[8; 32]));
        assert_eq!(Checkpoint::open(&note, &other), Err(NoteError::Unsigned));
    }

    #[test]
    fn the_public_key_is_read_in_each_of_its_forms() {
        let public = PublicKey::of(&key());
        let line = public.line("linli/abc/3");
        assert_eq!(PublicKey::parse(&line).as_ref(), Ok(&public));
        let bare = STANDARD.encode(public.0.as_bytes());
        assert_eq!(PublicKey::parse(&bare).as_ref(), Ok(&public));
        assert_eq!(
            PublicKey::parse(&hex(public.0.as_bytes())).as_ref(),
            Ok(&public)
        );
        assert!(PublicKey::parse(&line.replace("abc", "abd")).is_err());
    }

    #[test]
    fn a_file_of_notes_falls_apart_into_its_notes() {
        let all: Vec<String> = (1..4).map(|n| checkpoint(n).sign(&key())).collect();
        assert_eq!(notes(&all.concat()), all);
        assert_eq!(notes(&all.join("\n")), all);
        assert_eq!(notes("").len(), 0);
        assert_eq!(notes("torn"), ["torn"]);
    }
}
