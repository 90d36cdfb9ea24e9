//! The example of RFC 8291 appendix A, byte by byte; tokens verified; bounds.

use p256::ecdsa::VerifyingKey;
use p256::ecdsa::signature::Verifier as _;

use super::*;

const OWN: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
const THEIRS: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    let all = URL_SAFE_NO_PAD.decode(text).expect("base64url");
    all.try_into().expect("the length")
}

#[test]
fn the_example_of_the_rfc_comes_out_byte_by_byte() {
    let theirs: [u8; 65] = bytes(THEIRS);
    let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
    let browser = Browser {
        public: &theirs,
        auth: &auth,
    };
    let message = b"When I grow up, I want to be a watermelon";
    let out = encrypt(
        message,
        &browser,
        &bytes(OWN),
        &bytes("DGv6ra1nlYgDCS1FRnbzlw"),
    );
    let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg\
        Dll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuw\
        XPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
    assert_eq!(URL_SAFE_NO_PAD.encode(out.expect("encrypted")), expected);
}

#[test]
fn bad_keys_and_long_messages_are_refused() {
    let theirs: [u8; 65] = bytes(THEIRS);
    let auth = [1; 16];
    let good = Browser {
        public: &theirs,
        auth: &auth,
    };
    let longest = vec![0; MESSAGE_BYTES_MAX];
    let out = encrypt(&longest, &good, &bytes(OWN), &[0; 16]).expect("fits");
    assert_eq!(out.len(), 4_096);
    let long = vec![0; MESSAGE_BYTES_MAX + 1];
    assert_eq!(
        encrypt(&long, &good, &bytes(OWN), &[0; 16]),
        Err(PushError::Long)
    );
    assert_eq!(
        encrypt(b"x", &good, &[0; 32], &[0; 16]),
        Err(PushError::Key)
    );
    let mut off = theirs;
    off[64] ^= 1;
    let bad = Browser {
        public: &off,
        auth: &auth,
    };
    assert_eq!(
        encrypt(b"x", &bad, &bytes(OWN), &[0; 16]),
        Err(PushError::Key)
    );
}

#[test]
fn a_token_names_its_service_ends_within_a_day_and_verifies() {
    let private = bytes(OWN);
    let header = authorization(
        &private,
        "https://push.example",
        "mailto:a@b.cn",
        1_000,
        i64::MAX,
    )
    .expect("signed");
    let (token, key) = header
        .strip_prefix("vapid t=")
        .and_then(|h| h.split_once(", k="))
        .expect("the form of RFC 8292");
    assert_eq!(key, public_key(&private).expect("a key"));
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let public = URL_SAFE_NO_PAD.decode(key).expect("base64url");
    let public = VerifyingKey::from_sec1_bytes(&public).expect("a key");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    let signature = Signature::from_slice(&signature).expect("a signature");
    assert!(public.verify(signed.as_bytes(), &signature).is_ok());
    assert!(public.verify(b"other", &signature).is_err());
    let claims = signed.split_once('.').expect("two parts").1;
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64url");
    let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
    assert_eq!(claims["aud"], "https://push.example");
    assert_eq!(claims["exp"], 1_000 + TOKEN_SECONDS_MAX);
}
