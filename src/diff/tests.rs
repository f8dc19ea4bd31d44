#![allow(clippy::unwrap_used)]

mod declared;

use super::*;
use crate::documents::{self, Design, Ingredients, Request};
use crate::layout::PageIndex;
use crate::layout::errata::Wording;
use crate::layout::grid::Document;
use crate::layout::template::Template;
use crate::master::{self, Master};
use crate::plan::FiscalYear;

const SETTINGS: &str =
    "[plan]\nid = \"計画\"\ncity = \"市\"\noffice = \"室\"\nname = \"計画\"\ntitle = \"実績一覧\"\n";
const HEAD: &str = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,備考\n";
const ROWS: &str = "基本目標,G1,1,稼ぐ,,,,,,,,,,
数値目標,G1-T1,①,人口,,,,,,4年で50%,40%,41%,42%,
分野,G1-A,ア,経済,,,,,,,,,,
施策,G1-A-1,①,農業,,,,,,,,,,
KPI,G1-A-1-K1,①,就業者,,,,,,4年で15人増加,17人,4人,3人,
事業,P001,1,甲事業,農林課,,,目的です,内容です,,,,,
事業量,P001-1,,件数,,,,,,,,6件,4件,
事業,P002,2,乙事業,農林課,,,,,,,,,
事業,P003,3,丙事業,農林課,,,,,,,,,
施策,G1-A-2,②,漁業,,,,,,,,,,
事業,P004,4,丁事業,水産課,,,,,,,,,
再掲,,,,,,P001,,,,,,,
";

fn settings() -> Settings {
    Settings::read(SETTINGS.as_bytes(), "plan.toml").unwrap()
}

fn read(rows: &str) -> Master {
    let (master, findings) = master::read(format!("{HEAD}{rows}").as_bytes(), "master.csv", &settings());
    assert!(!findings.has_errors(), "{findings:?}");
    master.unwrap()
}

/// The document of a plan.
fn document(master: &Master, settings: &Settings, template: &Template) -> Document {
    let design = Design { template: template.clone(), ..Design::official(settings.documents[0].clone()) };
    let from = Ingredients { master, settings, designs: &[design] };
    let request = Request {
        year: FiscalYear::starting(2022),
        date: "2024-06-10".parse().unwrap(),
        printed_date: None,
        draft: false,
        edition: None,
        program: crate::render::Program::this(),
    };
    documents::set(&from, &request).unwrap().documents.swap_remove(0).document
}

/// `code old → new` of each change that these replacements in the master make.
fn changes(replacements: &[(&str, &str)]) -> Vec<String> {
    let new = replacements.iter().fold(ROWS.to_owned(), |rows, (from, to)| {
        assert!(rows.contains(from), "{from}");
        rows.replace(from, to)
    });
    let (old, new, settings) = (read(ROWS), read(&new), settings());
    let found =
        compare(Side { plan: &old.plan, settings: &settings }, Side { plan: &new.plan, settings: &settings });
    found.iter().map(shown).collect()
}

fn shown(c: &Change) -> String {
    format!("{} {} {} → {}", c.id, c.what.word(), c.old, c.new).replace('\n', "/")
}

#[test]
fn a_plan_does_not_differ_from_itself() {
    assert!(changes(&[]).is_empty());
}

#[test]
fn values_and_texts_are_matched_by_id() {
    assert_eq!(
        changes(&[
            ("41%,42%", "41%,43%"),
            ("甲事業", "新しい名の事業"),
            ("内容です", ""),
            ("17人", "18人"),
            ("4年で15人増加", "4年で20人増加"),
            ("P003,3,", "P003,30,"),
        ]),
        [
            "G1-T1 R4実績 42% → 43%",
            "G1-A-1-K1 目標 4年で15人増加 → 4年で20人増加",
            "G1-A-1-K1 基準値 17人 → 18人",
            "P001 名称 甲事業 → 新しい名の事業",
            "P001 内容 内容です → ",
            "P003 番号 3 → 30",
        ]
    );
}

#[test]
fn what_is_new_and_what_is_gone_stands_in_order() {
    assert_eq!(
        changes(&[
            ("事業,P002,2,乙事業,農林課,,,,,,,,,\n", ""),
            ("事業,P004", "事業,P009,9,戊事業,水産課,,,,,,,,,\n事業,P004"),
            ("再掲,,,,,,P001,,,,,,,\n", ""),
        ]),
        [
            "P002 削除 番号：2/乙事業/担当課：農林課 → ",
            "P009 追加  → 番号：9/戊事業/担当課：水産課",
            "P001 削除 甲事業 → ",
        ]
    );
}

