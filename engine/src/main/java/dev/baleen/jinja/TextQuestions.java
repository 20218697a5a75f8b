package dev.baleen.jinja;

import java.util.Optional;
import java.util.function.IntPredicate;

/// The methods of Python's `str` that ask what it consists of.
final class TextQuestions {
    private TextQuestions() {}

    static Optional<Function.Body> find(String name, String text) {
        return switch (name) {
            case "isalnum" -> all(name, text, c -> isAlphabetic(c) || isNumeric(c));
            case "isalpha" -> all(name, text, TextQuestions::isAlphabetic);
            case "isdecimal" -> all(name, text, Character::isDigit);
            case "isdigit" -> all(name, text, TextQuestions::isDigit);
            case "isnumeric" -> all(name, text, TextQuestions::isNumeric);
            case "isspace" -> all(name, text, Texts::isSpace);
            case "isascii" -> answer(name, text.chars().allMatch(c -> c < 0x80));
            case "isprintable" -> answer(name, text.codePoints().allMatch(Texts::isPrintable));
            case "isidentifier" -> answer(name, isIdentifier(text));
            case "islower" -> answer(name, isLower(text));
            case "isupper" -> answer(name, isUpper(text));
            case "istitle" ->
                answer(
                        name,
                        text.codePoints().anyMatch(Texts::isCased)
                                && Texts.title(text).equals(text));
            default -> Optional.empty();
        };
    }

    static boolean isLower(String text) {
        return text.codePoints().anyMatch(Texts::isCased)
                && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    static boolean isUpper(String text) {
        return text.codePoints().anyMatch(Texts::isCased)
                && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    private static Optional<Function.Body> all(String name, String text, IntPredicate is) {
        return answer(name, !text.isEmpty() && text.codePoints().allMatch(is));
    }

    private static Optional<Function.Body> answer(String name, boolean answer) {
        return Optional.of(arguments -> {
            arguments.bind(name);
            return Value.of(answer);
        });
    }

    private static boolean isAlphabetic(int codePoint) {
        return Character.isLetter(codePoint);
    }

    /// Digits of every script, and those above or below the line or in a circle.
    private static boolean isDigit(int codePoint) {
        return Character.isDigit(codePoint)
                || Character.getType(codePoint) == Character.OTHER_NUMBER && isSingleDigit(codePoint);
    }

    /// Among numbers that are no decimal digits, Unicode calls these digits.
    private static boolean isSingleDigit(int c) {
        return c == 0xB2
                || c == 0xB3
                || c == 0xB9
                || c >= 0x1369 && c <= 0x1371
                || c == 0x19DA
                || c == 0x2070
                || c >= 0x2074 && c <= 0x2079
                || c >= 0x2080 && c <= 0x2089
                || c >= 0x2460 && c <= 0x2468
                || c >= 0x2474 && c <= 0x247C
                || c >= 0x2488 && c <= 0x2490
                || c == 0x24EA
                || c >= 0x24F5 && c <= 0x24FD
                || c == 0x24FF
                || c >= 0x2776 && c <= 0x277E
                || c >= 0x2780 && c <= 0x2788
                || c >= 0x278A && c <= 0x2792
                || c >= 0x10A40 && c <= 0x10A43
                || c >= 0x10E60 && c <= 0x10E68
                || c >= 0x11052 && c <= 0x1105A
                || c >= 0x1F100 && c <= 0x1F10A;
    }

    private static boolean isNumeric(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> false;
        };
    }

    private static boolean isIdentifier(String text) {
        return !text.isEmpty()
                && (text.codePointAt(0) == '_' || Character.isUnicodeIdentifierStart(text.codePointAt(0)))
                && text.codePoints().allMatch(Character::isUnicodeIdentifierPart);
    }
}
