//! What must pass: files as scanners, phones and offices make them.

mod made;

use image::ImageFormat;
use made::*;
use scans::camera::{Point, Sheet, Tone, bind, corners, straighten};
use scans::{Format, Kind, Limits, Look, NoPicture, Note, Refused, inspect, render};

fn limits() -> Limits {
    Limits::default()
}

#[test]
fn good_files_are_what_they_are_with_their_pages() {
    let padded = [pdf(1), vec![0; 512]].concat();
    let twice = [jpeg(), jpeg()].concat();
    let zeros = [jpeg(), vec![0; 100]].concat();
    let update = [
        pdf(2),
        b"3 0 obj\n<< /Length 2 >>\nstream\nq \nendstream\nendobj\nxref\n0 0\ntrailer\n<< /Size 6 /Root 1 0 R /Prev 9 >>\nstartxref\n1\n%%EOF\n".to_vec(),
    ]
    .concat();
    let table: Vec<(Vec<u8>, &str, Kind, u32)> = vec![
        (pdf(1), "a.pdf", Kind::Pdf, 1),
        (pdf(500), "a.pdf", Kind::Pdf, 500),
        (padded, "a.PDF", Kind::Pdf, 1),
        (update, "a.pdf", Kind::Pdf, 2),
        (
            pdf_with(
                1,
                "/AcroForm << /Fields [ << /FT /Sig /V << /ByteRange [0 1 2 3] >> >> ] >>",
                &[],
            ),
            "signed.pdf",
            Kind::Pdf,
            1,
        ),
        (
            pdf_with(1, "/OpenAction [ 4 0 R /Fit ]", &[]),
            "a.pdf",
            Kind::Pdf,
            1,
        ),
        (jpeg(), "a.jpeg", Kind::Jpeg, 1),
        (twice, "gainmap.jpg", Kind::Jpeg, 1),
        (zeros, "padded.jpg", Kind::Jpeg, 1),
        (png(), "a.png", Kind::Png, 1),
        (still(50, 60, ImageFormat::WebP), "a.webp", Kind::WebP, 1),
        (tiff(1), "a.tif", Kind::Tiff, 1),
        (tiff(7), "a.tiff", Kind::Tiff, 7),
        (ofd(1), "a.ofd", Kind::Ofd, 1),
        (ofd(12), "a.ofd", Kind::Ofd, 12),
    ];
    for (bytes, name, kind, pages) in table {
        let found = inspect(&bytes, name, &limits()).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert_eq!((found.kind, found.pages), (kind, pages), "{name}");
        assert_eq!(found.sizes.len() as u32, pages);
        assert!(!found.notes.contains(&Note::NameDisagrees), "{name}");
        let look = Look {
            long_edge: 300,
            ..Look::default()
        };
        let drawn = render(&bytes, kind, pages, &look, &limits());
        let drawn = image::load_from_memory(&drawn.unwrap_or_else(|e| panic!("{name}: {e:?}")));
        let drawn = drawn.expect("a picture").to_luma8();
        assert!(drawn.width().max(drawn.height()) <= 300);
        let (dark, light) = (
            drawn.pixels().any(|p| p[0] < 100),
            drawn.pixels().any(|p| p[0] > 200),
        );
        // The update empties the page.
        assert!(light && (dark || pages == 2), "{name} is drawn");
    }
}

#[test]
fn a_name_that_disagrees_is_noted_and_refuses_nothing() {
    let found = inspect(&png(), "scan.pdf", &limits()).expect("taken");
    assert_eq!(found.kind, Kind::Png);
    assert!(found.notes.contains(&Note::NameDisagrees));
}

#[test]
fn a_picture_is_turned_and_tells_no_place() {
    let photo = with_segment(&jpeg(), 0xe1, &exif_turned());
    let found = inspect(&photo, "p.jpg", &limits()).expect("taken");
    assert_eq!(found.sizes[0].pixels, Some((160, 120)));
    for note in [Note::CameraFacts, Note::Place, Note::Turned] {
        assert!(found.notes.contains(&note), "{note:?}");
    }
    for format in [Format::Jpeg, Format::Png, Format::WebP] {
        let look = Look {
            long_edge: 160,
            format,
        };
        let drawn = render(&photo, Kind::Jpeg, 1, &look, &limits()).expect("drawn");
        assert!(!drawn.windows(6).any(|w| w == b"SECRET" || w == b"Exif\0\0"));
        let drawn = image::load_from_memory(&drawn).expect("a picture");
        assert_eq!((drawn.width(), drawn.height()), (160, 120));
    }
}

