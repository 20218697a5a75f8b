package dev.baleen.chat.request;

import dev.baleen.chat.Content;
import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.chat.Message;
import dev.baleen.chat.Role;
import dev.baleen.chat.ToolCall;
import dev.baleen.chat.request.ConvertedRequest.Image;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The messages of a request to Chat Completions.
final class ChatMessages {
    private static final Map<String, Role> ROLES = new LinkedHashMap<>();
    private static final Map<String, String> PARTS = Fields.names("text", "image_url", "file");

    /// What a call's id looks like after an empty thought.
    static final Pattern EMPTY_THOUGHT_ID = Pattern.compile("call_\\d\\d_ET_.*", Pattern.DOTALL);

    static {
        for (Role role : Role.values()) {
            ROLES.put(role.jsonName(), role);
        }
    }

    private final List<Given> messages;
    private final ConversionOptions options;
    private final boolean thinking;
    private final Images images = new Images();

    /// A message as it was given.
    ///
    /// @param parts empty where there is no content at all
    record Given(
            Role role,
            Optional<List<Part>> parts,
            Optional<String> reasoning,
            Optional<List<ToolCall>> toolCalls,
            String toolCallId,
            String name,
            boolean prefix) {
        List<ToolCall> calls() {
            return toolCalls.orElse(List.of());
        }
    }

    /// A part of a message as it was given.
    sealed interface Part {
        record Text(String text) implements Part {}

        record ImageUrl(String url, String detail) implements Part {}

        record File(Optional<String> data, Optional<String> id, Optional<String> name) implements Part {}
    }

    ChatMessages(List<Given> messages, ConversionOptions options, boolean thinking) {
        this.messages = messages;
        this.options = options;
        this.thinking = thinking;
    }

    static List<Given> read(List<Fields> messages, boolean takesDevelopers) {
        return messages.stream()
                .map(message -> message(message, takesDevelopers))
                .toList();
    }

    private static Given message(Fields message, boolean takesDevelopers) {
        Role role = message.choice("role", ROLES);
        if (role == Role.DEVELOPER && !takesDevelopers) {
            throw message.wrong("role", "one of system, user, assistant, tool, latest_reminder");
        }
        boolean assistant = role == Role.ASSISTANT;
        return new Given(
                role,
                assistant && message.find("content").isEmpty() ? Optional.empty() : Optional.of(parts(message)),
                assistant ? message.findString("reasoning_content") : Optional.empty(),
                assistant
                        ? message.findObjects("tool_calls")
                                .map(calls ->
                                        calls.stream().map(ChatMessages::call).toList())
                        : Optional.empty(),
                role == Role.TOOL ? message.string("tool_call_id") : "",
                message.find("name").map(name -> name.asText()).orElse(""),
                assistant && message.flag("prefix"));
    }

    private static ToolCall call(Fields call) {
        call.choice("type", Map.of("function", true));
        Fields function = call.object("function");
        return new ToolCall(call.string("id"), function.string("name"), function.string("arguments"));
    }

    private static List<Part> parts(Fields message) {
        if (message.get("content").isTextual()) {
            String text = message.string("content");
            return text.isEmpty() ? List.of() : List.of(new Part.Text(text));
        }
        if (!message.get("content").isArray()) {
            throw message.wrong("content", "a string or an array of parts");
        }
        return message.objects("content").stream().map(ChatMessages::part).toList();
    }

    private static Part part(Fields part) {
        return switch (part.choice("type", PARTS)) {
            case "image_url" -> {
                Fields image = part.object("image_url");
                yield new Part.ImageUrl(
                        image.string("url"),
                        image.findChoice("detail", Images.DETAILS).orElse(Images.DETAIL));
            }
            case "file" ->
                new Part.File(part.findString("file_data"), part.findString("file_id"), part.findString("filename"));
            default -> new Part.Text(part.string("text"));
        };
    }

