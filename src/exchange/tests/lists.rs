//! What the lists of the office say: 配布一覧 and 照会結果.

use super::*;
use crate::exchange::{ListCell, ListSheet, lists};
use crate::finding::{ExchangeRule, Finding};

/// The rows of a list, cells parted by a bar.
fn shown(list: &ListSheet) -> Vec<String> {
    let row = |row: &Vec<ListCell>| row.iter().map(ListCell::to_text).collect::<Vec<_>>().join("|");
    list.rows.iter().map(row).collect()
}

/// Two departments: one with three indicators, one of them answered already; one with one.
fn master() -> Master {
    let text = "種別,ID,番号,名称,担当課,区分,再掲元,目的,内容,目標,基準値,R3,R4,R5,備考\n\
        基本目標,G1,1,目標\n分野,G1-A,ア,分野\n施策,G1-A-1,①,施策\n\
        事業,P1,1,種苗放流,水産課\n事業量,P1-1,,件数,,,,,,,,4件,5件,,\n\
        事業量,P1-2,,人数,,,,,,,,4人,5人,,\n事業量,P1-3,,回数,,,,,,,,4回,5回,6回,\n\
        事業,P2,2,広報,企画課\n事業量,P2-1,,部数,,,,,,,,4部,5部,,\n";
    master::read(text.as_bytes(), "master.csv", &settings()).0.unwrap()
}

/// Each list of 照会結果 by its name, on a day before or after the forms were due.
fn result(returns: Vec<Returned>, today: &str) -> BTreeMap<String, Vec<String>> {
    let (master, mut settings) = (master(), settings());
    settings.plan.office = "室".into();
    let request = Request {
        master: &master,
        settings: &settings,
        year: None,
        accept_revisions: false,
        revised: &[],
        left_out: &[],
        today: today.parse().unwrap(),
    };
    let returns: Vec<_> = returns
        .into_iter()
        .map(|returned| (returned, Some("2026-05-19T10:30:00".parse().unwrap())))
        .collect();
    let listing = lists::result(&collect(request, &returns));
    for list in &listing.sheets {
        assert!(list.rows.iter().all(|row| row.len() == list.columns.len()), "{}", list.name);
    }
    listing.sheets.iter().map(|list| (list.name.clone(), shown(list))).collect()
}

/// 水産課's form, with these answers.
fn answered(answers: &[(usize, &str)]) -> Returned {
    let forms = sent(&master());
    let mut returned = came_back(forms.iter().find(|form| form.department == "水産課").unwrap());
    returned.clerk = "山田".into();
    for (at, answer) in answers {
        returned.rows[*at].input.content = Some(text(answer));
    }
    returned
}

#[test]
fn the_distribution_counts_what_is_asked_and_what_is_answered() {
    let forms = sent(&master());
    let list = lists::distribution(&forms, &["企画.xlsx".to_owned(), "水産.xlsx".to_owned()]);
    let prints: Vec<String> = forms.iter().map(|form| FileKey::of(form).fingerprint).collect();
    assert_eq!(list.name, "配布一覧");
    let hidden: Vec<&str> =
        list.columns.iter().filter(|column| column.is_hidden).map(|column| column.heading.as_str()).collect();
    assert_eq!(hidden, ["確認用の値"]);
    assert_eq!(
        shown(&list),
        [
            format!("企画課|企画.xlsx|1|0|令和5年度|令和8年5月29日（金）|計画|{}", prints[0]),
            format!("水産課|水産.xlsx|3|1|令和5年度|令和8年5月29日（金）|計画|{}", prints[1]),
        ]
    );
}

/// One department answers one row well, another in doubt, and writes beside them.
#[test]
fn the_result_tells_what_changes_and_what_to_ask() {
    let mut returned = answered(&[(0, "7"), (1, "7台")]);
    returned.rows[0].remark = "増員".into();
    let lists = result(vec![returned], "2026-05-20");
    assert_eq!(
        lists["回答状況"],
        ["企画課|未回答|1|0|1|0|||", "水産課|一部回答|3|2|0|1|山田|回答.xlsx|2026-05-19 10:30",]
    );
    assert_eq!(lists["取り込んだ実績"], ["水産課|新しい回答|P1-1|種苗放流|件数|R5||7件|増員|回答.xlsx"]);
    assert_eq!(lists["確認事項"].len(), 1);
    assert!(lists["確認事項"][0].starts_with("水産課|P1-2|種苗放流|人数|"), "{:?}", lists["確認事項"]);
    assert!(
        lists["確認事項"][0].ends_with("|7台||回答.xlsx シート「記入票」 J列（セル J11）"),
        "{:?}",
        lists["確認事項"]
    );
    assert_eq!(lists["書き込み"], [""; 0]);
    assert_eq!(lists["確認事項一覧（全件）"].len(), 1);
    let letters: Vec<&str> = lists["連絡文"].iter().map(|letter| letter.lines().next().unwrap()).collect();
    assert_eq!(letters, ["企画課|督促|企画課　ご担当者様", "水産課|受領・照会|水産課　山田様"]);
}

