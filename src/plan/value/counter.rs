//! What is counted one by one: `人`, `件`, `か所`.

/// Counters whose number is missing. A scale before one (`千円`) is left out.
const COUNTERS: [&str; 47] = [
    "人",
    "名",
    "件",
    "円",
    "回",
    "社",
    "店",
    "校",
    "戸",
    "棟",
    "世帯",
    "団体",
    "事業",
    "事業者",
    "か所",
    "ヵ所",
    "カ所",
    "ヶ所",
    "箇所",
    "ヶ月",
    "か月",
    "台",
    "本",
    "冊",
    "日",
    "年",
    "月",
    "週",
    "時間",
    "分",
    "歳",
    "組",
    "頭",
    "匹",
    "尾",
    "羽",
    "粒",
    "床",
    "室",
    "泊",
    "票",
    "通",
    "位",
    "ポイント",
    "品目",
    "点",
    "施設",
];

/// Whether what this counts comes in wholes: no time, no points, no money.
pub(super) fn counts_wholes(unit: &str) -> bool {
    const PARTED: [&str; 9] = ["円", "時間", "分", "歳", "ポイント", "点", "年", "月", "日"];
    COUNTERS.contains(&unit) && !PARTED.contains(&unit)
}

/// Whether a counter follows, and nothing that makes another word of it.
pub(super) fn begins_with_counter(text: &str) -> bool {
    COUNTERS
        .iter()
        .filter_map(|counter| text.strip_prefix(counter))
        .any(|rest| rest.is_empty() || rest.starts_with(['(', ')', '/', '・', '、', ',']))
}

/// Whether it is a unit that has lost its number.
pub(super) fn is_counter(compact: &str) -> bool {
    let counter = compact.split(['/', '(']).next().unwrap_or_default();
    let without_scale = counter.trim_start_matches(['百', '千', '万', '億', '兆', '十']);
    COUNTERS.contains(&counter) || COUNTERS.contains(&without_scale)
}
