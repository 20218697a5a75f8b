package dev.baleen.jinja;

import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Tuple;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/// The methods of Python's `str`, without those that no prompt has a use for.
final class TextMethods {
    private final String text;
    private final Budget budget;

    private TextMethods(String text, Budget budget) {
        this.text = text;
        this.budget = budget;
    }

    /// A method, bound to the text.
    static Optional<Value> find(String text, String name, Budget budget) {
        TextMethods methods = new TextMethods(text, budget);
        return methods.body(name)
                .map(body -> new Function(name, arguments -> {
                    budget.scan(text.length());
                    return body.call(arguments);
                }));
    }

    private Optional<Function.Body> body(String name) {
        return switch (name) {
            case "capitalize" -> changed(name, Texts::capitalize);
            case "casefold", "lower" -> changed(name, Texts::lower);
            case "upper" -> changed(name, Texts::upper);
            case "title" -> changed(name, Texts::title);
            case "strip" -> Optional.of(arguments -> strip(name, arguments, Texts::strip));
            case "lstrip" -> Optional.of(arguments -> strip(name, arguments, Texts::stripLeft));
            case "rstrip" -> Optional.of(arguments -> strip(name, arguments, Texts::stripRight));
            case "center" -> Optional.of(arguments -> pad(name, arguments, 1, 2));
            case "ljust" -> Optional.of(arguments -> pad(name, arguments, 0, 1));
            case "rjust" -> Optional.of(arguments -> pad(name, arguments, 1, 1));
            case "zfill" -> Optional.of(this::zeroFill);
            case "split" -> Optional.of(arguments -> split(name, arguments, false));
            case "rsplit" -> Optional.of(arguments -> split(name, arguments, true));
            case "splitlines" -> Optional.of(this::splitLines);
            case "partition" -> Optional.of(arguments -> partition(arguments, false));
            case "rpartition" -> Optional.of(arguments -> partition(arguments, true));
            case "join" -> Optional.of(this::join);
            case "replace" -> Optional.of(this::replace);
            case "removeprefix" -> Optional.of(this::removePrefix);
            case "removesuffix" -> Optional.of(this::removeSuffix);
            case "startswith" -> Optional.of(arguments -> affixed(name, arguments, String::startsWith));
            case "endswith" -> Optional.of(arguments -> affixed(name, arguments, String::endsWith));
            case "find" -> Optional.of(arguments -> Value.of(find(name, arguments, false)));
            case "rfind" -> Optional.of(arguments -> Value.of(find(name, arguments, true)));
            case "index" -> Optional.of(arguments -> Value.of(index(name, arguments, false)));
            case "rindex" -> Optional.of(arguments -> Value.of(index(name, arguments, true)));
            case "count" -> Optional.of(this::count);
            case "format" -> Optional.of(arguments -> Value.of(BraceFormat.apply(text, arguments, budget)));
            default -> {
                budget.scan(text.length());
                yield TextQuestions.find(name, text);
            }
        };
    }

    private interface Change {
        String apply(String text);
    }

    private interface Strip {
        String apply(String text, IntPredicate what);
    }

    private interface Affix {
        boolean isOf(String text, String affix);
    }

    private Optional<Function.Body> changed(String name, Change change) {
        return Optional.of(arguments -> {
            arguments.bind(name);
            return made(change.apply(text));
        });
    }

    private Value made(String result) {
        budget.text(result.length());
        return Value.of(result);
    }

    private Value texts(List<String> parts) {
        List<Value> values = new ArrayList<>(parts.size());
        for (String part : parts) {
            values.add(made(part));
        }
        return Value.array(values);
    }

    private Value strip(String name, Arguments arguments, Strip strip) {
        Optional<String> characters = arguments.bind(name, "chars?").findText("chars");
        budget.search(characters.map(String::length).orElse(0), text.length());
        return made(strip.apply(
                text,
                characters.<IntPredicate>map(set -> c -> set.indexOf(c) >= 0).orElse(Texts::isSpace)));
    }

    /// @param left how many of the `of` parts of the padding stand before the text
    private Value pad(String name, Arguments arguments, int left, int of) {
        Arguments.Bound bound = arguments.bind(name, "width", "fillchar?");
        String fill = bound.findText("fillchar").orElse(" ");
        if (Texts.length(fill) != 1) {
            throw Fault.of("%s: the fill character must be exactly one character long", name);
        }
        int width = bound.whole("width", 0);
        int padding = Math.max(0, width - Texts.length(text));
        budget.text((long) text.length() + (long) padding * fill.length());
        // Python gives the odd one of both sides to the left where the width is odd.
        int before = of == 2 ? padding / 2 + (padding & width & 1) : padding * left;
        return Value.of(fill.repeat(before) + text + fill.repeat(padding - before));
    }

    private Value zeroFill(Arguments arguments) {
        int padding = Math.max(0, arguments.bind("zfill", "width").whole("width", 0) - Texts.length(text));
        budget.text((long) text.length() + padding);
        int sign = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
        return Value.of(text.substring(0, sign) + "0".repeat(padding) + text.substring(sign));
    }

