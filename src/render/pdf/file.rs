//! An object tree as the bytes of a PDF file (ISO 32000-1, 7.3 and 7.5).
//!
//! lopdf can save a tree too, but not in the way an archive needs it:
//!
//! - ISO 19005-2, 6.1.7.1 wants `/Length` to be exact. lopdf ends a stream with a
//!   bare line feed; where the data end in a carriage return, a reader takes the two
//!   for the line end and finds the data a byte short. Here it is always CR LF.
//! - The identifier is to come from the content, so it has to be known last.
//! - Small objects are packed and everything is compressed once, not twice.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Document as Pdf, Object, ObjectId, Stream, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use crate::cores::{self, Stopped};

/// So many objects share one compressed stream (7.5.7).
const PACKED: usize = 200;

/// Past this, compression costs more time than it saves bytes.
const LEVEL: u32 = 6;

/// How many bytes an identifier has.
const ID_BYTES: usize = 16;

/// Where an object stands in the file (7.5.8.3).
#[derive(Clone, Copy)]
enum Entry {
    /// At this byte.
    Plain(u32),
    /// In this object stream, at this place.
    Packed(u32, u16),
}

/// The bytes of the file. Objects keep their numbers.
pub fn write(pdf: &Pdf) -> std::io::Result<Vec<u8>> {
    let (streams, small): (Vec<_>, Vec<_>) =
        pdf.objects.iter().partition(|(_, object)| matches!(object, Object::Stream(_)));
    let packs: Vec<&[(&ObjectId, &Object)]> = small.chunks(PACKED).collect();
    // Compression is most of the work, and its pieces do not depend on each other.
    let streams: Vec<(ObjectId, &Stream)> =
        streams.into_iter().filter_map(|(id, object)| Some((*id, object.as_stream().ok()?))).collect();
    let (streams, packed) = cores::both(
        || cores::each(&streams, |(id, stream)| Ok((*id, deflated(stream)?))),
        || cores::each(&packs, |pack| pack_objects(pack)),
    );
    let streams = whole(streams)?;
    let packed = whole(packed)?;

    let mut file = File { bytes: Vec::new(), entries: BTreeMap::new() };
    // The second line marks the file as binary (7.5.2; ISO 19005-2, 6.1.2).
    file.bytes.extend_from_slice(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
    for (id, stream) in &streams {
        file.stream(id.0, stream)?;
    }
    let mut next = pdf.objects.keys().map(|id| id.0).max().unwrap_or(0) + 1;
    for (pack, stream) in packs.iter().zip(&packed) {
        for (at, (id, _)) in pack.iter().enumerate() {
            file.entries.insert(id.0, Entry::Packed(next, at as u16));
        }
        file.stream(next, stream)?;
        next += 1;
    }
    file.finish(next, &pdf.trailer)
}

/// The outcomes of pieces of work, if all were done.
fn whole<T>(pieces: Result<Vec<Result<std::io::Result<T>, Stopped>>, Stopped>) -> std::io::Result<Vec<T>> {
    pieces
        .map_err(std::io::Error::other)?
        .into_iter()
        .map(|piece| piece.map_err(std::io::Error::other)?)
        .collect()
}

struct File {
    bytes: Vec<u8>,
    entries: BTreeMap<u32, Entry>,
}

impl File {
    fn stream(&mut self, number: u32, stream: &Stream) -> std::io::Result<()> {
        self.entries.insert(number, Entry::Plain(self.bytes.len() as u32));
        writeln!(self.bytes, "{number} 0 obj")?;
        write_dictionary(&mut self.bytes, &stream.dict);
        self.bytes.extend_from_slice(b"stream\r\n");
        self.bytes.extend_from_slice(&stream.content);
        self.bytes.extend_from_slice(b"\r\nendstream\nendobj\n");
        Ok(())
    }

    /// The cross-reference stream (7.5.8), then the identifier over all of it.
    fn finish(mut self, number: u32, trailer: &Dictionary) -> std::io::Result<Vec<u8>> {
        let start = self.bytes.len();
        self.entries.insert(number, Entry::Plain(start as u32));
        let mut table = vec![0, 0, 0, 0, 0, 0xFF, 0xFF];
        for id in 1..=number {
            match self.entries.get(&id) {
                Some(Entry::Plain(offset)) => {
                    table.push(1);
                    table.extend(offset.to_be_bytes());
                    table.extend([0, 0]);
                }
                Some(Entry::Packed(stream, place)) => {
                    table.push(2);
                    table.extend(stream.to_be_bytes());
                    table.extend(place.to_be_bytes());
                }
                None => table.extend([0, 0, 0, 0, 0, 0xFF, 0xFF]),
            }
        }
        let blank = Object::String(vec![0; ID_BYTES], StringFormat::Hexadecimal);
        let mut dictionary = dictionary! {
            "Type" => "XRef",
            "Size" => i64::from(number) + 1,
            "W" => vec![Object::Integer(1), Object::Integer(4), Object::Integer(2)],
            "ID" => vec![blank.clone(), blank],
        };
        for key in [b"Root".as_slice(), b"Info"] {
            if let Ok(value) = trailer.get(key) {
                dictionary.set(key, value.clone());
            }
        }
        self.stream(number, &deflated(&Stream::new(dictionary, table))?)?;
        writeln!(self.bytes, "startxref\n{start}\n%%EOF")?;

        // ISO 19005-2, 6.1.3: an identifier; from the content, so that the same
        // document has the same one on every run and every machine.
        let digest = Sha256::digest(&self.bytes);
        let blank = "00".repeat(ID_BYTES);
        let id: String = digest.iter().take(ID_BYTES).map(|byte| format!("{byte:02X}")).collect();
        let mut at = start;
        while let Some(found) = find(&self.bytes[at..], blank.as_bytes()) {
            self.bytes[at + found..at + found + id.len()].copy_from_slice(id.as_bytes());
            at += found + id.len();
        }
        Ok(self.bytes)
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The stream compressed, unless it says no or is already.
fn deflated(stream: &Stream) -> std::io::Result<Stream> {
    let mut stream = stream.clone();
    if stream.allows_compression && !stream.dict.has(b"Filter") {
        let mut encoder =
            ZlibEncoder::new(Vec::with_capacity(stream.content.len() / 4), Compression::new(LEVEL));
        encoder.write_all(&stream.content)?;
        stream.content = encoder.finish()?;
        stream.dict.set("Filter", "FlateDecode");
    }
    stream.dict.set("Length", stream.content.len() as i64);
    Ok(stream)
}

/// An object stream (7.5.7): the numbers and offsets of its objects, then the objects.
fn pack_objects(objects: &[(&ObjectId, &Object)]) -> std::io::Result<Stream> {
    let mut index = Vec::new();
    let mut content = Vec::new();
    for (id, object) in objects {
        write!(index, "{} {} ", id.0, content.len())?;
        write_object(&mut content, object);
        content.push(b'\n');
    }
    let dictionary = dictionary! {
        "Type" => "ObjStm",
        "N" => objects.len() as i64,
        "First" => index.len() as i64,
    };
    index.append(&mut content);
    deflated(&Stream::new(dictionary, index))
}

/// Writing to memory cannot fail, so nothing here returns an error.
fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Object::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
        // Rust writes floats without an exponent, as 7.3.3 wants them.
        Object::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(text, format) => write_string(out, text, format),
        Object::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                write_object(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary),
        // A stream is always an indirect object (7.3.8); here only its dictionary could stand.
        Object::Stream(stream) => write_dictionary(out, &stream.dict),
        Object::Reference((number, generation)) => {
            out.extend_from_slice(format!("{number} {generation} R").as_bytes());
        }
    }
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        write_name(out, key);
        out.push(b' ');
        write_object(out, value);
    }
    out.extend_from_slice(b">>");
}

