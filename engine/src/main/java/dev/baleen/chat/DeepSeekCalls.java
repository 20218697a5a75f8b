package dev.baleen.chat;

import dev.baleen.chat.Action.Arguments;
import dev.baleen.chat.Action.Drop;
import dev.baleen.chat.Action.EndName;
import dev.baleen.chat.Action.Label;
import dev.baleen.chat.Action.Name;
import dev.baleen.chat.Stage.Branch;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Calls as DeepSeek-V3, R1 and V3.1 write them. Arguments are shown as they come.
final class DeepSeekCalls implements CallGrammar {
    static final String SEPARATOR = "<｜tool▁sep｜>";
    static final String CALLS_BEGIN = "<｜tool▁calls▁begin｜>";
    static final String CALLS_END = "<｜tool▁calls▁end｜>";
    static final String CALL_BEGIN = "<｜tool▁call▁begin｜>";
    static final String CALL_END = "<｜tool▁call▁end｜>";

    static final List<String> CONTROLS = List.of(CALLS_BEGIN, CALLS_END, CALL_BEGIN, CALL_END, SEPARATOR);

    private final Set<String> controls;
    /// Whether the word `function` stands before the name, and a fence around the arguments.
    private final boolean fenced;

    DeepSeekCalls(Set<String> controls, boolean fenced) {
        this.controls = controls;
        this.fenced = fenced;
    }

    @Override
    public List<Branch> openings(boolean atStart, Supplier<Stage> after) {
        return List.of(
                new Branch(Mark.afterNewlines(CALLS_BEGIN, controls), new Drop(), this::block),
                new Branch(Mark.afterNewlines(CALL_BEGIN, controls), new Drop(), this::call));
    }

    /// Nothing follows a block.
    @Override
    public Stage block() {
        return new Stage(
                List.of(branch(CALL_BEGIN, new Drop(), this::call), branch(CALLS_END, new Drop(), CallGrammar::over)),
                new Drop());
    }

    private Stage call() {
        return fenced ? new Stage(List.of(branch(SEPARATOR, new Drop(), this::fencedName)), new Drop()) : name();
    }

    private Stage name() {
        return new Stage(List.of(branch(SEPARATOR, new EndName(), this::arguments)), new Name());
    }

    private Stage fencedName() {
        return new Stage(List.of(branch("\n", new EndName(), this::fence)), new Name());
    }

    /// The fence is forgotten at times.
    private Stage fence() {
        return new Stage(
                List.of(
                        branch("```json\n", new Drop(), this::arguments),
                        branch("{", new Label("{"), this::arguments),
                        branch(CALL_END, new Drop(), this::block)),
                new Drop());
    }

    private Stage arguments() {
        List<Branch> ends = fenced
                ? List.of(
                        branch("\n```" + CALL_END, new Drop(), this::block),
                        branch("\n```\n" + CALL_END, new Drop(), this::block),
                        branch(CALL_END, new Drop(), this::block))
                : List.of(branch(CALL_END, new Drop(), this::block));
        return new Stage(ends, new Arguments(false));
    }

    private Branch branch(String mark, Action action, Supplier<Stage> next) {
        return new Branch(Mark.of(mark, controls), action, next);
    }
}
