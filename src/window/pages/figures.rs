//! Figures as people read them.

/// 「12,345」
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How large a file is, as the Explorer says it: 「1,234 KB」.
pub fn size(bytes: usize) -> String {
    format!("{} KB", grouped(bytes.div_ceil(1024)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0, 1, 1_024, 1_264_000].map(size), ["0 KB", "1 KB", "1 KB", "1,235 KB"]);
    }
}
