//! Printing on the server: numbered copies whose pages carry the mark, each page a look of its
//! own in the ledger. Copies come back or are shredded; those for a court are handed out.

use foundation::clock::DAY;
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use paper::{A4, About, Document, Lang, Paper, PaperError, Picture, Rect};
use permissions::Permission;
use permissions::actor::Actor;

use crate::act;
use crate::reading::{self, Leaf, TRIES};
use crate::scope::Mode;
use crate::stamping;
use crate::store::read::{self as store, Copy};
use crate::{ViewingError, events, persons};
use watermark::Code;

/// Pages of one copy: more are several documents.
pub const PAGES_MAX: usize = 60;
/// Copies of one viewing.
pub const COPIES_MAX: i64 = 100;
/// A copy comes back or is shredded within a day of its printing.
pub const BACK_WITHIN: i64 = DAY;
/// How a copy may end, as stored; `handed_out` is of those printed to be handed out.
pub const ENDS: [&str; 2] = ["returned", "shredded"];

/// Pages on A4, each as large as it goes.
struct Pages {
    title: String,
    lang: Lang,
    pictures: Vec<Vec<u8>>,
}

impl Paper for Pages {
    fn about(&self) -> About {
        About {
            title: self.title.clone(),
            lang: self.lang,
            made: None,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        const EDGE: f32 = 6.0;
        for bytes in &self.pictures {
            doc.page(A4)?;
            let kept = doc.keep(&Picture::read(bytes)?)?;
            let (wide, tall) = (A4.0 - 2.0 * EDGE, A4.1 - 2.0 * EDGE);
            let scale = (wide / kept.width as f32).min(tall / kept.height as f32);
            let (w, h) = (kept.width as f32 * scale, kept.height as f32 * scale);
            doc.picture(Rect::new((A4.0 - w) / 2.0, (A4.1 - h) / 2.0, w, h), kept);
        }
        Ok(())
    }
}

/// Prints a document as a numbered copy; the PDF and the copy's number. Every page is recorded,
/// and the copy, before anything is drawn.
///
/// # Errors
/// [`ViewingError::Refused`] outside of the grant; [`ViewingError::TooManyPages`].
pub async fn print(
    house: &House,
    by: &Actor,
    id: Id,
    document: Id,
    mode: Mode,
    lang: Lang,
) -> Result<(Vec<u8>, i64), ViewingError> {
    let c = by.community;
    if !matches!(mode, Mode::Print | Mode::Copy) {
        return Err(ViewingError::Scope);
    }
    let look = reading::looking(house, by, id, document).await?;
    let pages = usize::try_from(look.document.pages).unwrap_or(usize::MAX);
    if pages == 0 || pages > PAGES_MAX {
        return Err(ViewingError::TooManyPages);
    }
    let codes: Vec<Vec<Code>> = (0..pages)
        .map(|_| (0..TRIES).map(|_| stamping::code(&house.chance)).collect())
        .collect();
    let (v, found) = (look.v.clone(), look.document.clone());
    let (nth, codes) = house
        .write(c, &by.who(), move |mut tx| {
            let there: Vec<Copy> = tx.all(store::copies(c, look.v.id))?;
            let nth = there.last().map_or(0, |copy| copy.nth) + 1;
            if nth > COPIES_MAX {
                return Err(ViewingError::TooManyPages);
            }
            let mut kept = Vec::with_capacity(codes.len());
            for (at, tries) in codes.iter().enumerate() {
                let (event, code) =
                    reading::note(&mut tx, &look, at as u32 + 1, mode, tries, Some(nth))?;
                tx.also(event)?;
                kept.push(code);
            }
            let now = tx.now();
            let handed_out = mode == Mode::Copy;
            let copy = Copy {
                viewing: look.v.id,
                nth,
                document: look.document.id,
                pages: look.document.pages,
                at: now,
                by_name: look.name.clone(),
                due_at: (!handed_out).then(|| now.plus(BACK_WITHIN)),
                ended: if handed_out { "handed_out" } else { "" }.into(),
                ended_at: None,
                ended_name: String::new(),
            };
            tx.execute(store::copy(c, &copy))?;
            tx.execute(store::count(c, look.v.id, 0, 1))?;
            let event = act::begun(&look.v, events::PRINTED)
                .with("document", look.document.id)
                .with("copy", nth)
                .with("pages", look.document.pages)
                .with("mode", mode.word())
                .with_some("due", copy.due_at);
            Ok(tx.record(event, (nth, kept))?)
        })
        .await?;
    let mut pictures = Vec::with_capacity(codes.len());
    for (at, code) in codes.into_iter().enumerate() {
        let page = at as u32 + 1;
        let leaf = Leaf {
            v: &v,
            document: &found,
            page,
            code,
            copy: Some(nth),
            reader: (v.asker, &v.asker_name),
            // An own file is looked at and not printed.
            areas: Vec::new(),
        };
        pictures.push(reading::marked(house, c, leaf).await?);
    }
    let now = act::one(house, c, id).await?;
    if !now.is_open(house.now()) {
        return Err(ViewingError::NotFound);
    }
    let title = format!("{} · {nth}", now.register_number().unwrap_or_default());
    let drawn = tokio::task::spawn_blocking(move || {
        let pages = Pages {
            title,
            lang,
            pictures,
        };
        pages.draw(paper::system_fonts())
    });
    let (pdf, _) = drawn.await.map_err(std::io::Error::other)??;
    Ok((pdf, nth))
}

/// The copies of a viewing.
pub async fn copies(house: &House, by: &Actor, id: Id) -> Result<Vec<Copy>, ViewingError> {
    Ok(house.db.all(store::copies(by.community, id)).await?)
}

/// Copies that are out, the first due first.
pub async fn out(house: &House, by: &Actor) -> Result<Vec<Copy>, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    Ok(house.db.all(store::copies_out(by.community, 200)).await?)
}

/// A copy came back, or was shredded before a specialist's eyes.
///
/// # Errors
/// [`ViewingError::Words`] for another end; [`ViewingError::Changed`] when it ended before.
pub async fn end_copy(
    house: &House,
    by: &Actor,
    viewing: Id,
    nth: i64,
    how: &str,
) -> Result<(), ViewingError> {
    by.may(Permission::ViewingRegister)?;
    let c = by.community;
    let how = ENDS.into_iter().find(|h| *h == how);
    let how = how.ok_or(ViewingError::Words)?;
    let account = by.account.ok_or(ViewingError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    let v = act::one(house, c, viewing).await?;
    house
        .write(c, &persons::registering(by), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::end_copy(c, viewing, nth, how, &name, now))? == 0 {
                return Err(ViewingError::Changed);
            }
            let event = act::begun(&v, events::COPY_ENDED)
                .with("copy", nth)
                .with("how", how);
            Ok(tx.record(event, ())?)
        })
        .await
}
