/// The expressions of the scenario language: JEXL's grammar, strict values, nothing else reachable.
///
/// Where the format is silent, this is what holds:
///
/// - `and or not ? :` take true and false only; nothing is converted. `??` takes the right side where the left is
/// missing
///   or null, also for an undefined name; `?:` also where it is false, zero or empty.
/// - `?.` and `?[` give null where the left is null or the key is missing. An index below 0 counts from the end.
/// - `6/2` is 3, `7/2` is 3.5; whole numbers never overflow; a decimal (from a database) stays exact; `%` has the sign
/// of
///   the dividend. `+` joins texts when one side is a text, and lists.
/// - `<` orders two numbers or two texts. `=~` and `matches` match the whole text; `in` looks in a list, the keys of a
/// map,
///   a text, or a range.
/// - Null as part of a text is an error, in a template and in `"{{x}}"`; `text(null)` is `null`.
/// - For what Python does with comprehensions, `any`, `all`, `sum`, `min`, `max`, `filter` and `map` take an expression
/// in
///   quotes in which `it` is the element: `any(payload.items, 'it.price > 3')`.
/// - `now()` is ISO 8601 in UTC with milliseconds; `now('-15m')` and `now('+1d12h')` are before and after; `now_ms()`
/// is in
///   milliseconds since 1970. `sha256` and `hmac_sha256(key, text)` are in hex, with a third argument `'base64'` in
/// that.
/// - The names of functions are no reserved words: a variable may be called `size`; `uuid` alone always is `uuid()`.
@NullMarked
package io.turbulence.core.internal.definition.expression;

import org.jspecify.annotations.NullMarked;
