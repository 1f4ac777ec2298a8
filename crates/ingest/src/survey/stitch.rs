//! Reading segments on several threads and joining what they found, so that the result is that of reading from the
//! first byte to the last.
//!
//! A thread that begins in the middle of a file cannot know whether it is inside quotes, so it guesses where a row
//! begins. The guess is right if the segment before ends exactly there; if not, the segment is read again from where
//! the one before really ended.

use std::collections::HashMap;

use crate::ordered::ordered;
use crate::reject::Reject;
use crate::source::{Note, Source};

use super::events;
use super::hash::{Piece, SegmentHash, can_split_at, merge};
use super::part::Part;
use super::probe::probe;
use super::walk::Walker;
use super::{Finds, Plan, Run, SourceSummary, SurveyError};

/// One segment of one source.
#[derive(Debug, Clone, Copy)]
struct Job {
    source: usize,
    start: u64,
    end: u64,
}

/// What a thread found in a segment.
struct Done {
    job: Job,
    /// None if no line begins in the segment.
    part: Option<Part>,
    hash: Option<Piece>,
}

pub(super) fn survey_with(
    sources: &[Source],
    plan: Plan<'_>,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
    finds: &mut dyn Finds,
) -> Result<Vec<SourceSummary>, SurveyError> {
    u32::try_from(sources.len()).map_err(|_| SurveyError::TooManySources)?;
    let headers = sources.iter().map(|source| probe(source, &plan)).collect::<Result<Vec<_>, _>>()?;
    let repeated = repeated(sources)?;
    let jobs = jobs(sources, plan.tuning.segment);
    let mut stitcher = Stitcher {
        sources,
        plan,
        headers,
        repeated,
        finds,
        summaries: Vec::with_capacity(sources.len()),
        current: Part::default(),
        pieces: Vec::new(),
    };
    ordered(
        threads.min(jobs.len()),
        jobs.into_iter().map(Ok),
        || (),
        |(), job| work(sources, plan, job, progress),
        |done| stitcher.take(done),
    )?;
    Ok(stitcher.summaries)
}

/// For each source the earlier one with the same content. Only sources of the same length are compared.
fn repeated(sources: &[Source]) -> Result<Vec<Option<usize>>, SurveyError> {
    let mut lengths: HashMap<u64, usize> = HashMap::new();
    for source in sources {
        *lengths.entry(source.len()).or_default() += 1;
    }
    let mut first: HashMap<[u8; 32], usize> = HashMap::new();
    let mut repeated = vec![None; sources.len()];
    for (number, source) in sources.iter().enumerate() {
        if lengths.get(&source.len()).is_some_and(|&others| others > 1) {
            let earlier = *first.entry(hash_in_one_piece(source)?).or_insert(number);
            repeated[number] = (earlier != number).then_some(earlier);
        }
    }
    Ok(repeated)
}

fn jobs(sources: &[Source], segment: u64) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (source, about) in sources.iter().enumerate() {
        let mut start = 0_u64;
        loop {
            let end = start.saturating_add(segment.max(1)).min(about.len());
            jobs.push(Job { source, start, end });
            if end == about.len() {
                break;
            }
            start = end;
        }
    }
    jobs
}

/// Reads one segment from where its first row seems to begin.
fn work(
    sources: &[Source],
    plan: Plan<'_>,
    job: Job,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Done, SurveyError> {
    let source = &sources[job.source];
    let wrong = |error| SurveyError::reading(source, error);
    let whole = job.start == 0 && job.end == source.len();
    let hash = (whole || can_split_at(plan.tuning.segment))
        .then(|| SegmentHash::new(job.start, job.end, source.len()));
    let hashing = hash.is_some();
    let mut walker = Walker::new(plan, source, job.source as u32, progress, hash);
    let start = if job.start == 0 { Some(0) } else { walker.guess(job.start, job.end).map_err(wrong)? };
    let part = start.map(|start| walker.walk(start, job.end)).transpose().map_err(wrong)?;
    let hash = walker.finish_hash().map_err(wrong)?;
    if !hashing {
        progress(job.end - job.start);
    }
    Ok(Done { job, part, hash })
}

struct Stitcher<'a> {
    sources: &'a [Source],
    plan: Plan<'a>,
    headers: Vec<bool>,
    /// For each source the earlier one that it repeats.
    repeated: Vec<Option<usize>>,
    finds: &'a mut dyn Finds,
    summaries: Vec<SourceSummary>,
    current: Part,
    pieces: Vec<Piece>,
}

