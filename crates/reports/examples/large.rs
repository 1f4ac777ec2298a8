//! How long a report of many people takes: `large RUN TIMES DIR` repeats a run's rows so many times in another folder, reports it,
//! and says how long that took and how much memory.

use parquet::column::writer::ColumnCloseResult;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::file::writer::SerializedFileWriter;
use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use vacatur_reports::{LEAST, Options, Report, Run};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [run, times, dir] = args.as_slice() else { return Err("large RUN TIMES DIR".into()) };
    let (run, dir, times) = (Path::new(run), Path::new(dir), times.parse()?);
    if !dir.exists() {
        repeat(run, times, dir)?;
    }
    for public in [false, true] {
        let begun = Instant::now();
        let run = Run::open(dir)?;
        let opened = begun.elapsed();
        let options = Options { public, least: LEAST, county: None, counties: &["LOS ANGELES"] };
        let report = Report::of(&run, &options, &|_| {})?;
        report.files()?;
        println!(
            "{} people, public {public}: {opened:?} to open, {:?} in all",
            run.people(),
            begun.elapsed()
        );
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("{line}");
    }
    Ok(())
}

fn repeat(run: &Path, times: u64, dir: &Path) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(dir)?;
    let mut manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(run.join("manifest.json"))?)?;
    let mut summary: serde_json::Value = serde_json::from_slice(&std::fs::read(run.join("summary.json"))?)?;
    let repeated = |of: &mut serde_json::Value| {
        for count in of.as_object_mut().into_iter().flat_map(|of| of.values_mut()) {
            *count = (count.as_u64().unwrap_or(0) * times).into();
        }
    };
    repeated(&mut manifest["counts"]);
    repeated(&mut summary["people"]);
    repeated(&mut summary["by_outcome"]);
    std::fs::write(dir.join("summary.json"), serde_json::to_vec(&summary)?)?;
    for name in ["people.parquet", "determinations.parquet"] {
        let file = File::open(run.join(name))?;
        let reader = SerializedFileReader::new(file.try_clone()?)?;
        let metadata = reader.metadata();
        let schema = metadata.file_metadata().schema_descr().root_schema_ptr();
        let properties = Arc::new(WriterProperties::builder().build());
        let mut writer = SerializedFileWriter::new(File::create(dir.join(name))?, schema, properties)?;
        for _ in 0..times {
            for group in metadata.row_groups() {
                let mut copy = writer.next_row_group()?;
                for column in group.columns() {
                    let closed = ColumnCloseResult {
                        bytes_written: u64::try_from(column.compressed_size())?,
                        rows_written: u64::try_from(group.num_rows())?,
                        metadata: column.clone(),
                        bloom_filter: None,
                        column_index: None,
                        offset_index: None,
                    };
                    copy.append_column(&file, closed)?;
                }
                copy.close()?;
            }
        }
        writer.close()?;
    }
    for output in manifest["outputs"].as_array_mut().into_iter().flatten() {
        let path = dir.join(output["name"].as_str().unwrap_or_default());
        if path.exists() {
            output["blake3"] = blake3::hash(&std::fs::read(path)?).to_hex().to_string().into();
        }
    }
    std::fs::write(dir.join("manifest.json"), serde_json::to_vec(&manifest)?)?;
    Ok(())
}
