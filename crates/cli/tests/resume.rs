//! A run that is killed leaves nothing under its final name, and goes on from its checkpoint to the same bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Desk, extract, names, synthetic};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many times a run is killed; `VACATUR_KILLS` sets another number.
const KILLS: u32 = 4;

/// All that fixes a run but its place.
const OPTIONS: [&str; 8] =
    ["--horizon", "12m", "--format", "bear", "--checkpoint", "1", "--county", "LOS ANGELES"];

/// A few megabytes, so that there are several checkpoints.
fn county(desk: &Desk) -> PathBuf {
    desk.file("county.dat", extract(&synthetic("county", 11, 900)))
}

/// Every file of a folder, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    names(folder).into_iter().map(|name| (name.clone(), std::fs::read(folder.join(name)).unwrap())).collect()
}

fn same(one: &Path, other: &Path) {
    let (one, other) = (files(one), files(other));
    let named = |all: &[(String, Vec<u8>)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(named(&one), named(&other));
    for ((name, bytes), (_, others)) in one.iter().zip(&other) {
        assert!(bytes == others, "{name} differs");
    }
}

/// Starts a run and kills it after a while. Returns whether it was still running.
fn killed(desk: &Desk, args: &[String], after: Duration) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vacatur"))
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    let running = child.try_wait().unwrap().is_none();
    if running {
        assert!(!desk.path("killed").exists(), "a folder under its final name while the run goes on");
    }
    // SIGKILL on Unix: the program cannot clean up.
    let _ = child.kill();
    child.wait().unwrap();
    running
}

#[test]
fn a_run_killed_at_any_moment_goes_on_to_the_same_bytes() {
    let desk = Desk::new();
    let input = county(&desk);
    let start = Instant::now();
    desk.run(&[&input], "whole", &OPTIONS);
    let whole = start.elapsed();

    let kills = std::env::var("VACATUR_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let mut went_on = 0;
    for kill in 0..10 * kills {
        // On a busy machine every kill may come before the first checkpoint: then more are tried.
        if kill >= kills && went_on > 0 {
            break;
        }
        // Spread over the time of a run, the golden ratio being far from every fraction.
        let share = (f64::from(kill + 1) * 0.618_033_988_75).fract();
        let args = desk.args(&[&input], "killed", &OPTIONS);
        let running = killed(&desk, &args, whole.mul_f64(share));
        if running {
            assert!(!desk.path("killed").exists());
            let checkpoint = desk.path("killed.partial/.checkpoint").exists();
            // Killed once more on the way, and gone on with on another number of threads.
            let mut more = OPTIONS.to_vec();
            more.extend(["--resume", "--threads", "1"]);
            killed(&desk, &desk.args(&[&input], "killed", &more), whole.mul_f64(share / 2.0));
            if !desk.path("killed").exists() {
                more.truncate(OPTIONS.len() + 1);
                let said = desk.decide(&[&input], "killed", &more);
                assert_eq!(said.code, Some(0), "{}", said.err);
                went_on += u32::from(checkpoint && said.err.contains("went on after"));
            }
        }
        same(&desk.path("whole"), &desk.path("killed"));
        assert!(!desk.path("killed.partial").exists());
        std::fs::remove_dir_all(desk.path("killed")).unwrap();
    }
    assert!(went_on > 0, "no kill came after a checkpoint");
}

/// Scratch files are removed when a run ends. The checkpoint that speaks of them went last, and a run killed in between
/// could not be gone on with.
#[test]
fn a_run_killed_while_it_ends_begins_anew() {
    let desk = Desk::new();
    let input = county(&desk);
    desk.run(&[&input], "whole", &OPTIONS);
    // As it is between the removal of the checkpoint and that of the other scratch files.
    let partial = desk.path("killed.partial");
    std::fs::create_dir(&partial).unwrap();
    for name in names(&desk.path("whole")) {
        std::fs::copy(desk.path("whole").join(&name), partial.join(&name)).unwrap();
    }
    for name in [".vacatur-run", ".index-entries"] {
        std::fs::write(partial.join(name), "").unwrap();
    }
    let mut more = OPTIONS.to_vec();
    more.push("--resume");
    let said = desk.decide(&[&input], "killed", &more);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("began at the beginning"), "{}", said.err);
    same(&desk.path("whole"), &desk.path("killed"));
}

/// The lock is made after the folder and removed before the folder has its name: a run killed in between leaves none.
#[test]
fn a_run_killed_without_its_lock_begins_anew_and_nobody_elses_folder_is_touched() {
    let desk = Desk::new();
    let input = county(&desk);
    desk.run(&[&input], "whole", &OPTIONS);
    let partial = desk.path("killed.partial");
    std::fs::create_dir(&partial).unwrap();
    assert_eq!(desk.decide(&[&input], "killed", &OPTIONS).code, Some(0));
    std::fs::rename(desk.path("killed"), &partial).unwrap();
    let mut more = OPTIONS.to_vec();
    more.push("--resume");
    let said = desk.decide(&[&input], "killed", &more);
    assert_eq!(said.code, Some(0), "{}", said.err);
    same(&desk.path("whole"), &desk.path("killed"));
    std::fs::create_dir(&partial).unwrap();
    std::fs::remove_dir_all(desk.path("killed")).unwrap();
    std::fs::write(partial.join("letter.txt"), "not of a run").unwrap();
    assert_eq!(desk.decide(&[&input], "killed", &OPTIONS).code, Some(2));
    assert!(partial.join("letter.txt").exists());
}

#[test]
fn a_checkpoint_of_another_run_is_not_gone_on_with() {
    let desk = Desk::new();
    let input = county(&desk);
    let start = Instant::now();
    desk.run(&[&input], "whole", &OPTIONS);
    let whole = start.elapsed();
    let args = desk.args(&[&input], "killed", &OPTIONS);
    for share in [0.8, 0.9, 0.7, 0.6, 0.5] {
        if killed(&desk, &args, whole.mul_f64(share)) && desk.path("killed.partial/.checkpoint").exists() {
            break;
        }
        let _ = std::fs::remove_dir_all(desk.path("killed"));
    }
    assert!(desk.path("killed.partial/.checkpoint").exists(), "no checkpoint was left");
    let mut other = OPTIONS.to_vec();
    other.extend(["--resume", "--set", "age=40"]);
    let said = desk.decide(&[&input], "killed", &other);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("had other inputs, another policy, day, program or run before"),
        "{}",
        said.err
    );
    // It is still there for the run that it belongs to; one begun anew clears it away.
    let mut mine = OPTIONS.to_vec();
    mine.push("--resume");
    assert_eq!(desk.decide(&[&input], "killed", &mine).code, Some(0));
    same(&desk.path("whole"), &desk.path("killed"));
}

#[test]
fn without_an_interrupted_run_resume_begins_at_the_beginning() {
    let desk = Desk::new();
    let input = county(&desk);
    let said = desk.decide(&[&input], "run", &["--resume"]);
    assert_eq!(said.code, Some(0));
    assert!(said.err.contains("began at the beginning"), "{}", said.err);
}
