//! Mistakes in rows: deleted, moved, doubled, cut, joined; and in what says where a row
//! belongs.

use super::{At, Cell, Mistake, Sheet, Site, has_digit, row};

const OWNED: [&str; 3] = ["数値目標", "KPI", "事業量"];

fn rows_of(sheet: &Sheet, kinds: &[&str]) -> Vec<Site> {
    sheet.kinds(kinds).into_iter().map(|row| (row, 0)).collect()
}

/// Rows of a kind that are followed by one of another.
fn followed(sheet: &Sheet, kind: &str, by: &str) -> Vec<Site> {
    let all = rows_of(sheet, &[kind]).into_iter();
    all.filter(|(at, _)| at + 1 < sheet.rows.len() && sheet.of(at + 1, "種別") == by).collect()
}

/// Deletes a row; what stood below it stands there now.
fn delete(sheet: &mut Sheet, (at, _): Site) -> At {
    sheet.rows.remove(at);
    row(at)
}

fn rename(sheet: &mut Sheet, at: usize, heading: &str, text: &str) -> At {
    let column = sheet.column(heading);
    sheet.set((at, column), text);
    row(at)
}

fn wide(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c })
        .collect()
}

/// A cell put in or taken out: what is behind it stands in other columns.
fn shift(sheet: &mut Sheet, (at, column): Site, by: isize) -> At {
    if by > 0 {
        sheet.rows[at].insert(column, Cell::new(""));
    } else {
        sheet.rows[at].remove(column);
    }
    row(at)
}

/// 事業 rows in which a 再掲 row is answered by another measure.
fn reprints(sheet: &Sheet) -> Vec<Site> {
    sheet.cells(&["再掲"], "再掲元", |id| !id.is_empty())
}

