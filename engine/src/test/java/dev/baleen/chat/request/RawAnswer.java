package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.Goldens;
import dev.baleen.chat.AnswerStart;
import dev.baleen.chat.DeepSeekV4Template;
import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.chat.Delta;
import dev.baleen.chat.JsonText;
import dev.baleen.chat.OutputParser;
import dev.baleen.chat.OutputRules;
import dev.baleen.chat.ToolCallFormat;
import dev.baleen.generation.GeneratedToken;
import dev.baleen.tokenizer.StreamingDecoder;
import dev.baleen.tokenizer.Tokenizer;
import dev.baleen.tokenizer.TokenizerJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// What a model wrote in one case of the reference data, piece by piece, text or tokens, and the parser that reads it.
final class RawAnswer {
    private static final Set<String> CONTROLS = Set.of("</think>", "｜DSML｜");
    private static final List<Tokenizer> LOADED = new ArrayList<>();

    private final JsonNode golden;
    private final ConvertedRequest request;
    private final AnswerStart start;
    private final OutputParser parser;
    private final Optional<Tokenizer> tokenizer;
    private final Optional<StreamingDecoder> decoder;
    /// Tokens whose characters are not whole.
    private final List<GeneratedToken> waiting = new ArrayList<>();

    private final StringBuilder waitingText = new StringBuilder();
    private boolean incomplete;
    private int next;
    private long tokens;

    private RawAnswer(JsonNode golden, ConvertedRequest request, Optional<Tokenizer> tokenizer) {
        this.golden = golden;
        this.request = request;
        this.tokenizer = tokenizer;
        decoder = tokenizer.map(Tokenizer::streamingDecoder);
        start = new DeepSeekV4Template(version(golden)).render(request.chat()).start();
        OutputRules rules = OutputRules.of(start)
                .withFormat(request.chat().offeredTools().isEmpty() ? ToolCallFormat.NONE : ToolCallFormat.DSML)
                .withStop(request.stop())
                .withControls(tokenizer.isPresent() ? CONTROLS : Set.of());
        parser = new OutputParser(request.jsonOutput() ? rules.withJsonOutput() : rules);
    }

    static RawAnswer of(JsonNode golden, ProtocolGoldens.Converter converter) throws IOException {
        Optional<Tokenizer> tokenizer = Optional.empty();
        if (golden.has("tokenizer")) {
            if (LOADED.isEmpty()) {
                LOADED.add(TokenizerJson.read(Goldens.path("tokenizer/deepseek-v3/tokenizer.json")));
            }
            tokenizer = Optional.of(LOADED.getFirst());
        }
        ConvertedRequest request =
                converter.convert(JsonText.writeCompact(golden.get("request")), ConversionOptions.of(version(golden)));
        return new RawAnswer(golden, request, tokenizer);
    }

    private static Version version(JsonNode golden) {
        return golden.get("version").textValue().equals("v4") ? Version.V4 : Version.V4_1;
    }

    ConvertedRequest request() {
        return request;
    }

    AnswerStart start() {
        return start;
    }

    OutputParser parser() {
        return parser;
    }

    boolean hasTokens() {
        return tokenizer.isPresent();
    }

    /// Tokens that were read, without those of incomplete characters.
    long tokens() {
        return tokens;
    }

    int pieces() {
        return golden.get("chunks").size();
    }

    boolean hasNext() {
        return next < pieces();
    }

    List<Delta> next() {
        JsonNode chunk = golden.get("chunks").get(next++);
        if (chunk.isTextual()) {
            tokens += golden.has("token_counts")
                    ? golden.get("token_counts").get(next - 1).longValue()
                    : 1;
            return parser.add(chunk.textValue());
        }
        List<Delta> deltas = new ArrayList<>();
        for (int i = 0; i < chunk.get("tokens").size(); i++) {
            int id = chunk.get("tokens").get(i).intValue();
            GeneratedToken token = token(id, chunk.path("logprobs").path(i));
            if (tokenizer.orElseThrow().isSpecial(id)
                    || CONTROLS.contains(tokenizer.get().token(id))) {
                flush(deltas);
                waiting.add(token);
                waitingText.append(tokenizer.get().token(id));
                boolean isControl = CONTROLS.contains(tokenizer.get().token(id));
                deltas.addAll(parser.add(takeText(), isControl, takeTokens()));
            } else {
                waiting.add(token);
                waitingText.append(decoder.orElseThrow().add(id));
                incomplete = tokenizer.get().decode(ids()).length() != waitingText.length();
            }
        }
        flush(deltas);
        return deltas;
    }

    private int[] ids() {
        return waiting.stream().mapToInt(GeneratedToken::id).toArray();
    }

    private void flush(List<Delta> deltas) {
        if (!waiting.isEmpty() && !incomplete && parser.stop().isEmpty()) {
            deltas.addAll(parser.add(takeText(), false, takeTokens()));
        }
    }

    private String takeText() {
        String text = waitingText.toString();
        waitingText.setLength(0);
        return text;
    }

    private List<GeneratedToken> takeTokens() {
        List<GeneratedToken> taken = List.copyOf(waiting);
        tokens += taken.size();
        waiting.clear();
        return taken;
    }

    private static GeneratedToken token(int id, JsonNode logprobs) {
        if (logprobs.isMissingNode() || logprobs.isNull()) {
            return new GeneratedToken(id, OptionalDouble.empty(), List.of());
        }
        List<GeneratedToken.Alternative> alternatives = new ArrayList<>();
        for (JsonNode alternative : logprobs.get(1)) {
            alternatives.add(new GeneratedToken.Alternative(
                    alternative.get(0).intValue(), alternative.get(1).doubleValue()));
        }
        return new GeneratedToken(id, OptionalDouble.of(logprobs.get(0).doubleValue()), alternatives);
    }

    ArrayNode logprobs(List<GeneratedToken> told) {
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        for (GeneratedToken token : told) {
            ObjectNode entry = entry(entries, token.id(), token.logprob().orElseThrow());
            ArrayNode top = entry.putArray("top_logprobs");
            for (GeneratedToken.Alternative alternative : token.alternatives()) {
                entry(top, alternative.id(), alternative.logprob());
            }
        }
        return entries;
    }

    private ObjectNode entry(ArrayNode entries, int id, double logprob) {
        byte[] bytes = tokenizer.orElseThrow().bytes(id);
        ObjectNode entry = entries.addObject()
                .put("token", ChatStreamGoldensTest.spelt(bytes))
                .put("logprob", logprob);
        ArrayNode values = entry.putArray("bytes");
        for (byte each : bytes) {
            values.add((long) (each & 0xFF));
        }
        return entry;
    }
}
