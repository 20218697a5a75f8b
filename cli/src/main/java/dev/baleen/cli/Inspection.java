package dev.baleen.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.chat.ChatTemplateException;
import dev.baleen.chat.ChatTemplates;
import dev.baleen.chat.Tokenizers;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.checkpoint.TensorEntry;
import dev.baleen.dtype.DType;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.MemoryPlan;
import dev.baleen.model.Architectures;
import dev.baleen.model.CacheLayout;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.tensor.Tensor;
import dev.baleen.tokenizer.BytePairEncoding;
import dev.baleen.tokenizer.Tokenizer;
import dev.baleen.tokenizer.TokenizerException;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// What can be told of a checkpoint without running it, as one JSON object. What cannot be found out has the reason in
/// its place, under `error`.
final class Inspection {
    private static final int[] CONTEXTS = {4_096, 32_768, 131_072};
    private static final Pattern EXPERT = Pattern.compile("(.*\\.experts\\.)(\\d+)\\..*");

    private final Checkpoint checkpoint;
    private final ObjectNode told = JsonNodeFactory.instance.objectNode();

    private Inspection(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    static ObjectNode of(Checkpoint checkpoint) {
        Inspection inspection = new Inspection(checkpoint);
        inspection.told.put("path", checkpoint.path().toString());
        inspection.told.put("format", format(checkpoint));
        inspection.model();
        inspection.tensors();
        inspection.tokenizer();
        inspection.template();
        return inspection.told;
    }

    private static String format(Checkpoint checkpoint) {
        long files = checkpoint.entries().values().stream()
                .map(TensorEntry::file)
                .distinct()
                .count();
        return switch (checkpoint) {
            case Gguf gguf -> "GGUF version " + gguf.version() + (files > 1 ? ", %d parts".formatted(files) : "");
            case HuggingFaceFolder _ ->
                "Hugging Face folder, %d safetensors %s".formatted(files, files == 1 ? "file" : "files");
            case Safetensors _ -> "safetensors file";
        };
    }

    private void model() {
        ObjectNode node = told.putObject("model");
        if (checkpoint.entries().isEmpty()) {
            node.put("error", "it holds no weights");
            return;
        }
        try {
            Model model = Architectures.load(checkpoint);
            SequencedMap<String, Tensor> weights = model.parameters();
            node.put("architecture", model.architecture());
            node.put(
                    "parameters",
                    weights.values().stream().mapToLong(Tensor::elements).sum());
            node.put("active_parameters", active(weights));
            node.put("vocabulary", model.vocabularySize());
            node.put("context", model.contextLength());
            memory(model, node.putObject("memory"));
            node.put("plan", plan(model));
        } catch (CheckpointException e) {
            node.put("error", e.getMessage());
        }
    }

    /// Parameters that one token meets: of the routed experts only as many as are chosen.
    private long active(Map<String, Tensor> weights) {
        long always = 0;
        long routed = 0;
        int experts = 0;
        for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
            Matcher expert = EXPERT.matcher(weight.getKey());
            if (expert.matches()) {
                routed += weight.getValue().elements();
                experts = Math.max(experts, Integer.parseInt(expert.group(2)) + 1);
            } else {
                always += weight.getValue().elements();
            }
        }
        return experts == 0 ? always : always + routed / experts * chosen();
    }

    private int chosen() {
        return switch (checkpoint) {
            case Gguf gguf ->
                gguf.findInteger(gguf.architecture() + ".expert_used_count")
                        .orElse(0L)
                        .intValue();
            case HuggingFaceFolder folder -> folder.config().integer("num_experts_per_tok", 0);
            case Safetensors _ -> 0;
        };
    }

    /// What weights take, and what the cache of one sequence takes, by its length.
    private void memory(Model model, ObjectNode node) {
        node.put(
                "weights",
                checkpoint.entries().values().stream()
                        .mapToLong(TensorEntry::bytes)
                        .sum());
        ObjectNode cache = node.putObject("cache");
        IntStream.concat(
                        IntStream.of(CONTEXTS).filter(context -> context < model.contextLength()),
                        IntStream.of(model.contextLength()))
                .forEach(context -> {
                    ObjectNode row = cache.putObject(String.valueOf(context));
                    row.put("F32", cacheBytes(model.cacheLayout(), DType.F32, context));
                    row.put("F16", cacheBytes(model.cacheLayout(), DType.F16, context));
                });
    }

    /// What an engine would take unasked, or why it cannot.
    private static String plan(Model model) {
        try {
            return MemoryPlan.of(model, EngineOptions.defaults()).toString();
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static long cacheBytes(CacheLayout layout, DType type, int context) {
        return (long) KvCache.pagesFor(context) * layout.bytesPerPage(type) + layout.bytesPerSequence(type);
    }

    private void tensors() {
        Map<String, ObjectNode> types = new TreeMap<>();
        for (TensorEntry entry : checkpoint.entries().values()) {
            ObjectNode total = types.computeIfAbsent(entry.typeName(), _ -> JsonNodeFactory.instance.objectNode());
            total.put("tensors", total.path("tensors").asLong() + 1);
            total.put("numbers", total.path("numbers").asLong() + entry.shape().elements());
            total.put("bytes", total.path("bytes").asLong() + entry.bytes());
        }
        told.putObject("types").setAll(types);
    }

    private void tokenizer() {
        ObjectNode node = told.putObject("tokenizer");
        try {
            Tokenizer tokenizer = Tokenizers.of(checkpoint);
            node.put("tokens", tokenizer.vocabularySize());
            node.put("added_tokens", tokenizer.addedTokens().size());
            tokenizer.beginId().ifPresent(id -> node.put("begin", tokenizer.token(id)));
            tokenizer.endId().ifPresent(id -> node.put("end", tokenizer.token(id)));
            node.put("adds_begin", tokenizer.addsBegin());
            if (checkpoint instanceof Gguf gguf) {
                node.put("pre", gguf.findString("tokenizer.ggml.pre").orElse(""));
            } else if (tokenizer instanceof BytePairEncoding bytePairs) {
                bytePairs.preTokenizerName().ifPresent(name -> node.put("pre", name));
            }
        } catch (TokenizerException | CheckpointException e) {
            node.put("error", e.getMessage());
        }
    }

    private void template() {
        ObjectNode node = told.putObject("templates");
        try {
            ChatTemplates.sources(checkpoint).forEach(node::put);
        } catch (CheckpointException | ChatTemplateException e) {
            told.put("template_error", e.getMessage());
        }
    }

    /// Every setting of the checkpoint; of long lists the length and the first entries.
    static ObjectNode metadata(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case Gguf gguf -> {
                ObjectNode all = JsonNodeFactory.instance.objectNode();
                for (String key : new TreeSet<>(gguf.metadata().keySet())) {
                    all.set(key, MetadataJson.of(gguf.metadata().get(key)));
                }
                yield all;
            }
            case HuggingFaceFolder folder -> (ObjectNode) folder.configJson();
            case Safetensors file -> {
                ObjectNode all = JsonNodeFactory.instance.objectNode();
                file.metadata().forEach(all::put);
                yield all;
            }
        };
    }
}
