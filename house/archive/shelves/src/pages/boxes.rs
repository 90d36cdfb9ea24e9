//! One box: where it stands, where it belongs, what lies in it, and its labels.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::boxes::{self, ArchiveBox};
use crate::{ShelfError, arrange, away, labels, spine};
use dossiers::number;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Line, Tag, Tone, key};
use paper::Spine;
use permissions::Permission;

struct Printed {
    copy: i64,
    at: i64,
    tag: Tag,
    /// The last signs, so that a label in the hand can be told from another.
    tail: String,
}

#[derive(Template)]
#[template(path = "shelves/box.html")]
struct BoxPage {
    frame: Frame,
    form: Form,
    base: String,
    own: String,
    one: ArchiveBox,
    others: Vec<ArchiveBox>,
    guests: Vec<(Id, String)>,
    lines: Vec<Line>,
    prints: Vec<Printed>,
    cabinets: Vec<Choice>,
    spines: Vec<Choice>,
    belongs: bool,
    may_file: bool,
}

/// The page of one box.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let read = async {
        let one = boxes::one(&house, &by, id).await?;
        let others = boxes::of_dossier(&house, &by, one.dossier).await?;
        let guests = boxes::guests(&house, &by, id).await?;
        let prints = labels::prints(&house, &by, id).await?;
        let all = arrange::arrangement(&house, &by).await?;
        let away = away::since(&house, by.community, id).await?;
        Ok::<_, ShelfError>((one, others, guests, prints, all, away))
    };
    let (one, mut others, guests, prints, all, away) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    others.retain(|o| o.id != one.id);
    let belongs = all.belongs(id);
    let to = belongs.filter(|(_, moves)| *moves).map(|(spot, _)| spot);
    let places = words::Places::of(&all.cabinets);
    let here = places.said(&frame, one.spot);
    let there = match (belongs, to) {
        (None, _) => frame.t("shelves-no-place").into_owned(),
        (Some(_), None) => frame.t("shelves-stays").into_owned(),
        (Some(_), to) => places.said(&frame, to),
    };
    let (count, mm) = spine::suggested(one.pages);
    let suggested = frame
        .with(
            "shelves-suggested",
            &[("boxes", count.into()), ("mm", mm.into())],
        )
        .into_owned();
    let here = if here.is_empty() {
        frame.t("shelves-nowhere").into_owned()
    } else {
        here
    };
    let here = match away {
        None => here,
        Some(at) => frame
            .with(
                "shelves-away",
                &[("place", here.into()), ("at", frame.stamp(at.0).into())],
            )
            .into_owned(),
    };
    let lines = vec![
        Line::new(
            frame.t("shelves-field-number"),
            number::said(&one.number, frame.words.lang()),
        ),
        Line::new(frame.t("shelves-field-tenure"), one.tenure_text()),
        Line::new(frame.t("shelves-field-stands"), here),
        Line::new(frame.t("shelves-field-belongs"), there),
        Line::new(
            frame.t("shelves-field-spine"),
            frame.one("shelves-mm", "mm", one.spine),
        ),
        Line::new(frame.t("shelves-field-pages"), frame.count(one.pages)),
        Line::new(frame.t("shelves-field-suggested"), suggested),
    ];
    let target = to.or(one.spot);
    let form = Form::filled([
        (
            "cabinet",
            target.map_or(String::new(), |s| s.cabinet.to_string()),
        ),
        (
            "layer",
            target.map_or(String::new(), |s| s.layer.to_string()),
        ),
        ("spine", one.spine.to_string()),
    ]);
    page::ok(BoxPage {
        form,
        base: format!("/c/{c}/shelves"),
        own: format!("/c/{c}/shelves/boxes/{id}"),
        cabinets: all
            .cabinets
            .iter()
            .map(|k| Choice::new(k.id.to_string(), k.name.clone()))
            .collect(),
        spines: Spine::ALL
            .map(spine::in_mm)
            .map(|mm| Choice::new(mm.to_string(), frame.one("shelves-mm", "mm", mm)))
            .into(),
        prints: prints.into_iter().map(printed).collect(),
        lines,
        others,
        guests,
        belongs: to.is_some(),
        may_file: by.has(Permission::ArchiveFile),
        frame: frame.named(one.code.clone()),
        one,
    })
}

fn printed(p: labels::Print) -> Printed {
    let tail: String = p
        .serial
        .chars()
        .skip(p.serial.len().saturating_sub(4))
        .collect();
    Printed {
        copy: p.copy,
        at: p.at.0,
        tag: match p.voided {
            Some(_) => Tag::new(Tone::Overdue, key("shelves-label-void")),
            None => Tag::new(Tone::Done, key("shelves-label-good")),
        },
        tail,
    }
}
