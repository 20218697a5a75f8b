package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// The tokens that templates know by name, such as `bos_token`.
record SpecialTokens(Map<String, String> byName) {
    private static final String BEGIN = "bos_token";
    private static final String END = "eos_token";

    private static final List<String> NAMES =
            List.of(BEGIN, END, "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    SpecialTokens {
        byName = Map.copyOf(byName);
    }

    /// As a `tokenizer_config.json` names them: a text, or an object with one.
    static SpecialTokens of(JsonNode config) {
        Map<String, String> tokens = new LinkedHashMap<>();
        for (String name : NAMES) {
            JsonNode token = config.path(name);
            JsonNode text = token.isObject() ? token.path("content") : token;
            if (text.isTextual()) {
                tokens.put(name, text.textValue());
            }
        }
        return new SpecialTokens(tokens);
    }

    /// Whether begin and end are known.
    boolean isComplete() {
        return byName.containsKey(BEGIN) && byName.containsKey(END);
    }

    /// With what the tokenizer knows besides.
    SpecialTokens or(Tokenizer tokenizer) {
        Map<String, String> tokens = new LinkedHashMap<>(byName);
        putIfAbsent(tokens, BEGIN, tokenizer.beginId(), tokenizer);
        putIfAbsent(tokens, END, tokenizer.endId(), tokenizer);
        putIfAbsent(tokens, "pad_token", tokenizer.padId(), tokenizer);
        return new SpecialTokens(tokens);
    }

    private static void putIfAbsent(Map<String, String> tokens, String name, OptionalInt id, Tokenizer tokenizer) {
        id.ifPresent(present -> tokens.putIfAbsent(name, tokenizer.token(present)));
    }

    /// Sets the variables; begin and end are at least empty.
    void putInto(ObjectNode variables) {
        variables.put(BEGIN, "").put(END, "");
        byName.forEach(variables::put);
    }
}
