package dev.baleen.chat.request;

import dev.baleen.chat.Content;
import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.chat.JsonText;
import dev.baleen.chat.Message;
import dev.baleen.chat.Role;
import dev.baleen.chat.Tool;
import dev.baleen.chat.ToolCall;
import dev.baleen.chat.request.ConvertedRequest.Image;
import dev.baleen.chat.request.Tools.Declared;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The messages of a request to Anthropic's Messages: blocks in turns, which become messages of one role each.
final class MessagesHistory {
    private static final String UNANSWERED = "`tool_use` ids were found without `tool_result` blocks immediately after:"
            + " %s. Each `tool_use` block must have a corresponding `tool_result` block in the next message.";

    private static final Map<String, Role> ROLES = new LinkedHashMap<>();

    static {
        for (Role role : List.of(Role.USER, Role.ASSISTANT, Role.SYSTEM)) {
            ROLES.put(role.jsonName(), role);
        }
    }

    private final List<Given> messages;
    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final ConversionOptions options;
    private final boolean thinking;
    private final Images images = new Images();

    /// Calls of the turn before, and those of them that have no result.
    private final Set<String> called = new HashSet<>();

    private final Set<String> open = new LinkedHashSet<>();
    private final Set<String> loaded = new HashSet<>();

    /// A turn as it was given.
    record Given(Role role, List<MessagesBlock> blocks) {}

    MessagesHistory(List<Given> messages, List<Declared> tools, ConversionOptions options, boolean thinking) {
        this.messages = messages;
        this.options = options;
        this.thinking = thinking;
        tools.forEach(tool -> this.tools.put(tool.name(), tool.toTool()));
    }

    static List<Given> read(List<Fields> messages) {
        return messages.stream()
                .map(message -> new Given(message.choice("role", ROLES), MessagesBlock.read(message, "content")))
                .toList();
    }

    /// What the request says before all messages.
    static Message system(List<String> texts) {
        return new Message(
                Role.SYSTEM, texts.stream().<Content>map(Content.Text::new).toList(), "", List.of(), "", "", false);
    }

    List<Image> images() {
        return images.all();
    }

