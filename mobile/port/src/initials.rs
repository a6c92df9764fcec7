//! 首字母 – a name or an address is found by the first letters of its signs: `wxm` finds 王小明, `ygxq` 阳光小区. The table of
//! readings is the host's, which has one; names never leave the core for it.

/// What a host knows of the reading of one sign.
pub trait Initials: Send + Sync {
    /// 首字母 – the first letter of its commonest reading, `a` to `z`; `None` where the host cannot tell.
    fn of(&self, sign: char) -> Option<char>;
}

/// A host without a table: letters find letters, signs find signs.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoInitials;

impl Initials for NoInitials {
    fn of(&self, _: char) -> Option<char> {
        None
    }
}

/// 多音字 – signs that names and addresses read otherwise than their commonest reading, with the further first letters.
/// A host's table knows one reading a sign; both find it.
const FURTHER: [(char, &str); 34] = [
    ('单', "sd"),
    ('曾', "zc"),
    ('解', "xj"),
    ('仇', "qc"),
    ('区', "oq"),
    ('查', "zc"),
    ('翟', "zd"),
    ('朴', "p"),
    ('盖', "g"),
    ('乐', "yl"),
    ('尉', "yw"),
    ('长', "zc"),
    ('重', "zc"),
    ('行', "xh"),
    ('厦', "xs"),
    ('朝', "cz"),
    ('藏', "zc"),
    ('沈', "sc"),
    ('覃', "qt"),
    ('缪', "m"),
    ('召', "sz"),
    ('种', "cz"),
    ('折', "sz"),
    ('祭', "zj"),
    ('隗', "wk"),
    ('郗', "xc"),
    ('车', "cj"),
    ('万', "wm"),
    ('俟', "qs"),
    ('澹', "td"),
    ('石', "sd"),
    ('幢', "zc"),
    ('弄', "nl"),
    ('堡', "bp"),
];

/// A sign every table reads, and its letter: whether there is a table is seen from it.
const PROBE: (char, char) = ('王', 'w');

/// Whether the host has a table at all: an old browser answers nothing to every sign.
pub(crate) fn is_there(host: &dyn Initials) -> bool {
    host.of(PROBE.0) == Some(PROBE.1)
}

/// Fewest letters that are taken for first letters: one finds nearly everybody.
const LETTERS_MIN: usize = 2;

/// What was typed, as first letters and numbers.
pub(crate) struct Typed(Vec<char>);

impl Typed {
    /// `None` where it is no row of letters: signs, a number alone, one letter.
    pub(crate) fn read(words: &str) -> Option<Self> {
        let signs: Vec<char> = words.chars().filter(|sign| !sign.is_whitespace()).collect();
        let fits = signs.iter().all(char::is_ascii_alphanumeric)
            && LETTERS_MIN <= signs.len()
            && signs.iter().any(char::is_ascii_alphabetic);
        fits.then(|| Self(signs.iter().map(char::to_ascii_lowercase).collect()))
    }

    /// Whether some signs in a row are read so; what is no sign and no letter is passed over.
    pub(crate) fn stands_in(&self, text: &str, host: &dyn Initials) -> bool {
        let signs: Vec<char> = text.chars().filter(|sign| sign.is_alphanumeric()).collect();
        signs
            .windows(self.0.len())
            .any(|row| row.iter().zip(&self.0).all(|(sign, typed)| begins(*sign, *typed, host)))
    }
}

fn begins(sign: char, typed: char, host: &dyn Initials) -> bool {
    if sign.is_ascii() {
        return sign.eq_ignore_ascii_case(&typed);
    }
    let further = FURTHER.iter().find(|(one, _)| *one == sign);
    further.is_some_and(|(_, letters)| letters.contains(typed)) || host.of(sign) == Some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As much of a table as the tests need.
    struct Some20;

    impl Initials for Some20 {
        fn of(&self, sign: char) -> Option<char> {
            let known = "王w小x明m阳y光g区q单d雄x信x李l四s欧o幢c弄n";
            let signs: Vec<char> = known.chars().collect();
            signs.chunks(2).find(|pair| pair[0] == sign).map(|pair| pair[1])
        }
    }

    fn finds(typed: &str, text: &str) -> bool {
        Typed::read(typed).is_some_and(|typed| typed.stands_in(text, &Some20))
    }

    #[test]
    fn first_letters_find_names_and_addresses_anywhere_in_them() {
        for (typed, text) in [
            ("wxm", "王小明"),
            ("WXM", "王小明"),
            ("xm", "王小明"),
            ("ygxq", "阳光小区3幢"),
            ("ygxq3", "阳光小区 3幢"),
            ("3z", "阳光小区3幢"),
            ("3c", "阳光小区3幢"),
            ("12l", "阳光12弄"),
            ("a1", "A1"),
        ] {
            assert!(finds(typed, text), "{typed} {text}");
        }
        for (typed, text) in
            [("wmx", "王小明"), ("wxmm", "王小明"), ("w", "王小明"), ("12", "12"), ("王x", "王小明")]
        {
            assert!(!finds(typed, text), "{typed} {text}");
        }
    }

    #[test]
    fn a_surname_is_found_by_both_of_its_readings() {
        assert!(finds("sxx", "单雄信") && finds("dxx", "单雄信"));
        assert!(finds("yo", "阳区") && finds("yq", "阳区"));
    }

    #[test]
    fn a_host_without_a_table_still_finds_letters_and_numbers() {
        let typed = Typed::read("b12").unwrap();
        assert!(typed.stands_in("阳光小区 B-12", &NoInitials) && !typed.stands_in("北12", &NoInitials));
    }

    #[test]
    fn whether_there_is_a_table_shows_on_a_common_sign() {
        assert!(is_there(&Some20) && !is_there(&NoInitials));
    }

    #[test]
    fn every_further_reading_is_a_small_letter_of_a_sign_named_once() {
        let mut signs: Vec<char> = FURTHER.iter().map(|(sign, _)| *sign).collect();
        assert!(FURTHER.iter().all(|(_, letters)| letters.chars().all(|letter| letter.is_ascii_lowercase())));
        signs.sort_unstable();
        signs.dedup();
        assert_eq!(signs.len(), FURTHER.len());
    }
}
