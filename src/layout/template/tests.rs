#![allow(clippy::unwrap_used)]

use super::*;
use crate::layout::grid::VerticalAlign;

const CHANGES: &str = "[contents]\ngap = 2\n[style.band]\nvalign = \"top\"";

#[test]
fn the_official_template_is_valid_and_fills_the_page() {
    let template = Template::official();
    let room = template.page.paper.width - template.page.margin.left - template.page.margin.right;
    let width = |column: &ColumnSpec| match column {
        ColumnSpec::Text(width)
        | ColumnSpec::Fixed(width)
        | ColumnSpec::Fit(width)
        | ColumnSpec::Figure(width) => *width,
        ColumnSpec::Years { widths, .. } => widths.iter().sum::<Length>() * 4,
    };
    assert_eq!(template.blocks.len(), 7);
    for block in &template.blocks {
        let columns = block.parts.iter().flat_map(|part| &part.columns);
        assert_eq!(columns.map(width).sum::<Length>(), room, "{block:?}");
    }
}

#[test]
fn a_city_changes_only_what_it_names() {
    let template = Template::read(CHANGES.as_bytes(), "市.toml").unwrap();
    assert_eq!(template.contents.gap, Length::mm(2.0));
    assert_eq!(template.contents.levels, 3);
    assert_eq!(template.style("band").valign, VerticalAlign::Top);
    assert!(template.style("band").bold);
    assert_eq!(template.blocks.len(), 7);
}

/// Of blocks a city has none of its own, or all; of the rest only what it names.
#[test]
fn a_city_with_a_block_of_its_own_has_no_other() {
    let own = "format = 2\n[[block]]\nper = \"基本目標\"\ncolumns = [273]\nrows = [[{ text = \"{名称}\", style = \"own\" }]]\n";
    let template = Template::read(format!("{own}[style.own]\nsize = 12").as_bytes(), "市.toml").unwrap();
    assert_eq!(template.blocks.len(), 1);
    assert_eq!(template.style("own").size, Length::pt(12.0));
    // What a style of the city's own does not say has its default.
    assert_eq!(template.style("own").leading, 1.25);
    assert_eq!(template.words.new, "【新規】");
}

#[test]
fn a_template_may_stand_on_any_that_is_shipped() {
    let text = "base = \"kpi-sheet.toml\"\n[contents]\nlevels = 2";
    let based = Template::read(text.as_bytes(), "市.toml").unwrap();
    let shipped = Template::read(shipped("kpi-sheet.toml").unwrap().as_bytes(), "kpi-sheet.toml").unwrap();
    assert_eq!(format!("{:?}", based.blocks), format!("{:?}", shipped.blocks));
    assert_eq!((based.contents.levels, shipped.contents.levels), (2, 0));
    // Its base has no blocks of its own, but those of the official one.
    let roomy = Template::read(b"base = \"roomy.toml\"\n[contents]\nlevels = 2", "市.toml").unwrap();
    assert_eq!((roomy.blocks.len(), roomy.style("text").leading), (7, 1.3));
}

/// What is kept in an archive means the same without the official template.
#[test]
fn a_whole_template_stands_alone() {
    // Where blocks stand in their file is no part of what they mean.
    let shown = |mut template: Template| {
        template.blocks.iter_mut().for_each(|block| block.span = 0..0);
        template.declared.clear();
        format!("{template:?}")
    };
    for changes in ["", CHANGES, "base = \"kpi-sheet.toml\""] {
        let whole = Template::whole_text(changes.as_bytes(), "市.toml").unwrap();
        let alone = Template::whole(whole.as_bytes(), "様式.toml").unwrap();
        assert_eq!(shown(alone), shown(Template::read(changes.as_bytes(), "市.toml").unwrap()));
    }
    assert!(Template::whole(CHANGES.as_bytes(), "様式.toml").is_err());
}

/// Everything the template cannot mean is refused, all of it at once, with its line.
#[test]
fn what_the_template_cannot_mean_is_refused() {
    let faults = |changes: &str| {
        let findings = Template::read(changes.as_bytes(), "市.toml").unwrap_err();
        let shown = |f: &Finding| format!("{} {}: {}", f.code(), f.place.as_ref().unwrap(), f.message());
        findings.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(
        faults("[contents]\ngpa = 21\ngap = -1\nlevels = \"広い\"\n[style.band]\ncolour = \"青\"\nsise = 3"),
        [
            "E122 市.toml 2行目 1文字目: 「contents.gpa」という設定項目はありません",
            "E129 市.toml 3行目 7文字目: 「contents.gap」に -1 は使えません。書けるのは 0～50 mm です",
            "E124 市.toml 4行目 10文字目: 設定の値が正しくありません。整数を書くところに文字「広い」が書かれています",
            "E129 市.toml 6行目 10文字目: 「青」は色として読めません（例 \"#1F3864\"）",
            "E122 市.toml 7行目 1文字目: 「style.band.sise」という設定項目はありません",
        ]
    );
    assert_eq!(
        faults("[contents]\ngap = "),
        ["E121 市.toml 2行目: 設定ファイルの書き方に誤りがあります（文字が「\"」で囲まれていません）"]
    );
    assert_eq!(
        faults("[page]\nmargin = { left = 200, right = 90, top = 1, bottom = 1 }"),
        [
            "E128 市.toml 1行目 2文字目: テンプレートを使えません。余白を引いた紙面が 50 mm に足りません（page）"
        ]
    );
    assert_eq!(
        faults("[page]\nnumber = { baseline = 20 }\n[style.value]\nsize = 9\ncolour = \"#FFFFF0\""),
        [
            "E128 市.toml 2行目 1文字目: テンプレートを使えません。ページ番号が下の余白に収まらず、表に重なります（page.number）",
            "E128 市.toml 3行目 8文字目: テンプレートを使えません。文字の色が地の色に近く、読めません（明るさの比 1.0、1.5 以上にします）（style.value）",
        ]
    );
}

/// What only the file as a whole shows.
#[test]
fn a_style_of_no_use_and_a_base_of_no_file_are_refused() {
    let fault = |changes: &str| {
        let findings = Template::read(changes.as_bytes(), "市.toml").unwrap_err();
        let fault = findings.iter().next().unwrap();
        format!("{}: {}", fault.place.as_ref().unwrap(), fault.message())
    };
    assert_eq!(
        fault("format = 2\n[style.bnad]\nsize = 9"),
        "市.toml 2行目 8文字目: テンプレートを使えません。style.bnad を使う欄がありません。「band」ではありませんか"
    );
    assert_eq!(
        fault("base = \"kpi-shete.toml\""),
        "市.toml 1行目 8文字目: テンプレートを使えません。base に書いた「kpi-shete.toml」という様式は、\
         プログラムに入っていません。「kpi-sheet.toml」ではありませんか"
    );
    assert_eq!(
        fault("\nformat = 1"),
        "市.toml 2行目 1文字目: テンプレートを使えません。format = 1 の様式は読めません。\
         このプログラムが読むのは format = 2 です"
    );
}

#[test]
fn labels_are_filled_in_one_pass() {
    assert_eq!(fill("（{number}）{name}{x}", &[("number", "{name}"), ("name", "ア")]), "（{name}）ア{x}");
}
