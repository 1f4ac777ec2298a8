//! Values about a person that must not be printed by accident.

/// A value that shows nothing of itself: it has no `Display`, and its `Debug` is a fixed word. Whoever writes it
/// into an output that is meant to hold it takes it out with [`Private::expose`], which is easy to search for.
///
/// ```
/// use vacatur_records::Private;
/// let name = Private::new("QUARTZ,OBERON");
/// assert_eq!(format!("{name:?}"), "(private)");
/// assert_eq!(*name.expose(), "QUARTZ,OBERON");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Wraps a value.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for an output that is meant to hold it.
    #[must_use]
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> std::fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(private)")
    }
}

/// Gives a type that holds personal data a `Debug` that shows its name and nothing else, so that neither an error, a
/// log line nor a failed assertion shows a record.
///
/// ```
/// struct Booking<'a> { name: &'a str }
/// vacatur_records::silent_debug!(Booking<'_>);
/// assert_eq!(format!("{:?}", Booking { name: "QUARTZ,OBERON" }), "Booking<'_> (private)");
/// ```
#[macro_export]
macro_rules! silent_debug {
    ($($type:ty),+ $(,)?) => {$(
        impl ::std::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($type), " (private)"))
            }
        }
    )+};
}
