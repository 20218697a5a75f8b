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

/// Reads [Dsml] as DeepSeek's own library does: by the few characters that carry a meaning, whatever the tags around
/// them are called. Parameters become a JSON object piece by piece.
final class DsmlCalls implements CallGrammar {
    private static final String OPEN = "<" + Dsml.MARK;
    private static final String CLOSE = "</" + Dsml.MARK;

    private final Set<String> controls;

    DsmlCalls(Set<String> controls) {
        this.controls = controls;
    }

    @Override
    public List<Branch> openings(boolean atStart, Supplier<Stage> after) {
        return List.of(new Branch(Mark.afterNewlines(OPEN, controls), new Drop(), this::block));
    }

    /// Nothing follows a block.
    @Override
    public Stage block() {
        return new Stage(
                List.of(
                        branch("invoke name=\"", new Drop(), this::name),
                        branch(CLOSE + "tool_calls>", new Drop(), CallGrammar::over),
                        branch(CLOSE + " calls>", new Drop(), CallGrammar::over),
                        branch(CLOSE + "function_calls>", new Drop(), CallGrammar::over)),
                new Drop());
    }

    private Stage name() {
        return new Stage(List.of(branch("\"", new EndName(), () -> parameters(true))), new Name());
    }

    private Stage parameters(boolean first) {
        return new Stage(
                List.of(
                        branch("parameter name=", new Label(first ? "{" : ", "), this::parameterName),
                        branch(CLOSE, new Label(first ? "{}" : "}"), this::block)),
                new Drop());
    }

    /// With its quotes, up to the first blank.
    private Stage parameterName() {
        return new Stage(List.of(branch(" ", new Label(": "), this::parameterType)), new Arguments(false));
    }

    private Stage parameterType() {
        return new Stage(
                List.of(
                        branch("true\">", new Label("\""), () -> value(true)),
                        branch("false\">", new Drop(), () -> value(false))),
                new Drop());
    }

    private Stage value(boolean isString) {
        Action end = isString ? new Label("\"") : new Drop();
        return new Stage(List.of(branch(CLOSE, end, () -> parameters(false))), new Arguments(isString));
    }

    private Branch branch(String mark, Action action, Supplier<Stage> next) {
        return new Branch(Mark.of(mark, controls), action, next);
    }
}
