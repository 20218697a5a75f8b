/// Jinja, the language that chat templates are written in.
///
/// In: a template's text, and variables as JSON. Out: text, equal to the byte to what Jinja2 3.1 renders in the
/// environment that the `transformers` library sets up: an immutable sandbox with `trim_blocks`, `lstrip_blocks`,
/// loop controls, `raise_exception`, `strftime_now`, a `tojson` without HTML escapes, and `generation` blocks. Values
/// print as Python prints them, and lengths and slices count code points.
///
/// Templates come in files of strangers. Nothing of Java can be reached from one: values are the records of
/// [dev.baleen.jinja.Value], and what can be asked of them is spelt out in switches and tables. What one may cost is
/// counted by [dev.baleen.jinja.Budget].
///
/// Left out, because no chat template can use it, because none does, or because its result is not the same twice:
/// template inheritance and includes, autoescaping and `Markup`, `print`, `cycler`, `lipsum`, and the filters `batch`,
/// `center`, `forceescape`, `groupby`, `pprint`, `random`, `slice`, `urlencode`, `urlize`, `wordwrap`, `xmlattr`.
/// Format strings take no width from their arguments, reach into none, and know no octal or binary numbers. Added,
/// because converted templates rely on it: the filter `from_json`.
///
/// Read [dev.baleen.jinja.Template], then the way of a template: [dev.baleen.jinja.Lexer], [dev.baleen.jinja.Parser],
/// [dev.baleen.jinja.Statement], [dev.baleen.jinja.Expression], [dev.baleen.jinja.Evaluator]. Knows nothing of chats.
@NullMarked
package dev.baleen.jinja;

import org.jspecify.annotations.NullMarked;
