//! Costs, budgets, targets and declared columns: what is asked, and what comes back.

use proptest::prelude::*;

use super::super::words::normal;
use super::silence::{FIRST, moved, moves, says_the_same, told};
use super::*;
use crate::workbook::{self, Look};

const FIELDS: &str = "[[fields]]\nname='評価'\nrows=['KPI','事業']\ntype='選択'\nchoices=['Ａ','Ｂ','見直し']\n\
    [[fields]]\nname='成果'\nrows=['事業']\n\
    [[fields]]\nname='人工'\nrows=['事業']\ntype='数'\n\
    [[fields]]\nname='委員会意見'\nrows=['事業']\nask=false\n";

fn settings() -> Settings {
    toml::from_str(&format!("{SETTINGS}{FIELDS}")).unwrap()
}

const HEADER: &str = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,R5,評価,成果,人工,委員会意見,備考\n基本目標,G1,1,目標\n分野,G1-A,ア,分野\n施策,G1-A-1,①,施策\n";
const ROWS: &str = "\
KPI,K1,①,就業者数,水産課,,,,,5年で50人,8人,9人,10人,,,,,,
目標値,K1-T,,,,,,,,,,9人,10人,11人
事業,P1,1,漁業,水産課,,,,,,,,,,Ａ,\"放流を増やした。
生残率も上がった。\",1.5人,よい,
事業量,P1-1,,放流数,,,,,,,,5尾,6尾,,,,,,
目標値,P1-1-T,,,,,,,,,,5尾,6尾,
事業費,P1-C1,,国庫支出金,,,,,,,,\"1,000千円\",\"1,100千円\",,,,,,
予算,P1-C1-B,,,,,,,,,,\"1,000千円\",\"1,100千円\",\"1,200千円\",,,,,
事業,P2,2,市場,水産課,,,,,,,,,,,,,,
";

fn read_master(rows: &str) -> Master {
    let (master, findings) = master::read(format!("{HEADER}{rows}").as_bytes(), "master.csv", &settings());
    assert!(!findings.has_errors(), "{:?}", said(&findings));
    master.unwrap()
}

fn only_form(master: &Master) -> Form {
    let mut forms = forms(&master.plan, &settings(), r5(), "2026-05-29".parse().unwrap());
    assert_eq!(forms.len(), 1);
    forms.remove(0)
}

fn collected(master: &Master, returns: Vec<Returned>) -> Outcome {
    let request = Request {
        master,
        settings: &settings(),
        year: Some(r5()),
        accept_revisions: false,
        revised: &[],
        left_out: &[],
        today: "2026-05-20".parse().unwrap(),
    };
    collect(request, &returns.into_iter().map(|returned| (returned, None)).collect::<Vec<_>>())
}

/// The form, with these answers in it.
fn filled(master: &Master, answers: &[(&str, Cell)]) -> Returned {
    let mut returned = through_the_workbook(&only_form(master), master);
    for (id, answer) in answers {
        let row = returned.rows.iter_mut().find(|row| row.key.id == *id).unwrap();
        row.input.content = Some(answer.clone());
    }
    returned
}

/// What is asked of one answer; nothing is taken over.
fn asked_of(id: &str, answer: Option<Cell>) -> Vec<String> {
    let master = read_master(ROWS);
    let mut returned = filled(&master, &[]);
    returned.rows.iter_mut().find(|row| row.key.id == id).unwrap().input.content = answer;
    let outcome = collected(&master, vec![returned]);
    assert!(outcome.changes.is_empty(), "{:?}", outcome.changes);
    assert!(outcome.queries.iter().all(|query| query.id == id.split(' ').next().unwrap()));
    said(&outcome.findings)
}

