//! `vacatur decrypt`.

use crate::args::Decrypt;
use crate::failure::Failure;
use crate::progress::Bar;
use crate::screen;
use std::process::ExitCode;
use vacatur_pipeline::{Unseal, decrypt, new_identity};

pub(crate) fn run(args: &Decrypt) -> Result<ExitCode, Failure> {
    if let Some(path) = &args.new_identity {
        let recipient = new_identity(path)?;
        let file = path.display();
        screen::print(&format!(
            "{recipient}\n\nThis is the recipient: give it to whoever makes runs, for --encrypt-to.\n\
             The identity is in {file}. Only who has that file can decrypt; without it the runs are lost.\n"
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    let (Some(run), Some(out)) = (&args.run, &args.out) else {
        return Err(Failure::said("name the folder of a run, --identity FILE and --out DIR"));
    };
    let bar = Bar::new(args.quiet);
    let opened = decrypt(&Unseal { run, identities: &args.identity, out }, &bar)?;
    drop(bar);
    if !args.quiet {
        screen::print(&format!(
            "Decrypted {} files ({} bytes) to {}; each has the content that the manifest lists.\n",
            opened.files,
            opened.bytes,
            opened.folder.display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
