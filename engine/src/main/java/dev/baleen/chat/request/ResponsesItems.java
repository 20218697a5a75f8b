package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.baleen.chat.Content;
import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.chat.JsonText;
import dev.baleen.chat.Message;
import dev.baleen.chat.Role;
import dev.baleen.chat.Tool;
import dev.baleen.chat.ToolCall;
import dev.baleen.chat.request.ConvertedRequest.Image;
import dev.baleen.chat.request.ResponsesItem.Call;
import dev.baleen.chat.request.ResponsesItem.Output;
import dev.baleen.chat.request.ResponsesItem.Part;
import dev.baleen.chat.request.ResponsesItem.Reasoning;
import dev.baleen.chat.request.ResponsesItem.Said;
import dev.baleen.chat.request.ResponsesItem.SearchOutput;
import dev.baleen.chat.request.ResponsesItem.Unknown;
import dev.baleen.chat.request.Tools.Declared;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The input of a request to Responses: items one after another, which become turns. Reasoning, text and calls that
/// follow each other are one turn of the assistant.
final class ResponsesItems {
    private final List<ResponsesItem> items;
    private final ResponsesTools tools;
    private final ConversionOptions options;
    private final boolean thinking;
    private final Images images = new Images();
    private final List<Message> messages = new ArrayList<>();
    private final List<Declared> found = new ArrayList<>();

    /// The assistant's turn so far.
    private final List<String> thoughts = new ArrayList<>();

    private final List<Content> contents = new ArrayList<>();
    private final List<ToolCall> calls = new ArrayList<>();
    private boolean open;
    private boolean hasReasoning;

    /// Calls that have no output, and all that were made.
    private final Set<String> unanswered = new LinkedHashSet<>();

    private final Set<String> made = new HashSet<>();
    /// Tools that the last outputs brought.
    private final List<Tool> brought = new ArrayList<>();
    /// Whether each message that calls tools came with its reasoning.
    private final List<Boolean> reasoned = new ArrayList<>();

    ResponsesItems(List<ResponsesItem> items, ResponsesTools tools, ConversionOptions options, boolean thinking) {
        this.items = items;
        this.tools = tools;
        this.options = options;
        this.thinking = thinking;
    }

    List<Image> images() {
        return images.all();
    }

    /// Tools that searches found: the model may call them too.
    List<Declared> found() {
        return found;
    }

    List<Message> convert() {
        for (int i = 0; i < items.size(); i++) {
            String where = "input[" + i + "]";
            switch (items.get(i)) {
                case Said(Role role, List<Part> parts) -> {
                    if (role == Role.ASSISTANT) {
                        refuseUnanswered();
                        endResults();
                        open = true;
                        contents.addAll(contents(role, parts, where));
                    } else {
                        endTurn();
                        endResults();
                        add(new Message(role, contents(role, parts, where), "", List.of(), "", "", false));
                    }
                }
                case Reasoning(Optional<String> text) -> {
                    if (!contents.isEmpty() || !calls.isEmpty()) {
                        endTurn();
                    }
                    endResults();
                    open = true;
                    text.ifPresent(thoughts::add);
                    hasReasoning = true;
                }
                case Call call -> call(call, where);
                case Output(String id, List<Part> parts) -> {
                    answer(id);
                    add(new Message(Role.TOOL, contents(Role.TOOL, parts, where), "", List.of(), id, "", false));
                }
                case SearchOutput(String id, List<Fields> given) -> {
                    if (options.version() == Version.V4_1) {
                        search(id, given);
                    }
                }
                case Unknown _ -> {}
            }
        }
        endTurn();
        endResults();
        checkReasoning();
        return messages;
    }

    private void call(Call call, String where) {
        if (call.isSearch() && options.version() == Version.V4) {
            return;
        }
        if (call.id().isEmpty()) {
            throw new RequestException(
                    "Invalid '%s.call_id': empty string. Expected a string with minimum length 1, but got an empty string instead."
                            .formatted(where));
        }
        endResults();
        if (!made.add(call.id())) {
            throw new RequestException("Duplicate 'call_id': " + call.id() + ".");
        }
        open = true;
        unanswered.add(call.id());
        String name = call.namespace()
                .map(namespace -> tools.flatName(namespace, call.name()))
                .orElse(call.name());
        calls.add(new ToolCall(call.id(), name, call.arguments()));
    }

