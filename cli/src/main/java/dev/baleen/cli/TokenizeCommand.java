package dev.baleen.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.baleen.chat.Tokenizers;
import dev.baleen.tokenizer.Tokenizer;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Text to token ids and back: what people compare tokenizers by.
@Command(
        name = "tokenize",
        description = {
            "Reads text from standard input and writes its token ids as one JSON array.",
            "The model may be a GGUF file, a folder, or a tokenizer.json alone. Nothing is added to the text,",
            "and control tokens that stand in it are recognised, as the reference tokenizers do."
        })
final class TokenizeCommand implements Callable<Integer> {
    /// Texts may be long: it is the caller's own machine.
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final InputStream in;
    private final OutputStream out;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Option(
            names = "--decode",
            description = "The other way: read one JSON array of ids and write the text, byte for byte.")
    private boolean decode;

    @Option(
            names = "--jsonl",
            description = "One JSON string a line in and one array a line out; with --decode the other way round.")
    private boolean lines;

    @Option(names = "--add-bos", description = "Begin every text with the model's begin token.")
    private boolean begin;

    @Option(
            names = "--no-parse-special",
            description = "Take control tokens that are spelt in the text for ordinary characters.")
    private boolean ordinary;

    TokenizeCommand(InputStream in, OutputStream out) {
        this.in = in;
        this.out = new BufferedOutputStream(out, 1 << 16);
    }

    @Override
    public Integer call() throws IOException {
        Tokenizer tokenizer = Tokenizers.of(model.path());
        if (begin && (decode || tokenizer.beginId().isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(),
                    decode
                            ? "--add-bos makes no sense with --decode: ids are taken as they are"
                            : "--add-bos: this tokenizer has no begin token; leave the option out");
        }
        if (lines) {
            eachLine(tokenizer);
        } else {
            // Bytes that are no UTF-8 become U+FFFD, as in every reference tokenizer, which takes strings.
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (decode) {
                writeBytes(tokenizer, ids(text, "standard input"));
            } else {
                writeIds(encode(tokenizer, text));
            }
        }
        out.flush();
        return ExitCode.OK;
    }

    private void eachLine(Tokenizer tokenizer) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String where = "standard input, line " + number;
            if (decode) {
                write("\"");
                write(new String(JsonStringEncoder.getInstance().quoteAsString(tokenizer.decode(ids(line, where)))));
                write("\"\n");
            } else {
                writeIds(encode(tokenizer, text(line, where)));
            }
        }
    }

    private int[] encode(Tokenizer tokenizer, String text) {
        int[] ids = ordinary ? tokenizer.encodeOrdinary(text) : tokenizer.encode(text);
        return begin
                ? IntStream.concat(tokenizer.beginId().stream(), Arrays.stream(ids))
                        .toArray()
                : ids;
    }

    private static String text(String json, String where) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                String text = parser.getText();
                if (parser.nextToken() == null) {
                    return text;
                }
            }
        } catch (JacksonException e) {
            throw wrong(where, e.getOriginalMessage(), "a JSON string, such as \"Hello\"");
        }
        throw wrong(where, "this is something else", "a JSON string, such as \"Hello\"");
    }

    private static int[] ids(String json, String where) throws IOException {
        IntStream.Builder ids = IntStream.builder();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && parser.getIntValue() >= 0) {
                    ids.add(parser.getIntValue());
                }
                if (parser.currentToken() == JsonToken.END_ARRAY && parser.nextToken() == null) {
                    return ids.build().toArray();
                }
            }
        } catch (JacksonException e) {
            throw wrong(where, e.getOriginalMessage(), "a JSON array of ids, such as [5,17,9]");
        }
        throw wrong(where, "this is something else", "a JSON array of ids, such as [5,17,9]");
    }

    private static IllegalArgumentException wrong(String where, String what, String wanted) {
        String first = what.lines().findFirst().orElse("");
        return new IllegalArgumentException("%s: expected %s; %s".formatted(where, wanted, first));
    }

    private void writeBytes(Tokenizer tokenizer, int[] ids) throws IOException {
        for (int id : ids) {
            out.write(tokenizer.bytes(id));
        }
    }

    private void writeIds(int[] ids) throws IOException {
        write("[");
        for (int i = 0; i < ids.length; i++) {
            write(i == 0 ? "" : ",");
            write(Integer.toString(ids[i]));
        }
        write("]\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
