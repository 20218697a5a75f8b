package dev.baleen.cli;

import dev.baleen.chat.ChatTemplate;
import dev.baleen.chat.ChatTemplates;
import dev.baleen.chat.JsonText;
import dev.baleen.chat.TemplatePrompt;
import dev.baleen.chat.request.ChatCompletionsRequest;
import dev.baleen.chat.request.ConversionOptions;
import dev.baleen.chat.request.Encoding;
import dev.baleen.chat.request.RequestException;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A request to the prompt that a model is given: what people compare layouts by.
@Command(
        name = "prompt",
        description = {
            "Reads the body of a request to /v1/chat/completions from standard input",
            "and writes the prompt that it becomes, to the character."
        })
final class PromptCommand implements Callable<Integer> {
    private final InputStream in;
    private final OutputStream out;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "0..1")
    private Layout layout = new Layout();

    /// Whose layout.
    private static final class Layout {
        @Option(
                names = {"-m", "--model"},
                paramLabel = "MODEL",
                description = "The layout of a model: a GGUF file, a folder, or the name of a model; without any option"
                        + " that of the model that ships with Baleen.")
        private Optional<String> model = Optional.empty();

        @Option(
                names = "--template",
                paramLabel = "FILE",
                description = "A chat template in Jinja; variables besides come in the request's chat_template_kwargs.")
        private Optional<Path> template = Optional.empty();

        @Option(
                names = "--encoding",
                paramLabel = "NAME",
                description = "A layout that is built in: deepseek-v3.2, deepseek-v4 or deepseek-v4.1.")
        private Optional<String> encoding = Optional.empty();
    }

    @Option(
            names = "--jsonl",
            description = "One request a line in; one JSON string a line out, or an object with 'error'.")
    private boolean lines;

    PromptCommand(InputStream in, OutputStream out) {
        this.in = in;
        this.out = new BufferedOutputStream(out, 1 << 16);
    }

    @Override
    public Integer call() throws IOException {
        UnaryOperator<String> prompt = prompt();
        if (lines) {
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    write(answer(line, prompt) + "\n");
                }
            }
        } else {
            write(prompt.apply(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
        out.flush();
        return ExitCode.OK;
    }

    /// What makes a prompt of a body.
    private UnaryOperator<String> prompt() throws IOException {
        if (layout.encoding.isPresent()) {
            Encoding encoding = encoding(layout.encoding.get());
            return body -> prompt(body, encoding.template(), encoding.options());
        }
        if (layout.template.isPresent()) {
            return TemplatePrompt.ofFile(layout.template.get())::of;
        }
        Path path = layout.model
                .map(text -> ModelFinder.find(spec, text, "with --model"))
                .orElseGet(ModelOption::shipped);
        Optional<TemplatePrompt> carried = TemplatePrompt.ofModel(path);
        if (carried.isPresent()) {
            return carried.get()::of;
        }
        ChatTemplate template = ChatTemplates.ofFamily(path);
        return body -> prompt(body, template, Encoding.options(template));
    }

    private Encoding encoding(String name) {
        return Encoding.of(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--encoding must be one of %s, not '%s'"
                                .formatted(
                                        Stream.of(Encoding.values())
                                                .map(Encoding::toString)
                                                .collect(Collectors.joining(", ")),
                                        name)));
    }

    private static String prompt(String body, ChatTemplate template, ConversionOptions options) {
        return template.render(ChatCompletionsRequest.convert(body, options).chat())
                .text();
    }

    private static String answer(String line, UnaryOperator<String> prompt) {
        try {
            StringBuilder json = new StringBuilder();
            JsonText.quote(json, prompt.apply(line));
            return oneLine(json.toString());
        } catch (IllegalArgumentException refused) {
            return RequestException.body(String.valueOf(refused.getMessage())).toString();
        }
    }

    /// Some readers of lines end them at these characters too.
    private static String oneLine(String json) {
        return json.replace("\u0085", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
