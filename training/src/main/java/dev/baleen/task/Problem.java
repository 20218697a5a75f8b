package dev.baleen.task;

/// One problem with its model solution.
///
/// @param task the [Task#name]
/// @param key what the problem is, however it is worded: problems with equal keys always share a split
/// @param question what the user says
/// @param trace the reasoning between `<think>\n` and `\n</think>`, lines separated by `\n`; empty for small talk
/// @param answer what follows the reasoning
/// @param unseenTemplate whether the wording is kept out of all training streams (see [Wording])
public record Problem(String task, String key, String question, String trace, String answer, boolean unseenTemplate) {

    public static final String THINK_OPEN = "<think>";
    public static final String THINK_CLOSE = "</think>";

    public Problem {
        if (task.isBlank() || key.isBlank() || question.isBlank() || answer.isBlank()) {
            throw new IllegalArgumentException("A problem needs task, key, question and answer, got task '" + task
                    + "', key '" + key + "', question '" + question + "', answer '" + answer + "'");
        }
    }

    /// The most digits that any number of the key has, a point not counted: 3 for `424+837`; 0 without numbers.
    public int digits() {
        int most = 0;
        int run = 0;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            run = c >= '0' && c <= '9' ? run + 1 : c == '.' ? run : 0;
            most = Math.max(most, run);
        }
        return most;
    }

    /// What the model is to write after the prompt, which ends with `<think>\n`: R1's layout, also for an empty
    /// trace.
    public String completion() {
        return trace + "\n" + THINK_CLOSE + "\n\n" + answer;
    }

    /// The assistant's whole turn, with the opening tag.
    public String assistant() {
        return THINK_OPEN + "\n" + completion();
    }
}