#[test]
fn a_form_asks_for_figures_first_and_then_for_the_declared_columns() {
    let form = only_form(&read_master(ROWS));
    let shown = |row: &FormRow| {
        let label = |label| row.label(label);
        let (number, owner) = (label(Label::Number), label(Label::Owner));
        format!("{}|{number}|{owner}|{}|{}", row.id, label(Label::Item), row.current.printed())
    };
    assert_eq!(
        form.figures().iter().map(shown).collect::<Vec<_>>(),
        [
            "K1|KPI①|施策|就業者数|",
            "K1-T|KPI①|施策|就業者数（目標値）|11人",
            "P1-1|1|漁業|放流数|",
            "P1-1-T|1|漁業|放流数（目標値）|",
            "P1-C1|1|漁業|事業費　国庫支出金（決算）|",
            "P1-C1-B|1|漁業|事業費　国庫支出金（予算）|1,200千円",
        ]
    );
    assert_eq!(
        form.fields().iter().map(shown).collect::<Vec<_>>(),
        [
            "K1 評価|KPI①|就業者数|評価|",
            "P1 評価|1|漁業|評価|Ａ",
            "P1 成果|1|漁業|成果|放流を増やした。\n生残率も上がった。",
            "P1 人工|1|漁業|人工|1.5人",
            "P2 評価|2|市場|評価|",
            "P2 成果|2|市場|成果|",
            "P2 人工|2|市場|人工|",
        ]
    );
}

#[test]
fn answers_reach_their_cells_line_breaks_and_all() {
    let master = read_master(ROWS);
    let returned = filled(
        &master,
        &[
            ("K1 評価", text("B")),
            ("P1-1-T", number(7.0)),
            ("P1-C1", number(1200.0)),
            ("P1 成果", text("1行め、「\"」も\r\n2行め  \n\n4行め\n")),
            ("P2 評価", text(" 見直し")),
            ("P2 人工", number(0.5)),
        ],
    );
    let outcome = collected(&master, vec![returned.clone()]);
    assert_eq!(said(&outcome.findings), [""; 0]);
    let told: Vec<_> = outcome
        .changes
        .iter()
        .map(|change| (change.id.as_str(), change.field.as_deref(), change.kind.name(), change.new.as_str()))
        .collect();
    let text = "1行め、「\"」も\n2行め\n\n4行め";
    assert_eq!(
        told,
        [
            ("K1", Some("評価"), "新しい回答", "Ｂ"),
            ("P1", Some("成果"), "回答の訂正", text),
            ("P1-1-T", None, "新しい回答", "7尾"),
            ("P1-C1", None, "新しい回答", "1,200千円"),
            ("P2", Some("評価"), "新しい回答", "見直し"),
            ("P2", Some("人工"), "新しい回答", "0.5"),
        ]
    );
    let written = String::from_utf8(master.source.rewrite(&outcome.edits()).unwrap()).unwrap();
    let expected = ROWS
        .replace("10人,,,,,,", "10人,,Ｂ,,,,")
        .replace("放流を増やした。\n生残率も上がった。", "1行め、「\"\"」も\n2行め\n\n4行め")
        .replace("5尾,6尾,\n", "5尾,6尾,7尾\n")
        .replace("\"1,100千円\",,,,,,", "\"1,100千円\",\"1,200千円\",,,,,")
        .replace("市場,水産課,,,,,,,,,,,,,,", "市場,水産課,,,,,,,,,,見直し,,0.5,,");
    assert_eq!(written, format!("{HEADER}{expected}"));
    // The same file once more says what the master says by now, in all ten cells that hold anything.
    let again = collected(&read_master(&expected), vec![returned]);
    assert_eq!((again.changes.len(), again.unchanged), (0, 10));
    assert_eq!(said(&again.findings), [""; 0]);
    assert_eq!(again.departments[0].status, Status::Partly);
}

