//! Work done by several threads, its results taken in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

/// How many results may wait for an earlier one, for each thread. It bounds the memory.
const AHEAD: usize = 3;

/// Does `tasks` on `threads` threads, each with a worker of its own from `worker`, and hands the results to `take` in
/// the order of the tasks. Tasks are drawn one at a time, as threads come free, and never far ahead of what has been
/// taken. On one thread nothing is handed around.
///
/// # Errors
/// The first error of drawing, working or taking, in the order of the tasks; it ends the work.
pub fn ordered<W, T: Send, R: Send, E: Send>(
    threads: usize,
    tasks: impl Iterator<Item = Result<T, E>> + Send,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, T) -> Result<R, E> + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    if threads <= 1 {
        let mut own = worker();
        return tasks.into_iter().try_for_each(|task| take(work(&mut own, task?)?));
    }
    let tasks = Mutex::new(tasks.enumerate());
    let stop = AtomicBool::new(false);
    // How many results have been taken, and a bell for those who wait for it to grow.
    let taken = (Mutex::new(0usize), Condvar::new());
    let window = threads * AHEAD;
    std::thread::scope(|scope| {
        let (results, incoming) = mpsc::channel();
        for _ in 0..threads {
            let results = results.clone();
            let (tasks, stop, taken, worker, work) = (&tasks, &stop, &taken, &worker, &work);
            scope.spawn(move || {
                let _bell = Bell { stop, taken };
                let mut own = worker();
                loop {
                    let drawn = tasks.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((number, task)) = drawn else { return };
                    let mut done = taken.0.lock().unwrap_or_else(PoisonError::into_inner);
                    while number >= *done + window && !stop.load(Ordering::Relaxed) {
                        done = taken.1.wait(done).unwrap_or_else(PoisonError::into_inner);
                    }
                    drop(done);
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let result = task.and_then(|task| work(&mut own, task));
                    if results.send((number, result)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(results);
        let mut waiting = BTreeMap::new();
        let mut expected = 0;
        let mut outcome = Ok(());
        for (number, result) in incoming {
            waiting.insert(number, result);
            while outcome.is_ok()
                && let Some(result) = waiting.remove(&expected)
            {
                outcome = result.and_then(&mut take);
                expected += 1;
            }
            if outcome.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
            *taken.0.lock().unwrap_or_else(PoisonError::into_inner) = expected;
            taken.1.notify_all();
        }
        outcome
    })
}

/// Rings when a thread panics, so that those who wait for its result do not wait for ever. The panic goes on its way:
/// the scope ends with it.
struct Bell<'a> {
    stop: &'a AtomicBool,
    taken: &'a (Mutex<usize>, Condvar),
}

impl Drop for Bell<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Under the lock, or a thread that has just looked at `stop` would miss the bell.
            let _taken = self.taken.0.lock().unwrap_or_else(PoisonError::into_inner);
            self.stop.store(true, Ordering::Relaxed);
            self.taken.1.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_one_thread_does_not_leave_the_others_waiting() {
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            let ended = std::panic::catch_unwind(|| {
                ordered(
                    3,
                    (0..1000).map(Ok),
                    || (),
                    |(), task| if task == 5 { panic!("a mistake") } else { Ok::<usize, ()>(task) },
                    |_| Ok(()),
                )
            });
            send.send(ended.is_err())
        });
        // Without the bell the threads wait for the result of task 5, which never comes.
        assert_eq!(receive.recv_timeout(std::time::Duration::from_secs(60)), Ok(true));
    }

    #[test]
    fn results_come_in_order_on_any_number_of_threads() {
        for threads in [1, 2, 7] {
            let mut got = Vec::new();
            let done: Result<(), ()> = ordered(
                threads,
                (0..100).map(Ok),
                || (),
                |(), task| Ok(task),
                |task| {
                    got.push(task);
                    Ok(())
                },
            );
            assert!(done.is_ok());
            assert_eq!(got, (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_first_error_ends_it_wherever_it_comes_from() {
        for threads in [1, 3] {
            let mut got = 0;
            let done = ordered(
                threads,
                (0..1000).map(|task| if task == 60 { Err("drawn") } else { Ok(task) }),
                || (),
                |(), task| if task == 40 { Err("worked") } else { Ok(task) },
                |_| {
                    got += 1;
                    Ok(())
                },
            );
            assert_eq!((done, got), (Err("worked"), 40));
            let drawn = ordered(threads, [Err("drawn")].into_iter(), || (), |(), ()| Ok(()), |()| Ok(()));
            assert_eq!(drawn, Err("drawn"));
            let taken = ordered(threads, (0..9).map(Ok), || (), |(), _| Ok(()), |()| Err("taken"));
            assert_eq!(taken, Err("taken"));
        }
    }
}
