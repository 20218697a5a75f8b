package dev.baleen.tokenizer;

import dev.baleen.tokenizer.SplitPattern.Choice;
import dev.baleen.tokenizer.SplitPattern.Done;
import dev.baleen.tokenizer.SplitPattern.LineEnd;
import dev.baleen.tokenizer.SplitPattern.Look;
import dev.baleen.tokenizer.SplitPattern.Node;
import dev.baleen.tokenizer.SplitPattern.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads regular expressions in Oniguruma's syntax as far as [SplitPattern] can run them.
///
/// Whatever is beyond that (nested repetitions, back references, lazy quantifiers, classes within classes)
/// makes the answer empty, never an error: another engine takes the pattern then.
final class SplitPatternParser {
    private final String regex;
    private int at;

    private SplitPatternParser(String regex) {
        this.regex = regex;
    }

    static Optional<SplitPattern> parse(String regex) {
        try {
            return Optional.of(new SplitPatternParser(regex).pattern());
        } catch (BeyondUs _) {
            return Optional.empty();
        }
    }

    /// The pattern that finds `literal`, character for character.
    static SplitPattern literal(String literal) {
        Node node = Done.DONE;
        for (int i = literal.length(); i > 0; ) {
            int codePoint = literal.codePointBefore(i);
            i -= Character.charCount(codePoint);
            node = new Run(single(codePoint, false), 1, 1, true, node);
        }
        return new SplitPattern(List.of(node));
    }

    private SplitPattern pattern() throws BeyondUs {
        List<Node> alternatives = new ArrayList<>();
        do {
            alternatives.add(alternative());
        } while (accept("|"));
        if (at < regex.length() || alternatives.size() > SplitPattern.ALTERNATIVES_MAX) {
            throw new BeyondUs();
        }
        return new SplitPattern(alternatives);
    }

    /// One row of elements. It must match at least one character: empty matches have rules of their own.
    private Node alternative() throws BeyondUs {
        List<Element> elements = new ArrayList<>();
        while (at < regex.length() && regex.charAt(at) != '|') {
            elements.add(element());
        }
        if (elements.stream().noneMatch(Element::consumes)) {
            throw new BeyondUs();
        }
        Node node = Done.DONE;
        for (Element element : elements.reversed()) {
            node = element.link(node);
        }
        return node;
    }

    private Element element() throws BeyondUs {
        if (accept("$")) {
            return new Element(false, LineEnd::new);
        }
        if (accept("(?i:")) {
            return choice(true);
        }
        if (accept("(?:")) {
            return choice(false);
        }
        if (accept("(?!") || accept("(?=")) {
            boolean negative = regex.charAt(at - 1) == '!';
            CharacterSet set = set(false);
            expect(")");
            return new Element(false, next -> new Look(set, negative, next));
        }
        CharacterSet set = set(false);
        int[] bounds = quantifier();
        boolean possessive = bounds[2] != 0;
        return new Element(bounds[0] > 0, next -> new Run(set, bounds[0], bounds[1], possessive, next));
    }

