//! What applicants do to their own: pictures, and acts on an application that was sent.

use std::sync::Arc;

use axum::Extension;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;
use tokio::io::AsyncWriteExt as _;

use super::super::apply::{self, Own};
use super::super::pictures::{self, PictureKind};
use super::super::{MembershipError, draft};
use super::{By, jpeg, refused};
use crate::texts::TextName;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Form, Frame, key, onward, problem};
use foundation::pictures::{PICTURE_BYTES_MAX, PictureRefused};
use permissions::actor::Actor;

/// Acts on a sent application that come in through the door of the screens; `None` where
/// the word is a screen's.
pub(super) async fn own_act(
    house: &House,
    by: &Actor,
    (c, link): (&str, &str),
    act: &str,
    frame: &Frame,
    form: &Form,
) -> Option<Response> {
    let words = form.value("words").to_owned();
    let back = format!("/c/{c}/apply/{link}");
    let acted = match act {
        "answer" => apply::act(house, by, link, Own::Answer(words))
            .await
            .map(|_| (back, key("membership-own-answered"))),
        "withdraw" => apply::act(house, by, link, Own::Withdraw)
            .await
            .map(|_| (back, key("membership-own-withdrawn"))),
        "review" => apply::act(house, by, link, Own::Review(words))
            .await
            .map(|_| (back, key("membership-own-review"))),
        "unconsent" => apply::withdraw_consent(house, by, link, TextName::Identity)
            .await
            .map(|()| (back, key("membership-own-unconsented"))),
        "unarchive" => apply::withdraw_consent(house, by, link, TextName::Archive)
            .await
            .map(|()| (back, key("membership-own-unarchived"))),
        "again" => apply::reapply(house, by.community, link)
            .await
            .map(|secret| {
                let path = format!("/c/{c}/apply/{secret}/check");
                (path, key("membership-own-again"))
            }),
        _ => return None,
    };
    Some(match acted {
        Ok((path, told)) => onward::done(&path, frame.t(told)),
        Err(e) => refused(frame.clone(), e),
    })
}

/// Takes pictures of proof, for a draft or for an application asked for more. What they
/// show, and the consent to an identity document, stand before them in the form.
pub async fn upload(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, link)): Path<(String, String)>,
    frame: Frame,
    mut body: Multipart,
) -> Response {
    let (mut kind, mut agreed) = (PictureKind::Other, false);
    while let Ok(Some(mut field)) = body.next_field().await {
        match field.name() {
            Some("kind") => {
                let word = field.text().await.unwrap_or_default();
                kind = PictureKind::from_word(&word).unwrap_or(PictureKind::Other);
                continue;
            }
            Some("identity") => {
                agreed = field.text().await.is_ok_and(|t| t == "yes");
                continue;
            }
            Some("proof") => {}
            _ => continue,
        }
        let path = match pictures::incoming(&house).await {
            Ok(path) => path,
            Err(e) => return refused(frame, e),
        };
        let received = receive(&mut field, &path).await;
        let taken = match received {
            // A form without a chosen file sends an empty one.
            Ok(0) => {
                let _ = tokio::fs::remove_file(&path).await;
                continue;
            }
            Ok(_) => match may_keep(&house, &by, &link, kind, agreed).await {
                Ok(()) => pictures::add_file(&house, by.community, &link, kind, path).await,
                Err(e) => {
                    let _ = tokio::fs::remove_file(&path).await;
                    Err(e)
                }
            },
            Err(e) => {
                let _ = tokio::fs::remove_file(&path).await;
                Err(e)
            }
        };
        if let Err(e) = taken {
            return refused(frame, e);
        }
    }
    match draft::open(&house, by.community, &link).await {
        Ok(Some(_)) => onward::to(&format!("/c/{c}/apply/{link}/proof")),
        _ => onward::to(&format!("/c/{c}/apply/{link}")),
    }
}

/// A draft asks for its consents before it is sent; after that, a picture of an identity
/// document comes with the consent or not at all.
async fn may_keep(
    house: &House,
    by: &Actor,
    link: &str,
    kind: PictureKind,
    agreed: bool,
) -> Result<(), MembershipError> {
    let c = by.community;
    if kind != PictureKind::Identity || draft::open(house, c, link).await?.is_some() {
        return Ok(());
    }
    let app = apply::find(house, c, link).await?;
    let given = apply::consents(house, c, app.id).await?;
    if given.iter().any(|(p, open)| p == "identity" && *open) {
        return Ok(());
    }
    if !agreed {
        return Err(MembershipError::NoConsent);
    }
    apply::consent_to_identity(house, by, link).await
}

/// Streams one file of a form to the disk, up to its bound.
async fn receive(field: &mut Field<'_>, path: &std::path::Path) -> Result<usize, MembershipError> {
    let mut file = tokio::fs::File::create(path).await?;
    let mut size = 0;
    loop {
        let chunk = field.chunk().await.map_err(|_| PictureRefused::TooLarge)?;
        let Some(chunk) = chunk else { break };
        size += chunk.len();
        if size > PICTURE_BYTES_MAX {
            return Err(PictureRefused::TooLarge.into());
        }
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    Ok(size)
}

/// The applicant's own picture.
pub async fn picture(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, link, id)): Path<(String, String, String)>,
    frame: Frame,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match pictures::own(&house, by.community, &link, id).await {
        Ok(bytes) => jpeg(bytes),
        Err(e) => refused(frame, e),
    }
}

/// Takes a picture out again.
pub async fn drop_picture(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, link, id)): Path<(String, String, String)>,
    frame: Frame,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match pictures::drop_one(&house, by.community, &link, id).await {
        Ok(()) => onward::to(&format!("/c/{c}/apply/{link}/proof")),
        Err(e) => refused(frame, e),
    }
}
