//! 常见密码 – passwords everybody tries first, also in the disguises that satisfy a rule about kinds of signs.

/// Words and walks over the keyboard that head every published list of stolen passwords, those usual in China among them, and
/// the words of this product. Lower case, as [`plain`] leaves them.
const WORDS: [&str; 65] = [
    "1314",
    "1314520",
    "520",
    "5201314",
    "abc",
    "abcd",
    "abcde",
    "abcdef",
    "abcdefg",
    "admin",
    "administrator",
    "admins",
    "adminroot",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "asdfjkl",
    "baseball",
    "changeme",
    "china",
    "default",
    "dragon",
    "football",
    "guest",
    "hello",
    "huawei",
    "iloveyou",
    "iloveu",
    "letmein",
    "login",
    "master",
    "monkey",
    "pass",
    "passwd",
    "password",
    "passwords",
    "passwort",
    "princess",
    "qaz",
    "qazwsx",
    "qazwsxedc",
    "qwe",
    "qwer",
    "qwert",
    "qwerty",
    "qwertyuiop",
    "root",
    "rootroot",
    "ruhu",
    "secret",
    "shequ",
    "sunshine",
    "superman",
    "test",
    "testtest",
    "user",
    "wang",
    "wangge",
    "welcome",
    "welcometo",
    "woaini",
    "woainima",
    "zaq",
    "zxcv",
    "zxcvbnm",
];
/// Rows of a keyboard and the orders everybody knows.
const WALKS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "147258369",
];
/// What is left of a password after known words and walks has to be this long, in signs: less is no secret.
const LEFT_MIN: usize = 6;

/// Whether a password is one of those, dressed up: `P@ssw0rd2026!`, `1qaz@WSX3edc`, `Aa123456789`.
#[must_use]
pub fn is_common(password: &str) -> bool {
    [plain(password), unshifted(password)].iter().any(|signs| left(signs) < LEFT_MIN)
}

/// Lower case, with the signs that stand for letters put back.
fn plain(password: &str) -> Vec<char> {
    let letter = |sign| match sign {
        '@' => 'a',
        '0' => 'o',
        '$' => 's',
        '!' => 'i',
        '3' => 'e',
        sign => sign,
    };
    password.to_lowercase().chars().map(letter).collect()
}

/// Lower case, with the digits that shift turns into other signs.
fn unshifted(password: &str) -> Vec<char> {
    let digit = |sign| "!@#$%^&*()".find(sign).and_then(|at| "1234567890".chars().nth(at)).unwrap_or(sign);
    password.to_lowercase().chars().map(digit).collect()
}

/// How many signs are left when known words, walks, years and repetitions are taken out.
fn left(signs: &[char]) -> usize {
    let (mut at, mut left) = (0, 0);
    while let Some(rest) = signs.get(at..).filter(|rest| !rest.is_empty()) {
        let known = word(rest).max(walk(rest)).max(repeated(rest));
        left += usize::from(known == 0);
        at += known.max(1);
    }
    left
}

fn word(rest: &[char]) -> usize {
    let starts = |word: &&&str| 3 <= word.len() && rest.starts_with(&word.chars().collect::<Vec<_>>());
    WORDS.iter().filter(starts).map(|word| word.len()).max().unwrap_or(0)
}

/// Four or more signs in a row of a walk, forwards or backwards.
fn walk(rest: &[char]) -> usize {
    let run = |walk: &str| {
        let (forwards, backwards): (Vec<char>, Vec<char>) =
            (walk.chars().collect(), walk.chars().rev().collect());
        [forwards, backwards].iter().map(|row| longest(rest, row)).max().unwrap_or(0)
    };
    let longest = WALKS.iter().map(|walk| run(walk)).max().unwrap_or(0);
    if longest < 4 { 0 } else { longest }
}

fn longest(rest: &[char], row: &[char]) -> usize {
    let from = |start: usize| {
        let row = row.get(start..).unwrap_or_default();
        rest.iter().zip(row).take_while(|(one, other)| one == other).count()
    };
    (0..row.len()).map(from).max().unwrap_or(0)
}

/// Three or more of the same sign.
fn repeated(rest: &[char]) -> usize {
    let run = rest.iter().take_while(|sign| rest.first() == Some(*sign)).count();
    if run < 3 { 0 } else { run }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_found_in_its_disguises() {
        for common in [
            "P@ssw0rd123",
            "Password2026!",
            "1qaz@WSX3edc",
            "Aa123456789",
            "Admin@123456",
            "Qwerty!23456",
            "Woaini1314520!",
            "Abcd1234!@#$",
            "!QAZ2wsx#EDC",
            "Aaaa1111!!!!",
            "Welcome@2026",
            "Ruhu-12345678",
            "Test_123456",
            "9876543210Aa!",
        ] {
            assert!(is_common(common), "{common}");
        }
    }

    #[test]
    fn a_password_somebody_thought_of_is_let_through() {
        for own in [
            "Sunny-2026-door",
            "Sunny-2026-d00r",
            "阳光社区Abc-2026",
            "Demo-7k2mp-x9qrt-w4hbn",
            "tree-Lamp-41-soup",
            "Kx7#mQ2vLp9z",
        ] {
            assert!(!is_common(own), "{own}");
        }
    }
}
