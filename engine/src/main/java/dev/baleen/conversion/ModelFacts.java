package dev.baleen.conversion;

import dev.baleen.checkpoint.GgufValue;
import java.util.Map;

/// What the metadata of a GGUF model says of its network, as far as [MixRules] depend on it.
///
/// @param layers those of the prediction modules too
/// @param experts 0 where there are none
/// @param headsPerGroup attention heads that share keys and values
public record ModelFacts(String architecture, int layers, int experts, int headsPerGroup) {
    private static final int SEVENTY_BILLION_LAYERS = 80;

    public static ModelFacts of(Map<String, GgufValue> metadata) {
        String architecture = metadata.get("general.architecture") instanceof GgufValue.Text(String name) ? name : "";
        int heads = whole(metadata, architecture + ".attention.head_count", 1);
        int groups = whole(metadata, architecture + ".attention.head_count_kv", heads);
        return new ModelFacts(
                architecture,
                whole(metadata, architecture + ".block_count", 0),
                whole(metadata, architecture + ".expert_count", 0),
                heads / Math.max(1, groups));
    }

    /// Whether it has the shape of Llama's or Qwen's model of that size.
    boolean isSeventyBillion() {
        boolean shared = architecture.equals("llama") && headsPerGroup > 1;
        return layers == SEVENTY_BILLION_LAYERS && (shared || architecture.equals("qwen2"));
    }

    /// An absent key counts as `otherwise`, and so does a list by layer: no architecture of ours has one.
    private static int whole(Map<String, GgufValue> metadata, String key, int otherwise) {
        return metadata.get(key) instanceof GgufValue.Whole whole
                        && whole.value() >= 0
                        && whole.value() <= Integer.MAX_VALUE
                ? (int) whole.value()
                : otherwise;
    }
}
