//! Mail by the operator's own mail server (SMTP).

use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{self, AsyncSmtpTransport};
use lettre::{AsyncTransport as _, Tokio1Executor};
use serde::{Deserialize, Serialize};

use crate::sender::{Address, Answer, Parcel, Sender, Sending, Why};

const ANSWER_MAX: Duration = Duration::from_secs(12);

/// How the line to the mail server is kept from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// TLS from the first byte: port 465.
    Tls,
    /// TLS once both have greeted, never without: port 587.
    StartTls,
    /// In clear: to a server on this machine only.
    Plain,
}

impl Line {
    pub const ALL: [Line; 3] = [Line::Tls, Line::StartTls, Line::Plain];

    pub fn word(self) -> &'static str {
        match self {
            Line::Tls => "tls",
            Line::StartTls => "starttls",
            Line::Plain => "plain",
        }
    }

    pub fn from_word(word: &str) -> Option<Line> {
        Line::ALL.into_iter().find(|l| l.word() == word)
    }
}

/// The mail server.
#[derive(Clone, Serialize, Deserialize)]
pub struct MailSettings {
    pub host: String,
    pub port: u16,
    pub line: Line,
    /// Empty where the server asks for none.
    pub user: String,
    pub password: String,
    /// From whom mail comes: `鄰里 <office@example.cn>`.
    pub from: String,
}

/// Whether a name is this machine's.
fn is_here(host: &str) -> bool {
    let ip = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

/// Sends by SMTP.
pub struct MailSender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl MailSender {
    /// # Errors
    /// [`Why::Unfit`] when the settings cannot be used.
    pub fn new(settings: &MailSettings) -> Result<MailSender, Why> {
        let from: Mailbox = settings.from.parse().map_err(|_| Why::Unfit)?;
        let params = || TlsParameters::new(settings.host.clone()).map_err(|_| Why::Unfit);
        let tls = match settings.line {
            Line::Tls => Tls::Wrapper(params()?),
            Line::StartTls => Tls::Required(params()?),
            Line::Plain if is_here(&settings.host) => Tls::None,
            Line::Plain => return Err(Why::Unfit),
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
                .port(settings.port)
                .tls(tls)
                .timeout(Some(ANSWER_MAX));
        if !settings.user.is_empty() {
            let (user, password) = (settings.user.clone(), settings.password.clone());
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(MailSender {
            transport: builder.build(),
            from,
        })
    }

    fn message(&self, parcel: &Parcel) -> Option<Message> {
        let Address::Mail(address) = &parcel.address else {
            return None;
        };
        let to: lettre::Address = address.parse().ok()?;
        let domain = self.from.email.domain();
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        let body = if parcel.link.is_empty() {
            parcel.text.clone()
        } else {
            format!("{}\n\n{}\n", parcel.text, parcel.link)
        };
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(parcel.title.as_str())
            // A repetition has the same name, so that a mailbox can drop it.
            .message_id(Some(format!("<{}@{domain}>", parcel.id)))
            .header(ContentType::TEXT_PLAIN)
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .body(body)
            .ok()
    }

    async fn carry(&self, parcel: &Parcel) -> Answer {
        let Some(message) = self.message(parcel) else {
            return Answer::Never { why: Why::Unfit };
        };
        match self.transport.send(message).await {
            Ok(_) => Answer::Sent,
            Err(error) => answer_to(&error),
        }
    }
}

/// What a mail server's refusal means (RFC 5321 section 4.2, RFC 4954 section 6).
fn answer_to(error: &smtp::Error) -> Answer {
    let code = error.status().map_or(0, u16::from);
    match code {
        432 | 454 | 530 | 534 | 535 | 538 => Answer::later(Why::Login),
        421 => Answer::later(Why::Busy),
        _ if error.is_transient() => Answer::later(Why::Recipient),
        _ if error.is_permanent() => Answer::Never { why: Why::Refused },
        _ if error.is_timeout() => Answer::later(Why::Timeout),
        _ if error.is_client() => Answer::later(Why::Login),
        _ => Answer::later(Why::Unreachable),
    }
}

impl Sender for MailSender {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> Sending<'a> {
        Box::pin(self.carry(parcel))
    }
}
