package dev.baleen.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.BenchmarkResult;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.KernelBenchmark;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How fast single kernels are.
@Command(
        name = "kernels",
        description = {
            "Measures each kernel as a part of what this machine allows: reading memory, or multiply-adds",
            "on registers, measured in the same run. All of it takes some four minutes."
        })
final class BenchKernelsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            description = {
                "Only kernels in whose line this regular expression is found, such as \"from memory: Q4\",",
                "\"experts\" or \"attention\"; upper and lower case are the same."
            })
    private Optional<String> only = Optional.empty();

    @Option(names = "--json", description = "Prints one JSON object, when all is measured.")
    private boolean json;

    @Mixin
    private ThreadsOption threads;

    @Override
    public Integer call() throws Exception {
        Pattern pattern = pattern();
        PrintWriter out = spec.commandLine().getOut();
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode document = mapper.createObjectNode();
        try (ComputePool pool = threads.pool()) {
            String kernels = Backends.best(pool).description();
            document.put("kernels", kernels);
            document.putArray("results");
            Table table = new Table(out);
            if (!json) {
                out.println("kernels: " + kernels);
            }
            KernelBenchmark.run(pool, line -> pattern.matcher(line).find(), result -> {
                if (json) {
                    describe(result, document.withArray("results").addObject());
                } else {
                    table.add(result);
                }
            });
        }
        if (json) {
            out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document));
        }
        out.flush();
        return ExitCode.OK;
    }

    private Pattern pattern() {
        try {
            return Pattern.compile(only.orElse(""), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        } catch (PatternSyntaxException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--only %s is no regular expression: %s".formatted(only.orElse(""), e.getDescription()));
        }
    }

    private static void describe(BenchmarkResult result, ObjectNode object) {
        object.put("group", result.group());
        object.put("name", result.name());
        object.put("unit", result.unitName());
        object.put("value", result.value());
        if (!result.isBound()) {
            object.put("fraction", result.fraction());
            object.put("millis", 1e3 * result.seconds());
        }
    }

    /// A line for each result, and one above each group.
    private static final class Table {
        private final PrintWriter out;
        private String group = "";

        Table(PrintWriter out) {
            this.out = out;
        }

        void add(BenchmarkResult result) {
            if (!result.group().equals(group)) {
                group = result.group();
                out.printf("%n%s%n", group);
            }
            out.printf(Locale.ROOT, "  %-44s %9.1f %-8s", result.name(), result.value(), result.unitName());
            if (!result.isBound()) {
                out.printf(Locale.ROOT, " %5.0f %% %11.3f ms", 100 * result.fraction(), 1e3 * result.seconds());
            }
            out.println();
            out.flush();
        }
    }
}
