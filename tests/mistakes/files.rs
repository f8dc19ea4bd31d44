//! Mistakes in the header and of the file as a whole, and what is none.

use super::{At, Cell, Mistake, Sheet, Site, has_digit, row};

fn plain(text: String) -> Vec<u8> {
    text.into_bytes()
}

/// Once a file.
fn once(_: &Sheet) -> Vec<Site> {
    vec![(0, 0)]
}

fn heading(sheet: &mut Sheet, old: &str, new: &str) -> At {
    let column = sheet.column(old);
    sheet.set((0, column), new);
    row(0)
}

fn year(sheet: &mut Sheet, new: &str) -> At {
    let last = sheet.years().end - 1;
    sheet.set((0, last), new);
    row(0)
}

/// A column taken out or put in.
fn without(sheet: &mut Sheet, column: usize) -> At {
    for cells in &mut sheet.rows {
        if column < cells.len() {
            cells.remove(column);
        }
    }
    At::File(plain)
}

fn years(least: usize) -> impl Fn(&Sheet) -> Vec<Site> {
    move |sheet| if sheet.years().len() >= least { vec![(0, 0)] } else { Vec::new() }
}

pub fn mistakes() -> Vec<Mistake> {
    let m = |name, sites, make| Mistake { name, sites, make };
    vec![
        m("見出しの書き間違い（担当科）", once, |s, _| heading(s, "担当課", "担当科")),
        m("見出しの書き間違い（基準置）", once, |s, _| heading(s, "基準値", "基準置")),
        m("見出しの書き間違い（種類）", once, |s, _| heading(s, "種別", "種類")),
        m("見出しが別の名前（No）", once, |s, _| heading(s, "ID", "No")),
        m("見出しが別の名前（項目）", once, |s, _| heading(s, "名称", "項目")),
        m("年度の見出しが漢数字", once, |s, _| year(s, "R四")),
        m("年度の見出しに点", once, |s, _| year(s, "R.4")),
        m("年度の見出しが日付", once, |s, _| year(s, "Apr-22")),
        m("2つの版が合わさった", once, |s, _| {
            let at = s.rows.len() / 2;
            let copy = s.rows[at].clone();
            for (offset, mark) in [(0, "<<<<<<< HEAD"), (2, "======="), (4, ">>>>>>> b")] {
                if offset == 4 {
                    s.rows.insert(at + 3, copy.clone());
                }
                s.rows.insert(at + offset, vec![Cell::raw(mark)]);
            }
            At::File(plain)
        }),
        m("UTF-8をShift_JISとして読んだ", once, |_, _| {
            At::File(|text| encoding_rs::SHIFT_JIS.decode(text.as_bytes()).0.into_owned().into_bytes())
        }),
        m("Shift_JISをUTF-8として読んだ", once, |_, _| {
            At::File(|text| {
                let bytes = encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
                String::from_utf8_lossy(&bytes).into_owned().into_bytes()
            })
        }),
        m("見出しが空", once, |s, _| heading(s, "目標", "")),
        m("見出しが2つ", once, |s, _| heading(s, "内容", "目的")),
        m("年度の見出しが遠い（R99）", once, |s, _| year(s, "R99")),
        m("年度の見出しに注", once, |s, _| year(s, "R4（見込）")),
        m(
            "年度の見出しが2つ",
            |s| years(2)(s),
            |s, _| {
                let first = s.text((0, s.years().start)).to_owned();
                year(s, &first)
            },
        ),
        m(
            "年度の順が逆",
            |s| years(2)(s),
            |s, _| {
                let (first, last) = (s.years().start, s.years().end - 1);
                let (one, other) = (s.text((0, first)).to_owned(), s.text((0, last)).to_owned());
                s.set((0, first), &other);
                s.set((0, last), &one);
                row(0)
            },
        ),
        m(
            "年度の列が消えた",
            |s| years(3)(s),
            |s, _| {
                let second = s.years().start + 1;
                without(s, second)
            },
        ),
        m("目標の列が消えた", once, |s, _| {
            let column = s.column("目標");
            without(s, column)
        }),
        m("知らない列に値", once, |s, _| {
            for (at, cells) in s.rows.iter_mut().enumerate() {
                cells.insert(4, Cell::new(if at == 0 { "メモ" } else { "あ" }));
            }
            row(0)
        }),
        m("見出しのない列に値", once, |s, _| {
            let width = s.rows[0].len();
            for cells in s.rows.iter_mut().skip(1) {
                cells.resize(width, Cell::new(""));
                cells.push(Cell::new("あ"));
            }
            row(1)
        }),
        m("見出しの上に表題", once, |s, _| {
            s.rows.insert(0, vec![Cell::new("総合戦略　マスタ（令和4年度）")]);
            row(0)
        }),
        m("見出しが消えた", once, |s, _| {
            s.rows.remove(0);
            row(0)
        }),
        m("先頭の印が2つ", once, |_, _| {
            At::File(|text| format!("\u{FEFF}\u{FEFF}{text}").into_bytes())
        }),
        m("タブ区切り", once, |s, _| {
            for cells in &mut s.rows {
                let line: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).collect();
                *cells = vec![Cell::raw(&line.join("\t").replace(['\n', '"'], ""))];
            }
            row(0)
        }),
        m("セミコロン区切り", once, |_, _| At::File(|text| text.replace(',', ";").into_bytes())),
        m("改行が古いMacの形式", once, |s, _| {
            for cell in s.rows.iter_mut().flatten() {
                cell.text = cell.text.replace('\n', " ");
            }
            At::File(|text| text.replace("\r\n", "\r").into_bytes())
        }),
        m("印のないUTF-16", once, |_, _| {
            At::File(|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect())
        }),
        m("EUC-JP", once, |_, _| At::File(|text| encoding_rs::EUC_JP.encode(&text).0.into_owned())),
        m("文字コードが混ざった", once, |_, _| {
            At::File(|text| {
                let half = text.lines().count() / 2;
                let (mut out, mut count) = (Vec::new(), 0);
                for line in text.split_inclusive("\r\n") {
                    count += 1;
                    if count > half {
                        out.extend_from_slice(&encoding_rs::SHIFT_JIS.encode(line).0);
                    } else {
                        out.extend_from_slice(line.as_bytes());
                    }
                }
                out
            })
        }),
        m("0のバイト", once, |_, _| At::File(|text| text.replacen("事業", "事\0業", 1).into_bytes())),
        m("中身が空", once, |s, _| {
            s.rows.clear();
            At::File(plain)
        }),
        m("見出しだけ", once, |s, _| {
            s.rows.truncate(1);
            At::File(plain)
        }),
    ]
}

