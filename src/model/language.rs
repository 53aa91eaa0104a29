//! Names of languages and their tags.
//!
//! The names are babel's and polyglossia's, which `.bib` files have in `langid` and `language`, and the English names of
//! languages; the tags are BCP 47's. Facts from babel's locale files and the IANA language subtag registry. Knows no format.

/// A name, the tag of its language, and the region that babel means where only the language is named.
const NAMES: [(&str, &str, &str); 89] = [
    ("english", "en", "US"),
    ("american", "en-US", ""),
    ("usenglish", "en-US", ""),
    ("british", "en-GB", ""),
    ("ukenglish", "en-GB", ""),
    ("australian", "en-AU", ""),
    ("canadian", "en-CA", ""),
    ("newzealand", "en-NZ", ""),
    ("german", "de", "DE"),
    ("ngerman", "de", "DE"),
    ("germanb", "de", "DE"),
    ("austrian", "de-AT", ""),
    ("naustrian", "de-AT", ""),
    ("swissgerman", "de-CH", ""),
    ("nswissgerman", "de-CH", ""),
    ("french", "fr", "FR"),
    ("francais", "fr", "FR"),
    ("frenchb", "fr", "FR"),
    ("acadian", "fr-CA", ""),
    ("canadien", "fr-CA", ""),
    ("spanish", "es", "ES"),
    ("mexican", "es-MX", ""),
    ("catalan", "ca", "AD"),
    ("galician", "gl", "ES"),
    ("basque", "eu", "ES"),
    ("asturian", "ast", ""),
    ("occitan", "oc", ""),
    ("portuguese", "pt", "PT"),
    ("portuges", "pt", "PT"),
    ("brazilian", "pt-BR", ""),
    ("brazil", "pt-BR", ""),
    ("italian", "it", "IT"),
    ("romansh", "rm", ""),
    ("romanian", "ro", "RO"),
    ("latin", "la", ""),
    ("greek", "el", "GR"),
    ("polutonikogreek", "el-polyton", ""),
    ("ancientgreek", "grc", ""),
    ("dutch", "nl", "NL"),
    ("afrikaans", "af", "ZA"),
    ("danish", "da", "DK"),
    ("swedish", "sv", "SE"),
    ("norsk", "nb", "NO"),
    ("norwegian", "no", ""),
    ("nynorsk", "nn", "NO"),
    ("icelandic", "is", "IS"),
    ("faroese", "fo", ""),
    ("finnish", "fi", "FI"),
    ("estonian", "et", "EE"),
    ("latvian", "lv", "LV"),
    ("lithuanian", "lt", "LT"),
    ("polish", "pl", "PL"),
    ("czech", "cs", "CZ"),
    ("slovak", "sk", "SK"),
    ("slovene", "sl", "SI"),
    ("slovenian", "sl", "SI"),
    ("croatian", "hr", "HR"),
    ("serbian", "sr", ""),
    ("bosnian", "bs", ""),
    ("macedonian", "mk", ""),
    ("bulgarian", "bg", ""),
    ("hungarian", "hu", "HU"),
    ("magyar", "hu", "HU"),
    ("russian", "ru", "RU"),
    ("ukrainian", "uk", ""),
    ("belarusian", "be", ""),
    ("turkish", "tr", "TR"),
    ("albanian", "sq", ""),
    ("armenian", "hy", ""),
    ("georgian", "ka", ""),
    ("hebrew", "he", ""),
    ("arabic", "ar", ""),
    ("persian", "fa", ""),
    ("farsi", "fa", ""),
    ("sanskrit", "sa", ""),
    ("hindi", "hi", ""),
    ("marathi", "mr", ""),
    ("bengali", "bn", ""),
    ("tamil", "ta", ""),
    ("thai", "th", ""),
    ("vietnamese", "vi", ""),
    ("indonesian", "id", ""),
    ("malay", "ms", ""),
    ("chinese", "zh", ""),
    ("japanese", "ja", ""),
    ("korean", "ko", ""),
    ("irish", "ga", ""),
    ("welsh", "cy", ""),
    ("esperanto", "eo", ""),
];

/// The tag of the language that a work is in: of its name, or the tag itself.
#[must_use]
pub fn tag_of(name: &str) -> Option<String> {
    named(name).map(|(_, tag, _)| (*tag).to_owned()).or_else(|| is_tag(name).then(|| name.to_owned()))
}

/// The tag of the language that titles are set in, with the region that babel means.
#[must_use]
pub fn regional_tag_of(name: &str) -> Option<String> {
    match named(name) {
        Some((_, tag, "")) => Some((*tag).to_owned()),
        Some((_, tag, region)) => Some(format!("{tag}-{region}")),
        None => is_tag(name).then(|| name.to_owned()),
    }
}

fn named(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    NAMES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name.trim()))
}

/// Whether a text has the form of a tag: a language of two or three small letters, then script, region or variants.
#[must_use]
pub fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language =
        parts.next().is_some_and(|part| matches!(part.len(), 2 | 3) && part.bytes().all(|b| b.is_ascii_lowercase()));
    language && parts.all(|part| matches!(part.len(), 2..=8) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_tags() {
        assert_eq!(tag_of("English").as_deref(), Some("en"));
        assert_eq!(regional_tag_of("english").as_deref(), Some("en-US"));
        assert_eq!(tag_of("british").as_deref(), Some("en-GB"));
        assert_eq!(tag_of("pt-BR").as_deref(), Some("pt-BR"));
        assert_eq!(tag_of("Klingon"), None);
        assert_eq!(regional_tag_of("en").as_deref(), Some("en"));
    }
}