pub fn mistakes() -> Vec<Mistake> {
    let m = |name, sites, make| Mistake { name, sites, make };
    vec![
        m("事業の行が消えた", |s| followed(s, "事業", "事業量"), delete),
        m("施策の行が消えた", |s| followed(s, "施策", "KPI"), delete),
        m("分野の行が消えた", |s| followed(s, "分野", "施策"), delete),
        m("基本目標の行が消えた", |s| followed(s, "基本目標", "数値目標"), delete),
        m(
            "事業と事業量が入れ替わった",
            |s| followed(s, "事業", "事業量"),
            |s, (at, _)| {
                s.rows.swap(at, at + 1);
                At::Rows(vec![at, at + 1])
            },
        ),
        m(
            "KPIと事業が入れ替わった",
            |s| followed(s, "KPI", "事業"),
            |s, (at, _)| {
                s.rows.swap(at, at + 1);
                At::Rows(vec![at, at + 1])
            },
        ),
        m(
            "行が2つになった",
            |s| rows_of(s, &["事業", "KPI", "事業量", "施策"]),
            |s, (at, _)| {
                let copy = s.rows[at].clone();
                s.rows.insert(at, copy);
                At::Rows(vec![at, at + 1])
            },
        ),
        m(
            "再掲が2つになった",
            |s| rows_of(s, &["再掲"]),
            |s, (at, _)| {
                let copy = s.rows[at].clone();
                s.rows.insert(at, copy);
                At::Rows(vec![at, at + 1])
            },
        ),
        m(
            "事業量が別の事業に移った",
            |s| {
                let all = rows_of(s, &["事業量"]).into_iter();
                all.filter(|(at, _)| (at + 1..s.rows.len()).any(|below| s.of(below, "種別") == "事業"))
                    .collect()
            },
            |s, (at, _)| {
                let moved = s.rows.remove(at);
                let below = (at..s.rows.len()).find(|below| s.of(*below, "種別") == "事業").unwrap();
                s.rows.insert(below + 1, moved);
                row(below + 1)
            },
        ),
        m(
            "KPIが別の施策に移った",
            |s| {
                let all = rows_of(s, &["KPI"]).into_iter();
                all.filter(|(at, _)| (at + 1..s.rows.len()).any(|below| s.of(below, "種別") == "施策"))
                    .collect()
            },
            |s, (at, _)| {
                let moved = s.rows.remove(at);
                let below = (at..s.rows.len()).find(|below| s.of(*below, "種別") == "施策").unwrap();
                s.rows.insert(below + 1, moved);
                row(below + 1)
            },
        ),
        m(
            "行が途中で切れた",
            |s| rows_of(s, &["事業", "KPI", "事業量", "再掲"]),
            |s, (at, _)| {
                let cut = s.column("担当課").min(s.rows[at].len());
                s.rows[at].truncate(cut);
                row(at)
            },
        ),
        m(
            "行が名称の途中で切れた",
            |s| rows_of(s, &["事業", "KPI", "数値目標"]),
            |s, (at, _)| {
                let name: String =
                    s.of(at, "名称").chars().filter(|c| !"\n,\"".contains(*c)).take(3).collect();
                let column = s.column("名称");
                s.rows[at].truncate(column);
                s.rows[at].push(Cell::new(&format!("{name}あ")));
                row(at)
            },
        ),
        m(
            "2行が1行につながった",
            |s| {
                rows_of(s, &["事業", "KPI", "事業量", "施策"])
                    .into_iter()
                    .filter(|(at, _)| at + 1 < s.rows.len())
                    .collect()
            },
            |s, (at, _)| {
                let next = s.rows.remove(at + 1);
                s.rows[at].extend(next);
                row(at)
            },
        ),
        m(
            "1行が2行に分かれた",
            |s| rows_of(s, &["事業", "KPI"]),
            |s, (at, _)| {
                let column = s.column("名称");
                let rest = s.rows[at].split_off(column);
                s.rows.insert(at + 1, rest);
                At::Rows(vec![at, at + 1])
            },
        ),
        m(
            "カンマが1つ増えた",
            |s| rows_of(s, &["事業", "KPI", "事業量", "数値目標"]),
            |s, (at, _)| {
                let column = s.column("担当課");
                shift(s, (at, column), 1)
            },
        ),
        m(
            "末尾にカンマが増えた",
            |s| rows_of(s, &["事業", "KPI", "事業量", "数値目標"]),
            |s, (at, _)| {
                let width = s.rows[0].len();
                s.rows[at].resize(width + 1, Cell::new(""));
                row(at)
            },
        ),
        m(
            "カンマが1つ減った",
            |s| {
                rows_of(s, &["KPI", "事業量", "数値目標"])
                    .into_iter()
                    .filter(|(at, _)| s.rows[*at].iter().skip(6).any(|cell| has_digit(&cell.text)))
                    .collect()
            },
            |s, (at, _)| {
                let column = s.column("区分");
                shift(s, (at, column), -1)
            },
        ),
        m(
            "年度のセルが1つ右にずれた",
            |s| {
                let year = s.years().start;
                // Where the last year has a cell to its right, and siblings say what is usual.
                let full = |at: usize| (year..year + 2).all(|column| has_digit(s.text((at, column))));
                let room =
                    |at: usize| (year + 2..s.years().end).all(|column| s.text((at, column)).is_empty());
                let rows = s.kinds(&["事業量", "KPI", "数値目標"]);
                let of = |at: usize| {
                    let id = s.of(at, "ID");
                    id.rfind('-').map_or(id.to_owned(), |end| id[..end].to_owned())
                };
                let sibling =
                    |at: usize| rows.iter().any(|other| *other != at && of(*other) == of(at) && full(*other));
                let alone = |at: usize| {
                    rows.iter().all(|other| {
                        *other == at || of(*other) != of(at) || !s.text((*other, year)).is_empty()
                    })
                };
                let fits =
                    |at: &usize| s.years().len() > 2 && full(*at) && room(*at) && sibling(*at) && alone(*at);
                rows.iter().copied().filter(fits).map(|at| (at, year)).collect()
            },
            |s, (at, year)| {
                for column in (year..year + 2).rev() {
                    let text = s.text((at, column)).to_owned();
                    s.set((at, column + 1), &text);
                }
                s.set((at, year), "");
                row(at)
            },
        ),
        m("再掲元の間違い", reprints, |s, (at, _)| rename(s, at, "再掲元", "P9999")),
        m("再掲元が別の種別", reprints, |s, (at, _)| rename(s, at, "再掲元", "G1")),
        m("再掲元が空", reprints, |s, (at, _)| rename(s, at, "再掲元", "")),
        m("再掲が事業より前に移った", reprints, |s, (at, _)| {
            let moved = s.rows.remove(at);
            let measure = s.kinds(&["施策"])[0];
            s.rows.insert(measure + 1, moved);
            row(measure + 1)
        }),
        m("再掲の行に数値", reprints, |s, (at, _)| {
            let year = s.years().start;
            s.set((at, year), "5件");
            row(at)
        }),
        m(
            "種別の書き間違い",
            |s| rows_of(s, &["事業", "施策", "KPI", "事業量"]),
            |s, (at, _)| {
                let kind = format!("{}あ", s.of(at, "種別"));
                rename(s, at, "種別", &kind)
            },
        ),
        m(
            "種別が空",
            |s| rows_of(s, &["事業", "施策", "KPI", "事業量"]),
            |s, (at, _)| rename(s, at, "種別", ""),
        ),
        m("種別が全角", |s| rows_of(s, &["KPI"]), |s, (at, _)| rename(s, at, "種別", "ＫＰＩ")),
        m("IDが空", |s| rows_of(s, &["事業", "施策", "KPI", "事業量"]), |s, (at, _)| rename(s, at, "ID", "")),
        m(
            "IDが全角",
            |s| rows_of(s, &["事業", "施策", "KPI", "事業量"]),
            |s, (at, _)| {
                let id = wide(s.of(at, "ID"));
                rename(s, at, "ID", &id)
            },
        ),
        m(
            "IDが上の行と同じ",
            |s| {
                rows_of(s, &OWNED)
                    .into_iter()
                    .filter(|(at, _)| s.of(at - 1, "種別") == s.of(*at, "種別"))
                    .collect()
            },
            |s, (at, _)| {
                let id = s.of(at - 1, "ID").to_owned();
                rename(s, at, "ID", &id)
            },
        ),
        m("IDが日付になった", |s| rows_of(s, &["事業", "施策"]), |s, (at, _)| rename(s, at, "ID", "1月2日")),
        m(
            "事業のIDだけ変わった",
            |s| followed(s, "事業", "事業量"),
            |s, (at, _)| {
                rename(s, at, "ID", "P8888");
                At::Rows(vec![at, at + 1])
            },
        ),
        m(
            "名称が空",
            |s| rows_of(s, &["事業", "施策", "KPI", "事業量"]),
            |s, (at, _)| rename(s, at, "名称", ""),
        ),
        m(
            "番号が空",
            |s| s.cells(&["事業", "施策", "KPI"], "番号", |text| !text.is_empty()),
            |s, (at, _)| rename(s, at, "番号", ""),
        ),
        m(
            "事業の番号が日付になった",
            |s| rows_of(s, &["事業"]),
            |s, (at, _)| rename(s, at, "番号", "1月2日"),
        ),
        m(
            "担当課の書き間違い",
            |s| s.cells(&["事業"], "担当課", |text| !text.is_empty()),
            |s, (at, _)| {
                let name = format!("{}化", s.of(at, "担当課"));
                rename(s, at, "担当課", &name)
            },
        ),
        m(
            "担当課が空",
            |s| s.cells(&["事業"], "担当課", |text| !text.is_empty()),
            |s, (at, _)| rename(s, at, "担当課", ""),
        ),
        m("区分の書き間違い", |s| rows_of(s, &["事業"]), |s, (at, _)| rename(s, at, "区分", "新機")),
        m(
            "目的と内容が消えた",
            |s| s.cells(&["事業"], "内容", |text| !text.is_empty()),
            |s, (at, _)| {
                rename(s, at, "目的", "");
                rename(s, at, "内容", "")
            },
        ),
        m(
            "事業の行に数値",
            |s| rows_of(s, &["事業"]),
            |s, (at, _)| {
                let year = s.years().start;
                s.set((at, year), "5件");
                row(at)
            },
        ),
        m(
            "目標が消えた",
            |s| s.cells(&["KPI", "数値目標"], "目標", |text| !text.is_empty()),
            |s, (at, _)| rename(s, at, "目標", ""),
        ),
        m(
            "目標の書き間違い",
            |s| s.cells(&["KPI", "数値目標"], "目標", |text| text.ends_with("増加")),
            |s, (at, _)| {
                let target = s.of(at, "目標").replace("増加", "増かを目指す");
                rename(s, at, "目標", &target)
            },
        ),
        m(
            "目標の数値の途中に空白",
            |s| s.cells(&["KPI", "数値目標"], "目標", |text| text.contains("15人")),
            |s, (at, _)| {
                let target = s.of(at, "目標").replace("15人", "1 5人");
                rename(s, at, "目標", &target)
            },
        ),
        m(
            "見出しの行がもう1つ",
            |s| rows_of(s, &["施策"]),
            |s, (at, _)| {
                let header = s.rows[0].clone();
                s.rows.insert(at, header);
                row(at)
            },
        ),
        m(
            "見出しのない行の右に値",
            |s| rows_of(s, &["事業", "KPI"]),
            |s, (at, _)| {
                let width = s.rows[0].len();
                s.set((at, width), "確認済");
                row(at)
            },
        ),
    ]
}
