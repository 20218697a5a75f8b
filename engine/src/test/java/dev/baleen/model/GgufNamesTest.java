package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.Goldens;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.model.GgufNames.Publisher;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufNamesTest {
    @Test
    void anExpertIsAnEntryOfItsStack() {
        assertEquals(
                new GgufNames("blk.3.ffn_down_exps.weight", OptionalInt.of(17)),
                GgufNames.of("model.layers.3.mlp.experts.17.down_proj.weight"));
        assertEquals(
                new GgufNames("blk.3.ffn_down_exps.weight", OptionalInt.of(17)),
                GgufNames.of("layers.3.ffn.experts.17.w2.weight"));
        assertEquals(
                List.of("layers.0.ffn.experts.0.w3.weight", "layers.0.ffn.experts.1.w3.weight"),
                GgufNames.published("blk.0.ffn_up_exps.weight", Publisher.DEEPSEEK_V4, 2));
        assertEquals(List.of(), GgufNames.published("blk.0.unheard_of.weight", Publisher.HUGGING_FACE, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf/qwen2-bf16",
                "hf/llama3-f16",
                "hf/qwen3-tied-yarn",
                "hf/deepseek-v2-lite",
                "hf/deepseek-v3-sharded-mtp",
                "hf/deepseek-v32",
                "hf/deepseek-v4"
            })
    void everyPublishedNameLeadsToGgufAndBack(String folder) {
        Publisher publisher = folder.endsWith("v4") ? Publisher.DEEPSEEK_V4 : Publisher.HUGGING_FACE;
        try (Checkpoint checkpoint = Checkpoint.open(Goldens.path(folder))) {
            for (String name : checkpoint.entries().keySet()) {
                GgufNames gguf = GgufNames.of(name);
                List<String> back =
                        GgufNames.published(gguf.name(), publisher, gguf.entry().orElse(0) + 1);
                assertTrue(!back.isEmpty() && back.getLast().equals(name), name + " → " + gguf + " → " + back);
            }
        }
    }
}
