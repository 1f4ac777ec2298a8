//! The repository's own chores, started as `cargo xtask`.
//!
//! `cargo xtask ci` is what a change must pass; each of its steps can be run alone. The programs started are `cargo`, where it
//! is there `git`, and for the tests a Python, to look at our files as an analyst does.

mod bench;
mod browser;
mod licences;
mod python;
mod steps;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;
use steps::Step;

const HELP: &str = "\
usage: cargo xtask COMMAND

  test       run all tests of the workspace, and check the licences of what it depends on
  ci         all of the steps below: what a change must pass
  bench      measure what deciding costs, beside floors and targets (cargo xtask bench --help)
  help       this text

single steps:
  fmt        the code is formatted (cargo fmt --check)
  lint       clippy has nothing to say
  doc        the documentation builds without a warning
  unit       the tests alone; makes a Python with DuckDB and pandas in the target folder (VACATUR_PYTHON=none: without)
  licences   every dependency's licence is one that deny.toml allows
  tidy       the repository's own rules: lengths, headings, shelf, links, paths
  fuzz       synthetic people with spoiled rows, 500 rounds; VACATUR_FUZZ_ROUNDS and VACATUR_FUZZ_SEED choose others

The exit code is 0 when everything is in order, 1 when a step failed, 2 when the command is not understood.
";

/// The steps of `ci`, in order: what fails fast comes first.
const CI: [Step; 6] = [Step::Format, Step::Tidy, Step::Licences, Step::Lint, Step::Doc, Step::Unit];

/// What is wrong, one sentence each; nothing when all is in order.
type Complaints = Vec<String>;

fn main() -> ExitCode {
    let mut given = std::env::args_os().skip(1).peekable();
    if given.next_if(|word| word == bench::CHILD).is_some() {
        return bench::child(given);
    }
    let words: Vec<String> = given.map(|word| word.to_string_lossy().into_owned()).collect();
    let wanted: &[Step] = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["test"] => &[Step::Unit, Step::Licences],
        ["ci"] => &CI,
        ["fmt"] => &[Step::Format],
        ["lint"] => &[Step::Lint],
        ["doc"] => &[Step::Doc],
        ["unit"] => &[Step::Unit],
        ["licences" | "licenses"] => &[Step::Licences],
        ["tidy"] => &[Step::Tidy],
        ["bench", ..] => {
            return root().map_or_else(outside, |root| bench::run(words.get(1..).unwrap_or_default(), &root));
        }
        ["fuzz"] => &[Step::Fuzz],
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    let Some(root) = root() else { return outside() };
    if steps::run(wanted, &root) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn outside() -> ExitCode {
    eprintln!("xtask: start it as `cargo xtask`, anywhere in the repository");
    ExitCode::from(2)
}

/// The folder of the workspace: cargo says where this package is, and that is one folder down.
fn root() -> Option<PathBuf> {
    let package = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    package.parent().map(PathBuf::from)
}
