//! What a city can get wrong in a block, and where it is told so.
#![allow(clippy::unwrap_used)]

use crate::finding::{Finding, Findings};
use crate::layout::template::{Level, PageUse, Template, shipped, shipped_names};
use crate::settings::Settings;

/// A block of 施策 whose line is on the third line.
fn block(line: &str) -> String {
    format!("[[block]]\nper = \"施策\"\n{line}\n")
}

/// A table of KPI with these rows on the fifth line.
fn table(rows: &str) -> String {
    format!(
        "[[block]]\nper = \"施策\"\neach = \"KPI\"\ncolumns = [200, {{ figure = 20 }}, {{ years = 20 }}]\n{rows}\n"
    )
}

fn read(text: &str) -> Result<Template, Findings> {
    Template::read(format!("format = 2\n{text}").as_bytes(), "市.toml")
}

fn refused(text: &str) -> Findings {
    read(text).unwrap_err()
}

/// `line: 「what it points at」 message` of a fault, lines counted behind that of the format.
fn shown(fault: &Finding) -> String {
    let place = fault.place.as_ref().unwrap();
    let excerpt = place.excerpt.as_ref().unwrap();
    let message = fault.message().replacen("テンプレートを使えません。", "", 1);
    format!("{}: {} {message}", place.line.unwrap() - 1, &excerpt.text[excerpt.span.clone()])
}

/// Of the first fault.
fn fault(text: &str) -> String {
    shown(refused(text).iter().next().unwrap())
}

#[test]
fn all_templates_that_are_shipped_can_be_read() {
    for name in shipped_names() {
        let template = Template::read(shipped(name).unwrap().as_bytes(), name).unwrap();
        assert!(!template.blocks.is_empty(), "{name}");
    }
}

#[test]
fn what_a_block_is_printed_for_is_a_level() {
    assert_eq!(
        fault("[[block]]\nper = \"施錯\"\ncolumns = [273]\nrows = [[\"\"]]"),
        "2: \"施錯\" 「施錯」という値は書けません。「施策」ではありませんか"
    );
    assert_eq!(
        fault("[[block]]\nper = \"計画\"\ncolumns = [273]\nrows = [[\"\"]]"),
        "2: \"計画\" sheet.per が「基本目標」のときは、per に「計画」と書けません"
    );
    assert_eq!(
        fault("[[block]]\ncolumns = [273]\nrows = [[\"\"]]"),
        "1: [[block]] [[block]] に per（計画・基本目標・数値目標・分野・施策・KPI・事業・事業量・事業費）がありません"
    );
    assert_eq!(
        fault(&block("each = \"分野\"\ncolumns = [273]\nrows = [[\"\"]]")),
        "3: \"分野\" 「分野」という値は書けません。書けるのは、KPI、事業、事業量、事業費です"
    );
}

#[test]
fn what_a_mark_takes_is_of_its_record() {
    let cell = |text: &str| fault(&block(&format!("columns = [273]\nrows = [[\"{text}\"]]")));
    assert_eq!(
        cell("{目的}"),
        "4: {目的} 施策に「目的」という項目はありません。書けるのは、ID、番号、名称です"
    );
    assert_eq!(
        cell("{施錯.名称}"),
        "4: \"{施錯.名称}\" 「{施錯.名称}」の「施錯」という段はありません。「施策」ではありませんか"
    );
    assert_eq!(cell("{事業.名称}"), "4: {事業.名称} 施策ごとの欄から、事業の「名称」は取り出せません");
    assert_eq!(
        cell("{事業費「計」.決算.今年度}"),
        "4: {事業費「計」.決算.今年度} 施策ごとの欄に、事業費は書けません"
    );
    assert_eq!(
        cell("{年度}"),
        "4: {年度} {年度} は、年度の列（years）の欄にだけ書けます。ほかの欄では {今年度} と書きます"
    );
    assert_eq!(cell("{備考}"), "4: \"{備考}\" 「{備考}」は使えません。備考は、議会の文書に印刷しません");
    assert_eq!(cell("{名称.今年度}"), "4: {名称.今年度} 「名称」に年度は付けられません");
    assert_eq!(cell("{名称"), "4: \"{名称\" 「{名称」の { と } が対になっていません");
}

