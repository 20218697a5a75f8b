package dev.baleen.task;

import java.util.List;

/// What a model is asked, with what was said before in the same chat. Earlier turns keep their questions and answers
/// and lose their reasoning, as chat sessions do; only the last problem is to be learned or scored.
///
/// @param earlier the turns before, oldest first; empty for most
/// @param problem the turn that counts
public record Conversation(List<Problem> earlier, Problem problem) {

    public Conversation {
        earlier = List.copyOf(earlier);
    }
}
