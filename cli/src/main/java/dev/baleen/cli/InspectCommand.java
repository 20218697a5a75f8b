package dev.baleen.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.tensor.ByteCount;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What is in a checkpoint, without running it.
@Command(
        name = "inspect",
        description = {
            "Shows a model's architecture, sizes, tokenizer, chat template, and the memory that it takes.",
            "Nothing is run, and nothing large is read."
        })
final class InspectCommand implements Callable<Integer> {
    private static final int TEMPLATE_LINES = 4;
    private static final int TEMPLATE_COLUMNS = 100;
    private static final int PROBLEMS_SHOWN = 10;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            description =
                    "A GGUF file, a folder in Hugging Face layout or a model's name; without it the model that ships"
                            + " with Baleen.")
    private Optional<String> model = Optional.empty();

    @Option(names = "--tensors", description = "List every tensor.")
    private boolean tensors;

    @Option(names = "--metadata", description = "List every setting: a GGUF file's keys, a folder's config.json.")
    private boolean metadata;

    @Option(names = "--json", description = "Write all of it as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        PrintWriter out = spec.commandLine().getOut();
        Path path = model.map(text -> ModelFinder.find(spec, text, "instead")).orElseGet(ModelOption::shipped);
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            ObjectNode told = Inspection.of(checkpoint);
            if (metadata) {
                told.set("metadata", Inspection.metadata(checkpoint));
            }
            if (tensors) {
                list(checkpoint, told.putArray("tensors"));
            }
            if (json) {
                out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(told));
            } else {
                print(told, out);
            }
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void list(Checkpoint checkpoint, ArrayNode array) {
        checkpoint.entries().forEach((name, entry) -> {
            ObjectNode node = array.addObject()
                    .put("name", name)
                    .put("type", entry.typeName())
                    .put("bytes", entry.bytes());
            ArrayNode shape = node.putArray("shape");
            for (int i = 0; i < entry.shape().axes(); i++) {
                shape.add(entry.shape().axis(i));
            }
        });
    }

    private static void print(ObjectNode told, PrintWriter out) {
        out.println(told.path("path").asText());
        line(out, "format", told.path("format").asText());
        model(told.path("model"), out);
        tokenizer(told.path("tokenizer"), out);
        templates(told, out);
        told.path("types")
                .properties()
                .forEach(type -> line(
                        out,
                        type.getKey(),
                        "%,d tensors, %,d numbers, %s"
                                .formatted(
                                        type.getValue().path("tensors").asLong(),
                                        type.getValue().path("numbers").asLong(),
                                        ByteCount.text(
                                                type.getValue().path("bytes").asLong()))));
        memory(told.path("model"), out);
        told.path("metadata")
                .properties()
                .forEach(each -> out.println(PlainText.of("  %s = %s".formatted(each.getKey(), each.getValue()))));
        told.path("tensors")
                .forEach(each -> out.println(PlainText.of("  %-70s %-8s %s"
                        .formatted(each.path("name").asText(), each.path("type").asText(), each.path("shape")))));
    }

    private static void model(JsonNode model, PrintWriter out) {
        if (model.has("error")) {
            model.path("error")
                    .asText()
                    .lines()
                    .limit(PROBLEMS_SHOWN)
                    .forEach(problem -> line(out, "cannot be run", problem));
            return;
        }
        long all = model.path("parameters").asLong();
        long active = model.path("active_parameters").asLong();
        line(out, "architecture", model.path("architecture").asText());
        line(
                out,
                "parameters",
                "%,d".formatted(all) + (active < all ? ", of which a token meets %,d".formatted(active) : ""));
        line(out, "vocabulary", "%,d".formatted(model.path("vocabulary").asLong()));
        line(out, "context", "%,d tokens".formatted(model.path("context").asLong()));
    }

    private static void tokenizer(JsonNode tokenizer, PrintWriter out) {
        if (tokenizer.has("error")) {
            line(
                    out,
                    "tokenizer",
                    "none that can be used: " + tokenizer.path("error").asText());
            return;
        }
        line(
                out,
                "tokenizer",
                "%,d tokens, %,d of them added; cuts text as %s; begins with %s%s, ends with %s"
                        .formatted(
                                tokenizer.path("tokens").asLong(),
                                tokenizer.path("added_tokens").asLong(),
                                tokenizer.path("pre").asText("no published family"),
                                tokenizer.path("begin").asText("nothing"),
                                tokenizer.path("adds_begin").asBoolean() ? " (always)" : "",
                                tokenizer.path("end").asText("nothing")));
    }

    private static void templates(JsonNode told, PrintWriter out) {
        if (told.has("template_error")) {
            line(
                    out,
                    "template",
                    "none that can be read: " + told.path("template_error").asText());
        } else if (told.path("templates").isEmpty()) {
            line(out, "template", "none in the file");
        }
        told.path("templates").properties().forEach(template -> {
            String text = template.getValue().asText();
            line(out, "template", "%s, %,d characters:".formatted(template.getKey(), text.length()));
            text.lines()
                    .limit(TEMPLATE_LINES)
                    .map(line -> line.length() > TEMPLATE_COLUMNS ? line.substring(0, TEMPLATE_COLUMNS) + "…" : line)
                    .forEach(line -> line(out, "", line));
        });
    }

    private static void memory(JsonNode model, PrintWriter out) {
        JsonNode memory = model.path("memory");
        if (memory.isMissingNode()) {
            return;
        }
        line(out, "weights", ByteCount.text(memory.path("weights").asLong()) + ", mapped");
        memory.path("cache")
                .properties()
                .forEach(row -> line(
                        out,
                        "cache",
                        "of %,d tokens: %s in F32, %s in F16"
                                .formatted(
                                        Long.parseLong(row.getKey()),
                                        ByteCount.text(
                                                row.getValue().path("F32").asLong()),
                                        ByteCount.text(
                                                row.getValue().path("F16").asLong()))));
        line(out, "memory", model.path("plan").asText());
    }

    /// What stands in a stranger's file goes to a terminal.
    private static void line(PrintWriter out, String what, String value) {
        out.println(PlainText.of("  %-13s %s".formatted(what, value)));
    }
}
