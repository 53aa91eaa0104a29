//! `bibmill completions` and `bibmill man`: made from the same table as `--help`.

use std::io::{self, Write};

/// Prints a completion script.
pub(super) fn completions(
    shell: clap_complete::Shell,
    command: &mut clap::Command,
    out: &mut dyn Write,
) -> io::Result<()> {
    // The generator takes a failing writer for a bug in itself, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, command, "bibmill", &mut script);
    out.write_all(&script)
}

/// Prints the manual page, every command in it.
pub(super) fn manual(mut command: clap::Command, out: &mut dyn Write) -> io::Result<()> {
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let man = clap_mangen::Man::new(sub.clone());
        writeln!(page, ".SH \"BIBMILL {}\"", sub.get_name().to_uppercase())?;
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    out.write_all(&page)
}
