package dev.baleen.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The program's front door: reads the first word of the command line and hands over to that command's class.
///
/// A new command is one new class and one line in [#commands].
@Command(
        name = "baleen",
        description = "Trains, runs and serves DeepSeek-architecture reasoning models.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "./baleen COMMAND --help tells more of each command.",
            "./baleen test runs everything that a change must pass."
        })
public final class Main implements Callable<Integer> {
    static final String VERSION = "0.1.0";

    /// Set, to anything, it does what `--verbose` does.
    private static final String DEBUG = "BALEEN_DEBUG";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "If something fails, show where in the program.")
    private boolean verbose = System.getenv(DEBUG) != null;

    Main() {}

    public static void main(String[] arguments) {
        if (List.of(arguments).equals(List.of("--version"))) {
            System.out.println("baleen " + VERSION); // Without picocli, whose classes take longer to load than the JVM.
            return;
        }
        VectorModule.load();
        // Where no locale is set, as in a bare container, Java would write question marks for all but ASCII.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        System.exit(commandLine(arguments).execute(arguments));
    }

    /// The whole command line.
    static CommandLine commandLine() {
        return commandLine(commands());
    }

    /// What these words need of it: looking at the options of every command would take longer than many an answer.
    static CommandLine commandLine(String... arguments) {
        Map<String, Supplier<Object>> commands = commands();
        if (arguments.length > 0 && commands.containsKey(arguments[0])) {
            commands.keySet().retainAll(Set.of(arguments[0]));
        }
        return commandLine(commands);
    }

    private static CommandLine commandLine(Map<String, Supplier<Object>> commands) {
        Main main = new Main();
        CommandLine line = new CommandLine(main);
        commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
        complete(line);
        Failures failures = new Failures(() -> main.verbose);
        return line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOverwrittenOptionsAllowed(true);
    }

    /// Every command by its name, in the order in which `--help` lists them.
    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("chat", ChatCommand::new);
        commands.put("serve", ServeCommand::new);
        commands.put("pull", PullCommand::new);
        commands.put("models", ModelsCommand::new);
        commands.put("rm", RemoveCommand::new);
        commands.put("train", TrainCommand::new);
        commands.put("eval", EvalCommand::new);
        commands.put("logits", LogitsCommand::new);
        commands.put("perplexity", PerplexityCommand::new);
        commands.put("inspect", InspectCommand::new);
        commands.put("convert", ConvertCommand::new);
        commands.put("tokenize", () -> new TokenizeCommand(System.in, System.out));
        commands.put("prompt", () -> new PromptCommand(System.in, System.out));
        commands.put("quantize", QuantizeCommand::new);
        commands.put("bench", BenchCommand::new);
        commands.put("completion", CompletionCommand::new);
        return commands;
    }

    /// What every command has.
    private static void complete(CommandLine line) {
        line.getCommandSpec().mixinStandardHelpOptions(true).version("baleen " + VERSION);
        line.getCommandSpec().usageMessage().sortOptions(false).abbreviateSynopsis(true);
        line.getSubcommands().values().forEach(Main::complete);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
