//! Journals by the short names that styles define: `\apj` and its like of the American Astronomical Society's macros, which
//! ADS exports, and the abbreviations of the standard BibTeX styles (`btxdoc`, `plain.bst`). A file that uses them leans
//! on a definition outside of it, so that no other format could print them.

/// The journal of a short name, with or without backslash; case counts, as in TeX.
pub(super) fn of_macro(name: &str) -> Option<&'static str> {
    let name = name.strip_prefix('\\').unwrap_or(name);
    let at = JOURNALS.binary_search_by_key(&name, |(short, _)| short).ok()?;
    Some(JOURNALS[at].1)
}

/// The journal of a value that is nothing but a command: `\apj`, `{\apj}`, `\apj\ `.
pub(super) fn of_value(value: &str) -> Option<&'static str> {
    let command = value.trim_matches(['{', '}', ' ']);
    let command = command.strip_suffix('\\').unwrap_or(command);
    command.starts_with('\\').then(|| of_macro(command)).flatten()
}

/// Sorted by short name.
const JOURNALS: [(&str, &str); 82] = [
    ("aap", "Astronomy & Astrophysics"),
    ("aapr", "The Astronomy and Astrophysics Review"),
    ("aaps", "Astronomy and Astrophysics Supplement Series"),
    ("acmcs", "ACM Computing Surveys"),
    ("acta", "Acta Informatica"),
    ("actaa", "Acta Astronomica"),
    ("aj", "The Astronomical Journal"),
    ("ao", "Applied Optics"),
    ("apj", "The Astrophysical Journal"),
    ("apjl", "The Astrophysical Journal Letters"),
    ("apjlett", "The Astrophysical Journal Letters"),
    ("apjs", "The Astrophysical Journal Supplement Series"),
    ("apjsupp", "The Astrophysical Journal Supplement Series"),
    ("aplett", "Astrophysical Letters"),
    ("applopt", "Applied Optics"),
    ("apspr", "Astrophysics Space Physics Research"),
    ("apss", "Astrophysics and Space Science"),
    ("araa", "Annual Review of Astronomy and Astrophysics"),
    ("astap", "Astronomy & Astrophysics"),
    ("azh", "Astronomicheskii Zhurnal"),
    ("baas", "Bulletin of the American Astronomical Society"),
    ("bac", "Bulletin of the Astronomical Institutes of Czechoslovakia"),
    ("bain", "Bulletin of the Astronomical Institutes of the Netherlands"),
    ("caa", "Chinese Astronomy and Astrophysics"),
    ("cacm", "Communications of the ACM"),
    ("cjaa", "Chinese Journal of Astronomy and Astrophysics"),
    ("fcp", "Fundamentals of Cosmic Physics"),
    ("gca", "Geochimica et Cosmochimica Acta"),
    ("grl", "Geophysical Research Letters"),
    ("iaucirc", "International Astronomical Union Circulars"),
    ("ibmjrd", "IBM Journal of Research and Development"),
    ("ibmsj", "IBM Systems Journal"),
    ("icarus", "Icarus"),
    ("ieeese", "IEEE Transactions on Software Engineering"),
    ("ieeetc", "IEEE Transactions on Computers"),
    ("ieeetcad", "IEEE Transactions on Computer-Aided Design of Integrated Circuits"),
    ("ipl", "Information Processing Letters"),
    ("jaavso", "Journal of the American Association of Variable Star Observers"),
    ("jacm", "Journal of the ACM"),
    ("jcap", "Journal of Cosmology and Astroparticle Physics"),
    ("jcp", "The Journal of Chemical Physics"),
    ("jcss", "Journal of Computer and System Sciences"),
    ("jgr", "Journal of Geophysical Research"),
    ("jqsrt", "Journal of Quantitative Spectroscopy and Radiative Transfer"),
    ("jrasc", "Journal of the Royal Astronomical Society of Canada"),
    ("memras", "Memoirs of the Royal Astronomical Society"),
    ("memsai", "Memorie della Società Astronomica Italiana"),
    ("mnras", "Monthly Notices of the Royal Astronomical Society"),
    ("na", "New Astronomy"),
    ("nar", "New Astronomy Reviews"),
    ("nat", "Nature"),
    ("nphysa", "Nuclear Physics A"),
    ("pasa", "Publications of the Astronomical Society of Australia"),
    ("pasj", "Publications of the Astronomical Society of Japan"),
    ("pasp", "Publications of the Astronomical Society of the Pacific"),
    ("physrep", "Physics Reports"),
    ("physscr", "Physica Scripta"),
    ("planss", "Planetary and Space Science"),
    ("pra", "Physical Review A"),
    ("prb", "Physical Review B"),
    ("prc", "Physical Review C"),
    ("prd", "Physical Review D"),
    ("pre", "Physical Review E"),
    ("prl", "Physical Review Letters"),
    ("procspie", "Proceedings of the SPIE"),
    ("psj", "The Planetary Science Journal"),
    ("qjras", "Quarterly Journal of the Royal Astronomical Society"),
    ("rmxaa", "Revista Mexicana de Astronomía y Astrofísica"),
    ("scp", "Science of Computer Programming"),
    ("sicomp", "SIAM Journal on Computing"),
    ("skytel", "Sky and Telescope"),
    ("solphys", "Solar Physics"),
    ("sovast", "Soviet Astronomy"),
    ("ssr", "Space Science Reviews"),
    ("tcs", "Theoretical Computer Science"),
    ("tocs", "ACM Transactions on Computer Systems"),
    ("tods", "ACM Transactions on Database Systems"),
    ("tog", "ACM Transactions on Graphics"),
    ("toms", "ACM Transactions on Mathematical Software"),
    ("toois", "ACM Transactions on Office Information Systems"),
    ("toplas", "ACM Transactions on Programming Languages and Systems"),
    ("zap", "Zeitschrift für Astrophysik"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_sorted_and_found() {
        assert!(JOURNALS.is_sorted_by_key(|(short, _)| short));
        assert_eq!(of_value("{\\apj}"), Some("The Astrophysical Journal"));
        assert_eq!(of_value("\\mnras\\ "), Some("Monthly Notices of the Royal Astronomical Society"));
        assert_eq!(of_value("apj"), None);
        assert_eq!(of_macro("jacm"), Some("Journal of the ACM"));
    }
}