/// 7.3.5: what is no regular character is written as its code.
fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        match byte {
            b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%' | b'#' => {
                out.extend_from_slice(format!("#{byte:02X}").as_bytes());
            }
            33..=126 => out.push(*byte),
            _ => out.extend_from_slice(format!("#{byte:02X}").as_bytes()),
        }
    }
}

/// 7.3.4
fn write_string(out: &mut Vec<u8>, text: &[u8], format: &StringFormat) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    match format {
        StringFormat::Literal => {
            out.push(b'(');
            for byte in text {
                match byte {
                    b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
                    b'\r' => out.extend_from_slice(b"\\r"),
                    _ => out.push(*byte),
                }
            }
            out.push(b')');
        }
        StringFormat::Hexadecimal => {
            out.push(b'<');
            for byte in text {
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 0x0F)]);
            }
            out.push(b'>');
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn written(object: &Object) -> String {
        let mut out = Vec::new();
        write_object(&mut out, object);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn objects_are_written_as_the_standard_says() {
        let object = Object::Dictionary(dictionary! {
            "A#" => vec![Object::Real(0.5), Object::Integer(-3), Object::Null, Object::Reference((7, 0))],
            "B" => Object::string_literal("(a\\\r"),
            "C" => Object::String(vec![0xFE, 0xFF], StringFormat::Hexadecimal),
        });
        assert_eq!(written(&object), "<</A#23 [0.5 -3 null 7 0 R]/B (\\(a\\\\\\r)/C <FEFF>>>");
    }

    /// What another reader makes of the file is what was put in, whatever byte the
    /// data end with.
    #[test]
    fn a_file_reads_back_as_it_was() {
        let mut pdf = Pdf::with_version("1.7");
        for last in 0..=255_u8 {
            let mut stream = Stream::new(Dictionary::new(), vec![b'x', last]);
            stream.allows_compression = last % 2 == 0;
            pdf.add_object(stream);
            pdf.add_object(Object::Integer(i64::from(last)));
        }
        let catalogue = pdf.add_object(dictionary! { "Type" => "Catalog" });
        pdf.trailer.set("Root", catalogue);
        let bytes = write(&pdf).unwrap();
        assert_eq!(bytes, write(&pdf).unwrap());
        let read = Pdf::load_mem(&bytes).unwrap();
        for (id, object) in &pdf.objects {
            let found = read.get_object(*id).unwrap();
            match (object, found) {
                (Object::Stream(put), Object::Stream(got)) => {
                    let content = got.decompressed_content().unwrap_or_else(|_| got.content.clone());
                    assert_eq!(content, put.content);
                }
                (put, got) => assert_eq!(put, got),
            }
        }
        let id = read.trailer.get(b"ID").and_then(Object::as_array).unwrap()[0].as_str().unwrap().to_vec();
        assert!(id.len() == ID_BYTES && id != [0; ID_BYTES]);
    }
}
