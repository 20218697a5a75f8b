package dev.baleen.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program's front door: reads the first word of the command line and hands over to that command's class.
///
/// A new command is one new class and one line in [#COMMANDS].
@Command(
        name = "baleen",
        description = "Train, run and serve DeepSeek-architecture reasoning models.",
        mixinStandardHelpOptions = true,
        version = "baleen " + Main.VERSION,
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
    static final String VERSION = "0.1.0";

    /// Every command, in the order in which `--help` lists them.
    private static final List<Object> COMMANDS = List.of(
            new ChatCommand(),
            new ServeCommand(),
            new LogitsCommand(),
            new InspectCommand(),
            new CompletionCommand());

    @Spec
    private CommandSpec spec;

    Main() {}

    public static void main(String[] arguments) {
        if (List.of(arguments).equals(List.of("--version"))) {
            System.out.println("baleen " + VERSION); // Without picocli, whose classes take longer to load than the JVM.
            return;
        }
        VectorModule.load();
        System.exit(commandLine().execute(arguments));
    }

    /// The whole command line, as the program and its tests use it.
    static CommandLine commandLine() {
        var line = new CommandLine(new Main());
        COMMANDS.forEach(line::addSubcommand);
        line.getSubcommands()
                .values()
                .forEach(command ->
                        command.getCommandSpec().mixinStandardHelpOptions(true).version("baleen " + VERSION));
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? One of those below.");
    }
}
