package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A block of a message of Anthropic's protocol, as it was given.
sealed interface MessagesBlock {
    record Text(String text) implements MessagesBlock {}

    /// @param source empty for a file that lies elsewhere
    record Image(Optional<Source> source) implements MessagesBlock {}

    /// What a picture is.
    ///
    /// @param isUrl whether `data` is an address; else it is Base64
    record Source(boolean isUrl, String data) {}

    record Document(String mediaType) implements MessagesBlock {}

    record Thinking(String text) implements MessagesBlock {}

    record ToolUse(String id, String name, JsonNode input) implements MessagesBlock {}

    record ToolResult(String id, List<MessagesBlock> content) implements MessagesBlock {}

    /// A tool that a result or a system message brings.
    record ToolReference(String tool) implements MessagesBlock {}

    /// What a server's tool did.
    record ServerTool(String type) implements MessagesBlock {}

    Set<String> MEDIA_TYPES = Set.of("image/jpeg", "image/jpg", "image/png", "image/gif", "image/webp");
    Map<String, String> TYPES = Fields.names(
            "text",
            "image",
            "document",
            "thinking",
            "server_tool_use",
            "tool_use",
            "tool_result",
            "web_search_tool_result",
            "tool_addition");
    Map<String, String> RESULT_TYPES = Fields.names("text", "image", "document", "tool_reference");
    Map<String, String> SOURCES = Fields.names("base64", "url", "file");

    /// What a message says; a string is one text.
    static List<MessagesBlock> read(Fields fields, String name) {
        return read(fields, name, TYPES);
    }

    private static List<MessagesBlock> read(Fields fields, String name, Map<String, String> types) {
        JsonNode content = fields.get(name);
        if (content.isTextual()) {
            return List.of(new Text(content.textValue()));
        }
        if (!content.isArray()) {
            throw fields.wrong(name, "a string or an array of blocks");
        }
        List<MessagesBlock> blocks = new ArrayList<>();
        for (Fields block : fields.objects(name)) {
            blocks.add(block(block, types));
        }
        return blocks;
    }

    private static MessagesBlock block(Fields block, Map<String, String> types) {
        String type = block.choice("type", types);
        return switch (type) {
            case "image" -> new Image(source(block.object("source")));
            case "document" ->
                new Document(block.object("source").findString("media_type").orElse("unknown"));
            case "thinking" -> new Thinking(block.string("thinking"));
            case "tool_use" -> new ToolUse(block.string("id"), block.string("name"), block.get("input"));
            case "tool_result" ->
                new ToolResult(
                        block.string("tool_use_id"),
                        block.find("content").isPresent() ? read(block, "content", RESULT_TYPES) : List.of());
            case "tool_reference" -> new ToolReference(block.string("tool_name"));
            case "tool_addition" -> new ToolReference(block.object("tool").string("name"));
            case "server_tool_use", "web_search_tool_result" -> new ServerTool(type);
            default -> new Text(block.string("text"));
        };
    }

    private static Optional<Source> source(Fields source) {
        return switch (source.choice("type", SOURCES)) {
            case "base64" -> {
                if (!MEDIA_TYPES.contains(source.string("media_type"))) {
                    throw source.wrong("media_type", "one of " + String.join(", ", MEDIA_TYPES));
                }
                yield Optional.of(new Source(false, source.string("data")));
            }
            case "url" -> Optional.of(new Source(true, source.string("url")));
            default -> Optional.empty();
        };
    }
}
