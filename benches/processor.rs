//! The time of the processor that this process has used: other programs on the machine do not count.

/// Nanoseconds since some moment.
#[cfg(unix)]
pub(crate) fn nanoseconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// Nanoseconds since some moment: of the clock on the wall, where the processor's is not to be had.
#[cfg(not(unix))]
pub(crate) fn nanoseconds() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as f64
}
