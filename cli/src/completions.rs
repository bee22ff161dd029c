//! `latchkey completions`: what a shell needs to complete commands and options.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{args::Arguments, failure::Failure, output::Output};

/// Prints the shell's script.
pub fn print(shell: Shell, output: &mut Output) -> Result<(), Failure> {
    // Into memory first: the generator would panic on a closed pipe.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "latchkey", &mut script);
    output.line(String::from_utf8_lossy(&script).trim_end())
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn each_shell_learns_every_command() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "latchkey", &mut script);
            let script = String::from_utf8(script).expect("UTF-8");
            for word in ["set-role", "end-sessions", "audit", "follow", "completions"] {
                assert!(script.contains(word), "{shell}: {word}");
            }
            // The others complete no values.
            let completes_values = matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish);
            assert!(!completes_values || script.contains("lock_account"), "{shell}: lock_account");
        }
    }
}
