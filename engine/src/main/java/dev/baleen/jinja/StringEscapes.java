package dev.baleen.jinja;

/// What backslashes mean in a string, as in Python's.
final class StringEscapes {
    private final String text;
    private final int position;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private StringEscapes(String text, int position) {
        this.text = text;
        this.position = position;
    }

    /// @param position where the string begins, for messages
    static String resolve(String text, int position) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringEscapes escapes = new StringEscapes(text, position);
        while (escapes.at < text.length()) {
            escapes.next();
        }
        return escapes.out.toString();
    }

    private void next() {
        char c = text.charAt(at++);
        if (c != '\\') {
            out.append(c);
            return;
        }
        char escape = text.charAt(at++); // A string cannot end with an open backslash.
        switch (escape) {
            case '\n' -> {}
            case '\\', '\'', '"' -> out.append(escape);
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000B');
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            case 'U' -> hexadecimal(8);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            default -> out.append('\\').append(escape);
        }
    }

    private void hexadecimal(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0 || value > Character.MAX_CODE_POINT >> 4) {
                throw new Misread("a string has a broken escape of %d hexadecimal digits".formatted(digits), position);
            }
            value = value << 4 | digit;
            at++;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw new Misread("a string has an escape beyond Unicode", position);
        }
        out.appendCodePoint(value);
    }

    private void octal() {
        int value = 0;
        at--;
        for (int i = 0; i < 3 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '7'; i++) {
            value = value * 8 + text.charAt(at++) - '0';
        }
        out.appendCodePoint(value);
    }
}
