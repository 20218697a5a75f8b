package dev.baleen.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads and writes `tokenizer.json`, the format of Hugging Face's `tokenizers` library, as far as byte-level
/// byte-pair encodings use it, and from the `tokenizer_config.json` beside it which tokens begin, end and pad.
///
/// What the format can say and this package cannot do is refused, never ignored: ids would differ silently.
public final class TokenizerJson {
    /// The largest published file has 33 MB.
    static final long FILE_BYTES_MAX = 256L << 20;

    static final String FILE_NAME = "tokenizer.json";
    static final String CONFIG_NAME = "tokenizer_config.json";

    /// Strangers' JSON: bounded, and without a table of names, of which a vocabulary has 128,000.
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNameLength(1 << 16)
                    .maxStringLength(16 << 20)
                    .maxNumberLength(100)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private TokenizerJson() {}

    /// The tokenizer in a `tokenizer.json`, or in a folder that holds one.
    ///
    /// @throws TokenizerException if the file is missing, malformed or asks for what is not supported
    public static BytePairEncoding read(Path fileOrFolder) throws IOException {
        Path file = Files.isDirectory(fileOrFolder) ? fileOrFolder.resolve(FILE_NAME) : fileOrFolder;
        Path config = file.resolveSibling(CONFIG_NAME);
        JsonNode settings = Files.isRegularFile(config) ? readTree(config) : NullNode.instance;
        checkFile(file);
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            return parse(file.toString(), parser, settings);
        } catch (JsonProcessingException e) {
            throw noJson(file, e);
        }
    }

    /// Writes `tokenizer.json` into `folder`, and begin, end and padding into its `tokenizer_config.json`;
    /// other entries of an existing one (the chat template) stay.
    public static void write(BytePairEncoding tokenizer, Path folder) throws IOException {
        TokenizerJsonWriter.write(tokenizer, folder);
    }

    static JsonNode readTree(Path file) throws IOException {
        checkFile(file);
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new TokenizerException(file + " holds no JSON object; fetch the file again");
            }
            return TokenizerJsonParts.tree(parser);
        } catch (JsonProcessingException e) {
            throw noJson(file, e);
        }
    }

    private static void checkFile(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new TokenizerException(
                    "there is no file " + file + "; a tokenizer is a " + FILE_NAME + " or a folder that holds one");
        }
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new TokenizerException(file + " has " + Files.size(file) + " bytes, at most " + FILE_BYTES_MAX
                    + " are read; it is hardly a tokenizer");
        }
    }

    private static TokenizerException noJson(Path file, JsonProcessingException e) {
        String where =
                e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
        String what = Problems.quoted(e.getOriginalMessage());
        return new TokenizerException(file + " is no valid JSON" + where + ": " + what + "; fetch the file again", e);
    }

    static BytePairEncoding parse(String where, JsonParser parser, JsonNode config) throws IOException {
        Problems problems = new Problems(where);
        TokenizerJsonParts parts = TokenizerJsonParts.read(parser, problems);
        JsonNode root = parts.root();
        JsonNode model = parts.model();
        checkModel(parts, problems);
        List<String> tokens = parts.tokens();
        TokenIndex index = new TokenIndex(tokens);
        List<AddedToken> added = added(root.path("added_tokens"), tokens, index, problems);
        problems.throwIfAny("fetch the file again, or choose a model with a byte-level BPE tokenizer");

        MergeResolver resolver = parts.resolve(index);
        PreTokenizer preTokenizer = PreTokenizerJson.read(root.path("pre_tokenizer"), problems);
        Normalization normalization = PreTokenizerJson.readNormalization(root.path("normalizer"), problems);
        problems.throwIfAny("fetch the file again, or choose a model with a byte-level BPE tokenizer");

        JsonNode unknown = model.path("unk_token");
        SpecialNames names = SpecialNames.of(index, added);
        OptionalInt prefix = prefix(root.path("post_processor"), tokens.size() + added.size());
        OptionalInt begin = names.first(config.path("bos_token"), ControlTokens.BEGIN_NAMES);
        return new BytePairEncoding(new Vocabulary(
                index,
                resolver.merges(),
                resolver.results(),
                model.path("ignore_merges").asBoolean(),
                unknown.isTextual() ? names.id(unknown.textValue()) : OptionalInt.empty(),
                added,
                normalization,
                preTokenizer,
                config.path("bos_token").isMissingNode() && prefix.isPresent() ? prefix : begin,
                names.first(config.path("eos_token"), ControlTokens.END_NAMES),
                names.first(config.path("pad_token"), ControlTokens.PAD_NAMES),
                config.path("add_bos_token").asBoolean(prefix.isPresent())));
    }

    private static void checkModel(TokenizerJsonParts parts, Problems problems) {
        JsonNode model = parts.model();
        String type = model.path("type").asText("BPE");
        if (!type.equals("BPE")) {
            problems.add("model.type is " + Problems.quoted(type) + "; only \"BPE\" is supported");
        }
        if (!parts.isComplete()) {
            problems.add("model.vocab is no object, or model.merges no array");
        }
        if (model.path("byte_fallback").asBoolean()) {
            problems.add("model.byte_fallback is true; only byte-level vocabularies are supported");
        }
        if (model.path("dropout").asDouble() != 0) {
            problems.add("model.dropout is " + model.path("dropout") + ", which makes ids random; set it to null");
        }
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!model.path(affix).asText("").isEmpty() && !model.path(affix).isNull()) {
                problems.add("model." + affix + " is " + model.path(affix) + "; only null is supported");
            }
        }
    }

    private static List<AddedToken> added(JsonNode nodes, List<String> tokens, TokenIndex index, Problems problems) {
        List<AddedToken> added = new ArrayList<>();
        Set<Integer> taken = new HashSet<>();
        for (JsonNode node : nodes) {
            String content = node.path("content").asText();
            // The reference, too, prefers the vocabulary's id.
            int known = index.find(content);
            int id = known >= 0 ? known : node.path("id").asInt(-1);
            boolean free = id >= tokens.size()
                    || id >= 0 && (tokens.get(id).isEmpty() || tokens.get(id).equals(content));
            if (content.isEmpty() || id < 0 || id >= Vocabulary.SIZE_MAX || !free || !taken.add(id)) {
                problems.add("added token " + Problems.quoted(content) + " with id " + node.path("id")
                        + " has no content, no valid id, or the id of another token");
                continue;
            }
            added.add(new AddedToken(
                    id,
                    content,
                    node.path("special").asBoolean(),
                    node.path("single_word").asBoolean(),
                    node.path("lstrip").asBoolean(),
                    node.path("rstrip").asBoolean(),
                    node.path("normalized").asBoolean()));
        }
        return added;
    }

    /// The token that the post-processor would put before every text: not done here, but worth knowing.
    private static OptionalInt prefix(JsonNode processor, int idLimit) {
        if (processor.path("type").asText().equals("Sequence")) {
            for (JsonNode step : processor.path("processors")) {
                if (!step.path("type").asText().equals("Sequence")
                        && prefix(step, idLimit).isPresent()) {
                    return prefix(step, idLimit);
                }
            }
            return OptionalInt.empty();
        }
        String name =
                processor.path("single").path(0).path("SpecialToken").path("id").asText();
        int id = processor.path("special_tokens").path(name).path("ids").path(0).asInt(-1);
        return id >= 0 && id < idLimit ? OptionalInt.of(id) : OptionalInt.empty();
    }

    /// Finds special tokens by name.
    private record SpecialNames(TokenIndex index, Map<String, Integer> added) {
        static SpecialNames of(TokenIndex index, List<AddedToken> added) {
            return new SpecialNames(
                    index, added.stream().collect(Collectors.toMap(AddedToken::content, AddedToken::id, (a, b) -> b)));
        }

        OptionalInt id(String name) {
            int id = added.getOrDefault(name, index.find(name));
            return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
        }

        /// The token that the configuration names (as a string, or an object with `content`), else the first
        /// well-known name there is.
        OptionalInt first(JsonNode configured, List<String> wellKnown) {
            if (!configured.isMissingNode()) {
                return id(configured.isObject() ? configured.path("content").asText() : configured.asText());
            }
            return wellKnown.stream()
                    .map(this::id)
                    .filter(OptionalInt::isPresent)
                    .findFirst()
                    .orElse(OptionalInt.empty());
        }
    }

    /// The object in `file`, or a new one where there is none.
    static ObjectNode readObject(Path file) throws IOException {
        return Files.exists(file) ? (ObjectNode) readTree(file) : JsonNodeFactory.instance.objectNode();
    }
}