/// Who has answered all is thanked; who is late is told so; what was written beside is quoted.
#[test]
fn the_result_tells_who_is_late() {
    let mut returned = answered(&[(0, "5"), (1, "5")]);
    returned.rows[0].remark = "例年どおり".into();
    returned.rows[2].remark = "内線が変わりました".into();
    let lists = result(vec![returned], "2026-05-30");
    assert_eq!(
        lists["回答状況"],
        ["企画課|未回答（期限超過）|1|0|1|0|||", "水産課|回答済|3|3|0|0|山田|回答.xlsx|2026-05-19 10:30",]
    );
    assert_eq!(
        lists["書き込み"],
        ["水産課|備考|内線が変わりました|P1-3|種苗放流|回数|回答.xlsx シート「記入票」 J列（セル J12）"]
    );
    let letters = &lists["連絡文"];
    assert!(letters[0].starts_with("企画課|督促|") && letters[0].contains("至急"), "{letters:?}");
    assert!(
        letters[1].starts_with("水産課|受領|")
            && letters[1].contains("照会した3件の回答が、すべてそろいました。"),
        "{letters:?}"
    );
}

/// A department that has answered in part and is late: both are told, in the list and in its
/// letter, with what is asked and how much is missing, and without any ID.
#[test]
fn who_answers_in_part_is_late_too() {
    let lists = result(vec![answered(&[(0, "7台")])], "2026-05-30");
    assert!(
        lists["回答状況"][1].starts_with("水産課|一部回答（期限超過）|3|1|1|1|"),
        "{:?}",
        lists["回答状況"]
    );
    let letter = "水産課|受領・照会|水産課　山田様\n\n室です。\n「計画」の令和5年度実績の照会に回答をいただき、\
        ありがとうございました。\n照会した3件のうち、1件が記入済みです。\n\n\
        次の点（1件）をご確認のうえ、お知らせください。\n・種苗放流「件数」　回答「7台」の単位「台」が、";
    let letters = &lists["連絡文"];
    assert!(letters[1].starts_with(letter), "{}", letters[1]);
    assert!(
        letters[1].ends_with(
            "\n\nまだ記入のない項目が1件あります。\
            回答期限の令和8年5月29日（金）を過ぎていますので、至急、記入のうえ、返送をお願いします。\n"
        ),
        "{}",
        letters[1]
    );
    assert!(letters.iter().all(|letter| !letter.contains("P1")), "{letters:?}");
    // One that is asked something, and owes nothing else, is not late.
    let lists = result(vec![answered(&[(0, "7台"), (1, "5")])], "2026-05-30");
    assert!(lists["回答状況"][1].starts_with("水産課|一部回答|3|2|0|1|"), "{:?}", lists["回答状況"]);
}

/// The office that asks has rows of its own, and needs no letter from itself.
#[test]
fn the_office_writes_no_letter_to_itself() {
    let (master, settings) = (master(), settings());
    let year = Some(r5());
    let today = "2026-05-20".parse().unwrap();
    let outcome = collect(
        Request {
            master: &master,
            settings: &settings,
            year,
            accept_revisions: false,
            revised: &[],
            left_out: &[],
            today,
        },
        &[],
    );
    let files = crate::exchange::letter_files(&outcome);
    let [(name, bytes)] = &files[..] else { panic!("{files:?}") };
    assert_eq!(name, "連絡文_水産課.txt");
    // As a plain editor of Windows opens it.
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.starts_with("\u{FEFF}水産課　ご担当者様\r\n\r\n企画課です。\r\n"), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let listing = lists::result(&outcome);
    let letters = listing.sheets.iter().find(|list| list.name == lists::LETTERS).unwrap();
    assert_eq!(shown(letters).len(), 1);
}

/// Above each list stands how many departments are how far.
#[test]
fn the_result_begins_with_a_sum() {
    let listing = lists::result(&collected(&master(), vec![answered(&[])]));
    let notes =
        ["令和5年度　実績照会の結果", "回答期限：令和8年5月29日（金）", "一部回答 1所属、未回答 1所属"];
    assert!(listing.sheets.iter().all(|list| list.notes == notes), "{:?}", listing.sheets[0].notes);
}

/// Of one rule only some are kept; the list says how many there are beyond them.
#[test]
fn the_list_of_findings_says_how_many_it_leaves_out() {
    let master = master();
    let request = Request {
        master: &master,
        settings: &settings(),
        year: Some(r5()),
        accept_revisions: false,
        revised: &[],
        left_out: &[],
        today: "2026-05-20".parse().unwrap(),
    };
    let mut outcome = collect(request, &[]);
    let before = outcome.findings.len();
    for at in 0..600 {
        outcome.findings.push(Finding::at(Place::file(&format!("{at}.xlsx")), ExchangeRule::NotAForm));
    }
    let listing = lists::result(&outcome);
    let all = listing.sheets.iter().find(|list| list.name == "確認事項一覧（全件）").unwrap();
    assert_eq!(all.rows.len(), before + 500 + 1);
    assert_eq!(shown(all).last().unwrap(), "（多すぎるため、ほか100件は書いていません）");
}