#[test]
fn a_figure_of_a_year_stands_in_a_column_of_years() {
    let expected =
        "「実績」は年度ごとの数値です。年度の列（years）の欄に書くか、{実績.今年度} のように年度を付けます";
    assert_eq!(
        fault(&table("rows = [[\"{名称}\", \"{実績}\", \"{実績}\"]]")),
        format!("5: {{実績}} {expected}")
    );
    assert!(read(&table("rows = [[\"{名称}\", \"{実績.前年度}\", \"{実績}\"]]")).is_ok());
    // Over all years there is none that is meant.
    assert_eq!(
        fault(&table("rows = [[\"{名称}\", \"\", { text = \"{実績}\", span = \"years\" }]]")),
        format!("5: {{実績}} {expected}")
    );
}

#[test]
fn rows_have_a_cell_for_every_column() {
    assert_eq!(
        fault(&table("rows = [[\"{名称}\", \"{実績.今年度}\"]]")),
        "5: [\"{名称}\", \"{実績.今年度}\"] 欄が2個あります。列は3個です（つなげる欄にも \"<\" や \"^\" を書きます）"
    );
    assert_eq!(fault(&table("rows = []")), "5: [] rows に行がありません");
    assert_eq!(fault(&block("rows = [[\"\"]]")), "1: [[block]] columns（列の幅）がありません");
    assert_eq!(fault(&block("columns = [273]")), "1: [[block]] rows（行）がありません");
    assert_eq!(
        fault(&block("columns = [1.5]\nrows = [[\"\"]]")),
        "3: 1.5 1.5 は使えません。書けるのは 2～1000 mm です"
    );
    assert_eq!(
        fault(&block("columns = [{ yaers = 19 }]\nrows = [[\"\"]]")),
        "3: { yaers = 19 } 列は、88 か { fixed = 7 } か { figure = 19 } か { years = 19 } のように書きます"
    );
    assert_eq!(
        fault(&block("columns = [{ years = 19 }, { years = 19 }]\nrows = [[\"\", \"\"]]")),
        "3: [{ years = 19 }, { years = 19 }] 年度の列（years）は、1つの表に1組だけ書けます"
    );
}

/// What stands in for a block stands right below it.
#[test]
fn a_stand_in_has_a_block_before_it() {
    let own = "without = \"KPI\"\ncolumns = [273]\nrows = [[\"\"]]";
    let why = "without のブロックのすぐ上には、per が同じで without のないブロックがいります";
    assert_eq!(fault(&block(own)), format!("1: [[block]] {why}"));
    let before = "[[block]]\nper = \"基本目標\"\ncolumns = [273]\nrows = [[\"\"]]\n";
    let stands_in = format!("{before}[[block]]\nper = \"基本目標\"\n{own}");
    assert!(read(&stands_in).is_ok());
    assert!(read(&format!("{stands_in}\n[[block]]\nper = \"基本目標\"\n{own}")).is_err());
}

#[test]
fn joined_cells_make_a_rectangle() {
    let rows = |rows: &str| fault(&block(&format!("columns = [91, 91, 91]\nrows = [\n{rows}\n]")));
    assert_eq!(rows("[\"<\", \"\", \"\"]"), "5: \"<\" 最も左の欄に \"<\" は書けません");
    assert_eq!(rows("[\"^\", \"\", \"\"]"), "5: \"^\" 最も上の行に \"^\" は書けません");
    assert_eq!(
        rows("[\"甲\", \"<\", \"\"],\n[\"^\", \"乙\", \"\"]"),
        "5: \"甲\" つなげた欄が、四角形になりません"
    );
    // An L: what stands at its foot on the right belongs to it too.
    assert_eq!(
        rows("[\"甲\", \"乙\", \"\"],\n[\"^\", \"<\", \"\"]"),
        "5: \"甲\" つなげた欄が、四角形になりません"
    );
    // The first row of a record stands below another record's.
    let headed = "head = [[\"項目\", \"\", \"\"]]\nrows = [[\"^\", \"\", \"\"], [\"乙\", \"\", \"\"]]";
    assert_eq!(fault(&table(headed)), "6: \"^\" 最も上の行に \"^\" は書けません");
    let label = "head = [[\"項目\", \"\", \"\"]]\nrows = [[\"^\", \"\", \"\"], [\"^\", \"\", \"\"]]";
    assert!(read(&table(label)).is_ok());
}

