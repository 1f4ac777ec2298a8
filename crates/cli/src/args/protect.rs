//! The arguments of the commands that check and protect finished runs.

use super::threads;
use clap::Args as ClapArgs;
use std::path::PathBuf;

#[derive(ClapArgs)]
#[command(
    after_help = "Exit codes: 0 verified; 1 something is not as it should be; 2 the check was not possible."
)]
pub(crate) struct Verify {
    /// The folder of a finished run
    pub(crate) run: PathBuf,
    /// The folder in which the inputs are now, and files of evidence, if they were moved since the run
    #[arg(long, value_name = "DIR")]
    pub(crate) inputs: Option<PathBuf>,
    /// A file of public keys: the run must be signed with one of them
    #[arg(long, value_name = "FILE")]
    pub(crate) signer: Option<PathBuf>,
    /// Decide only so many people again, drawn at random, in place of the whole run
    #[arg(long, value_name = "PEOPLE", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(crate) sample: Option<u64>,
    /// What they are drawn by: the same seed draws the same people
    #[arg(long, default_value_t = 1, requires = "sample")]
    pub(crate) seed: u64,
    /// How many threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// Where the run is made again for a while [default: beside its folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) scratch: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// No progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  vacatur sign --new-key office-key --comment \"Records unit\"\n  vacatur sign run --key office-key\n  vacatur verify run --signer office-key.pub"
)]
pub(crate) struct Sign {
    /// The folder of a finished run
    #[arg(required_unless_present = "new_key", requires = "key")]
    pub(crate) run: Option<PathBuf>,
    /// The private key to sign with: an Ed25519 or ECDSA key of OpenSSH
    #[arg(long, value_name = "FILE", requires = "run")]
    pub(crate) key: Option<PathBuf>,
    /// Make a key pair in place of signing: FILE, which nobody else may have, and FILE.pub
    #[arg(long, value_name = "FILE", conflicts_with_all = ["run", "key"])]
    pub(crate) new_key: Option<PathBuf>,
    /// Whose key it is, for the new key
    #[arg(long, value_name = "TEXT", default_value = "vacatur", requires = "new_key")]
    pub(crate) comment: String,
    /// Protect the new key by a passphrase, which is asked for
    #[arg(long, requires = "new_key")]
    pub(crate) passphrase: bool,
    /// A file whose first line is the passphrase of the key [default: it is asked for]
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  vacatur decrypt --new-identity key.txt\n  vacatur decide county.dat … --encrypt-to age1… --out run\n  vacatur decrypt run --identity key.txt --out run-plain"
)]
pub(crate) struct Decrypt {
    /// The encrypted folder of a run
    #[arg(required_unless_present = "new_identity", requires_all = ["identity", "out"])]
    pub(crate) run: Option<PathBuf>,
    /// A file of identities, as age-keygen writes it; may be given several times
    #[arg(long, value_name = "FILE", requires = "run")]
    pub(crate) identity: Vec<PathBuf>,
    /// The folder to make
    #[arg(long, value_name = "DIR", requires = "run")]
    pub(crate) out: Option<PathBuf>,
    /// Make an identity in place of decrypting, and print its recipient
    #[arg(long, value_name = "FILE", conflicts_with_all = ["run", "identity", "out"])]
    pub(crate) new_identity: Option<PathBuf>,
    /// No progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
