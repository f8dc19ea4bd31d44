//! Mistakes within one cell.

use super::{At, Cell, Mistake, Sheet, Site, has_digit, parts, row};

fn plain(text: &str) -> bool {
    has_digit(text) && text.is_char_boundary(0)
}

fn of_digits(least: usize) -> impl Fn(&str) -> bool {
    move |text| parts(text).1.chars().filter(char::is_ascii_digit).count() >= least
}

fn percent(text: &str) -> bool {
    text.ends_with('%') && text.contains('.')
}

fn with_comma(text: &str) -> bool {
    parts(text).1.contains(',')
}

fn with_unit(text: &str) -> bool {
    has_digit(text) && !parts(text).2.is_empty() && parts(text).2 != "%"
}

/// The figure with other digits.
fn redigit(sheet: &mut Sheet, site: Site, change: impl Fn(&str) -> String) -> At {
    let (before, digits, after) = parts(sheet.text(site));
    let text = format!("{before}{}{after}", change(&digits));
    sheet.set(site, &text);
    row(site.0)
}

fn put(sheet: &mut Sheet, site: Site, text: &str) -> At {
    sheet.set(site, text);
    row(site.0)
}

/// With something between the first digit and the rest.
fn parted(sheet: &mut Sheet, site: Site, by: &str) -> At {
    redigit(sheet, site, |digits| format!("{}{by}{}", &digits[..1], &digits[1..]))
}

fn around(sheet: &mut Sheet, site: Site, before: &str, after: &str) -> At {
    let text = format!("{before}{}{after}", sheet.text(site));
    put(sheet, site, &text)
}

/// Written so that a comma in it parts it.
fn unquoted(sheet: &mut Sheet, site: Site) -> At {
    let text = sheet.text(site).to_owned();
    sheet.rows[site.0][site.1] = Cell::raw(&text);
    row(site.0)
}

fn all_figures(sheet: &Sheet) -> Vec<Site> {
    sheet.figures(plain)
}

fn two_digits(sheet: &Sheet) -> Vec<Site> {
    sheet.figures(of_digits(2))
}

/// Figures with a unit that another figure of the row has as well.
fn with_usual_unit(sheet: &Sheet) -> Vec<Site> {
    let all = sheet.figures(with_unit).into_iter();
    all.filter(|site| {
        let unit = parts(sheet.text(*site)).2;
        let others: Vec<&str> = sheet.others(*site).into_iter().filter(|other| has_digit(other)).collect();
        !others.is_empty() && others.iter().all(|other| parts(other).2 == unit)
    })
    .collect()
}

/// Whole figures of people or things, of which another in the row is one too.
fn counted(sheet: &Sheet) -> Vec<Site> {
    let is_count = |text: &str| {
        let (before, digits, unit) = parts(text);
        before.is_empty()
            && !digits.contains('.')
            && digits != "0"
            && ["人", "件", "回", "社"].contains(&unit.as_str())
    };
    let all = sheet.figures(is_count).into_iter();
    all.filter(|at| sheet.others(*at).iter().any(|other| is_count(other))).collect()
}