impl Stitcher<'_> {
    /// Takes in the segments in order.
    fn take(&mut self, done: Done) -> Result<(), SurveyError> {
        let job = done.job;
        let source = &self.sources[job.source];
        self.pieces.extend(done.hash);
        let at = self.current.end;
        if at < job.end {
            let part = match done.part {
                Some(part) if part.start == at => part,
                _ => Walker::new(self.plan, source, job.source as u32, &|_| {}, None)
                    .walk(at, job.end)
                    .map_err(|error| SurveyError::reading(source, error))?,
            };
            events::segment(job.source, &part);
            self.current.join(part);
            if let Some(wrong) = self.current.wrong_header.take() {
                let total = wrong.mismatches.len();
                let first = wrong.mismatches.into_iter().take(5).collect();
                return Err(SurveyError::Header {
                    name: source.name().to_owned(),
                    line: wrong.line,
                    first,
                    total,
                });
            }
        }
        if job.end == source.len() {
            return self.end_source(job.source);
        }
        let (runs, rejects) = self.current.settled();
        self.hand_on(job.source, runs, rejects)
    }

    fn hand_on(&mut self, source: usize, runs: Vec<Run>, rejects: Vec<Reject>) -> Result<(), SurveyError> {
        if self.repeated[source].is_some() || (runs.is_empty() && rejects.is_empty()) {
            return Ok(());
        }
        events::rejected(self.sources[source].name(), &rejects);
        Ok(self.finds.take(runs, rejects)?)
    }

    fn end_source(&mut self, number: usize) -> Result<(), SurveyError> {
        let source = &self.sources[number];
        let mut part = std::mem::take(&mut self.current);
        let pieces = std::mem::take(&mut self.pieces);
        let blake3 = if pieces.is_empty() { hash_in_one_piece(source)? } else { merge(&pieces) };
        let duplicate_of = self.repeated[number];
        let header = self.headers[number];
        let headers_inside = part.headers - u64::from(header).min(part.headers);
        let mut notes = source.notes().to_vec();
        if header && part.rows == 0 && part.reject_count() == 0 {
            notes.push(Note::HeaderOnly);
        }
        if headers_inside > 0 {
            notes.push(Note::HeadersInside(headers_inside));
        }
        if let Some(earlier) = duplicate_of {
            notes.push(Note::SameAs(earlier));
        }
        let summary = SourceSummary {
            name: source.name().to_owned(),
            original_bytes: source.original_len(),
            bytes: source.len(),
            blake3,
            rows: part.rows,
            rejects: part.reject_count(),
            blank_lines: part.blank_lines,
            lines: part.lines,
            header,
            headers_inside,
            duplicate_of,
            line_ends: part.line_ends(),
            compression: source.compression(),
            encoding: part.encoding(),
            notes,
        };
        events::surveyed(&summary);
        self.summaries.push(summary);
        let (runs, rejects) = part.rest();
        self.hand_on(number, runs, rejects)
    }
}

fn hash_in_one_piece(source: &Source) -> Result<[u8; 32], SurveyError> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 256 << 10];
    let mut at = 0;
    while at < source.len() {
        let got = source.read_at(at, &mut buffer).map_err(|error| SurveyError::reading(source, error))?;
        hasher.update(&buffer[..got]);
        at += got as u64;
    }
    Ok(*hasher.finalize().as_bytes())
}