    private void answer(String id) {
        if (!unanswered.remove(id)) {
            throw new RequestException(
                    made.contains(id)
                            ? "Duplicate tool output for call_id: " + id + "."
                            : "No tool call found for tool output with call_id " + id + ".");
        }
        closeTurn();
    }

    private void search(String id, List<Fields> given) {
        answer(id);
        List<Declared> tools = this.tools.found(given);
        found.addAll(tools);
        tools.forEach(tool -> brought.add(tool.toTool()));
        String text = JsonText.writeCompact(ResponsesTools.declarations(tools));
        add(Message.tool(text, id));
    }

    /// What the assistant said is whole, and its calls are answered.
    private void endTurn() {
        refuseUnanswered();
        closeTurn();
    }

    private void refuseUnanswered() {
        if (!unanswered.isEmpty()) {
            throw new RequestException("No tool output found for tool call "
                    + unanswered.iterator().next() + ".");
        }
    }

    /// What the assistant said is whole.
    private void closeTurn() {
        if (!open) {
            return;
        }
        reasoned.add(hasReasoning);
        messages.add(new Message(Role.ASSISTANT, contents, String.join("\n", thoughts), calls, "", "", false));
        thoughts.clear();
        contents.clear();
        calls.clear();
        open = false;
        hasReasoning = false;
    }

    private void endResults() {
        if (!open && !messages.isEmpty() && messages.getLast().role() == Role.TOOL) {
            refuseUnanswered();
        }
        if (!brought.isEmpty()) {
            Content schemas = new Content.ToolSchemas(brought);
            add(new Message(Role.SYSTEM, List.of(schemas), "", List.of(), "", "", false));
            brought.clear();
        }
    }

    private void add(Message message) {
        messages.add(message);
    }

    private List<Content> contents(Role role, List<Part> parts, String where) {
        List<Content> contents = new ArrayList<>();
        for (int j = 0; j < parts.size(); j++) {
            contents.add(
                    switch (parts.get(j)) {
                        case Part.Text(String text) -> new Content.Text(text);
                        case Part.File _ -> new Content.Text("[Unsupported Document]");
                        case Part.Image image -> image(role, image, where, where + ".content[" + j + "]");
                    });
        }
        return contents;
    }

    private Content image(Role role, Part.Image image, String item, String part) {
        if (options.version() == Version.V4) {
            return new Content.Image("", Images.DETAIL); // It cannot see, and does not look.
        }
        if (role == Role.ASSISTANT) {
            throw new RequestException(item + ": Image in assistant message is unsupported");
        }
        if (image.url().isPresent() && image.fileId().isPresent()) {
            throw new RequestException(part + ": input_image cannot have both image_url and file_id");
        }
        if (image.fileId().isPresent()) {
            throw new RequestException(
                    part + ": file_id is not supported. Pass the image as a base64 data url instead.");
        }
        String url = image.url()
                .orElseThrow(() -> new RequestException(part + ": input_image must have image_url or file_id"));
        return images.addUrl(url, image.detail(), "image", item, "image_url");
    }

    /// Calls whose answers the model has still to take in need the thoughts that led to them.
    private void checkReasoning() {
        if (!thinking || !options.reasoningRequired()) {
            return;
        }
        int turn = reasoned.size();
        for (int i = messages.size() - 1; i >= 0 && messages.get(i).role() != Role.USER; i--) {
            Message message = messages.get(i);
            if (message.role() != Role.ASSISTANT) {
                continue;
            }
            turn--;
            if (!message.toolCalls().isEmpty()
                    && !reasoned.get(turn)
                    && message.toolCalls().stream()
                            .noneMatch(call -> ChatMessages.EMPTY_THOUGHT_ID
                                    .matcher(call.id())
                                    .matches())) {
                throw new RequestException("The `reasoning_text` in the thinking mode must be passed back to the API.");
            }
        }
    }

    /// The arguments of a call that takes text.
    static String textArguments(String input) {
        JsonNode arguments = JsonNodeFactory.instance.objectNode().put("input", input);
        return JsonText.writeCompact(arguments);
    }
}