/// Sorted, with rows inserted above, or copied below the figures: a row's key goes with it.
#[test]
fn rows_that_were_moved_are_found() {
    let master = read_master(ROWS);
    let mut book = workbook::read(&workbook(&only_form(&master), &master)).unwrap();
    let sheet = book.sheets.iter_mut().find(|sheet| sheet.name == Form::FIELDS).unwrap();
    let is_key = |cell: &Cell| matches!(cell, Cell::Text(text) if RowKey::parse(text).is_some());
    let keys = sheet.cells.iter().filter(|(_, cell)| is_key(cell)).map(|((row, _), _)| *row);
    let rows: Vec<u32> = keys.collect();
    let (first, last) = (rows[0], rows[rows.len() - 1]);
    for row in &rows {
        let answer = Cell::Text(format!("{row}行めの\n成果"));
        let is_text = sheet.cells[&(*row, 3)] == text("成果");
        if is_text {
            sheet.cells.insert((*row, u32::from(Form::FIELD_COLUMN)), answer);
        }
    }
    let moved = |at: (u32, u32)| if at.0 < first { at } else { (first + last - at.0 + 2, at.1) };
    sheet.cells = std::mem::take(&mut sheet.cells).into_iter().map(|(at, cell)| (moved(at), cell)).collect();
    let looks: BTreeMap<(u32, u32), Look> = std::mem::take(&mut sheet.looks);
    sheet.looks = looks.into_iter().map(|(at, look)| (moved(at), look)).collect();
    for headings_are_gone in [false, true] {
        if headings_are_gone {
            let sheet = book.sheets.iter_mut().find(|sheet| sheet.name == Form::FIELDS).unwrap();
            sheet.cells.retain(|(row, _), _| *row >= first);
        }
        let (returned::Read::Form(returned), _) = returned::interpret(&book, "回答.xlsx") else { panic!() };
        let outcome = collected(&master, vec![*returned]);
        assert_eq!(said(&outcome.findings), [""; 0]);
        let taken: Vec<_> =
            outcome.changes.iter().map(|change| (change.id.as_str(), change.new.as_str())).collect();
        let expected = [3, 6].map(|at| format!("{}行めの\n成果", first + at - 1));
        assert_eq!(taken, [("P1", expected[0].as_str()), ("P2", expected[1].as_str())]);
        assert_eq!(outcome.writings, []);
    }
}

/// W440 回答が、選択肢のどれでもない。
#[test]
fn w440_answer_not_a_choice() {
    assert_eq!(
        asked_of("P2 評価", Some(text("見なおし"))),
        ["W440 R5：回答「見なおし」は、選択肢にありません"]
    );
    let master = read_master(ROWS);
    let outcome = collected(&master, vec![filled(&master, &[("P2 評価", text("見直"))])]);
    assert_eq!(
        outcome.queries[0].help,
        "「見直し」の間違いではありませんか。選べるのは「Ａ」「Ｂ」「見直し」です。どれにするか担当課に確認してください。この回答は取り込みません。"
    );
}

/// W441 回答の文章が長すぎる。
#[test]
fn w441_answer_too_long() {
    let long = "長".repeat(LONGEST_ANSWER + 1);
    assert_eq!(asked_of("P2 成果", Some(text(&long))), ["W441 R5：回答の文章が長すぎます（2001字）"]);
}

/// W443 回答が、ほかの文章を指す言葉だけである。
#[test]
fn w443_answer_refers() {
    for answer in ["変更なし", "同 上。", "変更ありません。"] {
        let expected = format!("W443 R5：回答が「{answer}」だけです");
        assert_eq!(asked_of("P2 成果", Some(text(answer))), [expected]);
    }
    // What says more than that is an answer.
    let master = read_master(ROWS);
    let answer = "変更なし。来年度は拡充する。";
    let outcome = collected(&master, vec![filled(&master, &[("P2 成果", text(answer))])]);
    assert_eq!(outcome.changes[0].new, answer);
}

/// W439 マスタにある年度の目標値が、記入票で書き換えられている。
#[test]
fn w439_target_revised() {
    let expected = ["W439 R5：目標値が「11人」から「12人」に書き換えられています"];
    assert_eq!(asked_of("K1-T", Some(number(12.0))), expected);
    let master = read_master(ROWS);
    let request = Request {
        master: &master,
        settings: &settings(),
        year: None,
        accept_revisions: true,
        revised: &[],
        left_out: &[],
        today: "2026-05-20".parse().unwrap(),
    };
    let outcome = collect(request, &[(filled(&master, &[("K1-T", number(12.0))]), None)]);
    assert_eq!(outcome.changes[0].new, "12人");
}

