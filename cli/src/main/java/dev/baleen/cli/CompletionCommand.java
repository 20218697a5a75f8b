package dev.baleen.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The script that completes commands and options in bash and zsh.
@Command(
        name = "completion",
        description = "Prints the script that completes commands in bash and zsh.",
        footer = {
            "",
            "To use it now, and in every shell to come:",
            "  source <(./baleen completion)",
            "  ./baleen completion > ~/.baleen-completion",
            "  echo 'source ~/.baleen-completion' >> ~/.bashrc    (in zsh ~/.zshrc)"
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(AutoComplete.bash("baleen", Main.commandLine()));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
