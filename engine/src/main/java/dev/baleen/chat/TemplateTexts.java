package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Finds the chat templates that a checkpoint carries, as texts in Jinja: untrusted, and not looked at here.
public final class TemplateTexts {
    /// What the template is called that is meant where no name is given.
    public static final String DEFAULT = "default";

    /// The largest published one has 20 kB.
    private static final int BYTES_MAX = 4 << 20;

    private static final String KEY = "tokenizer.chat_template";
    private static final String FILE = "chat_template.jinja";

    private TemplateTexts() {}

    /// The templates by name, [#DEFAULT] first; empty if there are none.
    ///
    /// A folder has them in `tokenizer_config.json`, as one text or as a list of named ones, and newer ones in a
    /// file
    /// of its own, which counts for more. GGUF has a key for the default and one for each name.
    ///
    /// @throws CheckpointException if the files are damaged
    public static SequencedMap<String, String> of(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case Gguf gguf -> ofGguf(gguf);
            case HuggingFaceFolder folder -> ofFolder(folder);
            case Safetensors _ -> new LinkedHashMap<>();
        };
    }

    private static SequencedMap<String, String> ofGguf(Gguf gguf) {
        SequencedMap<String, String> templates = new LinkedHashMap<>();
        gguf.findString(KEY).ifPresent(text -> templates.put(DEFAULT, text));
        for (String name : gguf.findStrings(KEY + "s").orElse(List.of())) {
            gguf.findString(KEY + "." + name).ifPresent(text -> templates.putIfAbsent(name, text));
        }
        return templates;
    }

    private static SequencedMap<String, String> ofFolder(HuggingFaceFolder folder) {
        SequencedMap<String, String> templates = new LinkedHashMap<>();
        JsonNode configured =
                folder.tokenizerConfig().map(json -> json.path("chat_template")).orElse(MissingNode.getInstance());
        if (configured.isTextual()) {
            templates.put(DEFAULT, configured.textValue());
        }
        for (JsonNode named : configured) {
            String name = named.path("name").asText();
            if (!name.isEmpty() && named.path("template").isTextual()) {
                templates.put(name, named.path("template").textValue());
            }
        }
        Optional.ofNullable(templates.remove(DEFAULT)).ifPresent(text -> templates.putFirst(DEFAULT, text));
        folder.file(FILE).ifPresent(file -> templates.putFirst(DEFAULT, read(file)));
        return templates;
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException("%s has %,d bytes, which is no chat template; at most %,d are read"
                        .formatted(file, Files.size(file), BYTES_MAX));
            }
            // Bytes that are no UTF-8 become U+FFFD: a template of which a character is lost still works.
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