pub fn mistakes() -> Vec<Mistake> {
    let m = |name, sites, make| Mistake { name, sites, make };
    vec![
        m("数値の「\"」がなくなった", |s| s.figures(with_comma), unquoted),
        m(
            "名称の「\"」がなくなった",
            |s| {
                s.cells(&["KPI", "数値目標", "事業", "事業量"], "名称", |text| {
                    text.contains(',') && !text.contains(['"', '\n'])
                })
            },
            unquoted,
        ),
        m(
            "目標の「\"」がなくなった",
            |s| s.cells(&["KPI", "数値目標"], "目標", |text| text.contains(',')),
            unquoted,
        ),
        m(
            "0が英字のオーになった",
            |s| s.figures(|t| parts(t).1.contains('0')),
            |s, at| redigit(s, at, |digits| digits.replacen('0', "O", 1)),
        ),
        m(
            "1が英字のエルになった",
            |s| s.figures(|t| parts(t).1.contains('1') && !parts(t).2.is_empty()),
            |s, at| redigit(s, at, |digits| digits.replacen('1', "l", 1)),
        ),
        m(
            "0が丸になった",
            |s| s.figures(|t| parts(t).1.contains('0')),
            |s, at| redigit(s, at, |digits| digits.replacen('0', "〇", 1)),
        ),
        m(
            "カンマの位置が違う",
            |s| s.figures(with_comma),
            |s, at| {
                redigit(s, at, |digits| {
                    let plain = digits.replace(',', "");
                    format!("{},{}", &plain[..plain.len() - 2], &plain[plain.len() - 2..])
                })
            },
        ),
        m(
            "カンマが2つ続く",
            |s| s.figures(with_comma),
            |s, at| redigit(s, at, |digits| digits.replacen(',', ",,", 1)),
        ),
        m(
            "カンマが読点になった",
            |s| s.figures(with_comma),
            |s, at| redigit(s, at, |digits| digits.replacen(',', "、", 1)),
        ),
        m(
            "カンマの後に空白",
            |s| s.figures(with_comma),
            |s, at| redigit(s, at, |digits| digits.replacen(',', ", ", 1)),
        ),
        m(
            "小数点が2つ",
            |s| s.figures(|t| parts(t).1.contains('.')),
            |s, at| redigit(s, at, |digits| digits.replacen('.', "..", 1)),
        ),
        m(
            "小数点が中黒になった",
            |s| s.figures(|t| parts(t).1.contains('.')),
            |s, at| redigit(s, at, |digits| digits.replacen('.', "・", 1)),
        ),
        m(
            "小数点だけ残った",
            |s| s.figures(with_unit),
            |s, at| redigit(s, at, |digits| format!("{digits}.")),
        ),
        m("日付になった（月日）", all_figures, |s, at| put(s, at, "5月3日")),
        m("日付になった（年月日）", all_figures, |s, at| put(s, at, "2021/5/3")),
        m("日付になった（英語）", all_figures, |s, at| put(s, at, "May-03")),
        m("指数になった", all_figures, |s, at| put(s, at, "1.23E+05")),
        m("式のエラー", all_figures, |s, at| put(s, at, "#REF!")),
        m("列の幅が足りず###", all_figures, |s, at| put(s, at, "########")),
        m("論理値になった", all_figures, |s, at| put(s, at, "TRUE")),
        m("式が文字のまま残った", all_figures, |s, at| put(s, at, "=SUM(L3:L9)")),
        m("単位が消えた", with_usual_unit, |s, at| {
            let (before, digits, _) = parts(s.text(at));
            put(s, at, &format!("{before}{digits}"))
        }),
        m("数字が消えて単位だけ", with_usual_unit, |s, at| {
            let (_, _, unit) = parts(s.text(at));
            put(s, at, &unit)
        }),
        m("単位の書き間違い", with_usual_unit, |s, at| {
            let (before, digits, _) = parts(s.text(at));
            put(s, at, &format!("{before}{digits}入"))
        }),
        m("単位の位取りが違う", with_usual_unit, |s, at| {
            let (before, digits, unit) = parts(s.text(at));
            put(s, at, &format!("{before}{digits}{unit}円"))
        }),
        m("丸数字の注", all_figures, |s, at| around(s, at, "", "①")),
        m("上付きの注", all_figures, |s, at| redigit(s, at, |digits| format!("{digits}¹"))),
        m("前に丸数字", all_figures, |s, at| around(s, at, "①", "")),
        m("数値の途中に空白", two_digits, |s, at| parted(s, at, " ")),
        m("数値の途中に全角の空白", two_digits, |s, at| parted(s, at, "　")),
        m("数値の途中で改行", two_digits, |s, at| parted(s, at, "\n")),
        m("数値の途中にタブ", two_digits, |s, at| parted(s, at, "\t")),
        m("数値の途中に見えない文字", two_digits, |s, at| parted(s, at, "\u{200B}")),
        m("数値の途中に改行しない空白", two_digits, |s, at| parted(s, at, "\u{A0}")),
        m("数値の前に見えない文字", all_figures, |s, at| around(s, at, "\u{FEFF}", "")),
        m("2つの値が1つのセルに", all_figures, |s, at| {
            let twice = format!("{}\n{}", s.text(at), s.text(at));
            put(s, at, &twice)
        }),
        m("長音記号の「該当なし」", |s| s.figures(|t| !t.is_empty()), |s, at| put(s, at, "ー")),
        m("罫線の「該当なし」", |s| s.figures(|t| !t.is_empty()), |s, at| put(s, at, "─")),
        m("漢数字の一の「該当なし」", |s| s.figures(|t| !t.is_empty()), |s, at| put(s, at, "一")),
        m("知らない負の記号", all_figures, |s, at| around(s, at, "▼", "")),
        m("通貨の記号", all_figures, |s, at| around(s, at, "¥", "")),
        m("言葉の答え", all_figures, |s, at| put(s, at, "多数")),
        m("ハイフンの範囲", with_usual_unit, |s, at| {
            let (_, digits, unit) = parts(s.text(at));
            put(s, at, &format!("{digits}-{digits}{unit}"))
        }),
        m("内訳を書いた", with_usual_unit, |s, at| around(s, at, "", "（うち新規1件）")),
        m(
            "割合が小数2桁になった",
            |s| s.figures(|t| percent(t) && parts(t).1.split('.').nth(1).is_some_and(|d| d.len() == 1)),
            |s, at| redigit(s, at, |digits| format!("{digits}0")),
        ),
        m(
            "割合の小数が消えた",
            |s| s.figures(|t| percent(t) && !t.contains(".0")),
            |s, at| {
                redigit(s, at, |digits| {
                    let rounded: f64 = digits.parse().unwrap();
                    format!("{rounded:.0}")
                })
            },
        ),
        m(
            "割合が分数になった",
            |s| s.figures(percent),
            |s, at| {
                let number: f64 = parts(s.text(at)).1.parse().unwrap();
                put(s, at, &format!("{:.4}", number / 100.0))
            },
        ),
        m(
            "カンマと単位が消えた",
            |s| s.figures(with_comma),
            |s, at| {
                let digits = parts(s.text(at)).1.replace(',', "");
                put(s, at, &digits)
            },
        ),
        m(
            "カンマが消えた",
            |s| s.figures(with_comma),
            |s, at| redigit(s, at, |digits| digits.replace(',', "")),
        ),
        m(
            "小数点が桁区切りの代わり",
            |s| {
                let all = s.figures(|t| with_comma(t) && t.matches(',').count() == 1).into_iter();
                all.filter(|at| !parts(s.text(*at)).2.starts_with('円')).collect()
            },
            |s, at| redigit(s, at, |digits| digits.replacen(',', ".", 1)),
        ),
        m(
            "億や万や千が消えた",
            |s| {
                let all = with_usual_unit(s).into_iter();
                all.filter(|at| parts(s.text(*at)).2.starts_with(['億', '万', '千'])).collect()
            },
            |s, at| {
                let (before, digits, unit) = parts(s.text(at));
                let unit: String = unit.chars().skip(1).collect();
                put(s, at, &format!("{before}{digits}{unit}"))
            },
        ),
        m("万が増えた", counted, |s, at| {
            let (before, digits, unit) = parts(s.text(at));
            put(s, at, &format!("{before}{digits}万{unit}"))
        }),
        m("0で始まる数値", all_figures, |s, at| redigit(s, at, |digits| format!("0{digits}"))),
        m(
            "前の言葉が消えた",
            |s| {
                let all = s.figures(|t| !parts(t).0.is_empty() && has_digit(t)).into_iter();
                all.filter(|at| s.others(*at).iter().any(|other| has_digit(other))).collect()
            },
            |s, at| {
                let (_, digits, unit) = parts(s.text(at));
                put(s, at, &format!("{digits}{unit}"))
            },
        ),
        m("前の言葉が増えた", with_usual_unit, |s, at| around(s, at, "約", "")),
        m("件数だけがマイナス", counted, |s, at| around(s, at, "△", "")),
        m("「増」が付いた", with_usual_unit, |s, at| around(s, at, "", "増")),
        m("単位の前に英字", counted, |s, at| {
            let (before, digits, unit) = parts(s.text(at));
            put(s, at, &format!("{before}{digits}S{unit}"))
        }),
        m("単位の後に英字", counted, |s, at| around(s, at, "", "x")),
        m("単位の後に助詞", counted, |s, at| around(s, at, "", "は")),
        m("単位が2度", counted, |s, at| {
            let unit = parts(s.text(at)).2;
            around(s, at, "", &unit)
        }),
        m("数字が英字1字になった", counted, |s, at| {
            let unit = parts(s.text(at)).2;
            put(s, at, &format!("O{unit}"))
        }),
        m("数字に零が混ざった", counted, |s, at| redigit(s, at, |digits| format!("{digits}零"))),
        m(
            "文字化けしたセル",
            |s| {
                s.cells(&["事業", "KPI", "事業量"], "名称", |t| {
                    t.chars().all(|c| ('ぁ'..='鿿').contains(&c))
                })
            },
            |s, at| {
                let bytes = s.text(at).as_bytes().to_vec();
                let (text, _, _) = encoding_rs::SHIFT_JIS.decode(&bytes);
                put(s, at, &text)
            },
        ),
        m(
            "濁点の分かれた文字",
            |s| {
                s.cells(&["事業", "KPI", "事業量"], "名称", |t| {
                    t.contains(['が', 'ぎ', 'ぐ', 'げ', 'ご', 'で', 'び', 'ぶ', 'プ', 'バ', 'デ', 'ド', 'グ'])
                })
            },
            |s, at| {
                let text: String = unicode_normalization::UnicodeNormalization::nfd(s.text(at)).collect();
                put(s, at, &text)
            },
        ),
        m(
            "制御文字",
            |s| s.cells(&["事業", "KPI", "事業量"], "名称", |t| t.chars().count() > 2),
            |s, at| {
                let mut letters: Vec<char> = s.text(at).chars().collect();
                letters.insert(1, '\u{B}');
                put(s, at, &letters.into_iter().collect::<String>())
            },
        ),
        m(
            "名称の数字の間に長音記号",
            |s| s.cells(&["事業", "KPI", "事業量"], "名称", |_| true),
            |s, at| around(s, at, "20ー39歳の", ""),
        ),
        m(
            "閉じていない「\"」",
            |s| s.cells(&["事業", "KPI"], "名称", |t| !t.contains(['"', ',', '\n'])),
            |s, at| {
                let text = format!("\"{}", s.text(at));
                s.rows[at.0][at.1] = Cell::raw(&text);
                row(at.0)
            },
        ),
        m(
            "「\"」の後に文字",
            |s| s.cells(&["事業", "KPI"], "名称", |t| !t.contains(['"', ',', '\n'])),
            |s, at| {
                let text = format!("\"{}\"等", s.text(at));
                s.rows[at.0][at.1] = Cell::raw(&text);
                row(at.0)
            },
        ),
        m(
            "空白の後の「\"」",
            |s| s.cells(&["事業", "KPI"], "名称", |t| !t.contains(['"', ',', '\n'])),
            |s, at| {
                let text = format!(" \"{}\"", s.text(at));
                s.rows[at.0][at.1] = Cell::raw(&text);
                row(at.0)
            },
        ),
    ]
}