#[test]
fn pages_outside_the_file_and_pages_of_letters_are_named() {
    let look = Look::default();
    let nothing = render(&pdf(2), Kind::Pdf, 3, &look, &limits());
    assert_eq!(nothing, Err(Refused::NoSuchPage { page: 3, last: 2 }));
    let nothing = render(&jpeg(), Kind::Jpeg, 0, &look, &limits());
    assert_eq!(nothing, Err(Refused::NoSuchPage { page: 0, last: 1 }));
    let letters = ofd_with(1, r#"<ofd:TextObject ID="1" Boundary="0 0 9 9"/>"#, &[]);
    assert_eq!(
        inspect(&letters, "a.ofd", &limits()).expect("taken").pages,
        1
    );
    let nothing = render(&letters, Kind::Ofd, 1, &look, &limits());
    assert_eq!(nothing, Err(Refused::NoPicture(NoPicture::Letters)));
}

/// A page that shows two letters in `font` by `show`, through a form.
fn lettered(font: &str, show: &str) -> Vec<u8> {
    let resources = format!("/Resources << /Font << /F << /Type /Font {font} >> >> >>");
    pdf_of(&[
        object("<< /Type /Catalog /Pages 2 0 R >>"),
        object("<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>"),
        object(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 90 90] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>",
        ),
        stream("", b"9 9 20 20 re f /X Do"),
        stream(
            &format!("/Type /XObject /Subtype /Form /BBox [0 0 90 90] {resources}"),
            format!("BT /F 20 Tf {show} ET").as_bytes(),
        ),
    ])
}

#[test]
fn a_page_whose_letters_would_be_missing_has_no_picture() {
    const CHINESE: &str = "/Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [ << /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 >> >> ]";
    const COMMON: &str = "/Subtype /Type1 /BaseFont /Helvetica";
    const OFFICE: &str = "/Subtype /TrueType /BaseFont /Arial,Bold /Encoding /WinAnsiEncoding";
    let missing = Err(Refused::NoPicture(NoPicture::Letters));
    let table = [
        (CHINESE, "<4E1A4E3B> Tj", true),
        (CHINESE, "[ <4E1A4E3B> ] TJ", true),
        // What text recognition lays under a scan is not to be seen.
        (CHINESE, "3 Tr <4E1A4E3B> Tj", false),
        (CHINESE, "q 3 Tr Q <4E1A4E3B> Tj", true),
        (COMMON, "(ab) Tj", false),
        (OFFICE, "(ab) Tj", false),
    ];
    for (font, show, lost) in table {
        let paper = lettered(font, show);
        let found = inspect(&paper, "a.pdf", &limits()).expect("taken");
        assert_eq!(found.pages, 1);
        let drawn = render(&paper, Kind::Pdf, 1, &Look::default(), &limits());
        if lost {
            assert_eq!(drawn, missing, "{show}");
        } else {
            assert!(drawn.is_ok(), "{font} {show}: {drawn:?}");
        }
    }
}

/// What a page shows where its annotation lies.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Worn {
    Drawn,
    Nothing,
    /// The page has no picture: it would be one without its stamp.
    Lost,
}

