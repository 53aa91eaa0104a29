//! The words for months and seasons in the languages that BibLaTeX supports.
//!
//! Facts: CLDR (Unicode licence v3), wide and abbreviated names in both contexts, as Babel 2.18 (BSD) gives them, for Albanian,
//! Basque, Breton, Bulgarian, Catalan, Croatian, Czech, Danish, Dutch, English, Estonian, Finnish, French, Galician, German,
//! Greek, Hungarian, Icelandic, Italian, Latvian, Lithuanian, Norwegian (both), Polish, Portuguese, Romanian, Russian,
//! Serbian (both scripts), Slovak, Slovene, Spanish, Swedish, Turkish and Ukrainian; Austrian names by hand. Words are kept
//! in lower case without diacritics. This file knows words and no dates.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// The month (1 to 12) of a word, any case, with or without diacritics and a dot. The language, a name of babel's or a
/// language tag, decides where languages disagree.
pub fn month_named(word: &str, language: Option<&str>) -> Option<u8> {
    let word = fold(word);
    if word.chars().count() < 3 {
        return None;
    }
    if let Some((_, readings)) = DISPUTED.iter().find(|(disputed, _)| *disputed == word) {
        let language = language?.to_ascii_lowercase();
        let agrees = |prefix: &str| prefix.split(' ').any(|prefix| language.starts_with(prefix));
        return readings.iter().find(|(prefixes, _)| agrees(prefixes)).map(|(_, month)| *month);
    }
    let at = MONTHS.iter().position(|words| words.split(' ').any(|known| known == word))?;
    u8::try_from(at + 1).ok()
}

/// The season of a word as EDTF numbers them: spring 21, summer 22, autumn 23, winter 24.
pub fn season_named(word: &str) -> Option<u8> {
    let word = fold(word);
    let at = SEASONS.iter().position(|words| words.split(' ').any(|known| known == word))?;
    u8::try_from(21 + at).ok()
}

fn fold(word: &str) -> String {
    let word = word.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let word = ["d\u{2019}", "d'"].iter().find_map(|article| word.strip_prefix(article)).unwrap_or(word);
    let lower = word.to_lowercase().replace(['\u{2019}', '\u{2bc}'], "'");
    lower.nfd().filter(|c| canonical_combining_class(*c) == 0).collect()
}

/// Words that are one month in some languages and another in others, with the languages.
const DISPUTED: [(&str, [(&str, u8); 2]); 5] = [
    ("lip", [("croat hr", 6), ("pol pl", 7)]),
    ("lis", [("croat hr", 10), ("pol pl cz cs", 11)]),
    ("listopad", [("croat hr", 10), ("pol pl cz cs", 11)]),
    ("listopada", [("croat hr", 10), ("pol pl", 11)]),
    ("srp", [("croat hr", 7), ("cz cs", 8)]),
];

/// Spring, summer, autumn and winter.
const SEASONS: [&str; 4] = [
    "spring fruhling fruhjahr printemps primavera voorjaar lente var forar kevat wiosna jaro vesna весна пролет bahar ilkbahar \
     tavasz proljece pomlad",
    "summer sommer ete verano estate verao zomer sommar kesa lato leto лето лято yaz nyar ljeto poletje",
    "autumn fall herbst automne otono autunno outono herfst host efterar syksy jesien podzim осень есен sonbahar guz osz jesen",
    "winter hiver invierno inverno vinter talvi zima зима kis tel",
];

