//! The shares of the escrow key: any three of five make it again, fewer nothing, and what is mistyped is named.

use proptest::prelude::*;

use super::*;

fn split() -> (Opener, Vec<Share>) {
    let key = Opener::generate();
    let shares = Escrow::split(&key, THRESHOLD, SHARES).expect("three of five");
    (key, shares)
}

#[test]
fn any_three_of_five_cards_give_the_key_and_no_two_do() {
    let (key, shares) = split();
    for a in 0..5 {
        for b in 0..5 {
            for c in 0..5 {
                let three = [shares[a].clone(), shares[b].clone(), shares[c].clone()];
                let joined = Escrow::join(&three);
                if a != b && b != c && a != c {
                    assert_eq!(*joined.expect("joins").secret(), *key.secret());
                } else {
                    assert!(matches!(joined, Err(EscrowError::Twice { .. })));
                }
            }
            if a != b {
                let two = [shares[a].clone(), shares[b].clone()];
                let refused = Escrow::join(&two).err();
                assert_eq!(refused, Some(EscrowError::TooFew { have: 2, need: 3 }));
                // Even by force two points say nothing: they give another key.
                let points: Vec<_> = two.iter().map(|s| (s.number, &*s.bytes)).collect();
                assert_ne!(*gf256::interpolate(&points), *scalar(&key));
            }
        }
    }
    assert_eq!(
        *Escrow::join(&shares).expect("all five").secret(),
        *key.secret()
    );
}

#[test]
fn cards_of_two_splittings_are_told_apart_and_a_forged_one_is_found() {
    let (key, shares) = split();
    let again = Escrow::split(&key, THRESHOLD, SHARES).expect("again");
    let mixed = [shares[0].clone(), again[1].clone(), shares[2].clone()];
    assert_eq!(
        Escrow::join(&mixed).err(),
        Some(EscrowError::Mixed { share: 2, other: 1 })
    );
    let mut forged = shares[1].clone();
    forged.bytes[7] ^= 1;
    let three = [shares[0].clone(), forged, shares[2].clone()];
    assert_eq!(Escrow::join(&three).err(), Some(EscrowError::Forged));
}

#[test]
fn a_mistyped_or_exchanged_group_is_named() {
    let (_, shares) = split();
    for share in &shares {
        let text = share.text();
        assert_eq!(Share::parse(&text).expect("typed well"), *share);
        assert_eq!(Share::parse(&share.qr()).expect("scanned"), *share);
        let groups: Vec<&str> = text.split(' ').collect();
        for at in 0..groups.len() {
            for place in 0..5 {
                let mut letters: Vec<char> = groups[at].chars().collect();
                letters[place] = if letters[place] == 'x' { 'y' } else { 'x' };
                let mut typed: Vec<String> = groups.iter().map(|g| (*g).to_owned()).collect();
                typed[at] = letters.iter().collect();
                let refused = Share::parse(&typed.join(" ")).err();
                let expected = EscrowError::Mistyped {
                    group: at + 1,
                    typed: typed[at].clone(),
                };
                assert_eq!(refused, Some(expected));
            }
            if at > 0 && groups[at] != groups[at - 1] {
                let mut typed = groups.clone();
                typed.swap(at, at - 1);
                let refused = Share::parse(&typed.join(" ")).err();
                assert!(
                    matches!(refused, Some(EscrowError::Mistyped { group, .. }) if group == at)
                );
            }
        }
        assert_eq!(
            Share::parse(&groups[..19].join(" ")).err(),
            Some(EscrowError::Length {
                found: 19,
                expected: 20
            })
        );
    }
}

#[test]
fn what_a_hand_writes_differently_is_read_the_same() {
    let (_, shares) = split();
    let text = shares[0]
        .text()
        .to_uppercase()
        .replace('0', "O")
        .replace('1', "l");
    assert_eq!(
        Share::parse(&text.replace(' ', "-")).expect("the same"),
        shares[0]
    );
}

proptest! {
    #[test]
    fn every_product_has_its_quotient(a in 1u8.., b in any::<u8>()) {
        prop_assert_eq!(gf256::mul(gf256::mul(a, b), gf256::inverse(a)), b);
    }

    /// The crate `blahaj` is another implementation over the same field: each joins what the
    /// other has split.
    #[test]
    fn another_implementation_joins_what_this_one_split(secret in any::<[u8; 32]>(), chance in proptest::collection::vec(any::<u8>(), 64)) {
        let sharks = blahaj::Sharks(3);
        let ours: Vec<blahaj::Share> = [2u8, 3, 5].iter().map(|x| {
            let mut bytes = vec![*x];
            bytes.extend_from_slice(&*gf256::evaluate(&secret, &chance, *x));
            blahaj::Share::try_from(bytes.as_slice()).expect("a share")
        }).collect();
        prop_assert_eq!(sharks.recover(&ours).expect("joins"), secret.to_vec());
        let theirs: Vec<Vec<u8>> = sharks.dealer(&secret).take(4).map(|s| Vec::from(&s)).collect();
        let bytes: Vec<[u8; 32]> =
            theirs.iter().map(|s| s[1..].try_into().expect("32 bytes")).collect();
        let points: Vec<(u8, &[u8; 32])> = theirs.iter().map(|s| s[0]).zip(&bytes).skip(1).collect();
        prop_assert_eq!(*gf256::interpolate(&points), secret);
    }
}
