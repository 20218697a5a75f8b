package dev.baleen.chat;

import java.util.random.RandomGenerator;

/// Makes ids of calls as DeepSeek's service does: `call_00_` and 24 random characters. The id of a call that no
/// thought came before says so (`ET`), for a later request to tell a thought that was empty from one that was left
/// out.
final class ToolCallIds {
    private static final String CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LETTERS = 20;
    private static final int DIGITS = 4;

    private ToolCallIds() {}

    static String id(int index, boolean emptyThought, RandomGenerator random) {
        StringBuilder id = new StringBuilder("call_%02d_%s".formatted(index, emptyThought ? "ET_" : ""));
        for (int i = 0; i < LETTERS; i++) {
            id.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        for (int i = 0; i < DIGITS; i++) {
            id.append(CHARACTERS.charAt(random.nextInt(10)));
        }
        return id.toString();
    }
}