    /// The rest of a group whose alternatives are rows of single characters.
    private Element choice(boolean ignoreCase) throws BeyondUs {
        List<List<CharacterSet>> options = new ArrayList<>();
        do {
            List<CharacterSet> option = new ArrayList<>();
            while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
                option.add(set(ignoreCase));
            }
            if (option.isEmpty()) {
                throw new BeyondUs();
            }
            options.add(option);
        } while (accept("|"));
        expect(")");
        boolean optional = accept("?");
        if (at < regex.length() && "?*+{".indexOf(regex.charAt(at)) >= 0) {
            throw new BeyondUs();
        }
        return new Element(!optional, next -> new Choice(options, optional, next));
    }

    /// Minimum, maximum and whether possessive (1) of the quantifier here; once, where there is none.
    private int[] quantifier() throws BeyondUs {
        int[] bounds = {1, 1, 0};
        if (accept("?")) {
            bounds[0] = 0;
        } else if (accept("*")) {
            bounds[0] = 0;
            bounds[1] = Integer.MAX_VALUE;
        } else if (accept("+")) {
            bounds[1] = Integer.MAX_VALUE;
        } else if (accept("{")) {
            bounds[0] = number();
            bounds[1] = bounds[0];
            if (accept(",")) {
                bounds[1] = at < regex.length() && regex.charAt(at) == '}' ? Integer.MAX_VALUE : number();
            }
            expect("}");
            if (bounds[1] < bounds[0]) {
                throw new BeyondUs();
            }
        } else {
            return bounds;
        }
        boolean braces = regex.charAt(at - 1) == '}';
        // In Oniguruma {1,3}+ is a repetition of a repetition, not a possessive one.
        if (!braces && accept("+")) {
            bounds[2] = 1;
        }
        if (at < regex.length() && "?*+{".indexOf(regex.charAt(at)) >= 0) {
            throw new BeyondUs();
        }
        return bounds;
    }

    private int number() throws BeyondUs {
        int begin = at;
        while (at < regex.length() && regex.charAt(at) >= '0' && regex.charAt(at) <= '9') {
            at++;
        }
        if (at == begin || at - begin > 5) {
            throw new BeyondUs();
        }
        return Integer.parseInt(regex.substring(begin, at));
    }

    /// One character, escape or class.
    private CharacterSet set(boolean ignoreCase) throws BeyondUs {
        if (accept("[")) {
            return bracket(ignoreCase);
        }
        int c = next();
        if (c == '\\') {
            CharacterSet.Builder builder = new CharacterSet.Builder();
            int literal = escape(builder);
            if (literal >= 0) {
                builder.add(literal, literal);
            }
            return builder.build(false, ignoreCase);
        }
        if (".^$*+?()[]{}|".indexOf(c) >= 0) {
            throw new BeyondUs();
        }
        return single(c, ignoreCase);
    }

    private CharacterSet bracket(boolean ignoreCase) throws BeyondUs {
        boolean complement = accept("^");
        CharacterSet.Builder builder = new CharacterSet.Builder();
        boolean first = true;
        while (!accept("]")) {
            int c = next();
            if (c == '[' || c == '&' && accept("&") || c == '-' && !first && !peek("]")) {
                throw new BeyondUs();
            }
            first = false;
            int begin = c == '\\' ? escape(builder) : c;
            if (begin < 0) {
                continue;
            }
            int end = begin;
            if (peek("-") && !regex.startsWith("-]", at)) {
                expect("-");
                int last = next();
                if (last == '[') {
                    throw new BeyondUs();
                }
                end = last == '\\' ? escape(builder) : last;
            }
            if (end < begin) {
                throw new BeyondUs();
            }
            builder.add(begin, end);
        }
        if (first) {
            throw new BeyondUs();
        }
        return builder.build(complement, ignoreCase);
    }

    /// What follows a backslash: the code point it stands for, or -1 where it named a set, which is added to
    /// `builder`.
    private int escape(CharacterSet.Builder builder) throws BeyondUs {
        int c = next();
        switch (c) {
            case 'n' -> {
                return '\n';
            }
            case 'r' -> {
                return '\r';
            }
            case 't' -> {
                return '\t';
            }
            case 's', 'S' -> builder.addWhiteSpace(c == 'S');
            case 'd', 'D' -> builder.addCategory("Nd", c == 'D');
            case 'p', 'P' -> {
                expect("{");
                boolean negated = accept("^") != (c == 'P');
                int end = regex.indexOf('}', at);
                if (end < 0 || !builder.addCategory(regex.substring(at, end), negated)) {
                    throw new BeyondUs();
                }
                at = end + 1;
            }
            default -> {
                if (c < 128 && Character.isLetterOrDigit(c)) {
                    throw new BeyondUs();
                }
                return c;
            }
        }
        return -1;
    }

    private int next() throws BeyondUs {
        if (at == regex.length()) {
            throw new BeyondUs();
        }
        int codePoint = regex.codePointAt(at);
        at += Character.charCount(codePoint);
        return codePoint;
    }

    private boolean peek(String token) {
        return regex.startsWith(token, at);
    }

    private boolean accept(String token) {
        boolean there = peek(token);
        at += there ? token.length() : 0;
        return there;
    }

    private void expect(String token) throws BeyondUs {
        if (!accept(token)) {
            throw new BeyondUs();
        }
    }

    private static CharacterSet single(int codePoint, boolean ignoreCase) {
        return new CharacterSet.Builder().add(codePoint, codePoint).build(false, ignoreCase);
    }

    /// An element that does not know yet what follows it.
    private record Element(boolean consumes, java.util.function.UnaryOperator<Node> linker) {
        Node link(Node next) {
            return linker.apply(next);
        }
    }

    /// The pattern needs an engine that can do more.
    private static final class BeyondUs extends Exception {
        private static final long serialVersionUID = 1L;

        BeyondUs() {
            super(null, null, false, false);
        }
    }
}
