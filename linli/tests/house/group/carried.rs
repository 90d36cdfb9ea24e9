//! What a message carries: pictures and files, sealed, harmless, and seen by nobody who may
//! not read the message; and cards that go blank with what they repeat.

use ::group::files::{self, FILES_MAX, PICTURES_MAX, Taking, cleaned_name};
use ::group::forward;
use ::group::speak::{self, Draft};
use ::group::{ChannelKind, GroupError, Message, channels, follow};
use axum::http::header;
use conduct::desk::Decision;
use foundation::house::House;
use foundation::ids::Id;
use permissions::actor::Actor;

use super::{draft, main_of, page};
use crate::conduct::world::{INSULT, Street};
use crate::roster_pages::{door, send};

/// A picture with something behind it that no picture has.
fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture =
        image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]));
    let mut out = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut out, image::ImageFormat::Jpeg)
        .expect("a picture");
    let mut out = out.into_inner();
    out.extend_from_slice(b"<script>alert(1)</script> GPS 31.2304 121.4737");
    out
}

async fn attach(
    house: &House,
    by: &Actor,
    channel: Id,
    files: &[(&str, Vec<u8>)],
) -> Result<Draft, GroupError> {
    let mut taking = Taking::begin(house, by, channel).await?;
    for (name, bytes) in files {
        let path = files::incoming(house).await?;
        tokio::fs::write(&path, bytes).await.expect("written");
        if let Err(refused) = taking.take(house, name, path.clone()).await {
            assert!(!path.exists(), "what was refused does not stay");
            taking.forget(house).await;
            return Err(refused);
        }
        assert!(!path.exists(), "what was taken does not stay in clear");
    }
    Ok(Draft {
        attached: taking.done(),
        ..Draft::default()
    })
}

async fn said_with(s: &Street, by: &Actor, id: &str, files: &[(&str, Vec<u8>)]) -> Message {
    let house = &s.w.house;
    let main = main_of(house, by).await;
    let mut draft = attach(house, by, main, files).await.expect("taken");
    draft.sent_id = id.into();
    speak::send(house, by, main, &draft).await.expect("said")
}

