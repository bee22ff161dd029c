//! Cells of a table, as a spreadsheet may show them: it would calculate what begins like a formula (OWASP, CSV Injection),
//! and whoever chooses a name could have it call programs.

use std::borrow::Cow;

/// What people wrote, with an apostrophe before what is, or behind apostrophes is, a formula.
pub fn harmless(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_formula(&text) { format!("'{text}").into() } else { text }
}

/// What was written.
pub fn original(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    // MV7
    #[test]
    fn no_cell_is_a_formula_and_each_gives_back_what_was_written() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-1", "'-1"),
            ("@sum", "'@sum"),
            ("\t=1", "'\t=1"),
            ("'=1", "''=1"),
            ("''=1", "'''=1"),
            ("'Ada'", "'Ada'"),
            ("Ada = Bob", "Ada = Bob"),
            ("", ""),
        ] {
            assert_eq!((&*harmless(text.into()), original(cell)), (cell, text));
        }
    }
}
