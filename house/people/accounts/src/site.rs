//! Under which address people reach the house: for links to print, for cookies, and
//! for what a passkey is bound to. The door puts it into every request.

/// The address of the house as the asker sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// `https://linli.example`, without a slash at the end.
    pub base: String,
    /// Behind TLS: cookies are marked secure and browsers told to stay with TLS.
    pub secure: bool,
}

impl Site {
    /// A whole address for a path of ours.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The session cookie's name. `__Host-` binds it to this host, path and TLS.
    pub fn session_cookie(&self) -> &'static str {
        if self.secure {
            "__Host-linli"
        } else {
            "linli-session"
        }
    }

    /// The known browser's cookie.
    pub fn device_cookie(&self) -> &'static str {
        if self.secure {
            "__Host-linli-device"
        } else {
            "linli-device"
        }
    }

    /// A `Set-Cookie` value; an age of 0 deletes it.
    pub fn cookie(&self, name: &str, value: &str, max_age_seconds: i64) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Lax{secure}")
    }
}

/// What a request's cookies hold under `name`.
pub fn cookie<'h>(headers: &'h axum::http::HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(axum::http::header::COOKIE)
        .iter()
        .filter_map(|jar| jar.to_str().ok())
        .flat_map(|jar| jar.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, value)| value)
}

/// Where the asker's connection comes from, for handlers that count tries.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub std::net::IpAddr);
