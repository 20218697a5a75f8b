package dev.baleen.jinja;

import java.util.Optional;
import java.util.function.IntPredicate;

/// The methods of Python's `str` that ask what it consists of. Digits are decimal ones: not those above or below the
/// line or in a circle.
final class TextQuestions {
    private TextQuestions() {}

    static Optional<Function.Body> find(String name, String text) {
        return switch (name) {
            case "isalnum" -> all(name, text, c -> Character.isLetter(c) || isNumeric(c));
            case "isalpha" -> all(name, text, Character::isLetter);
            case "isdigit" -> all(name, text, Character::isDigit);
            case "isnumeric" -> all(name, text, TextQuestions::isNumeric);
            case "isspace" -> all(name, text, Texts::isSpace);
            case "isascii" -> answer(name, text.chars().allMatch(c -> c < 0x80));
            case "islower" -> answer(name, isLower(text));
            case "isupper" -> answer(name, isUpper(text));
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

    private static boolean isNumeric(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> false;
        };
    }
}