/// January to December.
const MONTHS: [&str; 12] = [
    "ene enero gen gener gennaio genver ian ianuarie jaan jaanuar jan janar janeiro janner janr januar \
     januara januari january janv janvaris janvier led leden ledna oca ocak saus sausio sausis sij sijecanj \
     sijecnja sty styczen stycznia tammi tammikuu tammikuuta urt urtarrila xan xaneiro ιαν ιανουαριος \
     ιανουαριου січ січень січня янв январь января яну януари јан јануар",
    "c'hwe c'hwevrer feb febbraio feber febr febreiro febrer febrero februar februara februari februarie \
     februaris february fev fevereiro fevr fevrier helmi helmikuu helmikuuta lut lutego luty ots otsaila shk \
     shkurt sub subat uno unor unora vas vasario vasaris veebr veebruar velj veljaca veljace φεβ φεβρουαριος \
     φεβρουαριου лют лютии лютого феб фебруар фев февр февраль февраля февруари",
    "bre brezen brezna kov kovas kovo maalis maaliskuu maaliskuuta maart mar marc marca march marcius marco \
     marec mars mart martie marts martxoa marz marzec marzo meur meurzh mrt ozu ozujak ozujka μαρ μαρτιος \
     μαρτιου бер березень березня мар март марта",
    "abr abril api apirila apr april aprila aprile aprilie aprilis aprill avr avril bal balandis balandzio \
     dub duben dubna ebr ebrel huhti huhtikuu huhtikuuta kwi kwiecien kwietnia nis nisan pri prill tra \
     travanj travnja απρ απριλιος απριλιου апр апрель апреля април квіт квітень квітня",
    "geg geguze geguzes kve kveten kvetna mae mag maggio mai maiatza maig maijs maio maj maja majus may mayo \
     mayıs mei svi svibanj svibnja touko toukokuu toukokuuta μαι μαιος μαιου маи мая мај трав травень травня",
    "birz birzelio birzelis cerven cervna cvn cze czerwca czerwiec eka ekaina giu giugno haz haziran iun \
     iunie juin jun juna june junho juni junij junijs junio junius juny juuni kesa kesakuu kesakuuta lipanj \
     lipnja mezh mezheven qer qershor xuno ιουν ιουνιος ιουνιου июн июнь июня черв червень червня юни јун",
    "cervence cervenec cvc goue gouere heina heinakuu heinakuuta iul iulie juil juillet jul jula julho juli \
     julij julijs julio juliol julius july juuli korr korrik liep liepa liepos lipca lipiec lug luglio srpanj \
     srpnja tem temmuz uzt uztaila xul xullo ιουλ ιουλιος ιουλιου июл июль июля лип липень липня юли јул",
    "abu abuztua ag ago agost agosto agu agust agustos aout aug august augusta augusti augusts augustus \
     augusztus avg avgust elo elokuu elokuuta eost gush gusht kol kolovoz kolovoza rugp rugpjucio rugpjutis \
     sie sierpien sierpnia srpen srpna αυγ αυγουστος αυγουστου авг август августа серп серпень серпня",
    "eyl eylul gwen gwengolo ira iraila rugs rugsejis rugsejo ruj rujan rujna sep sept septembar september \
     septembra septembre septembrie septembris septiembre set setembre setembro setiembre settembre sht \
     shtator syys syyskuu syyskuuta szept szeptember wrz wrzesien wrzesnia zar zari σεπ σεπτεμβριος \
     σεπτεμβριου вер вересень вересня сент сентябрь сентября сеп септембар септември",
    "eki ekim here loka lokakuu lokakuuta oct october octobre octombrie octubre okt oktobar oktober oktobra \
     oktobris oktoober ott ottobre out outubro paz pazdziernik pazdziernika rij rijen rijna spal spalio \
     spalis tet tetor urr urria οκτ οκτωβριος οκτωβριου жовт жовтень жовтня окт октобар октомври октябрь \
     октября",
    "aza azaroa kas kasım lapkr lapkricio lapkritis listopadu marras marraskuu marraskuuta nen nentor \
     noiembrie nov novembar november novembra novembre novembris novembro noviembre stu studeni studenoga νοε \
     νοεμβριος νοεμβριου лист листопад листопада нов новембар ное ноември нояб ноябрь ноября",
    "abe abendua ara aralık dec decembar december decembra decembre decembrie decembris decembro des desember \
     desembre dets detsember dez dezember dezembro dhj dhjetor dic dicembre diciembre gru grudnia grudzien \
     gruod gruodis gruodzio joulu joulukuu joulukuuta kerzu kzu pro prosinac prosinca prosince prosinec δεκ \
     δεκεμβριος δεκεμβριου груд грудень грудня дек декабрь декабря декември дец децембар",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_many_languages() {
        let check = |word: &str, month: u8| assert_eq!(month_named(word, None), Some(month), "{word}");
        for (word, month) in [
            ("January", 1),
            ("Januar", 1),
            ("Jänner", 1),
            ("enero", 1),
            ("janvier", 1),
            ("Февраля", 2),
            ("février", 2),
            ("fevrier", 2),
            ("März", 3),
            ("mars", 3),
            ("marzo", 3),
            ("MAI", 5),
            ("giugno", 6),
            ("czerwca", 6),
            ("červen", 6),
            ("heinäkuu", 7),
            ("août", 8),
            ("agosto", 8),
            ("Sept.", 9),
            ("Eylül", 9),
            ("oktober", 10),
            ("października", 10),
            ("d’octubre", 10),
            ("kasım", 11),
            ("dicembre", 12),
            ("Δεκεμβρίου", 12),
        ] {
            check(word, month);
        }
        for word in ["brumaire", "ma", "", "x", "spring", "listopad"] {
            assert_eq!(month_named(word, None), None, "{word}");
        }
        assert_eq!(month_named("listopad", Some("croatian")), Some(10));
        assert_eq!(month_named("listopad", Some("cs-CZ")), Some(11));
        assert_eq!(month_named("listopad", Some("german")), None);
        assert_eq!(season_named("Été"), Some(22));
        assert_eq!(season_named("Fall"), Some(23));
    }

    #[test]
    fn every_word_has_one_month() {
        let mut all: Vec<&str> = MONTHS.iter().flat_map(|words| words.split(' ')).collect();
        all.extend(DISPUTED.iter().map(|(word, _)| *word));
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|word| fold(word) == **word));
    }
}
