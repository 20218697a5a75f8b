package dev.baleen.chat;

import dev.baleen.chat.Stage.Branch;
import java.util.List;
import java.util.function.Supplier;

/// Where no tools are offered.
final class NoCalls implements CallGrammar {
    @Override
    public List<Branch> openings(boolean atStart, Supplier<Stage> after) {
        return List.of();
    }

    @Override
    public Stage block() {
        return CallGrammar.over();
    }
}
