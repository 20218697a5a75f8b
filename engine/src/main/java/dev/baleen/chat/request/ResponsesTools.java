package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.chat.request.Tools.Declared;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The tools of a request to Responses, namespaces laid flat. Types that the service does not know are left out.
final class ResponsesTools {
    private static final Set<String> SERVER_TYPES = Set.of("web_search", "web_search_2025_08_26");
    static final String TOOL_SEARCH = "tool_search";

    private final List<Given> given;
    private final ConversionOptions options;
    private final List<Declared> tools = new ArrayList<>();
    /// Names in namespaces, each by its namespace and its own, as the model knows them.
    private final Map<List<String>, String> flatNames = new HashMap<>();

    private final Set<String> taken = new HashSet<>();

    /// A tool as it was given.
    ///
    /// @param client whether the caller runs it, where that is a question
    /// @param members of a namespace
    private record Given(String type, Declared tool, boolean client, List<Given> members) {}

    ResponsesTools(List<Fields> tools, ConversionOptions options) {
        given = tools.stream().map(ResponsesTools::read).toList();
        this.options = options;
    }

    private static Given read(Fields tool) {
        String type = tool.string("type");
        boolean named = type.equals("function") || type.equals("custom") || type.equals("namespace");
        Declared declared = new Declared(
                named ? tool.string("name") : "",
                tool.findString("description"),
                tool.find("parameters"),
                tool.findFlag("strict"),
                false,
                tool.node());
        return new Given(
                type,
                declared,
                tool.findString("execution").orElse("").equals("client"),
                type.equals("namespace")
                        ? tool.objects("tools").stream()
                                .map(ResponsesTools::read)
                                .toList()
                        : List.of());
    }

    /// All tools, checked, in the order in which they stand.
    List<Declared> check() {
        for (int i = 0; i < given.size(); i++) {
            Given tool = given.get(i);
            String path = "tools[" + i + "].name";
            switch (tool.type()) {
                case "function" -> {
                    Tools.checkName(tool.tool().name(), path);
                    if (!taken.add(tool.tool().name())) {
                        throw new RequestException("Tool names must be unique.");
                    }
                }
                case "custom" -> {
                    if (!tool.tool().name().equals(ApplyPatch.NAME)) {
                        throw new RequestException("Unsupported custom tool: '%s'. Only 'apply_patch' is supported."
                                .formatted(tool.tool().name()));
                    }
                    taken.add(ApplyPatch.NAME);
                }
                case "namespace" -> checkNamespace(tool, i);
                default -> {
                    if (SERVER_TYPES.contains(tool.type())) {
                        refuseServerTool(options);
                    }
                }
            }
        }
        for (Given tool : given) {
            add(tool);
        }
        return Tools.checkSchemas(tools);
    }

    static void refuseServerTool(ConversionOptions options) {
        if (!options.responsesDropWebSearch()) {
            throw new RequestException("Server tools are not supported");
        }
    }

    private static void checkNamespace(Given namespace, int at) {
        Tools.checkName(namespace.tool().name(), "tools[" + at + "].name");
        List<Declared> members = new ArrayList<>();
        for (int j = 0; j < namespace.members().size(); j++) {
            Given member = namespace.members().get(j);
            if (member.type().equals("custom")) {
                throw new RequestException(
                        ("Currently custom tools are not allowed inside a namespace. Found custom tool"
                                        + " '%s' in tools[%d].tools[%d].")
                                .formatted(member.tool().name(), at, j));
            }
            if (member.type().equals("function")) {
                Tools.checkName(member.tool().name(), "tools[%d].tools[%d].name".formatted(at, j));
                members.add(member.tool());
            }
        }
        Tools.checkUnique(members, "Tool names within a namespace must be unique.");
    }

    private void add(Given tool) {
        switch (tool.type()) {
            case "function" -> tools.add(tool.tool());
            case "custom" -> tools.add(ApplyPatch.tool(options.version()));
            case "namespace" -> {
                for (Given member : tool.members()) {
                    if (member.type().equals("function")) {
                        tools.add(flat(tool.tool(), member.tool()));
                    }
                }
            }
            case TOOL_SEARCH -> {
                if (options.version() == Version.V4_1 && tool.client()) {
                    tools.add(tool.tool().named(TOOL_SEARCH, tool.tool().description()));
                }
            }
            default -> {}
        }
    }

    private Declared flat(Declared namespace, Declared tool) {
        String name = joined(namespace.name(), tool.name());
        String free = name;
        for (int number = 1; !taken.add(free); number++) {
            free = name + "_" + number;
        }
        flatNames.putIfAbsent(List.of(namespace.name(), tool.name()), free);
        Optional<String> description =
                options.version() == Version.V4_1 && namespace.description().isPresent()
                        ? Optional.of(namespace.description().get() + "\n"
                                + tool.description().orElse(""))
                        : tool.description();
        return tool.named(free, description);
    }

    private String joined(String namespace, String name) {
        return switch (options.version()) {
            case V4 -> namespace + "__" + name;
            case V4_1 -> namespace + "::" + name;
        };
    }

    /// How the model knows a tool of a namespace.
    String flatName(String namespace, String name) {
        return flatNames.getOrDefault(List.of(namespace, name), joined(namespace, name));
    }

    /// Tools that the answer to a search brings: not among those of the request.
    List<Declared> found(List<Fields> tools) {
        List<Declared> found = new ArrayList<>();
        for (Fields each : tools) {
            Given tool = read(each);
            switch (tool.type()) {
                case "function" -> found.add(tool.tool().deferredToo());
                case "namespace" -> {
                    for (Given member : tool.members()) {
                        if (member.type().equals("function")) {
                            found.add(flat(tool.tool(), member.tool()).deferredToo());
                        }
                    }
                }
                default -> {}
            }
        }
        return found;
    }

    /// What the model reads of the tools that a search found.
    static ArrayNode declarations(List<Declared> found) {
        ArrayNode declarations = JsonNodeFactory.instance.arrayNode();
        for (Declared tool : found) {
            declarations.addObject().put("type", "function").setAll(Tools.function(tool));
        }
        return declarations;
    }
}
