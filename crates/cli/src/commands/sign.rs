//! `vacatur sign`.

use crate::args::Sign;
use crate::failure::Failure;
use crate::screen;
use std::path::Path;
use std::process::ExitCode;
use vacatur_pipeline::{NAMESPACE, new_key, sign};

pub(crate) fn run(args: &Sign) -> Result<ExitCode, Failure> {
    if let Some(path) = &args.new_key {
        let passphrase = match (&args.passphrase_file, args.passphrase) {
            (Some(file), _) => Some(first_line(file).map_err(Failure::said)?),
            (None, true) => Some(asked_twice().map_err(Failure::said)?),
            (None, false) => None,
        };
        let public = new_key(path, &args.comment, passphrase.as_deref())?;
        let file = path.display();
        screen::print(&format!(
            "{public}\n\nThis is the public key, which is also in {file}.pub: give it to whoever checks runs, for --signer.\n\
             The private key is in {file}. Only you may have that file.\n"
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    let (Some(run), Some(key)) = (&args.run, &args.key) else {
        return Err(Failure::said("name the folder of a run and --key FILE"));
    };
    let passphrase = || match &args.passphrase_file {
        Some(file) => first_line(file),
        None => asked("Passphrase of the key: "),
    };
    let by = sign(run, key, &passphrase)?;
    let (folder, name, fingerprint) = (run.display(), by.name, by.fingerprint);
    screen::print(&format!(
        "Signed {folder}/manifest.json with the key {fingerprint}{}. The signature is in manifest.json.sig.\n\
         To check it: vacatur verify {folder} --signer {}.pub\n\
         or, without this program: ssh-keygen -Y verify -f ALLOWED_SIGNERS -I NAME -n {NAMESPACE} -s manifest.json.sig < manifest.json\n",
        if name.is_empty() { String::new() } else { format!(" ({name})") },
        key.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn first_line(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(format!("{}: the first line, which is to be the passphrase, is empty", path.display())),
    }
}

fn asked(prompt: &str) -> Result<String, String> {
    rpassword::prompt_password(prompt).map_err(|error| {
        format!("the key needs a passphrase, and it cannot be asked for ({error}); name a file with --passphrase-file")
    })
}

fn asked_twice() -> Result<String, String> {
    let one = asked("Passphrase for the new key: ")?;
    if one.is_empty() {
        return Err("the passphrase is empty; leave --passphrase out for a key without one".into());
    }
    if asked("The same again: ")? != one {
        return Err("the two passphrases are not the same; no key was made".into());
    }
    Ok(one)
}
