//! The columns of a run's Parquet files, a group of rows at a time.

use super::error::ExtractError;
use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A Parquet file of which some columns are read, row by row. No more than a group of rows is held.
pub(crate) struct Table {
    reader: SerializedFileReader<File>,
    path: PathBuf,
    places: Vec<usize>,
    group: usize,
    held: Vec<Values>,
    row: usize,
    rows: usize,
}

enum Values {
    Text(Vec<ByteArray>),
    Number(Vec<Option<i64>>),
}

impl Table {
    pub(crate) fn open(path: &Path, names: &[&str]) -> Result<Self, ExtractError> {
        let file = File::open(path).map_err(ExtractError::unreadable(path))?;
        let reader = SerializedFileReader::new(file).map_err(ExtractError::unreadable(path))?;
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let mut places = Vec::with_capacity(names.len());
        for name in names {
            let place = schema.columns().iter().position(|column| column.name() == *name);
            let missing = || ExtractError::NoColumn { path: path.to_owned(), column: (*name).to_owned() };
            places.push(place.ok_or_else(missing)?);
        }
        Ok(Self { reader, path: path.to_owned(), places, group: 0, held: Vec::new(), row: 0, rows: 0 })
    }

    /// Goes to the next row. Says whether there is one.
    pub(crate) fn next(&mut self) -> Result<bool, ExtractError> {
        self.row += 1;
        while self.row >= self.rows {
            if self.group >= self.reader.num_row_groups() {
                return Ok(false);
            }
            let (held, rows) = self.read(self.group).map_err(ExtractError::unreadable(&self.path))?;
            (self.held, self.rows, self.row) = (held, rows, 0);
            self.group += 1;
        }
        Ok(true)
    }

    /// The text in a column of the row; empty if it is none.
    pub(crate) fn text(&self, column: usize) -> &str {
        match self.held.get(column) {
            Some(Values::Text(values)) => {
                values.get(self.row).and_then(|value| value.as_utf8().ok()).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// The number in a column of the row.
    pub(crate) fn number(&self, column: usize) -> Option<i64> {
        match self.held.get(column) {
            Some(Values::Number(values)) => values.get(self.row).copied().flatten(),
            _ => None,
        }
    }

    fn read(&self, group: usize) -> Result<(Vec<Values>, usize), ParquetError> {
        let group = self.reader.get_row_group(group)?;
        let len = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let held: Result<_, _> = self.places.iter().map(|place| column(&*group, *place, len)).collect();
        Ok((held?, len))
    }
}

fn column(group: &dyn RowGroupReader, place: usize, len: usize) -> Result<Values, ParquetError> {
    let short = || ParquetError::EOF("a column is shorter than its group".into());
    let mut levels = Vec::with_capacity(len);
    match group.get_column_reader(place)? {
        ColumnReader::ByteArrayColumnReader(mut reader) => {
            let (mut values, mut rows) = (Vec::with_capacity(len), 0);
            while rows < len {
                let (read, ..) = reader.read_records(len - rows, Some(&mut levels), None, &mut values)?;
                if read == 0 {
                    return Err(short());
                }
                rows += read;
            }
            if values.len() == len { Ok(Values::Text(values)) } else { Err(short()) }
        }
        ColumnReader::Int64ColumnReader(mut reader) => {
            let (mut values, mut rows) = (Vec::with_capacity(len), 0);
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
