package dev.baleen.chat;

import dev.baleen.chat.Action.Blank;
import dev.baleen.chat.Action.Content;
import dev.baleen.chat.Action.Drop;
import dev.baleen.chat.Action.Show;
import dev.baleen.chat.Action.Stop;
import dev.baleen.chat.Delta.Kind;
import dev.baleen.chat.Stage.Branch;
import dev.baleen.tokenizer.ControlTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// The stages of an answer: thoughts, answer, JSON; those of its calls are the family's ([CallGrammar]).
final class OutputGrammar {
    private final OutputRules rules;
    private final CallGrammar calls;

    OutputGrammar(OutputRules rules) {
        this.rules = rules;
        calls = rules.format().grammar(rules.controls());
    }

    Stage first() {
        return switch (rules.start()) {
            case THOUGHTS -> thoughts(true);
            case THOUGHTS_CONTINUED -> thoughts(false);
            case CONTENT -> content(true, false);
            case CONTENT_CONTINUED -> content(false, false);
            case EITHER -> content(true, true);
            case TOOL_CALLS -> calls.block();
        };
    }

    /// @param leading whether nothing came but newlines, which are the layout's
    private Stage thoughts(boolean leading) {
        List<Branch> branches = new ArrayList<>(calls.openings(false, () -> content(true, false)));
        if (leading) {
            branches.add(newline(() -> thoughts(true)));
        }
        branches.add(new Branch(
                Mark.afterNewlines(ControlTokens.END_OF_THINKING, rules.controls()),
                new Drop(),
                () -> content(true, false)));
        return new Stage(branches, new Show(Kind.REASONING));
    }

    /// @param mayThink whether thoughts may begin
    private Stage content(boolean leading, boolean mayThink) {
        List<Branch> branches = new ArrayList<>();
        if (rules.jsonOutput()) {
            branches.add(branch(Mark.text("```json\n"), new Drop(), this::json));
            branches.add(branch(Mark.text("```\n"), new Drop(), this::json));
            branches.add(branch(Mark.text("{"), new Content("{"), this::json));
            branches.add(branch(Mark.text("["), new Content("["), this::json));
        } else {
            addStops(branches);
        }
        branches.addAll(calls.openings(leading, () -> content(true, false)));
        if (leading) {
            branches.add(newline(() -> content(true, mayThink)));
        }
        if (mayThink) {
            branches.add(branch(Mark.atStart(ControlTokens.THINK, rules.controls()), new Drop(), () -> thoughts(true)));
        }
        // One that closes nothing. The newlines after it are the answer's own.
        branches.add(branch(
                Mark.of(ControlTokens.END_OF_THINKING, rules.controls()), new Drop(), () -> content(false, false)));
        return new Stage(branches, rules.jsonOutput() ? new Blank() : new Show(Kind.CONTENT));
    }

    private Stage json() {
        List<Branch> branches = new ArrayList<>();
        addStops(branches);
        branches.add(branch(Mark.text("\n```"), new Drop(), this::afterJson));
        return new Stage(branches, new Show(Kind.CONTENT));
    }

    private Stage afterJson() {
        return new Stage(calls.openings(false, this::afterJson), new Blank());
    }

    private void addStops(List<Branch> branches) {
        for (String stop : rules.stop()) {
            branches.add(branch(Mark.text(stop), new Stop(stop), CallGrammar::over));
        }
    }

    private static Branch newline(Supplier<Stage> next) {
        return branch(Mark.atStart("\n", Set.of()), new Drop(), next);
    }

    private static Branch branch(Mark mark, Action action, Supplier<Stage> next) {
        return new Branch(mark, action, next);
    }
}
