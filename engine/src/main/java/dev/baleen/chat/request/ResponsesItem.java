package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.chat.JsonText;
import dev.baleen.chat.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An item of the input of a request to Responses, as it was given.
sealed interface ResponsesItem {
    record Said(Role role, List<Part> parts) implements ResponsesItem {}

    /// @param text empty for reasoning that is not told, or only summed up
    record Reasoning(Optional<String> text) implements ResponsesItem {}

    /// @param isSearch whether it is a search for tools
    record Call(String id, String name, Optional<String> namespace, String arguments, boolean isSearch)
            implements ResponsesItem {}

    record Output(String id, List<Part> parts) implements ResponsesItem {}

    /// The tools that a search found.
    record SearchOutput(String id, List<Fields> tools) implements ResponsesItem {}

    /// One that the service does not know, and leaves out.
    record Unknown() implements ResponsesItem {}

    /// A part of what is said.
    sealed interface Part {
        record Text(String text) implements Part {}

        record Image(Optional<String> url, Optional<String> fileId, String detail) implements Part {}

        record File() implements Part {}
    }

    Map<String, Role> ROLES =
            Map.of("user", Role.USER, "assistant", Role.ASSISTANT, "system", Role.SYSTEM, "developer", Role.DEVELOPER);
    Map<String, String> PARTS = Fields.names("input_text", "output_text", "input_image", "input_file");

    static List<ResponsesItem> read(List<Fields> items) {
        return items.stream().map(ResponsesItem::read).toList();
    }

    private static ResponsesItem read(Fields item) {
        String type = item.findString("type").orElse("message");
        return switch (type) {
            case "message" -> new Said(item.choice("role", ROLES), parts(item, "content"));
            case "reasoning" -> new Reasoning(reasoning(item));
            case "function_call" ->
                new Call(
                        item.string("call_id"),
                        item.string("name"),
                        item.findString("namespace"),
                        item.string("arguments"),
                        false);
            case "custom_tool_call" ->
                new Call(
                        item.string("call_id"),
                        item.string("name"),
                        Optional.empty(),
                        ResponsesItems.textArguments(item.string("input")),
                        false);
            case "function_call_output", "custom_tool_call_output" ->
                new Output(item.string("call_id"), parts(item, "output"));
            case "tool_search_call" ->
                new Call(
                        item.string("call_id"),
                        ResponsesTools.TOOL_SEARCH,
                        Optional.empty(),
                        JsonText.writeCompact(item.get("arguments")),
                        true);
            case "tool_search_output" -> new SearchOutput(item.string("call_id"), item.objects("tools"));
            default -> new Unknown();
        };
    }

    private static Optional<String> reasoning(Fields item) {
        Optional<List<Fields>> content = item.findObjects("content");
        if (content.isEmpty() || content.get().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(String.join(
                "\n", content.get().stream().map(part -> part.string("text")).toList()));
    }

    private static List<Part> parts(Fields item, String name) {
        JsonNode content = item.get(name);
        if (content.isTextual()) {
            return content.textValue().isEmpty() ? List.of() : List.of(new Part.Text(content.textValue()));
        }
        if (!content.isArray()) {
            throw item.wrong(name, "a string or an array of parts");
        }
        List<Part> parts = new ArrayList<>();
        for (Fields part : item.objects(name)) {
            parts.add(
                    switch (part.choice("type", PARTS)) {
                        case "input_image" ->
                            new Part.Image(
                                    part.findString("image_url"),
                                    part.findString("file_id"),
                                    part.findChoice("detail", Images.DETAILS).orElse(Images.DETAIL));
                        case "input_file" -> new Part.File();
                        default -> new Part.Text(part.string("text"));
                    });
        }
        return parts;
    }
}
