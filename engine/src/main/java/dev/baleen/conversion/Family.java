package dev.baleen.conversion;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.model.GgufNames.Publisher;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A kind of network as both formats name it, and which settings and which rearrangements it has.
enum Family {
    LLAMA("llama", "llama", "LlamaForCausalLM", List.of(Setting.HEADS)),
    QWEN2("qwen2", "qwen2", "Qwen2ForCausalLM", List.of(Setting.HEADS)),
    QWEN3("qwen3", "qwen3", "Qwen3ForCausalLM", List.of(Setting.HEADS)),
    DEEPSEEK("deepseek", "deepseek", "DeepseekForCausalLM", List.of(Setting.HEADS, Setting.EXPERTS)),
    DEEPSEEK_V2("deepseek2", "deepseek_v2", "DeepseekV2ForCausalLM", List.of(Setting.EXPERTS, Setting.LATENT)),
    DEEPSEEK_V3("deepseek2", "deepseek_v3", "DeepseekV3ForCausalLM", List.of(Setting.EXPERTS, Setting.LATENT)),
    DEEPSEEK_V32(
            "deepseek32",
            "deepseek_v32",
            "DeepseekV32ForCausalLM",
            List.of(Setting.EXPERTS, Setting.LATENT, Setting.INDEXER)),
    DEEPSEEK_V4(
            "deepseek4",
            "deepseek_v4",
            "DeepseekV4ForCausalLM",
            List.of(Setting.HEADS, Setting.EXPERTS, Setting.INDEXER, Setting.COMPRESSED));

    private static final int SIGMOID = 2;

    private final String gguf;
    private final String modelType;
    private final String className;
    private final List<Setting> settings;

    Family(String gguf, String modelType, String className, List<List<Setting>> groups) {
        this.gguf = gguf;
        this.modelType = modelType;
        this.className = className;
        this.settings = Stream.concat(Setting.COMMON.stream(), groups.stream().flatMap(List::stream))
                .toList();
    }

    /// What `checkpoint` holds.
    ///
    /// @throws dev.baleen.checkpoint.CheckpointException if that cannot be converted
    static Family of(Checkpoint checkpoint) {
        Config config = checkpoint.config();
        return switch (checkpoint) {
            case Gguf gguf -> {
                boolean sigmoid =
                        config.section(gguf.architecture()).orElseThrow().integer("expert_gating_func", 1) == SIGMOID;
                yield sigmoid && gguf.architecture().equals(DEEPSEEK_V3.gguf)
                        ? DEEPSEEK_V3
                        : find(config, "general.architecture", gguf.architecture(), family -> family.gguf);
            }
            case HuggingFaceFolder _ ->
                find(config, "model_type", config.text("model_type"), family -> family.modelType);
            case Safetensors _ -> find(config, "model_type", config.text("model_type"), family -> family.modelType);
        };
    }

    private static Family find(Config config, String key, String name, Function<Family, String> nameOf) {
        for (Family family : values()) {
            if (nameOf.apply(family).equals(name)) {
                return family;
            }
        }
        config.problem(
                key,
                "is '" + name + "'",
                "these can be converted: "
                        + Arrays.stream(values()).map(nameOf).distinct().collect(Collectors.joining(", ")));
        config.finish();
        throw new IllegalStateException("A recorded problem was not told: " + key + " is " + name);
    }

    /// What GGUF calls the architecture.
    String gguf() {
        return gguf;
    }

    /// What keys of this architecture begin with in GGUF.
    String prefix() {
        return gguf + ".";
    }

    String modelType() {
        return modelType;
    }

    /// The class of `transformers` that runs it.
    String className() {
        return className;
    }

    List<Setting> settings() {
        return settings;
    }

    Publisher publisher() {
        return this == DEEPSEEK_V4 ? Publisher.DEEPSEEK_V4 : Publisher.HUGGING_FACE;
    }

    /// Whether GGUF keeps the rows of queries and keys in another order: pairs of columns that turn together lie
    /// half a head apart in Hugging Face's files, and side by side in GGUF's.
    boolean reordersHeads() {
        return this == LLAMA || this == DEEPSEEK;
    }

    /// Whether keys and values are made of a latent vector, by one matrix in Hugging Face's files and two in
    /// GGUF's.
    boolean hasLatentAttention() {
        return this == DEEPSEEK_V2 || this == DEEPSEEK_V3 || this == DEEPSEEK_V32;
    }

    boolean hasExperts() {
        return settings.containsAll(Setting.EXPERTS);
    }
}
