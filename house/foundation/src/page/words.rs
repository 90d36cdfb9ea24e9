//! The words: every sentence the house says, in three languages, from the Fluent files in `words/`.
//!
//! A language is parsed once at its first use and shared; a lookup is a hash and a borrowed string.

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The Fluent files of one language: name, text.
pub type Files = &'static [(&'static str, &'static str)];

static SOURCE: OnceLock<[Files; 3]> = OnceLock::new();

/// Hands over the files of [`Lang::ALL`], in that order; the front of the house does it
/// once, before the first word is said. Again does nothing.
pub fn furnish(files: [Files; 3]) {
    let _ = SOURCE.set(files);
}

type Bundle = FluentBundle<&'static FluentResource>;

/// A language of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Traditional Chinese, in which the words are written.
    #[default]
    ZhHant,
    /// Simplified Chinese, converted from the Traditional at build time.
    ZhHans,
    /// English.
    En,
}

impl Lang {
    /// All languages, in the order of the switch in the footer.
    pub const ALL: [Lang; 3] = [Lang::ZhHant, Lang::ZhHans, Lang::En];

    /// The tag for `<html lang>`, cookies and forms.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::ZhHant => "zh-Hant",
            Lang::ZhHans => "zh-Hans",
            Lang::En => "en",
        }
    }

    /// The language's name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Lang::ZhHant => "繁體中文",
            Lang::ZhHans => "简体中文",
            Lang::En => "English",
        }
    }

    /// The short sign on the language switch.
    pub fn sign(self) -> &'static str {
        match self {
            Lang::ZhHant => "繁",
            Lang::ZhHans => "简",
            Lang::En => "EN",
        }
    }

    /// Whether it is written in Chinese signs.
    pub fn is_chinese(self) -> bool {
        self != Lang::En
    }

    /// Understands a language tag; the script decides, else the region.
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let tag = tag.trim().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        match parts.next()? {
            "en" => return Some(Lang::En),
            "zh" | "cmn" | "yue" => {}
            _ => return None,
        }
        // A bare `zh` is what mainland browsers send.
        let traditional = parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo"));
        let simplified = tag.contains("hans");
        Some(if traditional && !simplified {
            Lang::ZhHant
        } else {
            Lang::ZhHans
        })
    }

    /// The language to speak: the reader's own choice (cookie), else the browser's wishes, else zh-Hant.
    pub fn negotiate(accept_language: Option<&str>, cookie: Option<&str>) -> Lang {
        if let Some(chosen) = cookie.and_then(Lang::from_tag) {
            return chosen;
        }
        let mut best: Option<(Lang, f32)> = None;
        for wish in accept_language
            .unwrap_or_default()
            .split(',')
            .take(WISHES_MAX)
        {
            let (tag, quality) = match wish.split_once(';') {
                None => (wish, 1.0),
                Some((tag, q)) => {
                    let q = q
                        .trim()
                        .strip_prefix("q=")
                        .and_then(|q| q.trim().parse().ok());
                    (tag, q.unwrap_or(0.0))
                }
            };
            if let Some(lang) = Lang::from_tag(tag)
                && quality > best.map_or(0.0, |(_, q)| q)
            {
                best = Some((lang, quality));
            }
        }
        best.map_or(Lang::default(), |(lang, _)| lang)
    }
}

/// Browsers send a handful of wishes; more is not a browser.
const WISHES_MAX: usize = 20;

/// A value put into a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text as it is. Years and numbers that must not be grouped are text too.
    Text(Cow<'a, str>),
    /// A count: grouped by thousands and used for the plural.
    Count(i64),
    /// Another key of the words, said in the same language (a field's label in its error).
    Word(&'a str),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}
// Loops in templates hand out references to references; taking them here keeps the pages plain.
impl<'a> From<&&'a str> for Value<'a> {
    fn from(text: &&'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}
impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}
impl<'a> From<&'a &String> for Value<'a> {
    fn from(text: &'a &String) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}
impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}
impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Value::Text(text)
    }
}
impl<'a> From<&'a Cow<'_, str>> for Value<'a> {
    fn from(text: &'a Cow<'_, str>) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}
