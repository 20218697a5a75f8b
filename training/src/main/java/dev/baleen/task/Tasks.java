package dev.baleen.task;

import java.util.List;

/// Every task there is. A new task is one new file and one line here.
public final class Tasks {

    /// No problem's question, tags, trace and answer together are longer, and no [Conversation]. A token is at
    /// least
    /// one character, so with the special tokens around them (three for a problem, three more for each earlier
    /// turn) a
    /// document never fills 512 tokens.
    public static final int CHARACTERS_MAX = 400;

    private static final List<Task> ALL = List.of(
            new Addition(),
            new Subtraction(),
            new Comparison(),
            new Sorting(),
            new Countdown(),
            new SmallTalk(),
            new Refusal());

    private Tasks() {}

    public static List<Task> all() {
        return ALL;
    }

    public static Task byName(String name) {
        return ALL.stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No task is named '" + name + "'; there are "
                        + String.join(", ", ALL.stream().map(Task::name).toList())));
    }
}