    private Value split(String name, Arguments arguments, boolean fromRight) {
        Arguments.Bound bound = arguments.bind(name, "sep?", "maxsplit?");
        int maximum = bound.whole("maxsplit", -1);
        int splitsMax = maximum < 0 ? Integer.MAX_VALUE : maximum;
        Optional<String> separator = bound.findText("sep");
        if (separator.isEmpty()) {
            return texts(
                    fromRight ? Texts.wordsFromRight(text, splitsMax, budget) : Texts.words(text, splitsMax, budget));
        }
        requireSeparator(separator.get());
        return texts(
                fromRight
                        ? Texts.splitFromRight(text, separator.get(), splitsMax, budget)
                        : Texts.split(text, separator.get(), splitsMax, budget));
    }

    private Value splitLines(Arguments arguments) {
        boolean keepEnds = arguments.bind("splitlines", "keepends?").flag("keepends");
        return texts(Texts.lines(text, keepEnds, budget));
    }

    private static void requireSeparator(String separator) {
        if (separator.isEmpty()) {
            throw Fault.of("empty separator");
        }
    }

    private Value partition(Arguments arguments, boolean fromRight) {
        String separator = arguments.bind("partition", "sep").text("sep");
        requireSeparator(separator);
        budget.search(text.length(), separator.length());
        int at = fromRight ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            Value whole = Value.of(text);
            Value empty = Value.of("");
            return fromRight ? Value.tuple(empty, empty, whole) : Value.tuple(whole, empty, empty);
        }
        return Value.tuple(
                made(text.substring(0, at)), Value.of(separator), made(text.substring(at + separator.length())));
    }

    private Value join(Arguments arguments) {
        StringBuilder joined = new StringBuilder();
        Iterator<Value> parts =
                Sequences.iterate(arguments.bind("join", "iterable").get("iterable"), budget);
        for (int i = 0; parts.hasNext(); i++) {
            if (!(parts.next() instanceof Text(String part))) {
                throw Fault.of("join: item %d is no text", i);
            }
            String before = i == 0 ? "" : text;
            budget.textLength((long) joined.length() + before.length() + part.length());
            budget.scan((long) before.length() + part.length());
            joined.append(before).append(part);
        }
        return made(joined.toString());
    }

    private Value replace(Arguments arguments) {
        Arguments.Bound bound = arguments.bind("replace", "old", "new", "count?");
        int count = bound.whole("count", -1);
        return Value.of(Texts.replace(
                text, bound.text("old"), bound.text("new"), count < 0 ? Integer.MAX_VALUE : count, budget));
    }

    private Value removePrefix(Arguments arguments) {
        String prefix = arguments.bind("removeprefix", "prefix").text("prefix");
        return made(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
    }

    private Value removeSuffix(Arguments arguments) {
        String suffix = arguments.bind("removesuffix", "suffix").text("suffix");
        return made(text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
    }

    private Value affixed(String name, Arguments arguments, Affix affix) {
        Arguments.Bound bound = arguments.bind(name, "affix", "start?", "end?");
        Optional<Part> part = part(bound);
        List<Value> wanted = bound.get("affix") instanceof Tuple(List<Value> several, var _)
                ? several
                : List.of(Value.of(bound.text("affix")));
        for (Value each : wanted) {
            if (!(each instanceof Text(String one))) {
                throw Fault.of("%s takes a text or a tuple of texts", name);
            }
            budget.scan(one.length());
            if (part.isPresent() && affix.isOf(part.get().text(), one)) {
                return Value.of(true);
            }
        }
        return Value.of(false);
    }

    /// The part of the text that is looked at.
    ///
    /// @param start where it begins, in code points
    private record Part(String text, int start) {}

    /// Empty where it would begin past the end.
    private Optional<Part> part(Arguments.Bound bound) {
        Value start = bound.find("start").orElse(None.NONE);
        Value end = bound.find("end").orElse(None.NONE);
        if (start instanceof None && end instanceof None) {
            return Optional.of(new Part(text, 0));
        }
        int length = Texts.length(text);
        if (!(start instanceof None) && Numbers.clamped(start) > length) {
            return Optional.empty();
        }
        Slicing slicing = Slicing.of(length, start, end, None.NONE);
        String part = Texts.between(text, slicing.first(), slicing.first() + slicing.count());
        return Optional.of(new Part(part, slicing.first()));
    }

    private int find(String name, Arguments arguments, boolean last) {
        Arguments.Bound bound = arguments.bind(name, "sub", "start?", "end?");
        String wanted = bound.text("sub");
        budget.search(text.length(), wanted.length());
        return part(bound)
                .map(part -> {
                    int at =
                            last ? part.text().lastIndexOf(wanted) : part.text().indexOf(wanted);
                    return at < 0 ? -1 : part.start() + part.text().codePointCount(0, at);
                })
                .orElse(-1);
    }

    private int index(String name, Arguments arguments, boolean last) {
        int at = find(name, arguments, last);
        if (at < 0) {
            throw Fault.of("substring not found");
        }
        return at;
    }

    private Value count(Arguments arguments) {
        Arguments.Bound bound = arguments.bind("count", "sub", "start?", "end?");
        String wanted = bound.text("sub");
        budget.search(text.length(), wanted.length());
        Optional<Part> part = part(bound);
        if (part.isEmpty()) {
            return Value.of(0);
        }
        String where = part.get().text();
        if (wanted.isEmpty()) {
            return Value.of(Texts.length(where) + 1);
        }
        int count = 0;
        for (int at = where.indexOf(wanted); at >= 0; at = where.indexOf(wanted, at + wanted.length())) {
            count++;
        }
        return Value.of(count);
    }
}