#[test]
fn what_is_emptied_deletes_nothing() {
    for (id, said) in [
        ("P1 評価", "W411 R5：配布した時に入っていた「Ａ」が消されています"),
        (
            "P1 成果",
            "W411 R5：配布した時に入っていた「放流を増やした。（改行）生残率も上がった。」が消されています",
        ),
        ("P1 人工", "W411 R5：配布した時に入っていた「1.5人」が消されています"),
        ("P1-C1-B", "W411 R5：配布した時に入っていた「1,200千円」が消されています"),
    ] {
        assert_eq!(asked_of(id, None), [said]);
    }
}

#[test]
fn what_a_text_cell_may_hold_else_is_asked_about() {
    let date = Cell::Date("5月3日".into());
    assert_eq!(asked_of("P2 成果", Some(date)), ["W401 R5：回答が日付（5月3日）になっています"]);
    let error = Cell::Error("#REF!".into());
    assert_eq!(asked_of("P2 評価", Some(error)), ["W403 R5：回答のセルがエラー（#REF!）になっています"]);
    let unit = asked_of("P1 人工", Some(text("2日")));
    assert_eq!(unit, ["W406 R5：回答「2日」の単位「日」が、従来の「人」と違います"]);
}

#[test]
fn two_answers_and_a_changed_master_are_conflicts_in_words_too() {
    let master = read_master(ROWS);
    let answers = ["一", "一。"].map(|answer| filled(&master, &[("P1 成果", text(answer))]));
    let outcome = collected(&master, answers.to_vec());
    assert!(said(&outcome.findings)[0].starts_with("E410 R5：同じ項目への回答が違います（「一。」と、"));
    assert!(outcome.changes.is_empty());

    let changed = read_master(&ROWS.replace("生残率も上がった。", "生残率は下がった。"));
    let outcome = collected(&changed, vec![answers[0].clone()]);
    assert!(said(&outcome.findings)[0].starts_with("E409 R5：配布の後にマスタが「放流を増やした。（改行）"));
    assert!(outcome.changes.is_empty());
    // Untouched, it says nothing against what has been changed meanwhile.
    let outcome = collected(&changed, vec![filled(&master, &[])]);
    assert_eq!((said(&outcome.findings).len(), outcome.changes.len()), (0, 0));
}

/// A declared column has no years: the text of an old form is quoted.
#[test]
fn an_old_form_says_nothing_of_a_declared_column() {
    let master = read_master(ROWS);
    let mut returned = filled(&master, &[("P1 成果", text("昨年の成果"))]);
    returned.rows.iter_mut().for_each(|row| row.key.year = FiscalYear::starting(2022));
    let outcome = collected(&master, vec![returned]);
    assert!(outcome.changes.is_empty());
    assert!(outcome.writings.iter().any(|writing| writing.text == "回答「昨年の成果」"));
}

/// W442 回答の文章が文字化けしている。
#[test]
fn w442_answer_garbled() {
    let garbled = "å¢—ãˆã¾ã—ãŸ";
    let said = asked_of("P2 成果", Some(text(garbled)));
    assert_eq!(said, [format!("W442 R5：回答「{garbled}」は文字化けしています")]);
}

/// A budget or a text of last year is no answer.
#[test]
fn a_department_that_has_sent_nothing_has_not_answered() {
    let master = read_master(ROWS);
    let status = |returns| collected(&master, returns).departments.remove(0);
    let entry = status(vec![]);
    assert_eq!((entry.status, entry.asked, entry.answered), (Status::NotYet, 12, 4));
    let entry = status(vec![filled(&master, &[])]);
    assert_eq!(entry.status, Status::NotYet);
    assert!(entry.letter.contains("記入がありませんでした"), "{}", entry.letter);
    let entry = status(vec![filled(&master, &[("P2 成果", text("増えた。"))])]);
    assert_eq!((entry.status, entry.answered), (Status::Partly, 5));
    assert!(entry.letter.contains("照会した12件のうち、5件が記入済みです。"), "{}", entry.letter);
}

