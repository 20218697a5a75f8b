package dev.baleen.jinja;

import dev.baleen.jinja.Value.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Filters that make text of text. What is none is printed first.
final class TextFilters {
    private static final int TRUNCATE_LEEWAY = 5;

    private static final String[][] ENTITIES = {
        {"&", "&amp;"}, {">", "&gt;"}, {"<", "&lt;"}, {"'", "&#39;"}, {"\"", "&#34;"}
    };

    static final Map<String, Filter> FILTERS = Map.ofEntries(
            Map.entry("upper", change("upper", Texts::upper)),
            Map.entry("lower", change("lower", Texts::lower)),
            Map.entry("capitalize", change("capitalize", Texts::capitalize)),
            Map.entry("title", change("title", TextFilters::title)),
            Map.entry("escape", TextFilters::escape),
            Map.entry("e", TextFilters::escape),
            Map.entry("string", change("string", text -> text)),
            Map.entry("safe", change("safe", text -> text)),
            Map.entry("trim", TextFilters::trim),
            Map.entry("replace", TextFilters::replace),
            Map.entry("indent", TextFilters::indent),
            Map.entry("truncate", TextFilters::truncate),
            Map.entry("wordcount", TextFilters::wordCount),
            Map.entry("format", TextFilters::format));

    private TextFilters() {}

    private static Filter change(String name, UnaryOperator<String> change) {
        return (input, arguments, budget) -> {
            arguments.bind(name);
            String text = Printer.text(input, budget);
            budget.scan(text.length());
            return made(change.apply(text), budget);
        };
    }

    private static Value made(String text, Budget budget) {
        budget.text(text.length());
        return Value.of(text);
    }

    /// Words begin behind blanks, hyphens and opening brackets only, unlike those of the method `title`.
    private static String title(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        int begin = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || isBreak(text.charAt(i))) {
                titled.append(begun(text.substring(begin, i)));
                if (i < text.length()) {
                    titled.append(text.charAt(i));
                }
                begin = i + 1;
            }
        }
        return titled.toString();
    }

    private static String begun(String word) {
        int first = word.isEmpty() ? 0 : Character.charCount(word.codePointAt(0));
        return Texts.upper(word.substring(0, first)) + Texts.lower(word.substring(first));
    }

    private static boolean isBreak(char c) {
        return Texts.isSpace(c) || "-({[<".indexOf(c) >= 0;
    }

    private static Value escape(Value input, Arguments arguments, Budget budget) {
        arguments.bind("escape");
        String text = Printer.text(input, budget);
        for (String[] entity : ENTITIES) {
            text = Texts.replace(text, entity[0], entity[1], Integer.MAX_VALUE, budget);
        }
        return Value.of(text);
    }

    private static Value trim(Value input, Arguments arguments, Budget budget) {
        String text = Printer.text(input, budget);
        Optional<String> characters = arguments.bind("trim", "chars?").findText("chars");
        budget.search(text.length(), characters.map(String::length).orElse(1));
        return made(
                characters.isPresent()
                        ? Texts.strip(text, c -> characters.get().indexOf(c) >= 0)
                        : Texts.strip(text, Texts::isSpace),
                budget);
    }

    private static Value replace(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("replace", "old", "new", "count?");
        int count = bound.findSome("count").isPresent() ? bound.whole("count", -1) : -1;
        return Value.of(Texts.replace(
                Printer.text(input, budget),
                Printer.text(bound.get("old"), budget),
                Printer.text(bound.get("new"), budget),
                count < 0 ? Integer.MAX_VALUE : count,
                budget));
    }

    private static String required(String filter, Value input) {
        if (input instanceof Text(String text)) {
            return text;
        }
        throw Fault.of("%s takes a text, not a %s", filter, input.typeName());
    }

    private static Value indent(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("indent", "width?", "first?", "blank?");
        String indent;
        if (bound.find("width").orElse(Value.of(4)) instanceof Text(String text)) {
            indent = text;
        } else {
            int width = Math.max(0, bound.whole("width", 4));
            budget.text(width);
            indent = " ".repeat(width);
        }
        StringBuilder indented = new StringBuilder();
        List<String> lines = Texts.lines(required("indent", input) + "\n", false, budget);
        for (int i = 0; i < lines.size(); i++) {
            boolean indents = i == 0
                    ? bound.flag("first")
                    : bound.flag("blank") || !lines.get(i).isEmpty();
            budget.textLength(
                    (long) indented.length() + indent.length() + lines.get(i).length() + 1);
            budget.scan(indent.length());
            indented.append(i == 0 ? "" : "\n").append(indents ? indent : "").append(lines.get(i));
        }
        return made(indented.toString(), budget);
    }

    private static Value truncate(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("truncate", "length?", "killwords?", "end?", "leeway?");
        int length = bound.whole("length", 255);
        String end = bound.findText("end").orElse("...");
        int leeway = bound.findSome("leeway").isPresent() ? bound.whole("leeway", 0) : TRUNCATE_LEEWAY;
        if (length < Texts.length(end) || leeway < 0) {
            throw Fault.of("truncate: the length has to be at least that of its end, and the leeway at least 0");
        }
        if (Sequences.length(input) <= (long) length + leeway) {
            return input;
        }
        String text = required("truncate", input);
        String kept = Texts.between(text, 0, length - Texts.length(end));
        int blank = bound.flag("killwords") ? -1 : kept.lastIndexOf(' ');
        return made((blank < 0 ? kept : kept.substring(0, blank)) + end, budget);
    }

    private static Value wordCount(Value input, Arguments arguments, Budget budget) {
        arguments.bind("wordcount");
        String text = Printer.text(input, budget);
        budget.scan(text.length());
        int count = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            boolean word = codePoint == '_' || Character.isLetterOrDigit(codePoint);
            count += word && !inside ? 1 : 0;
            inside = word;
        }
        return Value.of(count);
    }

    private static Value format(Value input, Arguments arguments, Budget budget) {
        if (!arguments.named().isEmpty()) {
            if (!arguments.positional().isEmpty()) {
                throw Fault.of("format takes positional or named arguments, not both");
            }
            return PercentFormat.apply(
                    Printer.text(input, budget), Value.dict(Dicts.of("format", arguments, budget)), budget);
        }
        return PercentFormat.apply(Printer.text(input, budget), Value.tuple(arguments.positional()), budget);
    }
}
