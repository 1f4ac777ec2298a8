//! The number that says where a count stands in a record.

/// `CNT_ORDER`: twelve digits, three each for cycle, step, count and part.
///
/// A *cycle* is an arrest and what followed from it; a *step* is one event in it, and on court rows the court
/// case; a *count* is one charge; a *part* is one piece of its sentence.
///
/// ```
/// use vacatur_records::CountOrder;
/// let order: CountOrder = CountOrder::parse(b"101002003001").unwrap();
/// assert_eq!((order.cycle(), order.step(), order.count(), order.part()), (101, 2, 3, 1));
/// assert!(CountOrder::parse(b"101").is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountOrder(u64);

/// Why a count number cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderError {
    /// Nothing stands there.
    Blank,
    /// Not twelve characters.
    Length(usize),
    /// A character that is no digit, counted from 1.
    NotADigit(usize),
}

impl CountOrder {
    /// Reads the twelve digits.
    ///
    /// # Errors
    /// Anything but exactly twelve digits.
    pub fn parse(cell: &[u8]) -> Result<Self, OrderError> {
        if cell.is_empty() {
            return Err(OrderError::Blank);
        }
        if cell.len() != 12 {
            return Err(OrderError::Length(cell.len()));
        }
        let mut number = 0u64;
        for (at, byte) in cell.iter().enumerate() {
            if !byte.is_ascii_digit() {
                return Err(OrderError::NotADigit(at + 1));
            }
            number = number * 10 + u64::from(byte - b'0');
        }
        Ok(Self(number))
    }

    /// From its four parts, each below 1,000.
    #[must_use]
    pub fn new(cycle: u16, step: u16, count: u16, part: u16) -> Self {
        let three = |n: u16| u64::from(n % 1000);
        Self(((three(cycle) * 1000 + three(step)) * 1000 + three(count)) * 1000 + three(part))
    }

    /// The cycle's number.
    #[must_use]
    pub fn cycle(self) -> u16 {
        (self.0 / 1_000_000_000) as u16
    }

    /// The step's number within its cycle.
    #[must_use]
    pub fn step(self) -> u16 {
        (self.0 / 1_000_000 % 1000) as u16
    }

    /// The count's number within its step.
    #[must_use]
    pub fn count(self) -> u16 {
        (self.0 / 1000 % 1000) as u16
    }

    /// The part's number within its count.
    #[must_use]
    pub fn part(self) -> u16 {
        (self.0 % 1000) as u16
    }

    /// Cycle and step: what the rows of one court case share.
    #[must_use]
    pub fn case(self) -> u32 {
        (self.0 / 1_000_000) as u32
    }

    /// Cycle, step and count: what the rows of one count share.
    #[must_use]
    pub fn whole_count(self) -> u64 {
        self.0 / 1000
    }
}

/// The twelve digits.
impl std::fmt::Display for CountOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

/// What is wrong, for a reject.
impl std::fmt::Display for OrderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Blank => f.write_str("the count number is blank"),
            Self::Length(found) => write!(f, "the count number has {found} characters, not 12"),
            Self::NotADigit(at) => write!(f, "the count number has no digit at character {at}"),
        }
    }
}

impl std::error::Error for OrderError {}
