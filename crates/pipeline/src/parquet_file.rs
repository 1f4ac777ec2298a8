//! A table as Parquet: the same rows as its CSV file, column by column.

use crate::error::RunError;
use crate::folder::Output;
use crate::spreadsheet::unguarded;
use crate::table::{Column, Columns, Kind, Rows};
use bytes::Bytes;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a group: enough to pack well, few enough to hold. Groups are cut at this number exactly, so that the file
/// does not depend on how its rows arrive.
const GROUP: usize = 1 << 15;

/// The Parquet file in the making.
pub(crate) struct ParquetFile {
    writer: SerializedFileWriter<Output>,
    of: Columns,
    path: PathBuf,
    pending: VecDeque<Pending>,
    rows: usize,
}

/// Rows that wait for their group.
struct Pending {
    columns: Vec<Held>,
    /// Rows of it that are written already.
    from: usize,
    rows: usize,
}

enum Held {
    Text { bytes: Bytes, ends: Vec<u32> },
    Number(Vec<Option<i64>>),
}

impl Pending {
    /// The rows of it that go into a group of which `room` are free.
    fn taken(&self, room: usize) -> Range<usize> {
        self.from..self.rows.min(self.from + room)
    }
}

impl ParquetFile {
    /// A file of the table `name`, which has these columns.
    pub(crate) fn new(output: Output, name: &str, of: Columns) -> Result<Self, RunError> {
        let path = output.path().to_owned();
        let failed = |error: ParquetError| Output::failed(&path, error);
        let fields: Vec<String> = of
            .iter()
            .map(|(name, kind, _)| match kind {
                Kind::Text => format!("REQUIRED BYTE_ARRAY {name} (UTF8);"),
                Kind::Number => format!("OPTIONAL INT64 {name};"),
            })
            .collect();
        let schema =
            parse_message_type(&format!("message {name} {{ {} }}", fields.join(" "))).map_err(failed)?;
        let level = ZstdLevel::try_new(1).map_err(failed)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by(format!("vacatur {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer =
            SerializedFileWriter::new(output, Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        Ok(Self { writer, of, path, pending: VecDeque::new(), rows: 0 })
    }

    pub(crate) fn add(&mut self, columns: Vec<Column>, rows: usize) -> Result<(), RunError> {
        if rows > 0 {
            let columns = columns
                .into_iter()
                .map(|column| match column {
                    Column::Text { bytes, ends } => Held::Text { bytes: Bytes::from(bytes), ends },
                    Column::Number(numbers) => Held::Number(numbers),
                })
                .collect();
            self.pending.push_back(Pending { columns, from: 0, rows });
            self.rows += rows;
        }
        while self.rows >= GROUP {
            self.write_group(GROUP)?;
        }
        Ok(())
    }

    fn write_group(&mut self, rows: usize) -> Result<(), RunError> {
        let path = &self.path;
        let failed = |error: ParquetError| Output::failed(path, error);
        let mut group = self.writer.next_row_group().map_err(failed)?;
        let mut at = 0;
        while let Some(mut column) = group.next_column().map_err(failed)? {
            match self.of[at].1 {
                Kind::Text => {
                    let mut values = Vec::with_capacity(rows);
                    for pending in &self.pending {
                        let taken = pending.taken(rows - values.len());
                        if let Some(Held::Text { bytes, ends }) = pending.columns.get(at) {
                            let before = taken.start.checked_sub(1).and_then(|last| ends.get(last));
                            let mut start = before.map_or(0, |&end| end as usize);
                            for &end in ends.get(taken).unwrap_or_default() {
                                values.push(ByteArray::from(bytes.slice(start..end as usize)));
                                start = end as usize;
                            }
                        }
                    }
                    column.typed::<ByteArrayType>().write_batch(&values, None, None).map_err(failed)?;
                }
                Kind::Number => {
                    let (mut values, mut present) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
                    for pending in &self.pending {
                        let taken = pending.taken(rows - present.len());
                        if let Some(Held::Number(numbers)) = pending.columns.get(at) {
                            let numbers = numbers.get(taken).unwrap_or_default();
                            values.extend(numbers.iter().flatten());
                            present.extend(numbers.iter().map(|number| i16::from(number.is_some())));
                        }
                    }
                    column.typed::<Int64Type>().write_batch(&values, Some(&present), None).map_err(failed)?;
                }
            }
            column.close().map_err(failed)?;
            at += 1;
        }
        group.close().map_err(failed)?;
        self.rows -= rows;
        let mut left = rows;
        while left > 0
            && let Some(first) = self.pending.front_mut()
        {
            let taken = first.taken(left);
            (left, first.from) = (left - taken.len(), taken.end);
            if first.from == first.rows {
                self.pending.pop_front();
            }
        }
        Ok(())
    }

    /// Takes the rows again that a run interrupted had written to its CSV file, header row included.
    pub(crate) fn again(&mut self, csv: &Path, length: u64) -> Result<(), RunError> {
        let failed = || RunError::write(csv, "reading again");
        let file = File::open(csv).map_err(failed())?;
        let mut reader = csv::ReaderBuilder::new().from_reader(file.take(length));
        let mut rows = Rows::new(self.of);
        let mut record = csv::StringRecord::new();
        loop {
            let more = reader.read_record(&mut record).map_err(|error| failed()(error.into()))?;
            if rows.rows >= GROUP || (!more && rows.rows > 0) {
                let full = std::mem::replace(&mut rows, Rows::new(self.of));
                self.add(full.columns, full.rows)?;
            }
            if !more {
                return Ok(());
            }
            for (cell, (_, kind, _)) in record.iter().zip(self.of) {
                match kind {
                    Kind::Text => rows.text(unguarded(cell)),
                    Kind::Number => rows.number(cell.parse().ok()),
                }
            }
            rows.end_row();
        }
    }

    /// The finished file, to be closed by the folder.
    pub(crate) fn finish(mut self) -> Result<Output, RunError> {
        if self.rows > 0 {
            self.write_group(self.rows)?;
        }
        let path = self.path;
        self.writer.into_inner().map_err(|error| Output::failed(&path, error))
    }
}
