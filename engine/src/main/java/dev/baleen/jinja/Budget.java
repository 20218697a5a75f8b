package dev.baleen.jinja;

/// What one rendering may cost, counted, so that the same template with the same variables always ends the same way.
///
/// Steps bound the time: about one for each 50 ns of work. Characters and elements bound the memory: they count what
/// was ever made, as all of it may still be held. Depth bounds the stack. All but the last grow with the variables,
/// since a template may well look at each message once for every other, or gather the conversation in a variable
/// message by message.
final class Budget {
    private static final long STEPS_MAX = 20_000_000;
    private static final long STEPS_PER_INPUT_ELEMENT = 2_000;

    /// Of one text, the rendered one included: twice a context of a million tokens.
    private static final int TEXT_CHARACTERS_MAX = 1 << 23;

    private static final long CHARACTERS_MAX = 3L << 23;
    private static final long CHARACTERS_PER_INPUT_CHARACTER = 64;

    private static final long ELEMENTS_MAX = 1 << 19;
    private static final long ELEMENTS_PER_INPUT_ELEMENT = 256;

    /// Levels of statements, expressions and calls inside each other. Half a megabyte of stack suffices for them,
    /// where the smallest default is one.
    private static final int DEPTH_MAX = 600;

    private static final int CALL_LEVELS = 4;

    private static final int CHARACTERS_PER_STEP = 32;
    private static final int SEARCHED_CHARACTERS_PER_STEP = 64;
    private static final int BUILT_IN_STEPS = 8;

    private final long stepsMax;
    private final long charactersMax;
    private final long elementsMax;
    private long steps;
    private long characters;
    private long elements;
    private int depth;

    /// @param inputCharacters of all texts in the variables
    /// @param inputElements all values in the variables
    Budget(long inputCharacters, long inputElements) {
        stepsMax = STEPS_MAX + STEPS_PER_INPUT_ELEMENT * inputElements;
        charactersMax = CHARACTERS_MAX + CHARACTERS_PER_INPUT_CHARACTER * inputCharacters;
        elementsMax = ELEMENTS_MAX + ELEMENTS_PER_INPUT_ELEMENT * inputElements;
    }

    void step() {
        steps(1);
    }

    /// Before a function, filter or test is called.
    void builtIn() {
        steps(BUILT_IN_STEPS);
    }

    void steps(long count) {
        steps += count;
        if (steps > stepsMax) {
            throw Fault.of("the template takes more than the %,d steps that are allowed", stepsMax);
        }
    }

    /// Before a text of that length is made.
    void text(long length) {
        textLength(length);
        characters += length;
        if (characters > charactersMax) {
            throw Fault.of("the template makes more than the %,d characters of text that are allowed", charactersMax);
        }
        scan(length);
    }

    /// While a text grows.
    void textLength(long length) {
        if (length > TEXT_CHARACTERS_MAX) {
            throw Fault.of(
                    "a text of %,d characters is longer than the %,d that are allowed", length, TEXT_CHARACTERS_MAX);
        }
    }

    /// Before so many characters are looked at.
    void scan(long characters) {
        steps(characters / CHARACTERS_PER_STEP + 1);
    }

    /// Before a text of that length is looked for in another: each place may fail at the last character only.
    void search(long characters, long wanted) {
        steps(characters * Math.max(wanted, 1) / SEARCHED_CHARACTERS_PER_STEP + 1);
    }

    /// Before so many elements are put into a list, or twice as many into a dict.
    void elements(long count) {
        elements += count;
        if (elements > elementsMax) {
            throw Fault.of("the template makes more than the %,d list elements that are allowed", elementsMax);
        }
        steps(count);
    }

    /// Before something is made that holds a table of its own: a namespace, a loop, a macro with its scope.
    void table() {
        elements(8);
    }

    void enter() {
        enter(1);
    }

    void leave() {
        depth--;
    }

    /// Before a macro or a loop is called, which takes as much of the stack as several levels.
    void enterCall() {
        enter(CALL_LEVELS);
    }

    void leaveCall() {
        depth -= CALL_LEVELS;
    }

    private void enter(int levels) {
        steps(1);
        depth += levels;
        if (depth > DEPTH_MAX) {
            throw Fault.of("the template nests or calls itself more than %d levels deep", DEPTH_MAX);
        }
    }
}