/// A department that is asked for words alone gets them on the first sheet.
#[test]
fn a_form_may_ask_for_words_alone() {
    let master = read_master("事業,P1,1,漁業,水産課,,,,,,,,,,,,,,\n");
    let form = only_form(&master);
    let book = workbook::read(&workbook(&form, &master)).unwrap();
    assert_eq!(book.sheets[0].name, Form::FIELDS);
    let clerk = book.sheets[0].cells.values().any(|cell| *cell == text(CLERK_CELL));
    assert!(clerk && form.figures().is_empty());
    let outcome = collected(&master, vec![filled(&master, &[("P1 評価", text("Ａ"))])]);
    assert_eq!((outcome.changes.len(), outcome.writings.len()), (1, 0));
}

/// What is typed beside a text is no part of it, and is not lost.
#[test]
fn what_stands_beside_a_text_is_asked_about() {
    let master = read_master(ROWS);
    let mut book = workbook::read(&workbook(&only_form(&master), &master)).unwrap();
    let sheet = book.sheets.iter_mut().find(|sheet| sheet.name == Form::FIELDS).unwrap();
    let ((row, _), _) = sheet.cells.iter().find(|(at, cell)| at.1 == 3 && **cell == text("成果")).unwrap();
    let row = *row;
    sheet.cells.insert((row, u32::from(Form::FIELD_COLUMN)), text("新しい成果"));
    sheet.cells.insert((row, 7), text("要確認"));
    let (returned::Read::Form(returned), _) = returned::interpret(&book, "回答.xlsx") else { panic!() };
    let outcome = collected(&master, vec![*returned]);
    assert_eq!(said(&outcome.findings), ["W429 行の横に「要確認」とあります"]);
    assert_eq!((outcome.changes.len(), outcome.writings.len()), (0, 1));
}

/// What a clerk writes into a cell for words.
fn written() -> impl Strategy<Value = Option<&'static str>> {
    let texts =
        vec!["増えた。", "一行め\n二行め", "Ａ", "B", "見直し", "見直す", "2人", "3", "—", "#REF!", "調査中"];
    prop::option::of(prop::sample::select(texts))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// 文章の欄に何が書かれ、行がどう動いても、マスタに入る文章は、横に名前のある項目の、
    /// そこに書かれていたものである。そうでなければ確認事項になる。
    #[test]
    fn words_reach_the_name_that_stood_beside_them(answers in prop::collection::vec(written(), 7), how in moves()) {
        let master = read_master(ROWS);
        let form = only_form(&master);
        let mut book = workbook::read(&workbook(&form, &master)).unwrap();
        let sheet = book.sheets.iter_mut().find(|sheet| sheet.name == Form::FIELDS).unwrap();
        let (rows, input) = (form.fields().len() as u32, u32::from(Form::FIELD_COLUMN));
        for (row, answer) in (FIRST..FIRST + rows).zip(&answers) {
            if let Some(answer) = answer {
                sheet.cells.insert((row, input), text(answer));
            }
        }
        moved(sheet, rows, &how);
        let sheet = sheet.clone();
        let shows = |row: u32, column: u32| normal(&sheet.shown((row, column)).unwrap_or_default());
        let (returned::Read::Form(returned), findings) = returned::interpret(&book, "回答.xlsx") else { panic!() };
        let mut outcome = collected(&master, vec![*returned]);
        outcome.findings.append(findings);
        for change in &outcome.changes {
            let beside = (FIRST..=FIRST + rows).any(|row| {
                shows(row, 3) == change.item && shows(row, 2) == change.owner && says_the_same(&change.new, &shows(row, input))
            });
            prop_assert!(beside, "{change:?} after {how:?}\n{:?}", said(&outcome.findings));
        }
        // What did not get there is told, but for what the master says anyhow.
        let told = told(&outcome);
        for row in FIRST..=FIRST + rows {
            let shown = shows(row, input);
            let is_known = form.fields().iter().any(|row| row.current.printed() == shown);
            let is_taken = outcome.changes.iter().any(|change| says_the_same(&change.new, &shown));
            prop_assert!(is_known || is_taken || told.contains(&shown), "「{shown}」 after {how:?}\n{told}");
        }
    }
}

