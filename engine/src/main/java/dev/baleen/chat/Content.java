package dev.baleen.chat;

import java.util.List;

/// A part of what somebody says.
public sealed interface Content {
    /// Words.
    record Text(String text) implements Content {}

    /// A picture, for models that see.
    ///
    /// @param url where it is, or a `data:` URL that holds it
    /// @param detail how closely to look: `low`, `high`, `original` or `auto`
    record Image(String url, String detail) implements Content {}

    /// Tools that the assistant may call from here on, in a system message: DeepSeek-V4.1.
    record ToolSchemas(List<Tool> tools) implements Content {
        public ToolSchemas {
            tools = List.copyOf(tools);
        }
    }
}
