package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.jinja.PythonJson;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The chat templates that a model carries, by name, and where they were found.
///
/// A folder has them in `chat_template.jinja`, with others of names in `additional_chat_templates`; in
/// `tokenizer_config.json`, one alone or a list with names; or in `chat_template.json`. The first of these counts. A
/// GGUF file has them in its metadata.
///
/// @param byName their sources
/// @param places where each stands, for messages
/// @param tokens the special tokens that stand beside them
/// @param family the type of the model that a `config.json` beside them tells; empty where there is none
record CarriedTemplates(Map<String, String> byName, Map<String, String> places, SpecialTokens tokens, String family) {
    static final String USUAL = "default";
    static final String FOR_TOOLS = "tool_use";

    private static final String KEY = "chat_template";
    private static final String GGUF_KEY = "tokenizer.chat_template";
    private static final String ENDING = ".jinja";
    private static final String FILE = "chat_template" + ENDING;
    private static final String MORE_FILES = "additional_chat_templates";
    private static final String JSON_FILE = "chat_template.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final int BYTES_MAX = 16 << 20;

    /// Templates that are being found.
    private static final class Found {
        private final Map<String, String> byName = new HashMap<>();
        private final Map<String, String> places = new HashMap<>();

        void add(String name, String source, String place) {
            byName.put(name, source);
            places.put(name, place);
        }

        void addFiles(Path folder) throws IOException {
            if (!Files.isDirectory(folder)) {
                return;
            }
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(ENDING)).toList()) {
                    String name = file.getFileName().toString();
                    addFile(name.substring(0, name.length() - ENDING.length()), file);
                }
            }
        }

        void addFile(String name, Path file) throws IOException {
            if (Files.isRegularFile(file)) {
                add(name, read(file), file.toString());
            }
        }

        void addAll(JsonNode templates, String place) {
            if (templates.isTextual()) {
                add(USUAL, templates.textValue(), place);
            }
            for (JsonNode named : templates) {
                add(named.path("name").asText(), named.path("template").asText(), place);
            }
        }
    }

    /// @throws IOException if a file cannot be read
    static CarriedTemplates ofFolder(Path folder) throws IOException {
        JsonNode config = json(folder.resolve(TOKENIZER_CONFIG));
        Found found = new Found();
        found.addFile(USUAL, folder.resolve(FILE));
        found.addFiles(folder.resolve(MORE_FILES));
        if (found.byName.isEmpty()) {
            found.addAll(config.path(KEY), folder.resolve(TOKENIZER_CONFIG).toString());
        }
        if (found.byName.isEmpty()) {
            Path json = folder.resolve(JSON_FILE);
            found.addAll(json(json).path(KEY), json.toString());
        }
        String family = json(folder.resolve("config.json")).path("model_type").asText();
        return new CarriedTemplates(found.byName, found.places, SpecialTokens.of(config), family);
    }

    static CarriedTemplates ofGguf(Gguf gguf) {
        Found found = new Found();
        String place = gguf.path() + ", key '" + GGUF_KEY + "'";
        gguf.findString(GGUF_KEY).ifPresent(source -> found.add(USUAL, source, place));
        List<String> names = new ArrayList<>(gguf.findStrings(GGUF_KEY + "s").orElse(List.of()));
        names.add(FOR_TOOLS);
        for (String name : names) {
            gguf.findString(GGUF_KEY + "." + name).ifPresent(source -> found.add(name, source, place));
        }
        return new CarriedTemplates(found.byName, found.places, new SpecialTokens(Map.of()), "");
    }

    /// The sources by name, the usual one first.
    SequencedMap<String, String> inOrder() {
        SequencedMap<String, String> ordered = new LinkedHashMap<>(new TreeMap<>(byName));
        Optional.ofNullable(ordered.remove(USUAL)).ifPresent(source -> ordered.putFirst(USUAL, source));
        return ordered;
    }

    /// One file, with the special tokens of a `tokenizer_config.json` beside it, if there is one.
    static CarriedTemplates ofFile(Path file) throws IOException {
        Found found = new Found();
        found.add(USUAL, read(file), file.toString());
        JsonNode config = json(file.toAbsolutePath().resolveSibling(TOKENIZER_CONFIG));
        return new CarriedTemplates(found.byName, found.places, SpecialTokens.of(config), "");
    }

    Optional<String> usual() {
        return Optional.ofNullable(byName.get(USUAL)).or(() -> forTools());
    }

    Optional<String> forTools() {
        return Optional.ofNullable(byName.get(FOR_TOOLS));
    }

    String place(String name) {
        return places.getOrDefault(name, places.getOrDefault(FOR_TOOLS, ""));
    }

    /// A missing value where there is no such file.
    private static JsonNode json(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return JsonNodeFactory.instance.missingNode();
        }
        try {
            return PythonJson.parse(read(file));
        } catch (IllegalArgumentException e) {
            throw new ChatTemplateException(
                    "%s: %s; mend the file or download it again".formatted(file, e.getMessage()), e);
        }
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX) {
            throw new ChatTemplateException("%s has %,d bytes, and a chat template some thousand; this is another file"
                    .formatted(file, Files.size(file)));
        }
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new ChatTemplateException(file + " is no text in UTF-8; mend the file or download it again", e);
        }
    }
}
