package dev.baleen.chat;

import java.util.List;
import java.util.Set;

/// How a family of models writes its calls of tools.
public enum ToolCallFormat {
    /// It calls none.
    NONE,
    /// DeepSeek-V3.2 and later: `<｜DSML｜tool_calls>`, `<｜DSML｜invoke name="N">`, `<｜DSML｜parameter …>`.
    DSML,
    /// DeepSeek-R1 and V3: `<｜tool▁call▁begin｜>function<｜tool▁sep｜>N`, and arguments in a fence.
    DEEPSEEK_R1,
    /// DeepSeek-V3.1: `<｜tool▁call▁begin｜>N<｜tool▁sep｜>{…}<｜tool▁call▁end｜>`.
    DEEPSEEK_V3_1,
    /// Qwen: `<tool_call>{"name": "N", "arguments": {…}}</tool_call>`.
    QWEN,
    /// Llama 3.1: the answer is `{"name": "N", "parameters": {…}}`, after `<|python_tag|>` or nothing.
    LLAMA;

    /// The format that a chat template writes history in, by its source.
    public static ToolCallFormat ofTemplate(String source) {
        if (source.contains(Dsml.MARK)) {
            return DSML;
        }
        if (source.contains(DeepSeekCalls.SEPARATOR)) {
            return source.contains("```json") ? DEEPSEEK_R1 : DEEPSEEK_V3_1;
        }
        if (source.contains(JsonCalls.QWEN_BEGIN)) {
            return QWEN;
        }
        return source.contains(JsonCalls.PYTHON_TAG) ? LLAMA : NONE;
    }

    /// The control tokens that mean something in the answers of this family, where its vocabulary has them.
    List<String> controls() {
        return switch (this) {
            case NONE -> List.of();
            case DSML -> List.of(Dsml.MARK);
            case DEEPSEEK_R1, DEEPSEEK_V3_1 -> DeepSeekCalls.CONTROLS;
            case QWEN, LLAMA -> JsonCalls.CONTROLS;
        };
    }

    /// @param controls the control tokens that the vocabulary has
    CallGrammar grammar(Set<String> controls) {
        return switch (this) {
            case NONE -> new NoCalls();
            case DSML -> new DsmlCalls(controls);
            case DEEPSEEK_R1 -> new DeepSeekCalls(controls, true);
            case DEEPSEEK_V3_1 -> new DeepSeekCalls(controls, false);
            case QWEN -> new JsonCalls(controls, false);
            case LLAMA -> new JsonCalls(controls, true);
        };
    }
}
