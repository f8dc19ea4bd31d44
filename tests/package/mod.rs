//! The parts of a workbook, for what `calamine` does not read.
//!
//! Reads just enough of a ZIP file: the central directory and deflated entries.
#![allow(dead_code)]

/// The name and the text of every part, in the order of the file.
pub fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let u16_at = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]) as usize;
    let u32_at = |at: usize| u16_at(at) | u16_at(at + 2) << 16;
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap();
    let mut entry = u32_at(end + 16);
    let mut parts = vec![];
    for _ in 0..u16_at(end + 10) {
        assert_eq!(&bytes[entry..entry + 4], b"PK\x01\x02");
        let (method, size, name_len) = (u16_at(entry + 10), u32_at(entry + 20), u16_at(entry + 28));
        let local = u32_at(entry + 42);
        let name = String::from_utf8(bytes[entry + 46..entry + 46 + name_len].to_vec()).unwrap();
        let from = local + 30 + u16_at(local + 26) + u16_at(local + 28);
        assert_eq!(method, 8, "deflated");
        let content = inflate(&bytes[from..from + size]);
        assert_eq!(content.len(), u32_at(entry + 24));
        parts.push((name, String::from_utf8(content).unwrap()));
        entry += 46 + name_len + u16_at(entry + 30) + u16_at(entry + 32);
    }
    parts
}

/// The text of one part.
pub fn part(bytes: &[u8], name: &str) -> String {
    parts(bytes).into_iter().find(|(part, _)| part == name).unwrap_or_else(|| panic!("no {name}")).1
}

/// Every element `<name …>` of a part, as it stands there.
pub fn elements(xml: &str, name: &str) -> Vec<String> {
    xml.split('<')
        .filter(|tag| tag.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '>', '/'])))
        .map(|tag| format!("<{}>", tag.split('>').next().unwrap()))
        .collect()
}

/// A PDF stream is deflated in the same way, between a header and a checksum.
fn inflate(deflated: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x9C];
    stream.extend_from_slice(deflated);
    let filter = lopdf::dictionary! { "Filter" => "FlateDecode" };
    lopdf::Stream::new(filter, stream).decompressed_content().unwrap()
}
