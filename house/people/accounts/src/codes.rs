//! One-time codes from an authenticator (RFC 6238: SHA-1, six digits, thirty seconds),
//! and recovery codes for the day when it is lost.

use totp_rs::{Builder, Totp};

use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::crockford;

/// RFC 4226 asks for 160 bits.
pub const SECRET: usize = 20;
/// How many recovery codes one has, and of how many bytes (50 bits) each is made.
pub const RECOVERY_CODES: usize = 10;
const RECOVERY_BYTES: usize = 7;
const RECOVERY_SIGNS: usize = 10;
/// How long a code holds, in milliseconds.
pub const STEP: i64 = 30_000;
const ISSUER: &str = "linli";

fn totp(secret: &[u8], name: &str) -> Option<Totp> {
    // A colon would end the issuer in the address.
    let name: String = name.chars().filter(|c| *c != ':').collect();
    let name = if name.is_empty() {
        "linli".into()
    } else {
        name
    };
    Builder::new()
        .with_secret(secret.to_vec())
        .with_account_name(name)
        .with_issuer(Some(ISSUER))
        .build()
        .ok()
}

/// The step whose code this is, now or one step beside.
pub fn step_of(secret: &[u8], code: &str, now: Moment) -> Option<i64> {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let seconds = u64::try_from(now.0 / 1_000).unwrap_or(0);
    let step = totp(secret, "")?.check(&code, seconds)?;
    i64::try_from(step).ok()
}

/// The code at `now`, for tests of the whole house.
pub fn code_at(secret: &[u8], now: Moment) -> Option<String> {
    let seconds = u64::try_from(now.0 / 1_000).unwrap_or(0);
    Some(totp(secret, "")?.generate(seconds).to_string())
}

/// What the authenticator reads from the picture.
pub fn address(secret: &[u8], name: &str) -> Option<String> {
    totp(secret, name)?.to_url().ok()
}

/// The secret to type in where no picture can be taken, in groups of four.
pub fn typed(secret: &[u8]) -> String {
    let text = totp_rs::Secret::from(secret.to_vec()).to_base32();
    let signs: Vec<char> = text.chars().collect();
    signs
        .chunks(4)
        .map(|c| c.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The secret from its typed form.
pub fn from_typed(text: &str) -> Option<Vec<u8>> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let secret = totp_rs::Secret::try_from_base32(bare).ok()?;
    (secret.as_bytes().len() == SECRET).then(|| secret.as_bytes().to_vec())
}

/// A QR code as SVG, drawn here: the secret goes to nobody else.
pub fn picture(text: &str) -> Option<String> {
    let code = qrcode::QrCode::new(text.as_bytes()).ok()?;
    let svg = code
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(220, 220)
        .build();
    // The declaration belongs to a file, not into a page.
    let start = svg.find("<svg")?;
    Some(svg[start..].to_owned())
}

/// Ten codes to print: `7k2mq-x9w4t`.
pub fn recovery(house: &House) -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let text = crockford(&house.chance.bytes::<RECOVERY_BYTES>());
            format!("{}-{}", &text[..5], &text[5..RECOVERY_SIGNS])
        })
        .collect()
}

/// How a recovery code is kept and found.
pub fn recovery_digest(house: &House, code: &str) -> [u8; 32] {
    let bare: String = code
        .to_ascii_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    house.keys.digest("recovery", bare.as_bytes())
}

/// Whether a text looks like a recovery code rather than an authenticator's.
pub fn looks_like_recovery(code: &str) -> bool {
    code.chars().filter(char::is_ascii_alphanumeric).count() == RECOVERY_SIGNS
}
