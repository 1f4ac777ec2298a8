//! The fixtures of the repository are what `vacatur synth` makes, to the byte.

use std::path::Path;
use std::process::Command;

#[test]
fn fixtures_are_made_by_synth() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/us-ca");
    let desk = tempfile::tempdir().unwrap();
    for profile in ["clean", "hostile"] {
        let (out, truth) = (desk.path().join(profile), desk.path().join(format!("{profile}.truth")));
        let made = Command::new(env!("CARGO_BIN_EXE_vacatur"))
            .args(["synth", "--profile", profile, "--people", "12", "--seed", "2020", "--quiet"])
            .args(["--out".as_ref(), out.as_os_str(), "--truth".as_ref(), truth.as_os_str()])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let same = |made: &Path, name: String| {
            assert!(
                std::fs::read(made).unwrap() == std::fs::read(folder.join(&name)).unwrap(),
                "fixtures/us-ca/{name}"
            );
        };
        same(&out, format!("{profile}.dat"));
        same(&truth, format!("{profile}.truth.csv"));
    }
}