fn clear_anywhere(dir: &std::path::Path, needle: &[u8]) -> bool {
    std::fs::read_dir(dir).is_ok_and(|items| {
        items.flatten().any(|item| {
            let path = item.path();
            if path.is_dir() {
                clear_anywhere(&path, needle)
            } else {
                let bytes = std::fs::read(&path).unwrap_or_default();
                bytes.windows(needle.len()).any(|w| w == needle)
            }
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_written_anew_sealed_and_shown_to_the_channel_alone() {
    let s = Street::new().await;
    let house = &s.w.house;
    let two = [("a.jpg", jpeg(900, 600)), ("b.jpg", jpeg(60, 40))];
    let said = said_with(&s, &s.wang, "a1", &two).await;
    assert_eq!(said.text, "");
    let sizes: Vec<(u32, u32)> = said.parts.pictures.iter().map(|p| (p.w, p.h)).collect();
    assert_eq!(sizes, [(900, 600), (60, 40)]);
    let first = said.parts.pictures[0].id;
    let whole = files::picture(house, &s.li, said.id, first, false)
        .await
        .expect("a neighbour sees it")
        .jpeg;
    assert!(
        !whole.windows(8).any(|w| w == b"<script>"),
        "nothing came along"
    );
    let small = files::picture(house, &s.li, said.id, first, true)
        .await
        .expect("small too")
        .jpeg;
    let decoded = image::load_from_memory(&small).expect("a picture");
    assert_eq!((decoded.width(), decoded.height()), (480, 320));
    assert!(
        !clear_anywhere(&house.data_dir.join("group"), b"JFIF"),
        "sealed on the disk"
    );

    // Nobody else: another compound's member, another message's picture, an unknown id.
    let stranger = crate::membership::world::employ(
        house,
        crate::membership::world::C,
        permissions::Role::Owner,
    )
    .await;
    let other = said_with(&s, &s.wang, "a2", &[("c.jpg", jpeg(30, 30))]).await;
    for (by, message, picture) in [
        (&stranger, said.id, first),
        (&s.li, other.id, first),
        (&s.li, house.id(), first),
        (&s.li, said.id, house.id()),
    ] {
        let looked = files::picture(house, by, message, picture, false).await;
        assert!(matches!(looked, Err(GroupError::NotFound)), "{looked:?}");
    }
    speak::recall(house, &s.wang, said.id)
        .await
        .expect("taken back");
    let looked = files::picture(house, &s.wang, said.id, first, false).await;
    assert!(
        matches!(looked, Err(GroupError::NotFound)),
        "not even to its author"
    );
    let shown = page(house, &s.li, said.channel).await;
    assert!(shown[0].parts.is_empty(), "nothing of it is on the page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_or_hidden_message_hands_nothing_out() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let mut held = attach(house, &s.wang, main, &[("a.jpg", jpeg(50, 50))])
        .await
        .expect("taken");
    (held.sent_id, held.text) = ("a1".into(), INSULT.into());
    let held = speak::send(house, &s.wang, main, &held)
        .await
        .expect("kept");
    let picture = held.parts.pictures[0].id;
    for by in [&s.wang, &s.li] {
        let looked = files::picture(house, by, held.id, picture, true).await;
        assert!(matches!(looked, Err(GroupError::NotFound)), "held");
    }
    // Who judges it sees what they judge, on the case's page too, and no browser keeps it.
    let seen = files::picture(house, &s.w.host, held.id, picture, true)
        .await
        .expect("the reviewer's");
    assert!(!seen.shown);
    let case = s.case_of(&held.id.to_string()).await;
    let whole = conduct::view::whole(house, &s.w.host, case.id)
        .await
        .expect("the case");
    assert_eq!(
        whole.row.body.expect("kept").pictures,
        [format!("group/messages/{}/pictures/{picture}", held.id)]
    );
    // The author's own case is not theirs to look into, whatever their office.
    let mut judge_of_own = s.w.host.clone();
    judge_of_own.account = s.wang.account;
    let looked = files::picture(house, &judge_of_own, held.id, picture, true).await;
    assert!(matches!(looked, Err(GroupError::NotFound)), "a party");
    s.decide(&s.w.host, &case, Decision::Dismiss)
        .await
        .expect("let pass");
    follow::follow(house, crate::membership::world::C)
        .await
        .expect("followed");
    files::picture(house, &s.li, held.id, picture, true)
        .await
        .expect("now it is shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_back_whole_under_a_name_that_deceives_nobody() {
    let s = Street::new().await;
    let house = &s.w.house;
    // Longer than one piece, and ending within one.
    let long: Vec<u8> = (0..600_000u32).map(|n| (n % 251) as u8).collect();
    let page = b"<!doctype html><script>alert(1)</script>".to_vec();
    let given = [
        ("../../etc/\u{202e}gpj.exe", long.clone()),
        ("photo.jpg", page.clone()),
        ("bad.svg", b"<svg onload=alert(1)/>".to_vec()),
    ];
    let said = said_with(&s, &s.wang, "a1", &given).await;
    assert!(
        said.parts.pictures.is_empty(),
        "HTML named as a picture is none"
    );
    assert_eq!(said.parts.files[0].name, "gpj.exe");
    let router = door(house, ::group::pages::routes(), &s.li);
    for (file, bytes) in said.parts.files.iter().zip([&long, &page]) {
        let request = axum::http::Request::get(format!(
            "/c/lanting1/group/messages/{}/files/{}",
            said.id, file.id
        ))
        .body(axum::body::Body::empty())
        .expect("a request");
        let answer = tower::ServiceExt::oneshot(router.clone(), request)
            .await
            .expect("infallible");
        let headers = answer.headers().clone();
        assert_eq!(headers[header::CONTENT_TYPE], "application/octet-stream");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let kept = headers[header::CACHE_CONTROL].to_str().expect("text");
        assert!(kept.starts_with("private"), "{kept}");
        let disposition = headers[header::CONTENT_DISPOSITION].to_str().expect("text");
        assert!(disposition.starts_with("attachment;"), "{disposition}");
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20)
            .await
            .expect("whole");
        assert!(body == bytes.as_slice(), "byte for byte");
    }
    // A piece that was changed on the disk is not handed out.
    let path = house.data_dir.join(format!(
        "group/1/{}/file-{}",
        said.id, said.parts.files[0].id
    ));
    let mut sealed = std::fs::read(&path).expect("there");
    sealed[1_000] ^= 1;
    std::fs::write(&path, sealed).expect("written");
    let mut pieces = files::file(house, &s.li, said.id, said.parts.files[0].id)
        .await
        .expect("opened");
    assert!(pieces.next().await.expect("an answer").is_err());
    assert!(pieces.next().await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_uploads_are_refused_and_leave_nothing() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let mut cut = jpeg(400, 400);
    cut.truncate(300);
    // A PNG of 30000 by 30000 in a few bytes, as a decompression bomb begins.
    let mut bomb = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    bomb.extend_from_slice(&[0, 0, 0, 13]);
    bomb.extend_from_slice(b"IHDR");
    bomb.extend_from_slice(&30_000u32.to_be_bytes());
    bomb.extend_from_slice(&30_000u32.to_be_bytes());
    bomb.extend_from_slice(&[8, 6, 0, 0, 0, 0, 0, 0, 0]);
    for (name, bytes) in [("cut.jpg", cut), ("bomb.png", bomb)] {
        let refused = attach(house, &s.wang, main, &[(name, bytes)]).await;
        assert!(
            matches!(refused, Err(GroupError::Picture(_))),
            "{name}: {refused:?}"
        );
    }
    let refused = attach(house, &s.wang, main, &[("empty.txt", Vec::new())]).await;
    assert!(matches!(refused, Err(GroupError::FileTooLarge)));
    let many: Vec<(&str, Vec<u8>)> = (0..=PICTURES_MAX).map(|_| ("p.jpg", jpeg(9, 9))).collect();
    let refused = attach(house, &s.wang, main, &many).await;
    assert!(matches!(refused, Err(GroupError::TooManyFiles)));
    let many: Vec<(&str, Vec<u8>)> = (0..=FILES_MAX).map(|_| ("t.txt", b"t".to_vec())).collect();
    let refused = attach(house, &s.wang, main, &many).await;
    assert!(matches!(refused, Err(GroupError::TooManyFiles)));
    // A post without a title is refused before it is said: its pictures are gone as well.
    let untitled = attach(house, &s.wang, main, &[("p.jpg", jpeg(9, 9))])
        .await
        .expect("taken");
    let sharing = ::group::sharing::Sharing {
        sent_id: "p1".into(),
        attached: untitled.attached,
        ..Default::default()
    };
    let refused = ::group::sharing::post(house, &s.wang, sharing).await;
    assert!(matches!(refused, Err(GroupError::Title)));
    // Refused by the rules, or sent twice: what came with it is gone.
    let mut blocked = attach(house, &s.wang, main, &[("p.jpg", jpeg(9, 9))])
        .await
        .expect("taken");
    (blocked.sent_id, blocked.text) = (String::new(), "大家好".into());
    assert!(speak::send(house, &s.wang, main, &blocked).await.is_err());
    said_with(&s, &s.wang, "a1", &[("p.jpg", jpeg(9, 9))]).await;
    said_with(&s, &s.wang, "a1", &[("p.jpg", jpeg(9, 9))]).await;
    let kept = std::fs::read_dir(house.data_dir.join("group/1")).expect("a folder");
    assert_eq!(kept.count(), 1, "of one message");
}

#[test]
fn names_are_cleaned() {
    for (given, kept) in [
        ("物業通知.pdf", "物業通知.pdf"),
        ("C:\\Users\\王\\合同.docx", "合同.docx"),
        ("a\u{202e}fdp.exe", "afdp.exe"),
        ("a\r\nb.txt", "ab.txt"),
        (".htaccess", "htaccess"),
        ("\u{0}", "file"),
        ("", "file"),
    ] {
        assert_eq!(cleaned_name(given), kept, "{given:?}");
    }
    let long = format!("{}.pdf", "長".repeat(300));
    let kept = cleaned_name(&long);
    assert!(
        kept.ends_with(".pdf") && kept.chars().count() <= 100,
        "{kept}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_a_picture_says_it_without_script() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let router = door(house, ::group::pages::routes(), &s.wang);
    let mark = "----------------linli";
    let mut body = Vec::new();
    for (name, value) in [("sent_id", "a1"), ("text", "樓道的燈"), ("reply", "")] {
        let part = format!(
            "--{mark}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{mark}\r\nContent-Disposition: form-data; name=\"attached\"; filename=\"a.jpg\"\r\n\
         Content-Type: image/jpeg\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(&jpeg(64, 64));
    body.extend_from_slice(format!("\r\n--{mark}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={mark}");
    let path = format!("/group/channels/{main}/files");
    let (status, to, _) = send(&router, &path, &kind, Some(body)).await;
    assert_eq!(status.as_u16(), 303, "{to}");
    let said = page(house, &s.li, main).await;
    assert_eq!(
        (said[0].text.as_str(), said[0].parts.pictures.len()),
        ("樓道的燈", 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_takes_a_message_up_and_nobody_else_does() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let said = speak::send(house, &s.wang, main, &draft("a1", "電梯又停了"))
        .await
        .expect("said");
    let refused = speak::raise(house, &s.li, said.id, speak::Raised::Ticket).await;
    assert!(matches!(refused, Err(GroupError::NotFound)), "{refused:?}");
    speak::raise(house, &s.w.specialist, said.id, speak::Raised::Ticket)
        .await
        .expect("taken up");
    assert_eq!(s.count("group.raised").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_goes_blank_with_what_it_repeats() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    let other = channels::open(house, &s.w.host, "團購", "")
        .await
        .expect("opened");
    let said = speak::send(house, &s.wang, main, &draft("a1", "週六團購荔枝"))
        .await
        .expect("said");
    let card = forward::forward(house, &s.li, said.id, other, "b1", "大家看看")
        .await
        .expect("handed on");
    let repeated = card.parts.card.as_ref().expect("a card");
    assert_eq!(
        (repeated.by.as_str(), repeated.words.as_str()),
        (said.byline.as_str(), "週六團購荔枝")
    );
    // What one cannot read one cannot hand on.
    let here = channels::of(house, &s.w.host).await.expect("channels");
    let room = here.iter().find(|one| one.kind == ChannelKind::Stewards);
    let room = room.expect("the stewards' room").id;
    let secret = speak::send(house, &s.w.host, room, &draft("h1", "內部議事"))
        .await
        .expect("said");
    let tried = forward::forward(house, &s.li, secret.id, main, "b2", "").await;
    assert!(matches!(tried, Err(GroupError::NotFound)), "{tried:?}");
    let tried = forward::forward(house, &s.li, said.id, room, "b3", "").await;
    assert!(matches!(tried, Err(GroupError::NotFound)), "{tried:?}");

    speak::recall(house, &s.wang, said.id)
        .await
        .expect("taken back");
    let there = page(house, &s.wang, other).await;
    let blank = there[0].parts.card.as_ref().expect("the card stands");
    assert_eq!((blank.words.as_str(), blank.from), ("", None));
    assert!(there[0].tick > card.tick, "whoever is connected sees it go");
    assert_eq!(s.count("group.forward_faded").await, 1);
}
