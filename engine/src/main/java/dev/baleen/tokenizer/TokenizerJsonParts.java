package dev.baleen.tokenizer;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A `tokenizer.json` as it is read: its two long lists, and a tree of everything else.
///
/// The lists are read entry by entry. A tree of them has half a million nodes and took two thirds of the time of
/// opening a model.
final class TokenizerJsonParts {
    private final Problems problems;
    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final ObjectNode model = JsonNodeFactory.instance.objectNode();
    private String[] tokens = {};
    private final List<String> lefts = new ArrayList<>();
    private final List<String> rights = new ArrayList<>();
    private boolean hasVocabulary;
    private boolean hasMerges;

    private TokenizerJsonParts(Problems problems) {
        this.problems = problems;
    }

    /// Reads the object that `parser` stands before.
    static TokenizerJsonParts read(JsonParser parser, Problems problems) throws IOException {
        TokenizerJsonParts parts = new TokenizerJsonParts(problems);
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            problems.add("the file holds no JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() == JsonToken.START_OBJECT && key.equals("model")) {
                parts.readModel(parser);
            } else {
                parts.put(parts.root, key, parser);
            }
        }
        if (problems.isEmpty() && parser.nextToken() != null) {
            problems.add("more follows behind the JSON object");
        }
        return parts;
    }

    private void readModel(JsonParser parser) throws IOException {
        if (!model.isEmpty() || hasVocabulary || hasMerges) {
            problems.add("\"model\" stands twice");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT && key.equals("vocab") && !hasVocabulary) {
                hasVocabulary = true;
                readVocabulary(parser);
            } else if (value == JsonToken.START_ARRAY && key.equals("merges") && !hasMerges) {
                hasMerges = true;
                readMerges(parser);
            } else {
                put(model, key, parser);
            }
        }
    }

    private void put(ObjectNode node, String key, JsonParser parser) throws IOException {
        if (node.has(key)) {
            problems.add(Problems.quoted(key) + " stands twice");
        }
        node.set(key, tree(parser));
    }

    /// The value that `parser` stands on. Jackson's mapper would do the same, and loads four hundred classes first.
    static JsonNode tree(JsonParser parser) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = nodes.objectNode();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String key = parser.currentName();
                    parser.nextToken();
                    if (object.replace(key, tree(parser)) != null) {
                        throw new JsonParseException(parser, "the key " + Problems.quoted(key) + " stands twice");
                    }
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = nodes.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(tree(parser));
                }
                yield array;
            }
            case VALUE_STRING -> nodes.textNode(parser.getText());
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? nodes.numberNode(parser.getBigIntegerValue())
                        : nodes.numberNode(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDoubleValue());
            case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(parser.getBooleanValue());
            case VALUE_NULL -> nodes.nullNode();
            case NOT_AVAILABLE, FIELD_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT ->
                throw new JsonParseException(parser, "a value is missing");
        };
    }

    private void readVocabulary(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String token = parser.currentName();
            boolean whole = parser.nextToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() == JsonParser.NumberType.INT;
            int id = whole ? parser.getIntValue() : -1;
            if (id < 0 || id >= Vocabulary.SIZE_MAX) {
                problems.add("the id of " + Problems.quoted(token) + " in model.vocab is "
                        + Problems.quoted(Objects.toString(parser.getText(), "")) + "; ids are 0 to "
                        + (Vocabulary.SIZE_MAX - 1));
                parser.skipChildren();
                continue;
            }
            if (id >= tokens.length) {
                int length = tokens.length;
                tokens = Arrays.copyOf(tokens, Math.max(id + 1, Math.min(2 * length, Vocabulary.SIZE_MAX)));
                Arrays.fill(tokens, length, tokens.length, "");
            }
            if (!tokens[id].isEmpty()) {
                problems.add("model.vocab gives id " + id + " to " + Problems.quoted(tokens[id]) + " and to "
                        + Problems.quoted(token));
            }
            tokens[id] = token;
        }
    }

    /// Merges are pairs, or in older files one text with a space between.
    private void readMerges(JsonParser parser) throws IOException {
        for (JsonToken at = parser.nextToken(); at != JsonToken.END_ARRAY && at != null; at = parser.nextToken()) {
            if (at != JsonToken.START_ARRAY) {
                lefts.add(at.isScalarValue() ? parser.getText() : "");
                rights.add("");
                parser.skipChildren();
                continue;
            }
            String[] sides = {"", ""};
            int count = 0;
            for (at = parser.nextToken(); at != JsonToken.END_ARRAY && at != null; at = parser.nextToken()) {
                if (count < 2) {
                    sides[count] = at == JsonToken.VALUE_STRING ? parser.getText() : "";
                }
                count++;
                parser.skipChildren();
            }
            if (count != 2) {
                problems.add("merge " + lefts.size() + " of model.merges has " + count + " sides instead of 2");
            }
            lefts.add(sides[0]);
            rights.add(sides[1]);
        }
    }

    /// All but the model.
    JsonNode root() {
        return root;
    }

    /// The model, without its vocabulary and merges.
    JsonNode model() {
        return model;
    }

    boolean isComplete() {
        return hasVocabulary && hasMerges;
    }

    /// By id; empty where an id has no token.
    List<String> tokens() {
        int size = tokens.length;
        while (size > 0 && tokens[size - 1].isEmpty()) {
            size--;
        }
        return Arrays.asList(tokens).subList(0, size);
    }

    MergeResolver resolve(TokenIndex index) {
        MergeResolver resolver = new MergeResolver(index, lefts.size(), problems);
        for (int i = 0; i < lefts.size(); i++) {
            if (rights.get(i).isEmpty()) {
                resolver.add(lefts.get(i));
            } else {
                resolver.add(lefts.get(i), rights.get(i));
            }
        }
        return resolver;
    }
}