#[test]
fn stamps_fields_and_signatures_are_part_of_the_picture() {
    use Worn::{Drawn, Lost, Nothing};
    let look = "/AP << /N 5 0 R >>";
    let ticked = "/AP << /N << /Yes 5 0 R >> >>";
    let table = [
        (format!("/Subtype /Stamp {look}"), Drawn),
        (
            format!("/Subtype /Widget /FT /Tx /V (1801) /F 4 {look}"),
            Drawn,
        ),
        (format!("/Subtype /Widget /FT /Sig /F 132 {look}"), Drawn),
        (
            format!("/Subtype /Widget /FT /Btn /AS /Yes {ticked}"),
            Drawn,
        ),
        (
            format!("/Subtype /Widget /FT /Btn /AS /Off {ticked}"),
            Nothing,
        ),
        (format!("/Subtype /Stamp /F 2 {look}"), Nothing),
        (format!("/Subtype /Link {look}"), Nothing),
        (format!("/Subtype /Popup {look}"), Nothing),
        ("/Subtype /Text /Contents (a note)".to_owned(), Nothing),
        // A look that lies nowhere, and one that is no picture.
        ("/Subtype /Stamp /AP << /N 9 0 R >>".to_owned(), Lost),
        ("/Subtype /Stamp /AP << /N 4 0 R >>".to_owned(), Lost),
    ];
    for (annotation, worn) in table {
        let paper = pdf_of(&[
            object("<< /Type /Catalog /Pages 2 0 R >>"),
            object("<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>"),
            object(&format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 90 90] /Contents 4 0 R /Annots [ << /Type /Annot /Rect [50 50 80 80] {annotation} >> ] >>"
            )),
            stream("", b"9 9 20 20 re f"),
            stream(
                "/Type /XObject /Subtype /Form /BBox [0 0 30 30]",
                b"0 0 30 30 re f",
            ),
        ]);
        inspect(&paper, "a.pdf", &limits()).expect("taken");
        let drawn = render(&paper, Kind::Pdf, 1, &Look::default(), &limits());
        if worn == Lost {
            let missing = Err(Refused::NoPicture(NoPicture::Annotations));
            assert_eq!(drawn, missing, "{annotation}");
            continue;
        }
        let drawn = drawn.unwrap_or_else(|e| panic!("{annotation}: {e}"));
        let drawn = image::load_from_memory(&drawn)
            .expect("a picture")
            .to_luma8();
        // In parts of the page's 90 points, from the top.
        let at = |x: u32, y: u32| {
            let (width, height) = drawn.dimensions();
            drawn.get_pixel(x * width / 90, (90 - y) * height / 90).0[0]
        };
        assert!(at(15, 15) < 60, "{annotation}: the page itself is there");
        assert!(at(45, 45) > 200, "{annotation}: and nothing beside");
        assert_eq!(at(65, 65) < 60, worn == Drawn, "{annotation}");
    }
}

/// Samples of codings that no test can write: a sheet with seven dark lines, 96 by 128.
#[test]
fn a_fax_is_black_on_white_and_a_phone_picture_is_turned_once() {
    let faxes = [
        &include_bytes!("made/g4_white_is_zero.tif")[..],
        include_bytes!("made/g4_black_is_zero.tif"),
    ];
    for fax in faxes {
        let found = inspect(fax, "fax.tif", &limits()).expect("taken");
        assert_eq!(found.sizes[0].pixels, Some((96, 128)));
        let drawn = render(fax, Kind::Tiff, 1, &Look::default(), &limits()).expect("drawn");
        let drawn = image::load_from_memory(&drawn).expect("a picture");
        let drawn = drawn.to_luma8();
        assert!(drawn.get_pixel(48, 9)[0] < 60, "a line is black");
        assert!(drawn.get_pixel(48, 18)[0] > 200, "the paper is white");
    }
    let phone = &include_bytes!("made/turned.heic")[..];
    let found = inspect(phone, "p.heic", &limits()).expect("taken");
    assert_eq!(found.sizes[0].pixels, Some((128, 96)));
    assert!(found.notes.contains(&Note::CameraFacts));
    let drawn = render(phone, Kind::Heic, 1, &Look::default(), &limits()).expect("drawn");
    let drawn = image::load_from_memory(&drawn).expect("a picture");
    let drawn = drawn.to_rgb8();
    assert_eq!((drawn.width(), drawn.height()), (128, 96));
    // The red seal was low on the right; a quarter turn brings it low on the left.
    let seal = drawn.get_pixel(20, 75);
    assert!(seal[0] > 150 && seal[1] < 90 && seal[2] < 90, "{seal:?}");
}