/// Such cells would lie on others, once there are several years or records.
#[test]
fn cells_over_years_and_records_are_over_all_of_them() {
    let of_years =
        |row: &str| fault(&block(&format!("columns = [100, {{ years = [19, 19] }}]\nrows = [\n{row}\n]")));
    assert_eq!(
        of_years("[\"甲\", \"<\", \"\"]"),
        "5: \"\" 最初の欄が \"<\" の年度の列では、ほかの欄も \"<\" にします"
    );
    let spanning = "{ text = \"甲\", span = \"years\" }";
    assert!(of_years(&format!("[\"\", {spanning}, \"\"]")).starts_with("5: \"\" "));
    assert!(of_years(&format!("[\"\", \"乙\", {spanning}]")).starts_with("5: "));
    let joined = "{ text = \"{施策.名称}\", join = \"施策\" }";
    let whole = "join は、1件の行の全部に立つ欄に書きます（1行目に書き、下の行の欄はどれも \"^\"）";
    for rows in [
        format!("[{joined}, \"\", \"\"], [\"乙\", \"\", \"\"]"),
        format!("[\"\", \"\", \"\"], [{joined}, \"\", \"\"]"),
    ] {
        assert_eq!(fault(&table(&format!("rows = [{rows}]"))), format!("5: {joined} {whole}"));
    }
}

#[test]
fn what_joins_rows_is_what_they_belong_to() {
    let join =
        |word: &str| table(&format!("rows = [[{{ text = \"{{名称}}\", join = \"{word}\" }}, \"\", \"\"]]"));
    assert_eq!(
        fault(&join("事業")),
        "5: \"事業\" KPIの行を「事業」でまとめることはできません。書けるのは、計画、基本目標、分野、施策です"
    );
    // A word that is no level is a column that the plan has to declare.
    let template = read(&join("グループ")).unwrap();
    let settings = "[plan]\nid = \"計\"\ncity = \"市\"\noffice = \"室\"\nname = \"計\"\ntitle = \"実績\"\n";
    let fields =
        |more: &str| Settings::read(format!("{settings}{more}").as_bytes(), "plan.toml").unwrap().fields;
    let undeclared: Vec<String> = template.undeclared(&fields("")).iter().map(shown).collect();
    assert_eq!(undeclared.len(), 1);
    assert!(
        undeclared[0].starts_with("5: \"グループ\" KPIに「グループ」という項目はありません。"),
        "{undeclared:?}"
    );
    let of = |kind: &str| format!("[[fields]]\nname = \"グループ\"\nrows = [\"{kind}\"]\n");
    assert!(template.undeclared(&fields(&of("KPI"))).is_empty());
    let other: Vec<String> = template.undeclared(&fields(&of("事業"))).iter().map(shown).collect();
    assert_eq!(
        other,
        ["5: \"グループ\" 「グループ」は、KPIの項目ではありません。\
          plan.toml の [[fields]] で、rows に「KPI」を加えてください"]
    );
}

