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

/// A person's record is a few hundred small allocations, made and given back within a millisecond.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    mishap::install();
    let args = Args::parse();
    match log::start(args.log, args.log_format) {
        Ok(logging) => progress::choose(args.progress, logging),
        Err(failure) => return failure.report(),
    }
    let done = match args.command {
        Command::Demo(demo) => commands::demo::run(&demo),
        Command::Check(check) => commands::check::run(&check),
        Command::Decide(decide) => commands::decide::run(&decide),
        Command::Compare(compare) => commands::compare::run(&compare),
        Command::Explain(explain) => commands::explain::run(&explain),
        Command::Verify(verify) => commands::verify::run(&verify),
        Command::Sign(sign) => commands::sign::run(&sign),
        Command::Decrypt(decrypt) => commands::decrypt::run(&decrypt),
        Command::Authorize(authorize) => commands::authorize::run(&authorize),
        Command::Extract(extract) => commands::extract::run(&extract),
        Command::Packet(packet) => commands::packet::run(&packet),
        Command::Statewide(statewide) => commands::statewide::run(&statewide),
        Command::Report(report) => commands::report::run(&report),
        Command::Policy(policy) => commands::policy::run(&policy),
        Command::Link(link) => commands::link::run(&link),
        Command::Layout(layout) => commands::layout::run(&layout),
        Command::Forms(forms) => commands::forms::run(&forms),
        Command::Synth(synth) => commands::synth::run(&synth),
    };
    match done {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
