package dev.baleen.chat;

import dev.baleen.chat.Stage.Branch;
import java.util.List;
import java.util.function.Supplier;

/// The stages of a family's tool calls.
interface CallGrammar {
    /// The marks that begin calls, in the thoughts or the answer.
    ///
    /// @param atStart whether nothing of the answer has come
    /// @param after what comes after the calls, if anything can
    List<Branch> openings(boolean atStart, Supplier<Stage> after);

    /// Inside a block of calls that the prompt opened.
    Stage block();

    /// A stage in which nothing has a meaning any more.
    static Stage over() {
        return new Stage(List.of(), new Action.Drop());
    }
}
