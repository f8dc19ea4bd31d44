use super::*;

/// A file with these objects after each other, and a table of them. `{n}` in the trailer
/// is the place of the table.
fn file(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut text = "%PDF-1.7\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", text.len());
        text += &format!("{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let start = text.len();
    let trailer = trailer.replace("{n}", &start.to_string());
    text += &format!("{table}trailer\n<</Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n");
    text.into_bytes()
}

fn id(number: u32) -> Id {
    Id { number, generation: 0 }
}

#[test]
fn a_table_is_read_and_its_newest_section_counts() {
    let mut pdf = file(&["<</A 2 0 R>>", "(old)", "<</Length 4 0 R>>stream\nab\nendstream", "2"], "");
    let reader = Reader::open(&pdf).unwrap();
    assert_eq!(reader.catalogue().unwrap().get("A"), Some(&Value::Reference(id(2))));
    let Object::Stream(stream) = reader.get(id(3)).unwrap() else { panic!() };
    assert_eq!(reader.unpack(&stream).unwrap(), b"ab");
    assert!(matches!(reader.get(id(5)), Err(ReadError::Broken)));
    assert!(matches!(reader.get(Id { number: 2, generation: 1 }), Err(ReadError::Broken)));

    // Saved again: an object is replaced, another is gone.
    let first = pdf.windows(5).position(|window| window == b"xref\n").unwrap();
    let at = pdf.len();
    pdf.extend(b"2 0 obj\n(new)\nendobj\n");
    let start = pdf.len();
    let more = format!(
        "xref\n2 1\n{at:010} 00000 n \n4 1\n0000000000 00001 f \ntrailer\n<</Root 1 0 R/Prev {first}>>\nstartxref\n{start}\n%%EOF"
    );
    pdf.extend(more.as_bytes());
    let reader = Reader::open(&pdf).unwrap();
    let Object::Value(found) = reader.get(id(2)).unwrap() else { panic!() };
    assert_eq!(found.as_text(), Some(b"new".as_slice()));
    assert!(reader.get(id(4)).is_err() && reader.get(id(3)).is_err());
}

#[test]
fn what_goes_round_is_broken() {
    let loops = ["3 0 R", "<</Length 2 0 R>>stream\nab\nendstream", "3 0 R"];
    let pdf = file(&loops, "");
    let reader = Reader::open(&pdf).unwrap();
    assert!(reader.catalogue().is_err() && reader.get(id(2)).is_err());
    assert!(reader.follow(&Value::Reference(id(3))).is_err());
    assert_eq!(Reader::open(&file(&["<<>>"], "/Prev {n}")).err(), Some(ReadError::NotPdf));
    assert_eq!(Reader::open(&file(&["<<>>"], "/Encrypt 1 0 R")).err(), Some(ReadError::Encrypted));
}

/// A file with one cross-reference stream, whose dictionary has this besides.
fn with_stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n".to_vec();
    let start = pdf.len();
    let length = content.len();
    pdf.extend(format!("2 0 obj<</Type/XRef/Root 1 0 R/Length {length}{dictionary}>>stream\n").as_bytes());
    pdf.extend(content);
    pdf.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF").as_bytes());
    pdf
}

#[test]
fn no_width_and_no_count_is_taken_at_its_word() {
    let rows = [0, 0, 0, 1, 9, 0, 1, 43, 0];
    let opened = |dictionary: &str| {
        Reader::open(&with_stream(dictionary, &rows)).and_then(|reader| reader.catalogue()).map(|_| ())
    };
    assert_eq!(opened("/W[1 1 1]/Size 3"), Ok(()));
    assert_eq!(opened("/W[1 1 1]/Index[0 2]/Size 9"), Ok(()));
    for dictionary in [
        "/W[1 9999999999 1]/Size 3",
        "/W[0 0 0]/Size 3",
        "/W[9223372036854775807 9223372036854775807 2]/Size 3",
        "/W[1 -1 1]/Size 3",
        "/W[1 1]/Size 3",
        "/W[1 1 1]/Size 4000000000",
        "/W[1 1 1]/Index[0 9223372036854775807]",
        "/W[1 1 1]/Index[9223372036854775807 2]",
        "/W[1 1 1]/Index[0]",
        "/W[1 1 1]",
        "/W[1 1 1]/Size 3/Filter/FlateDecode",
        "/W[1 1 1]/Size 3/Filter/LZWDecode",
        "/W[1 1 1]/Size 3/Prev 45",
    ] {
        assert_eq!(opened(dictionary), Err(ReadError::NotPdf), "{dictionary}");
    }
}

/// One total for what is parsed, however often it is asked for.
#[test]
fn what_is_asked_for_again_and_again_comes_to_an_end() {
    let long = format!("({})", "x".repeat(1 << 20));
    let pdf = file(&["<<>>", &long], "");
    let reader = Reader::open(&pdf).unwrap();
    let found = (0..100).map(|_| reader.get(id(2)).err()).collect::<Vec<_>>();
    assert_eq!((found[0], found[99]), (None, Some(ReadError::TooLarge)));
}