macro_rules! counts {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Value<'_> {
            fn from(count: $kind) -> Self {
                Value::Count(i64::try_from(count).unwrap_or(i64::MAX))
            }
        }
        impl From<&$kind> for Value<'_> {
            fn from(count: &$kind) -> Self {
                Value::from(*count)
            }
        }
        impl From<&&$kind> for Value<'_> {
            fn from(count: &&$kind) -> Self {
                Value::from(**count)
            }
        }
    )*};
}
counts!(u8, u16, u32, u64, usize, i32, i64);

/// A sentence that is not yet said: a key with its values, for errors and answers made before the
/// language is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    key: &'static str,
    values: Vec<(&'static str, Value<'static>)>,
}

impl Sentence {
    /// The key in the words files.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// Adds a value.
    #[must_use]
    pub fn and(mut self, name: &'static str, value: impl Into<Value<'static>>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// Adds another word as a value, to be said in the reader's language.
    #[must_use]
    pub fn and_word(mut self, name: &'static str, key: &'static str) -> Self {
        self.values.push((name, Value::Word(key)));
        self
    }
}

/// Begins a [`Sentence`]: `say("error-too-long").and("max", 40)`.
pub fn say(key: &'static str) -> Sentence {
    Sentence {
        key,
        values: Vec::new(),
    }
}

/// Marks a literal as a key of the words, so that the test of keys sees it: `key("ticket-open")`.
pub const fn key(key: &'static str) -> &'static str {
    key
}

/// The words of one language. Copy it freely.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    lang: Lang,
}

impl Words {
    /// The words of a language.
    pub fn new(lang: Lang) -> Words {
        Words { lang }
    }

    /// Which language this is.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A sentence without values.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// A sentence with values: `words.with("greeting", &[("name", "王女士".into())])`.
    pub fn with(&self, key: &str, values: &[(&str, Value<'_>)]) -> Cow<'static, str> {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, self.fluent(value));
        }
        self.format(key, Some(&args))
    }

    /// A sentence with one value; the commonest case in a template.
    pub fn one<'v>(&self, key: &str, name: &str, value: impl Into<Value<'v>>) -> Cow<'static, str> {
        self.with(key, &[(name, value.into())])
    }

    /// Says a prepared sentence.
    pub fn say(&self, sentence: &Sentence) -> Cow<'static, str> {
        self.with(sentence.key, &sentence.values)
    }

    fn fluent<'v>(&self, value: &'v Value<'_>) -> FluentValue<'v> {
        match value {
            Value::Text(text) => FluentValue::String(Cow::Borrowed(text)),
            Value::Count(count) => FluentValue::Number(FluentNumber::from(*count)),
            Value::Word(key) => FluentValue::String(self.t(key)),
        }
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle: &'static Bundle = &BUNDLES[self.lang as usize];
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            // The test of keys finds these; a reader is better served by the key than by an error page.
            tracing::error!(key, lang = self.lang.tag(), "no such word");
            return Cow::Owned(key.to_owned());
        };
        let mut errors = Vec::new();
        let said = bundle.format_pattern(pattern, args, &mut errors);
        if !errors.is_empty() {
            tracing::error!(
                key,
                lang = self.lang.tag(),
                ?errors,
                "a word lacks its values"
            );
        }
        said
    }
}

/// The files of one language, as the build packed them.
pub fn files(lang: Lang) -> Files {
    SOURCE
        .get()
        .expect("the house is furnished before words are said")[lang as usize]
}

/// Each parsed when it is first read in: a house without readers of one keeps its memory.
static BUNDLES: [LazyLock<Bundle>; 3] = [
    LazyLock::new(|| bundle(Lang::ZhHant)),
    LazyLock::new(|| bundle(Lang::ZhHans)),
    LazyLock::new(|| bundle(Lang::En)),
];

fn bundle(lang: Lang) -> Bundle {
    let id: LanguageIdentifier = lang.tag().parse().expect("our tags are well formed");
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // Isolation marks break copying and printing, and no language here is written from the right.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(super::fmt::count(number.value as i64)),
        _ => None,
    }));
    for (name, text) in files(lang) {
        let resource = FluentResource::try_new((*text).to_owned())
            .unwrap_or_else(|(_, errors)| panic!("words/{}/{name}.ftl: {errors:?}", lang.tag()));
        // Kept for the life of the program, parsed once.
        bundle
            .add_resource(Box::leak(Box::new(resource)))
            .unwrap_or_else(|errors| panic!("words/{}/{name}.ftl: {errors:?}", lang.tag()));
    }
    bundle
}