/// What a master says and what is answered, of a project: its text, its choice, its cost.
type Planned = Vec<((String, String), (Option<usize>, Option<usize>), (u32, Option<u32>))>;

fn planned() -> impl Strategy<Value = Planned> {
    let words = || "[ぁ-んァ-ヶ一-龠Ａ-Ｚa-z0-9,\"'。、・ 　\n]{0,40}";
    let choice = || prop::option::of(0usize..3);
    let costs = (1u32..29_000, prop::option::of(1u32..29_000));
    prop::collection::vec(((words(), words()), (choice(), choice()), costs), 1..6)
}

fn thousands(number: u32) -> String {
    match number {
        0..1000 => format!("{number}千円"),
        _ => format!("{},{:03}千円", number / 1000, number % 1000),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// 配り、記入し、集めると、ちょうど記入したとおりのマスタになる。
    #[test]
    fn words_and_costs_come_back_as_they_were_written(plan in planned()) {
        const CHOICES: [&str; 3] = ["Ａ", "Ｂ", "見直し"];
        let choice = |at: Option<usize>| at.map_or("", |at| CHOICES[at]);
        let mut rows = String::new();
        for (at, ((words, _), (chosen, _), (last, _))) in plan.iter().enumerate() {
            let words = words.replace('"', "\"\"");
            rows.push_str(&format!("事業,P{at},{at},事業{at},水産課,,,,,,,,,,{},\"{words}\",,,\n", choice(*chosen)));
            rows.push_str(&format!("事業費,P{at}-C,,計,,,,,,,,,\"{}\",,,,,,\n", thousands(*last)));
        }
        let master = read_master(&rows);
        let untouched = collected(&master, vec![filled(&master, &[])]);
        prop_assert!(untouched.findings.is_empty() && untouched.changes.is_empty(), "{:?}", said(&untouched.findings));

        let mut returned = filled(&master, &[]);
        let mut expected = Vec::new();
        for row in &mut returned.rows {
            let name = row.key.id[1..].split([' ', '-']).next().unwrap();
            let (at, project) = (name.parse::<usize>().unwrap(), &master.plan.projects().collect::<Vec<_>>());
            let ((_, words), (_, chosen), (_, cost)) = &plan[at];
            let words = normal(words);
            let (cell, column, answer) = match row.key.id.split_once([' ', '-']).unwrap().1 {
                "評価" => (text(choice(*chosen)), master::Column::Declared(0), choice(*chosen).to_owned()),
                "成果" => (text(&words), master::Column::Declared(1), words),
                "C" => match cost {
                    Some(cost) => (number(f64::from(*cost)), master::Column::Actual(r5()), thousands(*cost)),
                    None => continue,
                },
                _ => continue,
            };
            // What is emptied is asked about.
            if answer.is_empty() {
                continue;
            }
            row.input.content = Some(cell);
            row.remark = "理由".into();
            let of = if column == master::Column::Actual(r5()) { project[at].costs[0].row } else { project[at].row };
            // What says the same is left as it stands.
            let is_same = normal(master.source.cell(of, column)) == answer;
            if !is_same {
                expected.push((of, column, answer));
            }
        }
        let outcome = collected(&master, vec![returned]);
        prop_assert!(outcome.findings.is_empty(), "{:?}", said(&outcome.findings));
        let [written, expected] = [outcome.edits(), expected].map(|edits| master.source.rewrite(&edits).unwrap());
        prop_assert_eq!(String::from_utf8(written.clone()).unwrap(), String::from_utf8(expected).unwrap());
        let (_, findings) = master::read(&written, "master.csv", &settings());
        prop_assert!(!findings.has_errors());
    }
}
