//! Messages of Fluent files with their values put in: texts, variables, and a choice by a number or a word.
//!
//! The files are read by Fluent's own parser. What they say is worked out here and not by `fluent-bundle`, whose
//! machinery for fractions and for the plurals of all languages is heavier than the rest of the words, in a program
//! that a phone loads over a shop's network. The files use a part of Fluent (no functions, no terms, no attributes);
//! a test refuses more, and compares every message with what `fluent-bundle` makes of it.
//!
//! Invariant: nothing here panics or recurses further than a file is nested.

use std::{borrow::Cow, collections::HashMap};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey},
    parser,
};

/// A value that a message takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg<'a> {
    /// Shown as it is.
    Text(Cow<'a, str>),
    /// A whole number; chooses a plural.
    Number(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text.as_str().into())
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<Cow<'a, str>> for Arg<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl From<$number> for Arg<'_> {
            fn from(number: $number) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )+};
}
numbers!(u8, u16, u32, u64, usize, i8, i16, i32, i64);

/// The messages of a language.
pub struct Messages {
    patterns: HashMap<String, Pattern<String>>,
    /// Has the language a form of its own for one?
    has_singular: bool,
}

impl Messages {
    /// The messages of a file; of one with a mistake, those that could be read. Of two with one key the later.
    pub fn new(source: String, has_singular: bool) -> Self {
        let resource = parser::parse_runtime(source).unwrap_or_else(|(partial, _)| partial);
        let messages = resource.body.into_iter().filter_map(|entry| match entry {
            Entry::Message(message) => Some((message.id.name, message.value?)),
            _ => None,
        });
        Self {
            patterns: messages.collect(),
            has_singular,
        }
    }

    /// The text of a key; none if there is no such message.
    pub fn text(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let mut out = String::new();
        self.put(&mut out, self.patterns.get(key)?, args);
        Some(out)
    }

    fn put(&self, out: &mut String, pattern: &Pattern<String>, args: &[(&str, Arg<'_>)]) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => out.push_str(value),
                PatternElement::Placeable {
                    expression: Expression::Inline(value),
                } => put_value(out, value, args),
                PatternElement::Placeable {
                    expression: Expression::Select { selector, variants },
                } => {
                    let value = argument(selector, args);
                    if let Some(variant) = self.chosen(value, variants) {
                        self.put(out, &variant.value, args);
                    }
                }
            }
        }
    }

    /// The first variant that fits the value, else the default.
    fn chosen<'v>(
        &self,
        value: Option<&Arg<'_>>,
        variants: &'v [Variant<String>],
    ) -> Option<&'v Variant<String>> {
        let fits = |variant: &&Variant<String>| match (&variant.key, value) {
            (VariantKey::NumberLiteral { value: key }, Some(Arg::Number(number))) => {
                key.parse() == Ok(*number)
            }
            (VariantKey::Identifier { name }, Some(Arg::Number(number))) => {
                let is_one = self.has_singular && number.unsigned_abs() == 1;
                name == if is_one { "one" } else { "other" }
            }
            (VariantKey::Identifier { name }, Some(Arg::Text(text))) => name == text,
            _ => false,
        };
        let default = || variants.iter().find(|variant| variant.default);
        variants.iter().find(fits).or_else(default)
    }
}

/// What a selector or a placeable names.
fn argument<'a, 'b>(
    named: &InlineExpression<String>,
    args: &'b [(&str, Arg<'a>)],
) -> Option<&'b Arg<'a>> {
    let InlineExpression::VariableReference { id } = named else {
        return None;
    };
    let found = args.iter().find(|(name, _)| *name == id.name);
    found.map(|(_, value)| value)
}

fn put_value(out: &mut String, value: &InlineExpression<String>, args: &[(&str, Arg<'_>)]) {
    match (value, argument(value, args)) {
        (_, Some(Arg::Text(text))) => out.push_str(text),
        (_, Some(Arg::Number(number))) => out.push_str(&number.to_string()),
        (InlineExpression::StringLiteral { value }, None) => out.push_str(value),
        // As Fluent shows what it was not given.
        (InlineExpression::VariableReference { id }, None) => {
            out.push_str("{$");
            out.push_str(&id.name);
            out.push('}');
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_its_text_with_values_and_choices() {
        let source = "plain = 未同步\n\
            value = { $count } records at { $time }{ \" \" }.\n\
            choice = { $count ->\n    [0] none\n    [one] one record\n   *[other] { $count } records\n}\n\
            word = { $who ->\n    [me] mine\n   *[all] everybody's\n}\n\
            lines = first\n    second\n\n";
        let english = Messages::new(source.to_owned(), true);
        let check = |key: &str, args: &[(&str, Arg<'_>)], expected: Option<&str>| {
            assert_eq!(english.text(key, args).as_deref(), expected, "{key}");
        };
        check("plain", &[], Some("未同步"));
        let both = [("count", 3.into()), ("time", "14:32".into())];
        check("value", &both, Some("3 records at 14:32 ."));
        check(
            "value",
            &[("count", 3.into())],
            Some("3 records at {$time} ."),
        );
        check("choice", &[("count", 0.into())], Some("none"));
        check("choice", &[("count", 1.into())], Some("one record"));
        check("choice", &[("count", 2u64.into())], Some("2 records"));
        check("choice", &[("count", "1".into())], Some("1 records"));
        check("choice", &[], Some("{$count} records"));
        check("word", &[("who", "me".into())], Some("mine"));
        check("word", &[("who", "you".into())], Some("everybody's"));
        check("lines", &[], Some("first\nsecond"));
        check("missing", &[], None);
        let chinese = Messages::new(source.to_owned(), false);
        let one = chinese.text("choice", &[("count", 1.into())]);
        assert_eq!(one.as_deref(), Some("1 records"));
    }

    #[test]
    fn a_file_with_a_mistake_still_gives_what_could_be_read() {
        let messages = Messages::new("good = 好\nbad = { $x\nalso = 也好\n".to_owned(), true);
        assert_eq!(messages.text("good", &[]).as_deref(), Some("好"));
        assert_eq!(messages.text("also", &[]).as_deref(), Some("也好"));
    }
}