    List<Message> convert() {
        if (messages.isEmpty()) {
            throw new RequestException("messages: at least one message is required");
        }
        List<Message> converted = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Given message = messages.get(i);
            if (message.blocks().isEmpty()) {
                throw new RequestException("messages.%d: all messages must have non-empty content".formatted(i));
            }
            checkBlocks(i, message);
            switch (message.role()) {
                case ASSISTANT -> {
                    refuseOpen(i);
                    converted.add(assistant(i, message.blocks()));
                }
                case USER -> converted.addAll(user(i, message.blocks()));
                default -> {
                    refuseOpen(i);
                    system(i, message.blocks()).ifPresent(converted::add);
                }
            }
        }
        if (!open.isEmpty()) {
            throw unanswered("messages." + (messages.size() - 1) + ":");
        }
        checkReasoning();
        return converted;
    }

    /// What may stand in whose turn.
    private void checkBlocks(int at, Given message) {
        for (MessagesBlock block : message.blocks()) {
            switch (block) {
                case MessagesBlock.ToolUse _ -> require(message, Role.ASSISTANT, at, "tool_use");
                case MessagesBlock.ServerTool(String type) -> {
                    require(message, Role.ASSISTANT, at, type);
                    if (!options.messagesDropWebSearch()) {
                        throw new RequestException("Unsupported content block: server tools are not supported");
                    }
                }
                case MessagesBlock.ToolResult _ -> require(message, Role.USER, at, "tool_result");
                case MessagesBlock.ToolReference _ -> require(message, Role.SYSTEM, at, "tool_addition");
                case MessagesBlock.Thinking _ -> {
                    if (message.role() != Role.ASSISTANT) {
                        throw new RequestException(
                                "messages.%d.content: thinking blocks may only be in `assistant` messages"
                                        .formatted(at));
                    }
                }
                case MessagesBlock.Text _, MessagesBlock.Image _, MessagesBlock.Document _ -> {}
            }
        }
    }

    private static void require(Given message, Role role, int at, String type) {
        if (message.role() != role) {
            throw new RequestException(
                    "messages.%d: `%s` blocks can only be in `%s` messages".formatted(at, type, role.jsonName()));
        }
    }

    private void refuseOpen(int at) {
        if (!open.isEmpty()) {
            throw unanswered("messages." + at + ": ");
        }
    }

    private RequestException unanswered(String where) {
        return new RequestException(where + UNANSWERED.formatted(String.join(", ", open)));
    }

    private Message assistant(int at, List<MessagesBlock> blocks) {
        List<String> thoughts = new ArrayList<>();
        List<Content> contents = new ArrayList<>();
        List<ToolCall> calls = new ArrayList<>();
        called.clear();
        for (int j = 0; j < blocks.size(); j++) {
            switch (blocks.get(j)) {
                case MessagesBlock.Thinking(String text) -> thoughts.add(text);
                case MessagesBlock.ToolUse(String id, String name, var input) -> {
                    if (!open.add(id)) {
                        throw new RequestException(
                                "messages.%d.content.%d: `tool_use` ids must be unique".formatted(at, j));
                    }
                    called.add(id);
                    calls.add(new ToolCall(id, name, JsonText.writeCompact(input)));
                }
                case MessagesBlock.ServerTool _ -> {}
                case MessagesBlock.Text _,
                        MessagesBlock.Image _,
                        MessagesBlock.Document _,
                        MessagesBlock.ToolResult _,
                        MessagesBlock.ToolReference _ -> {
                    if (!open.isEmpty()) {
                        throw unanswered("messages.%d.%d: ".formatted(at, j));
                    }
                    if (blocks.get(j) instanceof MessagesBlock.Image && options.version() == Version.V4_1) {
                        throw new RequestException("Image in assistant message is unsupported");
                    }
                    contents.add(content(blocks.get(j), ""));
                }
            }
        }
        return new Message(Role.ASSISTANT, contents, String.join("\n\n", thoughts), calls, "", "", false);
    }

    private List<Message> user(int at, List<MessagesBlock> blocks) {
        List<Message> converted = new ArrayList<>();
        List<Content> contents = new ArrayList<>();
        List<Tool> brought = new ArrayList<>();
        for (int j = 0; j < blocks.size(); j++) {
            if (blocks.get(j) instanceof MessagesBlock.ToolResult(String id, List<MessagesBlock> result)) {
                answer(id, "messages.%d.content.%d".formatted(at, j));
                List<Content> parts = new ArrayList<>();
                for (MessagesBlock block : result) {
                    if (block instanceof MessagesBlock.ToolReference(String tool)) {
                        bring(
                                tool,
                                brought,
                                "messages.%d.content.%d: tool reference '%s' not found in available tools"
                                        .formatted(at, j, tool));
                    }
                    parts.add(content(block, "messages.%d.content.%d.tool_result".formatted(at, j)));
                }
                converted.add(new Message(Role.TOOL, parts, "", List.of(), id, "", false));
            } else {
                refuseOpen(at);
                contents.add(content(blocks.get(j), "messages.%d.content[%d]".formatted(at, j)));
            }
        }
        if (!open.isEmpty()) {
            throw unanswered("messages." + (at - 1) + ":");
        }
        called.clear();
        if (!contents.isEmpty()) {
            converted.add(new Message(Role.USER, contents, "", List.of(), "", "", false));
        }
        if (!brought.isEmpty()) {
            Content schemas = new Content.ToolSchemas(brought);
            converted.add(new Message(Role.SYSTEM, List.of(schemas), "", List.of(), "", "", false));
        }
        return converted;
    }

    private void answer(String id, String where) {
        if (open.remove(id)) {
            return;
        }
        throw new RequestException(
                called.contains(id)
                        ? where
                                + ": each tool_use must have a single result. Found multiple `tool_result` blocks with id: "
                                + id
                        : ("unexpected `%s: tool_use_id` found in `tool_result` blocks: %s. Each `tool_result` block"
                                        + " must have a corresponding `tool_use` block in the previous message.")
                                .formatted(where, id));
    }

    /// A system message amid the others: V4 has no place for one but a user's turn.
    private Optional<Message> system(int at, List<MessagesBlock> blocks) {
        called.clear();
        List<Content> contents = new ArrayList<>();
        List<Tool> brought = new ArrayList<>();
        for (int j = 0; j < blocks.size(); j++) {
            if (blocks.get(j) instanceof MessagesBlock.ToolReference(String tool)) {
                bring(
                        tool,
                        brought,
                        "messages.%d.content.%d: `tool_addition` references unknown tool '%s'".formatted(at, j, tool));
            } else {
                contents.add(content(blocks.get(j), "messages." + at));
            }
        }
        if (options.version() == Version.V4) {
            String text = new Message(Role.SYSTEM, contents, "", List.of(), "", "", false).content();
            return contents.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Message.user("<system-reminder>\n" + text + "\n</system-reminder>"));
        }
        if (!brought.isEmpty()) {
            contents.add(new Content.ToolSchemas(brought));
        }
        return Optional.of(new Message(Role.SYSTEM, contents, "", List.of(), "", "", false));
    }

    private void bring(String name, List<Tool> brought, String unknown) {
        Tool tool = tools.get(name);
        if (tool == null) {
            throw new RequestException(unknown);
        }
        if (tool.deferred() && loaded.add(name)) {
            brought.add(tool);
        }
    }

    private Content content(MessagesBlock block, String where) {
        return switch (block) {
            case MessagesBlock.Text(String text) -> new Content.Text(text);
            case MessagesBlock.Document(String type) -> new Content.Text("[Unsupported document type: " + type + "]");
            case MessagesBlock.ToolReference(String tool) -> new Content.Text(tool);
            case MessagesBlock.Image(var source) -> image(source, where);
            case MessagesBlock.Thinking _,
                    MessagesBlock.ToolUse _,
                    MessagesBlock.ToolResult _,
                    MessagesBlock.ServerTool _ -> throw new IllegalStateException(block + " has no text of its own");
        };
    }

    private Content image(Optional<MessagesBlock.Source> source, String where) {
        if (options.version() == Version.V4) {
            return new Content.Image("", Images.DETAIL); // It cannot see, and does not look.
        }
        if (source.isEmpty()) {
            throw new RequestException(
                    where + ": file_id is not supported. Pass the image as a base64 data url instead.");
        }
        if (source.get().isUrl()) {
            return images.addUrl(source.get().data(), Images.DETAIL, "image", where, "image_url.url[0]");
        }
        if (!Images.isBase64(source.get().data())) {
            throw new RequestException(where + ": base64 decode error");
        }
        return images.add(source.get().data(), true, Images.DETAIL, where);
    }

    /// Calls whose answers the model has still to take in need the thoughts that led to them.
    private void checkReasoning() {
        if (!thinking || !options.reasoningRequired()) {
            return;
        }
        for (int i = messages.size() - 1; i >= 0; i--) {
            Given message = messages.get(i);
            boolean asks = message.role() == Role.USER
                    && message.blocks().stream().anyMatch(block -> !(block instanceof MessagesBlock.ToolResult));
            if (asks) {
                return;
            }
            List<MessagesBlock> blocks = message.blocks();
            if (blocks.stream().anyMatch(block -> block instanceof MessagesBlock.ToolUse)
                    && blocks.stream().noneMatch(block -> block instanceof MessagesBlock.Thinking)
                    && blocks.stream()
                            .noneMatch(block -> block instanceof MessagesBlock.ToolUse use
                                    && ChatMessages.EMPTY_THOUGHT_ID
                                            .matcher(use.id())
                                            .matches())) {
                throw new RequestException(
                        "The `content[].thinking` in the thinking mode must be passed back to the API.");
            }
        }
    }
}
