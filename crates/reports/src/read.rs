//! The columns of a run's Parquet files, a group of rows at a time.

use crate::error::ReportError;
use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A Parquet file, of which some columns are read.
pub(crate) struct Columns {
    reader: SerializedFileReader<File>,
    dir: PathBuf,
    file: &'static str,
    places: Vec<usize>,
    group: usize,
}

/// A stretch of a column.
pub(crate) enum Values {
    Text(Vec<ByteArray>),
    Number(Vec<Option<i64>>),
}

impl Values {
    /// The text in a row; empty if there is none.
    pub(crate) fn text(&self, row: usize) -> &[u8] {
        match self {
            Self::Text(values) => values.get(row).map_or(&[], ByteArray::data),
            Self::Number(_) => &[],
        }
    }

    /// The number in a row.
    pub(crate) fn number(&self, row: usize) -> Option<i64> {
        match self {
            Self::Text(_) => None,
            Self::Number(values) => values.get(row).copied().flatten(),
        }
    }
}

/// Some rows.
pub(crate) struct Rows {
    pub(crate) columns: Vec<Values>,
    pub(crate) len: usize,
}

impl Rows {
    pub(crate) fn text(&self, column: usize, row: usize) -> &[u8] {
        self.columns.get(column).map_or(&[], |values| values.text(row))
    }

    pub(crate) fn number(&self, column: usize, row: usize) -> Option<i64> {
        self.columns.get(column).and_then(|values| values.number(row))
    }
}

impl Columns {
    /// Opens a file of the run for these columns.
    pub(crate) fn open(dir: &Path, file: &'static str, names: &[&str]) -> Result<Self, ReportError> {
        let failed = |what: String| ReportError::Unreadable { path: dir.to_owned(), file: file.into(), what };
        let opened = File::open(dir.join(file)).map_err(|error| failed(error.to_string()))?;
        let reader = SerializedFileReader::new(opened).map_err(|error| failed(error.to_string()))?;
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let mut places = Vec::with_capacity(names.len());
        for name in names {
            let place = schema.columns().iter().position(|column| column.name() == *name);
            places.push(place.ok_or_else(|| failed(format!("it has no column {name}; decide again")))?);
        }
        Ok(Self { reader, dir: dir.to_owned(), file, places, group: 0 })
    }

    /// The next group of rows; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Rows>, ReportError> {
        if self.group >= self.reader.num_row_groups() {
            return Ok(None);
        }
        let read = self.read(self.group).map_err(|error| ReportError::Unreadable {
            path: self.dir.clone(),
            file: self.file.into(),
            what: error.to_string(),
        })?;
        self.group += 1;
        Ok(Some(read))
    }

    fn read(&self, group: usize) -> Result<Rows, ParquetError> {
        let group = self.reader.get_row_group(group)?;
        let len = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let mut columns = Vec::with_capacity(self.places.len());
        for &place in &self.places {
            columns.push(column(&*group, place, len)?);
        }
        Ok(Rows { columns, len })
    }
}

fn column(group: &dyn RowGroupReader, place: usize, len: usize) -> Result<Values, ParquetError> {
    let short = || ParquetError::EOF("a column is shorter than its group".into());
    match group.get_column_reader(place)? {
        ColumnReader::ByteArrayColumnReader(mut reader) => {
            let mut values = Vec::with_capacity(len);
            let (mut levels, mut rows) = (Vec::new(), 0);
            while rows < len {
                let (read, ..) = reader.read_records(len - rows, Some(&mut levels), None, &mut values)?;
                if read == 0 {
                    return Err(short());
                }
                rows += read;
            }
            if values.len() != len {
                return Err(ParquetError::General("a column of text lacks cells".into()));
            }
            Ok(Values::Text(values))
        }
        ColumnReader::Int64ColumnReader(mut reader) => {
            let (mut values, mut levels, mut rows) = (Vec::with_capacity(len), Vec::with_capacity(len), 0);
            while rows < len {
                let (read, ..) = reader.read_records(len - rows, Some(&mut levels), None, &mut values)?;
                if read == 0 {
                    return Err(short());
                }
                rows += read;
            }
            let mut present = values.into_iter();
            let numbers = levels.iter().map(|level| if *level > 0 { present.next() } else { None });
            Ok(Values::Number(numbers.collect()))
        }
        _ => Err(ParquetError::General("a column is neither text nor whole numbers".into())),
    }
}
