//! `determinations.parquet`: the same rows as the CSV file, column by column.

use crate::error::RunError;
use crate::folder::Output;
use crate::table::{COLUMNS, Column, Kind};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::path::PathBuf;
use std::sync::Arc;

/// Rows of a group: enough to pack well, few enough to hold.
const GROUP: usize = 1 << 16;

/// The Parquet file in the making.
pub(crate) struct ParquetFile {
    writer: SerializedFileWriter<Output>,
    path: PathBuf,
    pending: Vec<Vec<Column>>,
    rows: usize,
}

impl ParquetFile {
    pub(crate) fn new(output: Output) -> Result<Self, RunError> {
        let path = output.path().to_owned();
        let failed = |error: ParquetError| Output::failed(&path, error);
        let fields: Vec<String> = COLUMNS
            .iter()
            .map(|(name, kind, _)| match kind {
                Kind::Text => format!("REQUIRED BYTE_ARRAY {name} (UTF8);"),
                Kind::Number => format!("OPTIONAL INT64 {name};"),
            })
            .collect();
        let schema = parse_message_type(&format!("message determinations {{ {} }}", fields.join(" ")))
            .map_err(failed)?;
        let level = ZstdLevel::try_new(1).map_err(failed)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by(format!("vacatur {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer =
            SerializedFileWriter::new(output, Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        Ok(Self { writer, path, pending: Vec::new(), rows: 0 })
    }

    pub(crate) fn add(&mut self, columns: Vec<Column>, rows: usize) -> Result<(), RunError> {
        if rows > 0 {
            self.pending.push(columns);
            self.rows += rows;
        }
        if self.rows >= GROUP { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<(), RunError> {
        let path = &self.path;
        let failed = |error: ParquetError| Output::failed(path, error);
        let mut group = self.writer.next_row_group().map_err(failed)?;
        let mut at = 0;
        while let Some(mut column) = group.next_column().map_err(failed)? {
            match COLUMNS[at].1 {
                Kind::Text => {
                    let mut values = Vec::with_capacity(self.rows);
                    for columns in &mut self.pending {
                        if let Column::Text { bytes, ends } = &mut columns[at] {
                            let all = bytes::Bytes::from(std::mem::take(bytes));
                            let mut start = 0;
                            for &end in ends.iter() {
                                values.push(ByteArray::from(all.slice(start..end as usize)));
                                start = end as usize;
                            }
                        }
                    }
                    column.typed::<ByteArrayType>().write_batch(&values, None, None).map_err(failed)?;
                }
                Kind::Number => {
                    let (mut values, mut present) =
                        (Vec::with_capacity(self.rows), Vec::with_capacity(self.rows));
                    for columns in &self.pending {
                        if let Column::Number(numbers) = &columns[at] {
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
        self.pending.clear();
        self.rows = 0;
        Ok(())
    }

    /// The finished file, to be closed by the folder.
    pub(crate) fn finish(mut self) -> Result<Output, RunError> {
        if self.rows > 0 {
            self.write_group()?;
        }
        let path = self.path;
        self.writer.into_inner().map_err(|error| Output::failed(&path, error))
    }
}
