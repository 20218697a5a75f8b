package dev.baleen.task;

import java.util.ArrayList;
import java.util.List;

/// Phrases with choices, written as text: `[Who|What] are you[| exactly]?` has four forms, and `{a}` is where the first
/// slot's value goes, `{b}` the second's. Brackets nest. Every alternative of a choice is equally likely.
final class Grammar {

    private sealed interface Part permits Text, Slot, Choice {}

    private record Text(String text) implements Part {}

    private record Slot(int index) implements Part {}

    private record Choice(List<List<Part>> alternatives) implements Part {}

    private final String source;
    private final List<Part> parts;
    private int position;

    private Grammar(String source) {
        this.source = source;
        this.parts = sequence(false);
    }

    static Grammar of(String source) {
        return new Grammar(source);
    }

    /// One grammar per line; blank lines and lines that start with `#` are left out.
    static List<Grammar> lines(String text) {
        return text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Grammar::of)
                .toList();
    }

    String draw(Dice dice, String... slots) {
        StringBuilder out = new StringBuilder(64);
        write(parts, dice, slots, out);
        return out.toString();
    }

    /// How many ways there are to draw from it, slots not counted.
    long forms() {
        return forms(parts);
    }

    private static long forms(List<Part> parts) {
        long forms = 1;
        for (Part part : parts) {
            if (part instanceof Choice(List<List<Part>> alternatives)) {
                forms *= alternatives.stream().mapToLong(Grammar::forms).sum();
            }
        }
        return forms;
    }

    private void write(List<Part> sequence, Dice dice, String[] slots, StringBuilder out) {
        for (Part part : sequence) {
            switch (part) {
                case Text(String text) -> out.append(text);
                case Slot(int index) -> out.append(slots[index]);
                case Choice(List<List<Part>> alternatives) -> write(dice.pick(alternatives), dice, slots, out);
            }
        }
    }

    private List<Part> sequence(boolean inside) {
        List<Part> sequence = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (position < source.length()) {
            char c = source.charAt(position);
            if (inside && (c == '|' || c == ']')) {
                break;
            }
            position++;
            if (c == '[') {
                flush(text, sequence);
                sequence.add(choice());
            } else if (c == '{') {
                flush(text, sequence);
                sequence.add(slot());
            } else if (c == ']' || c == '|' || c == '}') {
                throw malformed("unexpected '" + c + "'");
            } else {
                text.append(c);
            }
        }
        flush(text, sequence);
        return List.copyOf(sequence);
    }

    private Choice choice() {
        List<List<Part>> alternatives = new ArrayList<>();
        alternatives.add(sequence(true));
        while (position < source.length() && source.charAt(position) == '|') {
            position++;
            alternatives.add(sequence(true));
        }
        if (position == source.length()) {
            throw malformed("'[' without ']'");
        }
        position++;
        return new Choice(List.copyOf(alternatives));
    }

    private Slot slot() {
        if (position + 1 >= source.length() || source.charAt(position + 1) != '}') {
            throw malformed("a slot is one letter in braces");
        }
        int index = source.charAt(position) - 'a';
        if (index < 0 || index > 25) {
            throw malformed("slots are named a to z");
        }
        position += 2;
        return new Slot(index);
    }

    private static void flush(StringBuilder text, List<Part> sequence) {
        if (!text.isEmpty()) {
            sequence.add(new Text(text.toString()));
            text.setLength(0);
        }
    }

    private IllegalArgumentException malformed(String problem) {
        return new IllegalArgumentException("Grammar '" + source + "': " + problem + " before character " + position);
    }
}
