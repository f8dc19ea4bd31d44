//! What holds for any plan and whatever comes back.

use proptest::prelude::*;

use super::*;
use crate::master::Column;

/// Last year's figure and this year's, printed alike.
fn figures() -> impl Strategy<Value = (String, String)> {
    let unit = prop::sample::select(vec!["人", "%", "億円", "", "千尾"]);
    // Beyond these a whole number may be a date, and a percentage one pasted twice.
    (unit, 0u32..29_000, 0u32..29_000, 0u32..3, prop::bool::ANY).prop_map(
        |(unit, last, answer, scale, prefix)| {
            let most = if unit == "%" { 99 } else { u32::MAX };
            let prefix = if prefix { "延べ" } else { "" };
            let printed = |number: u32| {
                let text = rust_decimal::Decimal::new(i64::from(number.min(most)), scale).to_string();
                let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
                let whole = match whole.len() {
                    length @ 4.. if unit != "%" => {
                        format!("{},{}", &whole[..length - 3], &whole[length - 3..])
                    }
                    _ => whole.to_owned(),
                };
                let point = if fraction.is_empty() { "" } else { "." };
                format!("{prefix}{whole}{point}{fraction}{unit}")
            };
            (printed(last), printed(answer))
        },
    )
}

fn departments() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["水産課", "商工課", "企画課", "", "民間等", "水産課・商工課", "新しい課"])
}

/// A plan: for each project its department, and for each of its indicators last
/// year's figure and the answer to come, typed as a number or as text.
type Planned = Vec<(&'static str, Vec<(Option<(String, String)>, bool)>)>;

fn planned() -> impl Strategy<Value = Planned> {
    let indicator = (prop::option::weighted(0.9, figures()), prop::bool::ANY);
    prop::collection::vec((departments(), prop::collection::vec(indicator, 0..4)), 1..6)
}

fn master_from(plan: &Planned) -> Master {
    let mut text = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,R5,備考\r\n基本目標,G1,1,目標\r\n数値目標,G1-T1,①,割合,,,,,,4年で50%,40%,41%,42%\r\n分野,G1-A,ア,分野\r\n施策,G1-A-1,①,施策\r\n".to_owned();
    for (at, (department, indicators)) in plan.iter().enumerate() {
        text.push_str(&format!("事業,P{at},{at},事業,{department},,,目的,内容\r\n"));
        for (of, (figures, _)) in indicators.iter().enumerate() {
            let last = figures.as_ref().map_or("", |(last, _)| last);
            text.push_str(&format!("事業量,P{at}-{of},,項目,,,,,,,,,\"{last}\",,\r\n"));
        }
    }
    let (master, findings) = master::read(text.as_bytes(), "master.csv", &settings());
    assert!(!findings.has_errors(), "{:?}", said(&findings));
    master.unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// 各項目は、1つの課の記入票にだけ入る（連名の課で別々に配るものは、それぞれに入る）。
    #[test]
    fn every_indicator_is_in_exactly_one_form(plan in planned()) {
        let master = master_from(&plan);
        let forms = sent(&master);
        let mut seen: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for form in &forms {
            prop_assert!(!form.rows.is_empty());
            for row in &form.rows {
                seen.entry(row.id.clone()).or_default().push(&form.department);
            }
        }
        prop_assert_eq!(seen.remove("G1-T1"), Some(vec!["企画課"]));
        for (at, (department, indicators)) in plan.iter().enumerate() {
            let expected = match *department {
                "民間等" => None,
                "水産課・商工課" => Some(2),
                _ => Some(1),
            };
            for of in 0..indicators.len() {
                let found = seen.remove(&format!("P{at}-{of}"));
                prop_assert_eq!(found.as_ref().map(Vec::len), expected);
                if expected == Some(1) {
                    let asked = if department.is_empty() { "企画課" } else { department };
                    prop_assert_eq!(found, Some(vec![asked]));
                }
            }
        }
        prop_assert!(seen.is_empty());
    }

    /// 配ったまま何も書かずに集めると、マスタは1バイトも変わらない。
    #[test]
    fn untouched_forms_change_no_byte(plan in planned()) {
        let master = master_from(&plan);
        let returns: Vec<Returned> = sent(&master).iter().map(|form| through_the_workbook(form, &master)).collect();
        let outcome = collected(&master, returns);
        prop_assert!(outcome.findings.is_empty(), "{:?}", said(&outcome.findings));
        let written = master.source.rewrite(&outcome.edits()).unwrap();
        prop_assert_eq!(written.as_slice(), master.source.bytes());
    }

    /// 配り、記入し、集めると、ちょうど記入したとおりのマスタになる。
    #[test]
    fn distribute_fill_collect_gives_the_filled_master(plan in planned()) {
        let master = master_from(&plan);
        let mut filled = Vec::new();
        let mut returns: Vec<Returned> = sent(&master).iter().map(|form| through_the_workbook(form, &master)).collect();
        for row in returns.iter_mut().flat_map(|returned| &mut returned.rows) {
            let Some((project, indicator)) = row.key.id.strip_prefix('P').and_then(|id| id.split_once('-')) else { continue };
            let (_, indicators) = &plan[project.parse::<usize>().unwrap()];
            let (figures, as_number) = &indicators[indicator.parse::<usize>().unwrap()];
            let Some((_, answer)) = figures else { continue };
            let Ok(Value::Quantity(quantity)) = Value::parse(answer, &Vocabulary::default()) else { continue };
            // As a number under the row's own format, or as text the way it is printed.
            row.input.content = Some(match (as_number, quantity.is_percent()) {
                (true, percent) => {
                    let shift = if percent { rust_decimal::Decimal::ONE_HUNDRED } else { rust_decimal::Decimal::ONE };
                    let value = (quantity.number / shift).to_string().parse().unwrap();
                    Cell::Number(Number { is_percent: percent, ..Number::plain(value) })
                }
                (false, _) => Cell::Text(answer.clone()),
            });
            row.remark = "理由".into();
            let (_, item) = master.plan.indicators().into_iter().find(|(_, item)| item.id == row.key.id).unwrap();
            filled.push((item.row, Column::Actual(r5()), answer.clone()));
        }
        let outcome = collected(&master, returns);
        prop_assert!(outcome.findings.is_empty(), "{:?}", said(&outcome.findings));
        let written = master.source.rewrite(&outcome.edits()).unwrap();
        let expected = master.source.rewrite(&filled).unwrap();
        prop_assert_eq!(String::from_utf8(written.clone()).unwrap(), String::from_utf8(expected).unwrap());
        // And once more changes nothing.
        let (again, _) = master::read(&written, "master.csv", &settings());
        prop_assert!(again.is_some());
    }

    /// Whatever a file holds, reading it ends and never panics.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), kind in 0usize..4) {
        let heads: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"PK\x05\x06"];
        let _ = returned::read(&[heads[kind], &bytes].concat(), "回答.xlsx");
    }
}