#[test]
fn keys_and_values_of_a_block_are_known() {
    let line = |line: &str| fault(&block(&format!("{line}\ncolumns = [273]\nrows = [[\"\"]]")));
    assert_eq!(line("summery = \"\""), "3: summery 「summery」という設定項目はありません");
    assert_eq!(line("page = \"nwe\""), "3: \"nwe\" 「nwe」という値は書けません。「new」ではありませんか");
    assert_eq!(line("heading = 7"), "3: 7 7 は使えません。書けるのは 1～6 です");
    assert_eq!(line("least = 21"), "3: 21 21 は使えません。書けるのは 0～20 です");
    assert_eq!(
        line("gap = \"広い\""),
        "3: \"広い\" 設定の値が正しくありません。数を書くところに文字が書かれています"
    );
    assert_eq!(line("reprints = true"), "3: true reprints は、per = \"事業\" のブロックにだけ書けます");
    let cell = |cell: &str| fault(&block(&format!("columns = [273]\nrows = [[{cell}]]")));
    assert_eq!(cell("{ txet = \"\" }"), "4: txet 「txet」という設定項目はありません");
    assert_eq!(
        cell("{ text = \"\", style = \"headr\" }"),
        "4: \"headr\" 「headr」という値は書けません。「header」ではありませんか"
    );
    assert_eq!(
        cell("{ text = \"\", span = \"years\" }"),
        "4: \"years\" span = \"years\" は、年度の列（years）の最初の欄に書きます"
    );
    let long = cell(&format!("\"{}\"", "長".repeat(201)));
    assert!(long.ends_with("文字が長すぎます。書けるのは200字までです"), "{long}");
}

#[test]
fn a_heading_is_no_cell_of_a_table() {
    let text = table("heading = 1\nrows = [[\"{名称}\", \"\", \"\"]]");
    assert_eq!(fault(&text), "5: 1 heading は、head も each もない行の欄に書きます");
}

#[test]
fn parts_side_by_side_are_written_under_beside() {
    let part = "[[block.beside]]\neach = \"KPI\"\ncolumns = [100]\nrows = [[\"{名称}\"]]\n";
    let text = format!("[[block]]\nper = \"施策\"\nleast = 2\n{part}");
    assert_eq!(fault(&text), "3: 2 least は、[[block.beside]] の下に書きます");
    let text = format!("[[block]]\nper = \"施策\"\n{part}{part}");
    assert!(
        fault(&text).ends_with("横に並べる部分のうち、head や each を書けるのは1つだけです"),
        "{}",
        fault(&text)
    );
}

/// What stands again on every page is printed once a sheet, above all that goes on.
#[test]
fn what_stands_again_stands_first() {
    let one = |per: &str, page: &str| {
        format!("[[block]]\nper = \"{per}\"\n{page}columns = [273]\nrows = [[\"{{名称}}\"]]\n")
    };
    let repeat = "page = \"repeat\"\n";
    let good = [one("基本目標", ""), one("基本目標", repeat), one("施策", "")].concat();
    let template = read(&good).unwrap();
    assert_eq!((template.blocks[1].page, template.blocks[1].per), (PageUse::Repeat, Level::Goal));
    for (line, bad) in [
        (3, one("施策", repeat)),
        (7, [one("施策", ""), one("基本目標", repeat)].concat()),
        (12, [one("基本目標", repeat), one("基本目標", ""), one("基本目標", repeat)].concat()),
    ] {
        let told = fault(&bad);
        assert!(told.starts_with(&format!("{line}: \"repeat\" page = \"repeat\" ")), "{told}");
    }
    let table = format!(
        "[[block]]\nper = \"基本目標\"\n{repeat}each = \"KPI\"\ncolumns = [273]\nrows = [[\"{{名称}}\"]]\n"
    );
    assert!(fault(&table).ends_with("page = \"repeat\" のブロックに each は書けません"));
}

/// All that is wrong is told at once, from top to bottom.
#[test]
fn every_fault_is_told() {
    let text = table("rows = [[\"{名前}\", \"{実績}\", { text = \"{目的}\", stile = \"text\" }]]");
    let faults: Vec<String> = refused(&text).iter().map(shown).collect();
    assert_eq!(
        faults,
        [
            "5: {実績} 「実績」は年度ごとの数値です。年度の列（years）の欄に書くか、{実績.今年度} のように年度を付けます",
            "5: {目的} KPIに「目的」という項目はありません。「目標」ではありませんか",
            "5: stile 「stile」という設定項目はありません",
        ]
    );
}
