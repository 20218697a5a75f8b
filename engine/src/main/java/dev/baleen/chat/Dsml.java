package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.baleen.chat.JsonText.Floats;
import dev.baleen.tokenizer.ControlTokens;
import java.util.List;
import java.util.Map;

/// DeepSeek's markup for tool calls, as each version spells it:
///
///     <｜DSML｜tool_calls>
///     <｜DSML｜invoke name="find">
///     <｜DSML｜parameter name="a" string="true">text, as it is</｜DSML｜parameter>
///     <｜DSML｜parameter name="n" string="false">{"json": 1}</｜DSML｜parameter>
///     </｜DSML｜invoke>
///     </｜DSML｜tool_calls>
///
/// Only `｜DSML｜` is a control token. Names and values are not escaped.
enum Dsml {
    V3_2("function_calls", "", Floats.PYTHON),
    V4("tool_calls", "", Floats.RUST),
    V4_1(" calls", " ", Floats.PYTHON);

    static final String MARK = "｜DSML｜";

    /// The control tokens that occur in the layouts' own sentences.
    static final List<String> MARKS = List.of(MARK, ControlTokens.THINK, ControlTokens.END_OF_THINKING);

    private final String block;
    /// What stands between the mark and a tag's name inside a block.
    private final String gap;

    private final Floats floats;

    Dsml(String block, String gap, Floats floats) {
        this.block = block;
        this.gap = gap;
        this.floats = floats;
    }

    /// JSON as this version's prompts spell it.
    String json(JsonNode value) {
        return JsonText.write(value, floats);
    }

    /// The tag that begins a block of calls.
    String opening() {
        return "<" + MARK + block + ">";
    }

    /// Replaces `{block}` and `{dsml}` in a text of the layout's own.
    String spell(String text) {
        return text.replace("{block}", MARK + block).replace("{dsml}", MARK + gap);
    }

    /// A block of calls, at least one.
    void write(Prompt.Builder prompt, List<ToolCall> calls) {
        open(prompt, block, ">\n");
        for (ToolCall call : calls) {
            open(prompt, gap + "invoke", " name=\"" + call.name() + "\">\n");
            writeArguments(prompt, call.arguments());
            close(prompt, gap + "invoke", "\n");
        }
        close(prompt, block, "");
    }

    private void writeArguments(Prompt.Builder prompt, String arguments) {
        JsonNode object;
        try {
            object = JsonText.parse(arguments);
        } catch (IllegalArgumentException e) {
            object = MissingNode.getInstance();
        }
        if (!object.isObject()) {
            writeParameter(prompt, "arguments", true, arguments);
            return;
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            boolean isText = value.isTextual();
            writeParameter(prompt, field.getKey(), isText, isText ? value.textValue() : json(value));
        }
        if (object.isEmpty() && this != V4) {
            prompt.text("\n");
        }
    }

    private void writeParameter(Prompt.Builder prompt, String name, boolean isText, String value) {
        open(prompt, gap + "parameter", " name=\"" + name + "\" string=\"" + isText + "\">");
        prompt.text(value);
        close(prompt, gap + "parameter", "\n");
    }

    private static void open(Prompt.Builder prompt, String tag, String rest) {
        prompt.text("<").mark(MARK).text(tag + rest);
    }

    private static void close(Prompt.Builder prompt, String tag, String rest) {
        prompt.text("</").mark(MARK).text(tag + ">" + rest);
    }
}
