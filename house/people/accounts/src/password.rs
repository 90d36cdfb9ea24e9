//! Passwords: hashed with Argon2id and a pepper from the key store, off the async
//! threads, one at a time per core, so that a storm of sign-ins cannot take the
//! house's memory.

use std::num::NonZeroUsize;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use foundation::house::House;

/// OWASP's first choice for Argon2id: 46 MiB, one pass, one lane.
const MEMORY_KIB: u32 = 46 * 1024;
const PASSES: u32 = 1;
const LANES: u32 = 1;
const SALT: usize = 16;
const HASH: usize = 32;
/// The first byte of a stored hash: the costs above under this pepper.
const VERSION: u8 = 1;
/// How many may wait for one core: at about 60 ms a hash the last one has its
/// answer within two seconds; more are told to come back.
const WAITING_PER_CORE: usize = 32;

static CORES: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, NonZeroUsize::get));
static PERMITS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(*CORES));
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// Too many are signing in at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many are signing in at this moment")]
pub struct Busy;

struct Place;

impl Place {
    fn take() -> Result<Place, Busy> {
        let place = Place;
        if WAITING.fetch_add(1, Ordering::Relaxed) >= *CORES * WAITING_PER_CORE {
            return Err(Busy);
        }
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn stretch(house: &House, password: &str, salt: [u8; SALT]) -> Result<[u8; HASH], Busy> {
    let _place = Place::take()?;
    let _permit = PERMITS.acquire().await.map_err(|_| Busy)?;
    let pepper = Zeroizing::new(*house.keys.pepper());
    let password = Zeroizing::new(password.to_owned());
    let work = move || {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH)).expect("valid costs");
        let argon = Argon2::new_with_secret(&*pepper, Algorithm::Argon2id, Version::V0x13, params)
            .expect("the pepper is short enough");
        let mut out = [0u8; HASH];
        argon
            .hash_password_into(password.as_bytes(), &salt, &mut out)
            .map(|()| out)
            .map_err(|_| Busy)
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Busy)?
}

/// Hashes a new password for keeping.
pub async fn hash(house: &House, password: &str) -> Result<Vec<u8>, Busy> {
    let salt: [u8; SALT] = house.chance.bytes();
    let hash = stretch(house, password, salt).await?;
    let mut out = vec![VERSION];
    out.extend_from_slice(&salt);
    out.extend_from_slice(&hash);
    Ok(out)
}

/// Whether `password` is the one that was kept. Without one kept (no such account)
/// it takes the same work and says no.
pub async fn verify(house: &House, password: &str, kept: Option<&[u8]>) -> Result<bool, Busy> {
    let kept = kept.filter(|k| k.len() == 1 + SALT + HASH && k[0] == VERSION);
    let salt = kept
        .and_then(|k| k[1..=SALT].try_into().ok())
        .unwrap_or([0u8; SALT]);
    let got = stretch(house, password, salt).await?;
    let want = kept.map_or(&[0u8; HASH][..], |k| &k[1 + SALT..]);
    let same: bool = got.ct_eq(want).into();
    Ok(same && kept.is_some())
}
