//! Enums that travel as short text ("slugs") in documents, rows, JSON and SQL.
//!
//! Invariant: text that this version does not know reads as `Unknown` and is never an error,
//! so that an older client can show what a newer one recorded.

/// Declares a field-less enum with one slug for each variant, plus `Unknown`.
///
/// Gives `ALL` (every variant but `Unknown`), `slug()`, `from_slug()`, `Display`, serde (as the
/// slug), and autosurgeon's `Reconcile` and `Hydrate` (as a string).
#[macro_export]
macro_rules! slug_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $slug:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $($(#[$vmeta])* $variant,)+
            /// Written by a newer version.
            Unknown,
        }
        impl $name {
            /// Every variant but `Unknown`, in the order in which people choose from them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The text that stands for the variant in documents, SQL and JSON.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ Self::Unknown => "unknown" }
            }
            /// Reads a slug; text that is not known becomes `Unknown`.
            pub fn from_slug(slug: &str) -> Self {
                match slug { $($slug => Self::$variant,)+ _ => Self::Unknown }
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { f.write_str(self.slug()) }
        }
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.slug()) }
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let slug = <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(d)?;
                Ok(Self::from_slug(&slug))
            }
        }
        impl ::autosurgeon::Reconcile for $name {
            type Key<'a> = ::autosurgeon::reconcile::NoKey;
            fn reconcile<R: ::autosurgeon::Reconciler>(&self, mut r: R) -> Result<(), R::Error> { r.str(self.slug()) }
        }
        impl ::autosurgeon::Hydrate for $name {
            fn hydrate_string(s: &str) -> Result<Self, ::autosurgeon::HydrateError> { Ok(Self::from_slug(s)) }
        }
    };
}
