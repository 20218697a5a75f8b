package dev.baleen.jinja;

import dev.baleen.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Cuts a template into tokens, and drops the white space that its marks say to drop.
///
/// With `trim_blocks` a newline right after a block or a comment goes; with `lstrip_blocks` blanks before one go if
/// nothing else stands before it in its line; a minus in a mark takes all white space on its side, and a plus keeps it.
final class Lexer {
    private static final String RAW = "raw";
    private static final String END_RAW = "endraw";

    /// Longer ones first.
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    /// Whether what was read last ended with a newline.
    private boolean atLineStart = true;

    private Lexer(String text) {
        this.text = text;
    }

    /// @throws Misread where the text is no template
    static List<Token> tokens(Source source) {
        Lexer lexer = new Lexer(source.text());
        lexer.readAll();
        lexer.add(Kind.END, "", lexer.text.length());
        return lexer.tokens;
    }

    private void readAll() {
        while (at < text.length()) {
            int mark = nextMark(at);
            if (mark < 0) {
                addData(text.substring(at), at);
                at = text.length();
                return;
            }
            char kind = text.charAt(mark + 1);
            addData(before(at, mark, kind), at);
            at = mark;
            switch (kind) {
                case '{' -> readTag(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, "}}");
                case '#' -> skipComment();
                default -> {
                    if (!readRaw()) {
                        readTag(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
                    }
                }
            }
        }
    }

    private int nextMark(int from) {
        for (int i = text.indexOf('{', from); i >= 0 && i + 1 < text.length(); i = text.indexOf('{', i + 1)) {
            char next = text.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    /// The text between the last tag and the mark, without the white space that the mark takes.
    private String before(int from, int mark, char kind) {
        String data = text.substring(from, mark);
        char sign = mark + 2 < text.length() ? text.charAt(mark + 2) : ' ';
        if (sign == '-') {
            return Texts.stripRight(data, Texts::isSpace);
        }
        int lineStart = data.lastIndexOf('\n') + 1;
        boolean strips = kind != '{' && sign != '+' && (lineStart > 0 || atLineStart);
        return strips && data.substring(lineStart).chars().allMatch(Texts::isSpace)
                ? data.substring(0, lineStart)
                : data;
    }

    private void skipComment() {
        int from = at + 2 + sign(at + 2);
        int end = text.indexOf("#}", from);
        if (from >= text.length()) {
            at = from; // Jinja forgives a comment in which nothing stands.
            return;
        }
        if (end < 0) {
            throw new Misread("a comment has no end '#}'", at);
        }
        char sign = end > from ? text.charAt(end - 1) : ' ';
        endTag(end + 2, sign == '-', sign != '+');
    }

    /// Length of the sign of white space at a place: 1 or 0.
    private int sign(int place) {
        return place < text.length() && (text.charAt(place) == '-' || text.charAt(place) == '+') ? 1 : 0;
    }

    /// Goes to the end of a tag, and past the white space that it takes.
    private void endTag(int end, boolean strips, boolean trims) {
        at = end;
        if (strips) {
            at = skipSpace(at);
        } else if (trims && at < text.length() && text.charAt(at) == '\n') {
            at++;
        }
        atLineStart = text.charAt(at - 1) == '\n';
    }

    private int skipSpace(int from) {
        int end = from;
        while (end < text.length() && Texts.isSpace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /// Reads a raw block, if one begins here.
    private boolean readRaw() {
        int word = skipSpace(at + 2 + sign(at + 2));
        int close = skipSpace(word + RAW.length());
        if (!text.startsWith(RAW, word)) {
            return false;
        }
        boolean strips = text.startsWith("-%}", close);
        if (!strips && !text.startsWith("%}", close)) {
            return false;
        }
        int begin = at;
        endTag(close + (strips ? 3 : 2), strips, false);
        int from = at;
        for (int mark = text.indexOf("{%", from); mark >= 0; mark = text.indexOf("{%", mark + 1)) {
            int end = skipSpace(mark + 2 + sign(mark + 2));
            if (text.startsWith(END_RAW, end)) {
                end = skipSpace(end + END_RAW.length());
                int sign = sign(end);
                if (text.startsWith("%}", end + sign)) {
                    addData(before(from, mark, '%'), from);
                    endTag(end + sign + 2, sign > 0 && text.charAt(end) == '-', sign == 0);
                    return true;
                }
            }
        }
        throw new Misread("a raw block has no end '{% endraw %}'", begin);
    }

    private void readTag(Kind beginKind, Kind endKind, String end) {
        int begin = at;
        add(beginKind, "", at);
        at += 2 + sign(at + 2);
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            at = skipSpace(at);
            if (at >= text.length()) {
                throw new Misread("a tag has no end '" + end + "'", begin);
            }
            if (open.isEmpty() && readEnd(endKind, end)) {
                return;
            }
            readWord(open);
        }
    }

    private boolean readEnd(Kind kind, String end) {
        boolean block = kind == Kind.BLOCK_END;
        int sign = sign(at);
        boolean signed = sign > 0 && (block || text.charAt(at) == '-') && text.startsWith(end, at + sign);
        if (!signed && !text.startsWith(end, at)) {
            return false;
        }
        add(kind, "", at);
        boolean strips = signed && text.charAt(at) == '-';
        endTag(at + (signed ? sign : 0) + 2, strips, block && !signed);
        return true;
    }

    private void readWord(Deque<Character> open) {
        int begin = at;
        int first = text.codePointAt(at);
        if (first == '\'' || first == '"') {
            readString((char) first);
        } else if (first >= '0' && first <= '9') {
            NumberWord number = NumberWord.at(text, begin);
            add(number.isFloat() ? Kind.FLOAT : Kind.INTEGER, text.substring(begin, number.end()), begin);
            at = number.end();
        } else if (first == '_' || Character.isUnicodeIdentifierStart(first)) {
            while (at < text.length() && isNamePart(text.codePointAt(at))) {
                at += Character.charCount(text.codePointAt(at));
            }
            add(Kind.NAME, text.substring(begin, at), begin);
        } else {
            readOperator(open);
        }
    }

    private static boolean isNamePart(int codePoint) {
        return Character.isUnicodeIdentifierPart(codePoint) && !Character.isIdentifierIgnorable(codePoint);
    }

    private void readString(char quote) {
        int begin = at;
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length()) {
            throw new Misread("a string has no end " + quote, begin);
        }
        add(Kind.STRING, StringEscapes.resolve(text.substring(begin + 1, at), begin), begin);
        at++;
    }

    private void readOperator(Deque<Character> open) {
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                switch (operator) {
                    case "(" -> open.push(')');
                    case "[" -> open.push(']');
                    case "{" -> open.push('}');
                    case ")", "]", "}" -> close(operator.charAt(0), open);
                    default -> {}
                }
                add(Kind.OPERATOR, operator, at);
                at += operator.length();
                return;
            }
        }
        throw new Misread("unexpected character '" + Character.toString(text.codePointAt(at)) + "'", at);
    }

    private void close(char bracket, Deque<Character> open) {
        if (open.isEmpty()) {
            throw new Misread("unexpected '" + bracket + "'", at);
        }
        char expected = open.pop();
        if (expected != bracket) {
            throw new Misread("unexpected '" + bracket + "', expected '" + expected + "'", at);
        }
    }

    private void addData(String data, int position) {
        if (!data.isEmpty()) {
            add(Kind.DATA, data, position);
        }
    }

    private void add(Kind kind, String word, int position) {
        tokens.add(new Token(kind, word, position));
    }
}
