//! Polynomials over GF(256) with the polynomial x⁸+x⁴+x³+x²+1 (that of QR codes), in constant time:
//! no table and no branch depends on a secret byte.

use zeroize::Zeroizing;

/// The product of two elements.
pub(super) fn mul(a: u8, b: u8) -> u8 {
    let (mut a, mut product) = (a, 0);
    for bit in 0..8 {
        let set = 0u8.wrapping_sub((b >> bit) & 1);
        product ^= a & set;
        let high = 0u8.wrapping_sub(a >> 7);
        a = (a << 1) ^ (high & 0x1d);
    }
    product
}

/// The inverse, a²⁵⁴; of 0 it is 0.
pub(super) fn inverse(a: u8) -> u8 {
    // 254 = 2 + 4 + 8 + 16 + 32 + 64 + 128
    let (mut power, mut product) = (a, 1);
    for _ in 0..7 {
        power = mul(power, power);
        product = mul(product, power);
    }
    product
}

/// The value at `x` of the polynomials whose constant is the secret and whose further
/// coefficients are `chance`, 32 bytes for each degree.
pub(super) fn evaluate(secret: &[u8; 32], chance: &[u8], x: u8) -> Zeroizing<[u8; 32]> {
    let mut value = Zeroizing::new([0; 32]);
    for coefficients in chance.chunks_exact(32).rev() {
        for (v, c) in value.iter_mut().zip(coefficients) {
            *v = mul(*v ^ c, x);
        }
    }
    for (v, s) in value.iter_mut().zip(secret) {
        *v ^= s;
    }
    value
}

/// The value at 0 of the polynomials through these points; the numbers are no secret.
pub(super) fn interpolate(points: &[(u8, &[u8; 32])]) -> Zeroizing<[u8; 32]> {
    let mut value = Zeroizing::new([0; 32]);
    for (x, bytes) in points {
        let mut weight = 1;
        for (other, _) in points.iter().filter(|(other, _)| other != x) {
            weight = mul(weight, mul(*other, inverse(other ^ x)));
        }
        for (v, b) in value.iter_mut().zip(bytes.iter()) {
            *v ^= mul(*b, weight);
        }
    }
    value
}
