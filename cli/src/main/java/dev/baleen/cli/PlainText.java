package dev.baleen.cli;

/// What a model wrote, made safe for a terminal.
///
/// A model may write any character, by accident or because somebody trained it to: escape sequences that retitle
/// windows, move the cursor over what stands above or feed the clipboard, and marks that reverse the order of
/// letters. They are left out; line breaks and tabs stay.
final class PlainText {
    private PlainText() {}

    static String of(String text) {
        if (text.chars().allMatch(PlainText::isPlain)) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        text.chars().filter(PlainText::isPlain).forEach(character -> plain.append((char) character));
        return plain.toString();
    }

    private static boolean isPlain(int character) {
        boolean reorders = character >= 0x202A && character <= 0x202E || character >= 0x2066 && character <= 0x2069;
        return character == '\n' || character == '\t' || !Character.isISOControl(character) && !reorders;
    }
}
