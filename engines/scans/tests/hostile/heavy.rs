//! Files that grow, loop or claim more than there is.

use super::*;

fn bomb() -> Vec<u8> {
    zlib(&vec![0; 150 << 20])
}

fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut png = png();
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&png[12..29]);
    png[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    png
}

fn jpeg_claiming(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = jpeg();
    let at = jpeg
        .windows(2)
        .position(|w| w == [0xff, 0xc0])
        .expect("a frame");
    jpeg[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

fn pages(tree: &[&str]) -> Vec<u8> {
    let mut all = vec![object("<< /Type /Catalog /Pages 2 0 R >>")];
    all.extend(tree.iter().map(|t| object(t)));
    pdf_of(&all)
}

fn tiff_looping() -> Vec<u8> {
    let mut tiff = tiff(1);
    let ifd = u32::from_le_bytes(tiff[4..8].try_into().expect("four")) as usize;
    let count = usize::from(u16::from_le_bytes([tiff[ifd], tiff[ifd + 1]]));
    tiff[ifd + 2 + count * 12..][..4].copy_from_slice(&(ifd as u32).to_le_bytes());
    tiff
}

pub fn table() -> Table {
    let deep = format!("/X {}{}", "[".repeat(5_000), "]".repeat(5_000));
    vec![
        (
            "pdf bomb",
            pdf_stream("/Filter /FlateDecode", &bomb()),
            like!(Refused::Ratio { .. }),
        ),
        (
            "pdf bomb in a bomb",
            pdf_stream("/Filter [ /FlateDecode /FlateDecode ]", &zlib(&bomb())),
            like!(Refused::Ratio { .. }),
        ),
        (
            "pdf of many filters",
            pdf_stream("/Filter [ /A85 /A85 /A85 /A85 /A85 ]", b"x"),
            like!(Refused::Nested(_)),
        ),
        (
            "pdf huge picture",
            pdf_stream(
                "/Subtype /Image /Width 100000 /Height 100000 /Filter /JBIG2Decode",
                b"x",
            ),
            like!(Refused::Pixels { .. }),
        ),
        (
            "pdf jpeg that lies",
            pdf_stream(
                "/Subtype /Image /Width 9 /Height 9 /Filter /DCTDecode",
                &jpeg_claiming(60_000, 60_000),
            ),
            like!(Refused::Pixels { .. }),
        ),
        ("100,000 pages", pdf(100_000), like!(Refused::Pages { .. })),
        (
            "501 pages",
            pdf(501),
            like!(Refused::Pages {
                pages: 501,
                max: 500
            }),
        ),
        ("501 pages of tiff", tiff(501), like!(Refused::Pages { .. })),
        ("501 pages of ofd", ofd(501), like!(Refused::Pages { .. })),
        (
            "cyclic page tree",
            pages(&[
                "<< /Type /Pages /Kids [ 3 0 R ] >>",
                "<< /Type /Pages /Kids [ 2 0 R ] >>",
            ]),
            like!(Refused::Nested(_)),
        ),
        (
            "pages that multiply",
            pages(&[
                "<< /Type /Pages /Kids [ 3 0 R 3 0 R ] >>",
                "<< /Type /Pages /Kids [ 4 0 R 4 0 R ] >>",
                "<< /Type /Page >>",
            ]),
            like!(Refused::Nested(_)),
        ),
        (
            "no pages",
            pages(&["<< /Type /Pages /Kids [ ] >>"]),
            like!(Refused::Broken { .. }),
        ),
        ("deep arrays", active(&deep), like!(Refused::Nested(_))),
        (
            "deep dictionaries",
            active(&format!("/X {}", "<< /X ".repeat(5_000))),
            like!(Refused::Nested(_)),
        ),
        (
            "png too wide",
            png_claiming(100_000, 100_000),
            like!(Refused::Pixels { .. }),
        ),
        (
            "png that is shorter than it says",
            png_claiming(2_000, 2_000),
            like!(Refused::Broken { .. }),
        ),
        (
            "jpeg too wide",
            jpeg_claiming(65_000, 65_000),
            like!(Refused::Pixels { .. }),
        ),
        ("tiff looping", tiff_looping(), like!(Refused::Nested(_))),
    ]
}