/// A sheet with known corners on a desk.
fn photo(desk: [u8; 3], quad: [(f64, f64); 4]) -> Vec<u8> {
    let inside = |x: f64, y: f64| {
        (0..4).all(|i| {
            let (a, b) = (quad[i], quad[(i + 1) % 4]);
            (b.0 - a.0) * (y - a.1) - (b.1 - a.1) * (x - a.0) >= 0.0
        })
    };
    let picture = image::RgbImage::from_fn(600, 800, |x, y| {
        let shade = (x / 20) as u8;
        if !inside(f64::from(x), f64::from(y)) {
            image::Rgb(desk.map(|c| c.saturating_add((x * 7 + y * 13) as u8 % 16)))
        } else if y % 40 < 5 && (150..450).contains(&x) {
            image::Rgb([40, 40, 50])
        } else {
            image::Rgb([235 - shade, 233 - shade, 228 - shade])
        }
    });
    let mut out = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(picture)
        .write_to(&mut out, ImageFormat::Jpeg)
        .expect("memory");
    out.into_inner()
}

#[test]
fn a_sheet_on_a_desk_is_found_laid_flat_and_bound() {
    let quads = [
        [(80.0, 90.0), (520.0, 70.0), (540.0, 720.0), (60.0, 740.0)],
        [(140.0, 60.0), (560.0, 150.0), (480.0, 740.0), (50.0, 640.0)],
        [
            (150.0, 120.0),
            (450.0, 120.0),
            (560.0, 760.0),
            (40.0, 760.0),
        ],
    ];
    for desk in [[70, 50, 40], [20, 60, 110], [110, 110, 112], [150, 110, 60]] {
        for quad in quads {
            let photo = photo(desk, quad);
            let found = corners(&photo, &limits()).expect("read");
            assert!(found.sure, "{desk:?} {quad:?}");
            for (point, (x, y)) in found.corners.iter().zip(quad) {
                let off = (point.x * 600.0 - x).hypot(point.y * 800.0 - y);
                assert!(off < 16.0, "{desk:?} {quad:?}: {point:?} is {off} away");
            }
            let flat = straighten(&photo, &found.corners, Tone::Grey, &limits()).expect("flat");
            let flat = image::load_from_memory(&flat)
                .expect("a picture")
                .to_luma8();
            let white = flat.pixels().filter(|p| p[0] > 225).count();
            assert!(white * 100 > flat.pixels().len() * 75, "the paper is white");
            assert!(flat.pixels().any(|p| p[0] < 90), "the ink is dark");
        }
    }
    let page = photo([70, 50, 40], quads[0]);
    let flat = straighten(
        &page,
        &corners(&page, &limits()).expect("read").corners,
        Tone::Colour,
        &limits(),
    );
    let (flat, turned) = (
        flat.expect("flat"),
        with_segment(&jpeg(), 0xe1, &exif_turned()),
    );
    for sheet in [Sheet::A4, Sheet::Shape] {
        let bound = bind(&[&flat, &turned, &flat], sheet, &limits()).expect("bound");
        assert_eq!(
            bound,
            bind(&[&flat, &turned, &flat], sheet, &limits()).expect("again")
        );
        assert!(!bound.windows(6).any(|w| w == b"SECRET"));
        let found = inspect(&bound, "bound.pdf", &limits()).expect("taken");
        assert_eq!((found.pages, found.kind), (3, Kind::Pdf));
        // The middle page is shown across since its camera was held so.
        let (width, height) = found.sizes[1].millimetres.expect("a size");
        assert!(width > height);
    }
}

#[test]
fn where_there_is_no_sheet_the_picture_itself_is_offered() {
    let found = corners(&still(200, 100, ImageFormat::Png), &limits()).expect("read");
    let empty =
        image::DynamicImage::ImageRgb8(image::RgbImage::from_pixel(90, 90, image::Rgb([90; 3])));
    let mut bytes = std::io::Cursor::new(Vec::new());
    empty
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("memory");
    let none = corners(&bytes.into_inner(), &limits()).expect("read");
    assert!(!none.sure);
    assert_eq!(none.corners[2], Point { x: 1.0, y: 1.0 });
    assert!(found.corners.iter().all(|p| (0.0..=1.0).contains(&p.x)));
}
