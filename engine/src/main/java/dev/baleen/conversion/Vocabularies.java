package dev.baleen.conversion;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.chat.ChatTemplates;
import dev.baleen.chat.Tokenizers;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.GgufType;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.tokenizer.BytePairEncoding;
import dev.baleen.tokenizer.GgufVocabulary;
import dev.baleen.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;

/// Tokenizer, chat templates and how the model wants to be sampled from: files of their own on one side, metadata on
/// the other.
final class Vocabularies {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String TEMPLATE = "tokenizer.chat_template";

    /// Settings of `generation_config.json` and their keys in GGUF.
    private static final Map<String, String> SAMPLING = new TreeMap<>(Map.of(
            "temperature", "general.sampling.temp",
            "top_p", "general.sampling.top_p",
            "min_p", "general.sampling.min_p",
            "repetition_penalty", "general.sampling.penalty_repeat"));

    private Vocabularies() {}

    static void toGguf(HuggingFaceFolder folder, ConversionOptions options, SequencedMap<String, GgufValue> metadata)
            throws IOException {
        Config config = folder.config();
        Config generation = folder.generationConfig();
        SAMPLING.forEach((name, key) -> {
            if (generation.has(name)) {
                metadata.put(key, Setting.real(generation.number(name)));
            }
        });
        if (generation.has("top_k")) {
            metadata.put("general.sampling.top_k", new GgufValue.Whole(GgufType.INT32, generation.integer("top_k")));
        }
        Optional<Path> file = folder.tokenizerFile();
        if (file.isPresent()) {
            BytePairEncoding tokenizer = TokenizerJson.read(file.get());
            put(GgufVocabulary.of(tokenizer, config.integer("vocab_size", 0), options.preTokenizer()), metadata);
        } else {
            metadata.put(PREFIX + "model", new GgufValue.Text("none"));
        }
        SequencedSet<Integer> ends = new LinkedHashSet<>(generation.integers("eos_token_id"));
        ends.addAll(config.integers("eos_token_id"));
        putEnds(ends, metadata);
        config.integers("bos_token_id").stream()
                .findFirst()
                .ifPresent(id -> metadata.putIfAbsent(PREFIX + "bos_token_id", Setting.count(id)));
        templates(folder, metadata);
        config.finish();
        generation.finish();
    }

    private static void put(GgufVocabulary vocabulary, SequencedMap<String, GgufValue> metadata) {
        metadata.put(PREFIX + "model", new GgufValue.Text(vocabulary.model()));
        metadata.put(PREFIX + "pre", new GgufValue.Text(vocabulary.pre()));
        metadata.put(PREFIX + "tokens", GgufValue.Many.texts(vocabulary.tokens()));
        metadata.put(
                PREFIX + "token_type",
                GgufValue.Many.wholes(
                        GgufType.INT32,
                        vocabulary.types().stream()
                                .mapToLong(Integer::longValue)
                                .toArray()));
        metadata.put(PREFIX + "merges", GgufValue.Many.texts(vocabulary.merges()));
        putId("bos_token_id", vocabulary.beginId(), metadata);
        putId("eos_token_id", vocabulary.endId(), metadata);
        putId("padding_token_id", vocabulary.padId(), metadata);
        metadata.put(PREFIX + "add_bos_token", new GgufValue.Flag(vocabulary.addsBegin()));
    }

    private static void putId(String key, OptionalInt id, SequencedMap<String, GgufValue> metadata) {
        id.ifPresent(value -> metadata.put(PREFIX + key, Setting.count(value)));
    }

    /// GGUF has room for two tokens that end an answer.
    private static void putEnds(SequencedSet<Integer> ends, SequencedMap<String, GgufValue> metadata) {
        if (!ends.isEmpty()) {
            metadata.putIfAbsent(PREFIX + "eos_token_id", Setting.count(ends.getFirst()));
        }
        ends.stream()
                .filter(id -> !Setting.count(id).equals(metadata.get(PREFIX + "eos_token_id")))
                .findFirst()
                .ifPresent(id -> metadata.put(PREFIX + "eot_token_id", Setting.count(id)));
    }

    private static void templates(HuggingFaceFolder folder, SequencedMap<String, GgufValue> metadata) {
        List<String> names = new ArrayList<>();
        ChatTemplates.sources(folder).forEach((name, text) -> {
            boolean named = !name.equals(ChatTemplates.USUAL);
            metadata.put(TEMPLATE + (named ? "." + name : ""), new GgufValue.Text(text));
            if (named) {
                names.add(name);
            }
        });
        if (!names.isEmpty()) {
            metadata.put(TEMPLATE + "s", GgufValue.Many.texts(names));
        }
    }

    static void toHuggingFace(Gguf gguf, Path folder) throws IOException {
        Config metadata = gguf.config();
        HuggingFaceFolder.writeJson(folder.resolve("generation_config.json"), generation(gguf, metadata));
        if (!gguf.findString(PREFIX + "model").orElse("none").equals("none")) {
            HuggingFaceFolder.writeJson(folder.resolve("tokenizer_config.json"), templates(gguf));
            TokenizerJson.write((BytePairEncoding) Tokenizers.of(gguf), folder);
        }
        metadata.finish();
    }

    private static ObjectNode generation(Gguf gguf, Config metadata) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        gguf.findInteger(PREFIX + "bos_token_id").ifPresent(id -> json.put("bos_token_id", id));
        SequencedSet<Long> ends = new LinkedHashSet<>();
        gguf.findInteger(PREFIX + "eos_token_id").ifPresent(ends::add);
        gguf.findInteger(PREFIX + "eot_token_id").ifPresent(ends::add);
        if (ends.size() == 1) {
            json.put("eos_token_id", ends.getFirst());
        } else if (!ends.isEmpty()) {
            ends.forEach(json.putArray("eos_token_id")::add);
        }
        gguf.findInteger(PREFIX + "padding_token_id").ifPresent(id -> json.put("pad_token_id", id));
        SAMPLING.forEach((name, key) -> {
            if (metadata.has(key)) {
                json.put("do_sample", true).put(name, Setting.shortest(metadata.number(key)));
            }
        });
        if (metadata.has("general.sampling.top_k")) {
            json.put("top_k", metadata.integer("general.sampling.top_k"));
        }
        return json;
    }

    private static ObjectNode templates(Gguf gguf) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        SequencedMap<String, String> templates = ChatTemplates.sources(gguf);
        if (templates.size() == 1 && templates.containsKey(ChatTemplates.USUAL)) {
            json.put("chat_template", templates.get(ChatTemplates.USUAL));
        } else if (!templates.isEmpty()) {
            ArrayNode all = json.putArray("chat_template");
            templates.forEach((name, text) -> all.addObject().put("name", name).put("template", text));
        }
        return json;
    }
}