    /// Refuses a history that no conversation can have.
    void checkHistory(boolean hasTools, boolean isJson) {
        if (messages.isEmpty()) {
            throw new RequestException("Empty input messages");
        }
        checkCalls();
        for (Given message : messages) {
            if (message.role() == Role.ASSISTANT
                    && message.parts().isEmpty()
                    && message.toolCalls().isEmpty()) {
                throw new RequestException("Invalid assistant message: content or tool_calls must be set");
            }
        }
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).toolCalls().isPresent()
                    && messages.get(i).calls().isEmpty()) {
                throw new RequestException(
                        "Invalid 'messages[%d].tool_calls': empty array. Expected an array with minimum length 1, but got an empty array instead."
                                .formatted(i));
            }
        }
        checkPrefix(hasTools, isJson);
        checkReasoning();
    }

    private void checkCalls() {
        for (int i = 0; i < messages.size(); i++) {
            Given message = messages.get(i);
            if (message.role() == Role.TOOL) {
                throw new RequestException(
                        "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'");
            }
            Set<String> open = new HashSet<>();
            for (ToolCall call : message.calls()) {
                if (!open.add(call.id())) {
                    throw new RequestException(
                            "Duplicate value for 'tool_call_id' of %s in message[%d]".formatted(call.id(), i));
                }
            }
            for (int calls = message.calls().size(); calls > 0; calls--) {
                i++;
                if (i == messages.size() || messages.get(i).role() != Role.TOOL) {
                    throw new RequestException("An assistant message with 'tool_calls' must be followed by tool"
                            + " messages responding to each 'tool_call_id'. (insufficient tool messages following"
                            + " tool_calls message)");
                }
                if (!open.remove(messages.get(i).toolCallId())) {
                    throw new RequestException("An assistant message with 'tool_calls' must be followed by tool"
                            + " messages responding to each 'tool_call_id', The following tool_call_ids did not have"
                            + " response messages: "
                            + messages.get(i).toolCallId());
                }
            }
        }
    }

    private void checkPrefix(boolean hasTools, boolean isJson) {
        for (int i = 0; i < messages.size(); i++) {
            if (!messages.get(i).prefix()) {
                continue;
            }
            if (i < messages.size() - 1) {
                throw new RequestException("Invalid completion message: prefix set true with message which is not"
                        + " final message or message role is not assistant");
            }
            if (hasTools
                    || messages.stream().anyMatch(message -> !message.calls().isEmpty())) {
                throw new RequestException("Function call should not be used with prefix");
            }
            if (isJson) {
                throw new RequestException("response_format json_object should not be used with prefix");
            }
        }
    }

    /// Calls whose answers the model has still to take in need the thoughts that led to them.
    private void checkReasoning() {
        if (!thinking || !options.reasoningRequired()) {
            return;
        }
        for (int i = messages.size() - 1; i >= 0 && messages.get(i).role() != Role.USER; i--) {
            Given message = messages.get(i);
            if (!message.calls().isEmpty()
                    && message.reasoning().isEmpty()
                    && message.calls().stream()
                            .noneMatch(
                                    call -> EMPTY_THOUGHT_ID.matcher(call.id()).matches())) {
                throw new RequestException(
                        "The `reasoning_content` in the thinking mode must be passed back to the API.");
            }
        }
    }

    List<Message> convert() {
        List<Message> converted = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Given message = messages.get(i);
            converted.add(new Message(
                    message.role(),
                    contents(message, ".messages[" + i + "]"),
                    message.reasoning().orElse(""),
                    message.calls(),
                    message.toolCallId(),
                    message.name(),
                    message.prefix()));
        }
        return converted;
    }

    List<Image> images() {
        return images.all();
    }

    private List<Content> contents(Given message, String where) {
        List<Part> parts = message.parts().orElse(List.of());
        List<Content> contents = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            contents.add(content(message.role(), parts.get(i), where, "image_url.url[" + i + "]"));
        }
        return contents;
    }

    private Content content(Role role, Part part, String where, String link) {
        if (!(part instanceof Part.Text) && options.version() == Version.V4) {
            return new Content.Image("", Images.DETAIL); // It cannot see, and does not look.
        }
        if (!(part instanceof Part.Text) && role == Role.ASSISTANT) {
            throw new RequestException("Image in assistant message is not supported");
        }
        return switch (part) {
            case Part.Text(String text) -> new Content.Text(text);
            case Part.ImageUrl(String url, String detail) -> images.addUrl(url, detail, "image", where, link);
            case Part.File(Optional<String> data, Optional<String> id, Optional<String> name) -> {
                if (id.isPresent() && data.isPresent()) {
                    throw new RequestException(where + ": file cannot have both file_id and file_data");
                }
                if (id.isPresent() && name.isPresent()) {
                    throw new RequestException(where + ": file cannot have filename when file_id is present");
                }
                if (id.isPresent()) {
                    throw new RequestException(
                            where + ": file_id is not supported. Pass the image as a base64 data url instead.");
                }
                yield images.addUrl(
                        data.orElseThrow(() -> new RequestException(where + ": file must have a file_id or file_data")),
                        Images.DETAIL,
                        "file",
                        where,
                        link);
            }
        };
    }
}
