//! Search keys of names: pinyin initials and full pinyin, lower case, blank-separated, so that
//! 城西五金 is found by `cxwj` as well as by `chengxi`.
//!
//! A character with several readings (重, 长, 行) gives a key for each initial that it may have, up
//! to [`KEYS`] of them, since names don't tell which reading is meant.

use pinyin::{ToPinyin, ToPinyinMulti};

/// Keys of initials for one name.
const KEYS: usize = 8;
/// Characters of a name that are looked at.
const NAME_CHARS: usize = 200;

/// The search key of a name.
pub fn search_key(name: &str) -> String {
    let mut initials = vec![String::new()];
    let mut full = String::new();
    for c in name.chars().take(NAME_CHARS) {
        let readings = readings(c);
        extend(&mut initials, &readings);
        match c.to_pinyin() {
            Some(reading) => full.push_str(reading.plain()),
            None => full.extend(plain(c)),
        }
    }
    initials.retain(|key| !key.is_empty());
    if !full.is_empty() && !initials.contains(&full) {
        initials.push(full);
    }
    initials.join(" ")
}

/// The different initials of a character, the commonest first.
fn readings(c: char) -> Vec<char> {
    let mut letters: Vec<char> = Vec::new();
    let common = c.to_pinyin().into_iter();
    let all = c.to_pinyin_multi().into_iter().flatten();
    for letter in common
        .chain(all)
        .filter_map(|r| r.first_letter().chars().next())
    {
        if !letters.contains(&letter) {
            letters.push(letter);
        }
    }
    if letters.is_empty() {
        plain(c).collect()
    } else {
        letters
    }
}

/// Letters and digits as they are, in lower case and half width; anything else falls away.
fn plain(c: char) -> impl Iterator<Item = char> {
    let half = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    half.to_lowercase().filter(|c| c.is_alphanumeric())
}

fn extend(keys: &mut Vec<String>, letters: &[char]) {
    let Some((first, others)) = letters.split_first() else {
        return;
    };
    let stems = keys.clone();
    keys.iter_mut().for_each(|key| key.push(*first));
    for letter in others {
        for stem in &stems {
            if keys.len() < KEYS {
                keys.push(format!("{stem}{letter}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_initials_and_by_full_pinyin() {
        let check = |name: &str, wanted: &[&str]| {
            let key = search_key(name);
            let keys: Vec<&str> = key.split(' ').collect();
            assert!(
                wanted.iter().all(|w| keys.iter().any(|k| k.starts_with(w))),
                "{name}: {key}"
            );
        };
        check("城西五金", &["cxwj", "chengxiwujin"]);
        check("重庆火锅", &["zqhg", "cqhg"]);
        check("长城建材行", &["ccjch", "zcjcx"]);
        check("Abc 商贸(3店)", &["abcsm3d", "abcshangmao3dian"]);
        check("A8便利", &["a8bl"]);
    }

    #[test]
    fn a_name_without_letters_has_no_key_and_a_long_one_few() {
        assert_eq!(search_key(""), "");
        assert_eq!(search_key("——"), "");
        assert!(search_key(&"行".repeat(500)).split(' ').count() <= KEYS + 1);
    }
}