/// What differs without a mistake.
pub fn harmless() -> Vec<Mistake> {
    let m = |name, sites, make| Mistake { name, sites, make };
    vec![
        m("最後の改行がない", once, |_, _| At::File(|text| text.trim_end().as_bytes().to_vec())),
        m("改行がLF", once, |_, _| At::File(|text| text.replace("\r\n", "\n").into_bytes())),
        m("Shift_JIS", once, |s, _| {
            // What CP932 has no sign for stays out.
            let mut lacking = Vec::new();
            for cell in s.rows.iter_mut().flatten() {
                cell.text.retain(|c| {
                    let has = !encoding_rs::SHIFT_JIS.encode(c.encode_utf8(&mut [0; 4])).2 && c != '〜';
                    if !has {
                        lacking.push(c);
                    }
                    has
                });
            }
            At::File(|text| encoding_rs::SHIFT_JIS.encode(&text).0.into_owned())
        }),
        m("印のあるUTF-16", once, |_, _| {
            At::File(|text| {
                let text = format!("\u{FEFF}{text}");
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            })
        }),
        m("すべて「\"」で囲む", once, |s, _| {
            for cell in s.rows.iter_mut().flatten() {
                *cell = Cell::raw(&format!("\"{}\"", cell.text.replace('"', "\"\"")));
            }
            At::File(plain)
        }),
        m(
            "全角の数字",
            |s| s.figures(has_digit),
            |s, at| {
                let wide = |c: char| match c {
                    '0'..='9' | '.' | ',' | '%' | '-' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
                    c => c,
                };
                let text: String = s.text(at).chars().map(wide).collect();
                s.set(at, &text);
                At::File(plain)
            },
        ),
        m(
            "数値の前後に空白",
            |s| s.figures(has_digit),
            |s, at| {
                let text = format!(" {}　", s.text(at));
                s.set(at, &text);
                At::File(plain)
            },
        ),
        m("空の行", once, |s, _| {
            let at = s.rows.len() / 2;
            s.rows.insert(at, vec![Cell::new("")]);
            At::File(plain)
        }),
        m("右に空の列", once, |s, _| {
            let width = s.rows[0].len() + 3;
            for cells in &mut s.rows {
                cells.resize(width, Cell::new(""));
            }
            At::File(plain)
        }),
        m(
            "負の三角",
            // But for money, which would add up to something else.
            |s| s.figures(|t| t.starts_with(|c: char| c.is_ascii_digit()) && !t.ends_with('円')),
            |s, at| {
                let text = format!("△{}", s.text(at));
                s.set(at, &text);
                At::File(plain)
            },
        ),
    ]
}