#[test]
fn what_moves_is_not_new() {
    assert_eq!(
        changes(&[
            ("事業,P003,3,丙事業,農林課,,,,,,,,,\n", ""),
            ("事業,P004", "事業,P003,3,丙事業,農林課,,,,,,,,,\n事業,P004"),
        ]),
        ["P003 移動 基本目標1（ア）① → 基本目標1（ア）②"]
    );
    assert_eq!(
        changes(&[
            ("事業,P003,3,丙事業,農林課,,,,,,,,,\n", ""),
            ("事業,P001,1", "事業,P003,3,丙事業,農林課,,,,,,,,,\n事業,P001,1"),
        ]),
        ["P003 順番 事業「乙事業」の次 → KPI「就業者」の次"]
    );
}

#[test]
fn remarks_differ_but_are_not_printed() {
    let (old, new, settings) = (read(ROWS), read(&ROWS.replace("3人,", "3人,要確認")), settings());
    let side = |plan| Side { plan, settings: &settings };
    let found = compare(side(&old.plan), side(&new.plan));
    assert_eq!(found.len(), 1);
    assert!(errata::corrections(&found, &old.plan, &[], &Template::official()).is_empty());
}

/// A text with what is underlined in brackets.
fn marked(wording: &Wording) -> String {
    let mut marked = wording.text.clone();
    for part in wording.differing.iter().rev() {
        marked.insert(part.end, '〕');
        marked.insert(part.start, '〔');
    }
    marked
}

/// Of long texts only what differs is shown, between whole words and figures.
#[test]
fn a_long_text_is_shown_around_its_difference() {
    let purpose = |who: &str| {
        format!(
            "{}参加者は12345人、{who}は67890人とし、{}",
            "地域の力を生かす。".repeat(9),
            "町の声を聞く。".repeat(9)
        )
    };
    let with = |who: &str| read(&ROWS.replace("目的です", &purpose(who)));
    let (old, new, settings) = (with("講師"), with("助手"), settings());
    let side = |plan| Side { plan, settings: &settings };
    let changes = compare(side(&old.plan), side(&new.plan));
    let found = errata::corrections(&changes, &old.plan, &[], &Template::official());
    assert_eq!(marked(&found[0].wrong), "…生かす。参加者は12345人、〔講師〕は67890人とし、町の声を聞…");
    assert_eq!(marked(&found[0].right), "…生かす。参加者は12345人、〔助手〕は67890人とし、町の声を聞…");
}

#[test]
fn a_correction_names_every_page_of_the_old_document() {
    let changed = ROWS.replace("6件", "7件").replace("目的です", "目的だ");
    let changed = changed.replace("再掲,,,,,,P001,,", "再掲,,,,,,P001,別の目的,");
    let (old, new, settings) = (read(ROWS), read(&changed), settings());
    let side = |plan| Side { plan, settings: &settings };
    let template = Template::read(
        b"[page.paper]\nwidth = 297.0\nheight = 105.0\n[page.margin]\nbottom = 34.0",
        "様式.toml",
    );
    let template = template.unwrap();
    let index = PageIndex::of(&document(&old, &settings, &template));
    let mut pages = vec![errata::DocumentPages { name: "実績一覧".to_owned(), index }];
    let changes = compare(side(&old.plan), side(&new.plan));
    let shown = |pages: &[errata::DocumentPages]| {
        let corrections = errata::corrections(&changes, &old.plan, pages, &template).into_iter();
        let shown =
            corrections.map(|c| format!("{}|{}|{}|{}", c.place, c.item, marked(&c.wrong), marked(&c.right)));
        shown.collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&pages),
        [
            "2、3ページ\n基本目標1（ア）①|事業1「甲事業」\n目的|目的〔です〕|目的〔だ〕",
            "2、3ページ\n基本目標1（ア）①|事業1「甲事業」の事業量「件数」\n令和3年度実績|〔6〕件|〔7〕件",
            // It has no 目的 of its own yet, but a place.
            "3ページ\n基本目標1（ア）②|再掲「甲事業」\n目的|〔（元の事業と同じ）〕|〔別の目的〕",
        ]
    );

    // Of several documents each is named with its own pages, if it has any.
    pages.push(errata::DocumentPages { name: "評価シート".to_owned(), ..pages[0].clone() });
    pages.push(errata::DocumentPages { name: "予算書".to_owned(), ..Default::default() });
    assert_eq!(
        shown(&pages)[0],
        "実績一覧　2、3ページ\n評価シート　2、3ページ\n基本目標1（ア）①|事業1「甲事業」\n目的|目的〔です〕|目的〔だ〕"
    );
}
