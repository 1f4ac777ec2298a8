//! `vacatur`: decides every conviction in a state's file, and says why.

mod args;
mod commands;
mod failure;
mod log;
mod mishap;
mod progress;
mod screen;

use args::{Args, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    mishap::install();
    let args = Args::parse();
    match log::start(args.log, args.log_format) {
        Ok(logging) => progress::choose(args.progress, logging),
        Err(failure) => return failure.report(),
    }
    let done = match args.command {
        Command::Demo(demo) => commands::demo::run(&demo),
        Command::Decide(decide) => commands::decide::run(&decide),
        Command::Explain(explain) => commands::explain::run(&explain),
        Command::Policy(policy) => commands::policy::run(&policy),
        Command::Synth(synth) => commands::synth::run(&synth),
    };
    match done {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
