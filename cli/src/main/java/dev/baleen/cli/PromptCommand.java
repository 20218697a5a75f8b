package dev.baleen.cli;

import dev.baleen.chat.JsonText;
import dev.baleen.chat.request.ChatCompletionsRequest;
import dev.baleen.chat.request.ConvertedRequest;
import dev.baleen.chat.request.Encoding;
import dev.baleen.chat.request.RequestException;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "A layout that is built in: deepseek-v3.2, deepseek-v4 or deepseek-v4.1.")
    private Optional<String> encoding = Optional.empty();

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
        Encoding chosen = chosen();
        if (lines) {
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    write(answer(line, chosen) + "\n");
                }
            }
        } else {
            write(prompt(new String(in.readAllBytes(), StandardCharsets.UTF_8), chosen));
        }
        out.flush();
        return ExitCode.OK;
    }

    private Encoding chosen() {
        return encoding.flatMap(Encoding::of)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--encoding must be one of %s%s"
                                .formatted(
                                        Stream.of(Encoding.values())
                                                .map(Encoding::toString)
                                                .collect(Collectors.joining(", ")),
                                        encoding.map(name -> ", not '" + name + "'")
                                                .orElse(""))));
    }

    private static String answer(String line, Encoding encoding) {
        try {
            StringBuilder json = new StringBuilder();
            JsonText.quote(json, prompt(line, encoding));
            return oneLine(json.toString());
        } catch (IllegalArgumentException refused) {
            return RequestException.body(String.valueOf(refused.getMessage())).toString();
        }
    }

    /// Some readers of lines end them at these characters too.
    private static String oneLine(String json) {
        return json.replace("\u0085", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }

    private static String prompt(String body, Encoding encoding) {
        ConvertedRequest request = ChatCompletionsRequest.convert(body, encoding.options());
        return encoding.template().render(request.chat()).text();
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
