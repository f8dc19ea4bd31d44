use proptest::prelude::*;

use rust_decimal::Decimal;

use super::*;

fn read(text: &str) -> Result<Value, ValueError> {
    Value::parse(text, &Vocabulary::default())
}

/// `prefix|number|unit` of a figure.
fn parts(text: &str) -> String {
    match read(text) {
        Ok(Value::Quantity(q)) => {
            assert_eq!(q.printed, text.trim());
            let sign = if q.sign.is_empty() { String::new() } else { format!("({})", q.sign) };
            format!("{}{sign}|{}|{}", q.prefix, q.number, q.unit)
        }
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn the_figures_of_issued_documents_are_read() {
    for (text, expected) in [
        ("2,070人", "|2070|人"),
        ("55.4%", "|55.4|%"),
        ("55.4％", "|55.4|%"),
        ("延べ49,381人", "延べ|49381|人"),
        ("174人/日", "|174|人/日"),
        ("146.00億円", "|146.00|億円"),
        ("5,457千尾", "|5457|千尾"),
        ("326.6", "|326.6|"),
        ("2ヵ所", "|2|ヵ所"),
        ("780t", "|780|t"),
        ("10l", "|10|l"),
        ("１２３ 人", "|123|人"),
        ("１，２３４．５人", "|1234.5|人"),
        ("△3.2%", "(△)|-3.2|%"),
        ("△ 3.2%", "(△)|-3.2|%"),
        ("-5人", "(-)|-5|人"),
        ("－５人", "(-)|-5|人"),
        ("＋５人", "(+)|5|人"),
        ("780㎡", "|780|㎡"),
        ("780m²", "|780|m²"),
        ("12.5km³", "|12.5|km³"),
        ("１２.５㎞", "|12.5|㎞"),
        ("5ｹﾞｰﾑ", "|5|ゲーム"),
        ("5kg", "|5|kg"),
        ("5t車", "|5|t車"),
        ("5か所", "|5|か所"),
        ("12.5km/h", "|12.5|km/h"),
        ("120円/kg", "|120|円/kg"),
        ("3LDK", "|3|LDK"),
        ("5人分", "|5|人分"),
        ("23\n人", "|23|人"),
        ("3四半期", "|3|四半期"),
        ("5十億円", "|5|十億円"),
        ("10人（速報値）", "|10|人(速報値)"),
        ("36.5°C", "|36.5|°C"),
        ("5μg/m³", "|5|μg/m³"),
    ] {
        assert_eq!(parts(text), expected);
    }
}

#[test]
fn words_before_a_figure_may_stand_together() {
    for (text, expected) in [
        ("年111校", "年|111|校"),
        ("月2回", "月|2|回"),
        ("週１回", "週|1|回"),
        ("日20人", "日|20|人"),
        ("毎年3件", "毎年|3|件"),
        ("累計1,234人", "累計|1234|人"),
        ("約 30人", "約|30|人"),
        ("約年間延べ50人", "約年間延べ|50|人"),
        ("年間延べ46,000人", "年間延べ|46000|人"),
        ("全11校", "全|11|校"),
        ("計50人", "計|50|人"),
        ("平均50人", "平均|50|人"),
        ("月平均50人", "月平均|50|人"),
        ("見込50人", "見込|50|人"),
        ("合計延べ50人", "合計延べ|50|人"),
    ] {
        assert_eq!(parts(text), expected);
    }
    assert_eq!(read("約約約約5人"), Err(ValueError::UnknownPrefix));
}

#[test]
fn a_number_of_several_scales_is_one_number() {
    for (text, expected) in [
        ("1億2,345万円", "|12345|万円"),
        ("1億2345万円", "|12345|万円"),
        ("１億２，３４５万円", "|12345|万円"),
        ("2万3千人", "|23|千人"),
        ("2万3,456人", "|23456|人"),
        ("2万3人", "|20003|人"),
        ("1兆2億3万円", "|100020003|万円"),
        ("1億5千万円", "|15|千万円"),
        ("1億2,345.6万円", "|12345.6|万円"),
        ("1億2,345万6,789円", "|123456789|円"),
        ("約△1億2,345万円", "約(△)|-12345|万円"),
        ("5千300人", "|5300|人"),
    ] {
        assert_eq!(parts(text), expected);
    }
    for text in ["1億12,345万円", "1.5億2,000万円", "1億0,345万円", "1万2億円", "3千5千人", "2万3%"]
    {
        assert_eq!(read(text), Err(ValueError::UnknownUnit), "{text}");
    }
    assert_eq!(read("1億2,34万円"), Err(ValueError::MisplacedComma));
    assert_eq!(read("1億 2,345万円"), Err(ValueError::BlankInNumber(' ')));
    assert_eq!(read("1兆1234567890123456789012345678円"), Err(ValueError::UnknownUnit));
}

#[test]
fn marks_and_words_are_no_figures() {
    assert_eq!(read(""), Ok(Value::NotReported));
    assert_eq!(read(" 　"), Ok(Value::NotReported));
    assert_eq!(read("\u{FEFF}\u{200B}"), Ok(Value::NotReported));
    for mark in ["—", "-", "－", "ー", "─", "――"] {
        assert_eq!(read(mark), Ok(Value::NotApplicable(mark.into())));
    }
    assert_eq!(read("調査中"), Ok(Value::Word("調査中".into())));
    assert_eq!(read("調 査 中"), Ok(Value::Word("調 査 中".into())));
}

/// The lists of `plan.toml` are read like the cells.
#[test]
fn words_are_known_in_whatever_width() {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let vocabulary =
        Vocabulary::with(&own(&["第３位", "Ｎ／Ａ", "ﾃﾞｰﾀ なし", "①"]), &own(&["ｱﾝｹｰﾄ", " ＡＢ "]));
    for word in ["第３位", "第3位", "第 3位", "N/A", "データなし", "①"] {
        assert_eq!(Value::parse(word, &vocabulary), Ok(Value::Word(word.into())), "{word}");
    }
    for (text, prefix) in [("アンケート5件", "アンケート"), ("AB5件", "AB"), ("ＡＢ 5件", "AB")]
    {
        let value = Value::parse(text, &vocabulary).unwrap();
        assert_eq!(value.quantity().map(|q| q.prefix.as_str()), Some(prefix), "{text}");
    }
    assert_eq!(vocabulary.words().last().map(String::as_str), Some("①"), "as written, for the forms");
    // An empty word would be every empty cell.
    assert_eq!(Value::parse("", &Vocabulary::with(&own(&["", " "]), &[])), Ok(Value::NotReported));
}

#[test]
fn what_is_printed_in_place_of_a_figure_is_a_text() {
    for text in [
        "◎",
        "○",
        "〇",
        "△",
        "×",
        "A",
        "Ｂ",
        "S",
        "A+",
        "Ⅲ",
        "実施済",
        "未実施",
        "達成",
        "該当なし",
        "有",
        "たくさん",
        "多数",
        "策定中（素案）",
        "検討・調整",
        "基準値以下",
        "第3位",
        "第３位",
        "全国3位",
        "県内第12位",
        "第3回",
        "20～30人",
        "20〜30人",
        "20人～30人",
        "20～30",
        "約20～30人",
        "20人以上30人未満",
        "1,200～1,500千円",
        "10人（うち女性3人）",
        "10人(男性7人、女性3人)",
        "5件（令和5年3月末）",
        "12.5%（R5.3.31現在）",
        "5人（※1）",
        "1億2,345万円（見込み3件）",
        "1時間30分",
        "56歳8か月",
        "2年6ヶ月",
        "3泊4日",
        "10分30秒",
        "約1時間30分",
        "12※",
        "12人※",
        "※12人",
        "12人※1",
        "12*",
        "1,234人†",
        "5回・120人",
        "5回、120人",
        "男5人／女3人",
        "男5人　女3人",
        "小学校3校、中学校2校",
        "男性5人・女性3人",
        "3千5百万円",
        "5百3十人",
        "±0",
        "±0人",
        "3割5分",
        "3割5分2厘",
        "3分の1",
        "11校/11校",
        "9校／11校",
        "～30人",
        "20人～",
        "約20人～",
        "50m2",
        "1,200km2",
        "50人【速報】",
        "（速報）50人",
        "【速報】延べ50人",
        "前年比5%増",
        "前年度比△3%",
        "○（5件）",
        "◎(3件)",
        "実施済（2回）",
        "調査中※",
        "※未実施",
    ] {
        assert_eq!(read(text), Ok(Value::Text(text.into())), "{text}");
    }
}

#[test]
fn a_text_is_printed_without_what_nobody_sees() {
    assert_eq!(read("\u{FEFF}第3\u{200B}位\u{A0}"), Ok(Value::Text("第3位".into())));
    assert_eq!(read("男5人\n女3人"), Ok(Value::Text("男5人\n女3人".into())));
}

#[test]
fn a_slip_beside_a_digit_is_no_text() {
    use ValueError::{LetterForDigit, MisplacedComma, NoNumber, TooLong, UnknownPrefix, UnknownUnit};
    for (text, why) in [
        ("12,34人", MisplacedComma),
        ("1,,234人", MisplacedComma),
        ("1,234,人", MisplacedComma),
        (",123", UnknownPrefix),
        (".5", UnknownPrefix),
        ("5/3", UnknownUnit),
        ("2021-05-03", UnknownUnit),
        ("2021/5/3", UnknownUnit),
        ("5月3日", UnknownUnit),
        ("2021年5月", UnknownUnit),
        ("令和5年3月", UnknownPrefix),
        ("R5.3", UnknownPrefix),
        ("R4", UnknownPrefix),
        ("H30.4.1", UnknownPrefix),
        ("Apr-55", UnknownPrefix),
        ("5-May", UnknownUnit),
        ("1.2E+05", UnknownUnit),
        ("1E5", UnknownUnit),
        ("10人20人", UnknownUnit),
        ("10人・20人", UnknownUnit),
        ("30～20人", UnknownUnit),
        ("20-30人", UnknownUnit),
        ("1時間90分", UnknownUnit),
        ("30分1時間", UnknownUnit),
        ("10人（うち女性1,23人）", UnknownUnit),
        ("10人（?3）", UnknownUnit),
        ("1.2.3", UnknownUnit),
        ("1.2.3%", UnknownUnit),
        ("5.", UnknownUnit),
        ("5.人", UnknownUnit),
        ("--5", UnknownPrefix),
        ("$5", UnknownPrefix),
        ("=5", UnknownPrefix),
        ("1、234人", UnknownUnit),
        ("1ー2人", UnknownUnit),
        ("5ー", UnknownUnit),
        ("5ー人", UnknownUnit),
        ("5一", UnknownUnit),
        ("1二人", UnknownUnit),
        ("1О人", UnknownUnit),
        ("5/", UnknownUnit),
        ("5・", UnknownUnit),
        ("5)", UnknownUnit),
        ("5(人", UnknownUnit),
        ("5人()", UnknownUnit),
        ("5%%", UnknownUnit),
        ("5/3件", UnknownUnit),
        ("12345678901234567890123456789012", TooLong),
        ("#REF!", NoNumber),
        ("####", NoNumber),
        ("=SUM", NoNumber),
        ("TRUE", NoNumber),
        ("NaN", NoNumber),
        ("人", NoNumber),
        ("%", NoNumber),
        ("千円", NoNumber),
        ("人/日", NoNumber),
        ("延べ", NoNumber),
        ("?", NoNumber),
        ("、", NoNumber),
        ("l0人", LetterForDigit('l')),
        ("1O0人", LetterForDigit('O')),
        ("1OO人", LetterForDigit('O')),
        ("1o人", LetterForDigit('o')),
        ("I2人", LetterForDigit('I')),
        ("1〇人", LetterForDigit('〇')),
        ("1○0人", LetterForDigit('○')),
        ("１Ｏ人", LetterForDigit('O')),
        ("10l人", LetterForDigit('l')),
        ("2.O%", LetterForDigit('O')),
        ("1,O00人", LetterForDigit('O')),
        ("O", LetterForDigit('O')),
        ("O人", LetterForDigit('O')),
        ("Z人", LetterForDigit('Z')),
        ("ll件", LetterForDigit('l')),
        ("10人（うち女性l人）", LetterForDigit('l')),
        ("10人（男性O人、女性3人）", LetterForDigit('O')),
        ("1零人", UnknownUnit),
        ("5零", UnknownUnit),
        ("5S人", UnknownUnit),
        ("5A人", UnknownUnit),
        ("5B人", UnknownUnit),
        ("2E人", UnknownUnit),
        ("3x件", UnknownUnit),
        ("50人々", UnknownUnit),
        ("50人は", UnknownUnit),
        ("50件を", UnknownUnit),
        ("50人x", UnknownUnit),
        ("50人a", UnknownUnit),
        ("1,622人人", UnknownUnit),
        ("5件件", UnknownUnit),
        ("5団体団体", UnknownUnit),
        ("1億2,345", UnknownUnit),
        ("2万3", UnknownUnit),
        ("3割12分", UnknownUnit),
        ("3分の5", UnknownUnit),
        ("3百5千円", UnknownUnit),
        ("12校/11校", UnknownUnit),
        ("（1）50人", UnknownPrefix),
        ("±", NoNumber),
        ("～人", NoNumber),
        ("前年比5", UnknownPrefix),
        ("人（5件）", UnknownPrefix),
        ("全", NoNumber),
        ("平均", NoNumber),
        ("50m4", UnknownUnit),
    ] {
        assert_eq!(read(text), Err(why), "{text}");
    }
    let sentence = "あ".repeat(41);
    assert_eq!(read(&sentence), Err(NoNumber));
}

#[test]
fn a_mark_is_no_digit() {
    for (text, mark) in [
        ("54.1①", '①'),
        ("2.8¹", '¹'),
        ("①960", '①'),
        ("2.8²", '²'),
        ("5人²", '²'),
        ("5⁴人", '⁴'),
        ("3½人", '½'),
        ("½", '½'),
        ("⑴20", '⑴'),
        ("12㊿", '㊿'),
        ("2⒊4", '⒊'),
        ("①", '①'),
        ("5㏠", '㏠'),
        ("3㋀", '㋀'),
        ("５₂", '₂'),
        ("1٢3", '٢'),
        ("Ⅲ5人", 'Ⅲ'),
        ("10人（①）", '①'),
        ("𝟓人", '𝟓'),
        ("12❶", '❶'),
    ] {
        assert_eq!(read(text), Err(ValueError::Mark(mark)), "{text}");
    }
}

#[test]
fn a_blank_within_a_number_is_never_closed_up() {
    for (text, blank) in [
        ("2\n3", '\n'),
        ("2\r\n3人", '\r'),
        ("1 9人", ' '),
        ("1　9人", ' '),
        ("1,2 34", ' '),
        ("1, 234", ' '),
        ("1 ,234", ' '),
        ("5 .3%", ' '),
        ("5. 3%", ' '),
        ("1\t9", '\t'),
        ("1\u{200B}9", '\u{200B}'),
        ("1\u{FEFF}9", '\u{FEFF}'),
        ("1\u{A0}234", '\u{A0}'),
        ("2万 3千人", ' '),
        ("10人（うち女性1 3人）", ' '),
    ] {
        assert_eq!(read(text), Err(ValueError::BlankInNumber(blank)), "{text}");
    }
    for (text, expected) in [
        ("\u{200B}23人\u{FEFF}", "23人"),
        ("\u{A0}23\u{A0}人\u{A0}", "23\u{A0}人"),
        ("延べ\u{200B}23人", "延べ23人"),
        ("23\u{200B}人", "23人"),
    ] {
        let value = read(text).unwrap();
        assert_eq!((value.printed(), value.quantity().unwrap().number), (expected, 23.into()), "{text}");
    }
    assert_eq!(
        ValueError::BlankInNumber('\u{200B}').to_string(),
        "数値の途中に見えない文字（U+200B）があります"
    );
}

/// The digits of a printed figure, half width, as one counts them on paper.
fn counted(printed: &str) -> (Vec<(String, u32)>, bool) {
    let half = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap(),
        '．' => '.',
        c => c,
    };
    let mut numbers = vec![(String::new(), 0)];
    let mut in_scale = false;
    for c in printed.chars().map(half) {
        let last = numbers.last_mut().unwrap();
        match c {
            '0'..='9' | '.' if last.1 > 0 => numbers.push((c.to_string(), 0)),
            '0'..='9' | '.' => last.0.push(c),
            '千' | '万' | '億' | '兆' if in_scale => {
                let zeros = match c {
                    '千' => 3,
                    '万' => 4,
                    '億' => 8,
                    _ => 12,
                };
                last.1 += zeros;
            }
            _ => {}
        }
        // A blank between a number and its scale parts nothing: `1億1 千`.
        let goes_on = "千万億兆".contains(c) || c.is_whitespace();
        in_scale = matches!(c, '0'..='9' | '.') || (in_scale && goes_on);
    }
    let negative = printed.contains(['-', '－', '−', '△', '▲']);
    (numbers, negative)
}

/// A text such as a hand, a spreadsheet or a bad scan leaves in a cell.
fn cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[0-9]{1,4}",
        2 => "[０-９]{1,3}",
        2 => proptest::sample::select(vec![",", ".", "，", "．", "-", "△", "－", "＋"]).prop_map(str::to_owned),
        3 => proptest::sample::select(vec!["人", "%", "％", "億円", "千", "万", "億", "兆", "万円", "か月", "時間"])
            .prop_map(str::to_owned),
        1 => proptest::sample::select(vec!["約", "延べ", "年", "第", "うち", "(", "）", "～", "※"])
            .prop_map(str::to_owned),
        1 => proptest::sample::select(vec![" ", "\n", "\u{200B}", "①", "¹", "½", "O", "l", "Ⅲ", "㎡", "²"])
            .prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// Whatever is taken for a figure is the number whose digits it prints.
    #[test]
    fn a_figure_holds_the_digits_it_prints(text in cell()) {
        if let Ok(Value::Quantity(quantity)) = read(&text) {
            let (numbers, negative) = counted(&quantity.printed);
            let last = numbers.last().unwrap().1;
            let mut sum = Decimal::ZERO;
            for (digits, zeros) in &numbers {
                // Only what is printed in several scales has a scale that counts.
                let zeros = if quantity.compound { zeros - last } else { 0 };
                sum += digits.parse::<Decimal>().unwrap() * Decimal::from(10_u64.pow(zeros));
            }
            prop_assert_eq!(numbers.len() > 1, quantity.compound);
            prop_assert_eq!(sum, quantity.number.abs());
            prop_assert_eq!(negative && !sum.is_zero(), quantity.number < Decimal::ZERO);
            prop_assert_eq!(&quantity.printed, &reading::printed(&text));
        }
    }

    /// Nothing a cell can hold makes the reading fail, and what was read reads again.
    #[test]
    fn what_was_read_reads_again(text in prop_oneof![cell(), ".{0,20}".boxed()]) {
        if let Ok(value) = read(&text) {
            prop_assert_eq!(read(value.printed()), Ok(value));
        }
    }
}
