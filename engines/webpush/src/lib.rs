//! Web Push: a message encrypted for one browser (RFC 8291 over RFC 8188), and the token by
//! which a push service knows its sender (VAPID, RFC 8292). Pure: keys, salt and time are given.

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point as _;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// The longest message: push services take 4,096 bytes, of which 86 are the header, 16 the
/// tag and 1 the mark of the last record (RFC 8291 section 4).
pub const MESSAGE_BYTES_MAX: usize = 4_096 - 86 - 16 - 1;
/// A token lives a day at most (RFC 8292 section 2).
pub const TOKEN_SECONDS_MAX: i64 = 24 * 3_600;
const RECORD: u32 = 4_096;

/// Why nothing was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    #[error("not a key on the curve P-256")]
    Key,
    #[error("a push message has at most {MESSAGE_BYTES_MAX} bytes")]
    Long,
}

/// What the browser gave: its public key (uncompressed, 65 bytes) and its secret of 16 bytes.
pub struct Browser<'a> {
    pub public: &'a [u8],
    pub auth: &'a [u8; 16],
}

/// The body of the POST to the push service, with `Content-Encoding: aes128gcm`.
///
/// `once` is a private key and `salt` a value that are used for this one message only.
///
/// # Errors
/// [`PushError::Key`] when either key is none; [`PushError::Long`].
pub fn encrypt(
    message: &[u8],
    browser: &Browser<'_>,
    once: &[u8; 32],
    salt: &[u8; 16],
) -> Result<Vec<u8>, PushError> {
    if message.len() > MESSAGE_BYTES_MAX {
        return Err(PushError::Long);
    }
    let theirs = PublicKey::from_sec1_bytes(browser.public).map_err(|_| PushError::Key)?;
    let own = SecretKey::from_slice(once).map_err(|_| PushError::Key)?;
    let (theirs_raw, own_raw) = (raw(&theirs), raw(&own.public_key()));
    let shared = p256::ecdh::diffie_hellman(own.to_nonzero_scalar(), theirs.as_affine());
    let mut info = b"WebPush: info\0".to_vec();
    info.extend_from_slice(&theirs_raw);
    info.extend_from_slice(&own_raw);
    let ikm: [u8; 32] = derive(browser.auth, shared.raw_secret_bytes(), &info);
    let key: [u8; 16] = derive(salt, &ikm, b"Content-Encoding: aes128gcm\0");
    let nonce: [u8; 12] = derive(salt, &ikm, b"Content-Encoding: nonce\0");
    let mut plain = message.to_vec();
    // The last record ends with 2 (RFC 8188 section 2); there is only one.
    plain.push(2);
    let sealed = Aes128Gcm::new(&key.into())
        .encrypt(&Nonce::from(nonce), plain.as_slice())
        .expect("four kilobytes are within AES-GCM's bound");
    let mut out = salt.to_vec();
    out.extend_from_slice(&RECORD.to_be_bytes());
    out.push(65);
    out.extend_from_slice(&own_raw);
    out.extend_from_slice(&sealed);
    Ok(out)
}

/// The public half of a sender's key: `applicationServerKey` for the browser, in base64url.
pub fn public_key(private: &[u8; 32]) -> Result<String, PushError> {
    let key = SecretKey::from_slice(private).map_err(|_| PushError::Key)?;
    Ok(URL_SAFE_NO_PAD.encode(raw(&key.public_key())))
}

/// The `Authorization` header for a push service: `origin` is that of the subscription's
/// address, `subject` a `mailto:` or `https:` address of the sender, `now` in seconds.
///
/// Lifetimes longer than [`TOKEN_SECONDS_MAX`] are cut to it.
pub fn authorization(
    private: &[u8; 32],
    origin: &str,
    subject: &str,
    now: i64,
    lives: i64,
) -> Result<String, PushError> {
    let key = SigningKey::from_slice(private).map_err(|_| PushError::Key)?;
    let until = now.saturating_add(lives.clamp(0, TOKEN_SECONDS_MAX));
    let claims = serde_json::json!({ "aud": origin, "exp": until, "sub": subject });
    let head = URL_SAFE_NO_PAD.encode(br#"{"typ":"JWT","alg":"ES256"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    // Deterministic (RFC 6979): no chance is needed, and none can fail.
    let signature: Signature = key.sign(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
    Ok(format!(
        "vapid t={signed}.{signature}, k={}",
        public_key(private)?
    ))
}

fn raw(key: &PublicKey) -> Vec<u8> {
    key.to_sec1_point(false).as_bytes().to_vec()
}

fn derive<const N: usize>(salt: &[u8], secret: &[u8], info: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    Hkdf::<Sha256>::new(Some(salt), secret)
        .expand(info, &mut out)
        .expect("at most 32 bytes are asked for");
    out
}

#[cfg(test)]
mod tests;
