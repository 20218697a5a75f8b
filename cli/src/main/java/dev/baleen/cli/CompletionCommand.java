package dev.baleen.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The script that completes commands and options in bash and zsh.
@Command(
        name = "completion",
        description = {
            "Prints a script that completes commands and options in bash and zsh. To use it:",
            "source <(./baleen completion)"
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(AutoComplete.bash("baleen", spec.commandLine().getParent()));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
