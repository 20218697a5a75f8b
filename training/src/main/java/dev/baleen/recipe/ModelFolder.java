package dev.baleen.recipe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.dtype.DType;
import dev.baleen.model.DeepSeekV3Config;
import dev.baleen.tensor.Tensor;
import dev.baleen.tokenizer.BytePairEncoding;
import dev.baleen.tokenizer.TokenizerJson;
import dev.baleen.training.Parameters;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/// Writes a finished model as a folder in Hugging Face layout.
final class ModelFolder {
    private static final String SELECTION_BIAS_SUFFIX = ".e_score_correction_bias";

    /// The layout of R1's conversations, for programs that render Jinja. Earlier thoughts are left out.
    private static final String CHAT_TEMPLATE = """
            {%- set found = namespace(system='') -%}
            {%- for message in messages if message['role'] == 'system' -%}
            {%- set found.system = found.system + ('\\n\\n' if found.system else '') + message['content'] -%}
            {%- endfor -%}
            {{- bos_token + found.system -}}
            {%- for message in messages -%}
            {%- if message['role'] == 'user' -%}
            {{- '<｜User｜>' + message['content'] -}}
            {%- elif message['role'] == 'assistant' -%}
            {{- '<｜Assistant｜>' + message['content'].split('</think>')[-1] + eos_token -}}
            {%- endif -%}
            {%- endfor -%}
            {%- if add_generation_prompt -%}
            {{- '<｜Assistant｜><think>\\n' -}}
            {%- if thinking is defined and not thinking -%}
            {{- '\\n</think>\\n\\n' -}}
            {%- endif -%}
            {%- endif -%}
            """;

    private ModelFolder() {}

    /// Writes config, weights, tokenizer and generation settings; the weights come last, so that a folder with
    /// weights has everything.
    static void write(
            Path folder, DeepSeekV3Config config, Parameters parameters, DType weights, BytePairEncoding tokenizer)
            throws IOException {
        Files.createDirectories(folder);
        HuggingFaceFolder.writeJson(
                folder.resolve("tokenizer_config.json"),
                JsonNodeFactory.instance
                        .objectNode()
                        .put("model_max_length", config.contextLength())
                        .put("chat_template", CHAT_TEMPLATE.strip()));
        TokenizerJson.write(tokenizer, folder);
        HuggingFaceFolder.writeJson(folder.resolve("generation_config.json"), generationConfig(config, tokenizer));
        ObjectNode settings = config.toJson();
        put(settings, "bos_token_id", tokenizer.beginId());
        put(settings, "eos_token_id", tokenizer.endId());
        put(settings, "pad_token_id", tokenizer.padId());
        settings.put("torch_dtype", torchName(weights));
        try (Arena arena = Arena.ofConfined()) {
            HuggingFaceFolder.write(folder, settings, encoded(parameters, weights, arena));
        }
    }

    /// Greedy: the model was taught one right way.
    private static ObjectNode generationConfig(DeepSeekV3Config config, BytePairEncoding tokenizer) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        put(json, "bos_token_id", tokenizer.beginId());
        put(json, "eos_token_id", tokenizer.endId());
        put(json, "pad_token_id", tokenizer.padId());
        return json.put("do_sample", false).put("max_length", config.contextLength());
    }

    /// Selection biases stay in single precision: the choice of experts hangs on small differences between them.
    private static Map<String, Tensor> encoded(Parameters parameters, DType type, Arena arena) {
        Map<String, Tensor> encoded = new LinkedHashMap<>();
        parameters.tensors().forEach((name, tensor) -> {
            DType own = name.endsWith(SELECTION_BIAS_SUFFIX) ? DType.F32 : type;
            long[] lengths = new long[tensor.shape().axes()];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = tensor.shape().axis(i);
            }
            Tensor copy = Tensor.allocate(arena, own, lengths);
            copy.setFloats(tensor.toFloats());
            encoded.put(name, copy);
        });
        return encoded;
    }

    private static String torchName(DType type) {
        return switch (type) {
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            default -> throw new IllegalArgumentException("No model is written in " + type);
        };
    }

    private static void put(ObjectNode json, String key, OptionalInt id) {
        id.ifPresent(value -> json.put(key, value));
    }
}
