package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rewrites a schema that is to be followed strictly into the few keywords that DeepSeek's service follows: every
/// property is required, none may be added, and what cannot be enforced is dropped.
final class StrictSchema {
    private static final List<String> FORMATS = List.of("email", "hostname", "ipv4", "ipv6", "uuid");
    private static final List<String> SIMPLE_TYPES = List.of("string", "number", "integer", "boolean", "null");
    private static final List<String> ALL_TYPES =
            List.of("object", "string", "number", "integer", "boolean", "array", "null");
    private static final List<String> BOUNDS =
            List.of("default", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");

    private final String formError;
    /// The first contradiction: told only if the schema's form is right as a whole.
    private Optional<String> contradiction = Optional.empty();

    private StrictSchema(String formError) {
        this.formError = formError;
    }

    /// @param formError what stands before the complaint about a schema of the wrong form
    static ObjectNode rewrite(JsonNode schema, String formError) {
        StrictSchema strict = new StrictSchema(formError);
        ObjectNode rewritten = strict.rewrite(schema);
        strict.contradiction.ifPresent(problem -> {
            throw new RequestException(problem);
        });
        return rewritten;
    }

    private ObjectNode rewrite(JsonNode schema) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            ArrayNode names = out.putArray("type");
            for (JsonNode name : type) {
                names.add(variant(name, "field `type`: ", SIMPLE_TYPES));
            }
            keep(out, schema, "description");
            return out;
        }
        if (type.isTextual()) {
            out.put("type", variant(type, "", ALL_TYPES));
            rewriteType(out, schema, type.textValue());
            return out;
        }
        if (schema.path("anyOf").isArray()) {
            ArrayNode members = out.putArray("anyOf");
            for (JsonNode member : schema.get("anyOf")) {
                members.add(rewrite(member));
            }
        } else if (schema.path("$ref").isTextual()) {
            keep(out, schema, "$ref");
        } else {
            throw form("one of `type`, `anyOf`, `$ref` field is required");
        }
        keep(out, schema, "description");
        return out;
    }

    private void rewriteType(ObjectNode out, JsonNode schema, String type) {
        switch (type) {
            case "object" -> rewriteObject(out, schema);
            case "array" -> {
                if (!schema.has("items")) {
                    throw form("missing field `items`");
                }
                out.set("items", rewrite(schema.get("items")));
                keep(out, schema, "description");
            }
            case "string" -> {
                keep(out, schema, "description");
                keep(out, schema, "pattern");
                if (schema.has("format")) {
                    out.put("format", variant(schema.get("format"), "", FORMATS));
                }
                keep(out, schema, "enum");
            }
            case "number", "integer" -> {
                keep(out, schema, "description");
                for (String bound : BOUNDS) {
                    keep(out, schema, bound);
                }
            }
            default -> keep(out, schema, "description");
        }
    }

    private void rewriteObject(ObjectNode out, JsonNode schema) {
        ObjectNode properties = out.putObject("properties");
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            properties.set(property.getKey(), rewrite(property.getValue()));
        }
        JsonNode more = schema.path("additionalProperties");
        if (!more.isMissingNode() && !more.isBoolean()) {
            throw form("invalid type: map, expected a boolean");
        }
        if (more.asBoolean()) {
            contradiction("additionalProperties should not be true");
        }
        checkRequired(schema, properties);
        out.put("additionalProperties", false);
        ArrayNode required = out.putArray("required");
        properties.fieldNames().forEachRemaining(required::add);
        keep(out, schema, "description");
    }

    private void checkRequired(JsonNode schema, ObjectNode properties) {
        if (!schema.has("required")) {
            return;
        }
        for (JsonNode name : schema.get("required")) {
            if (!properties.has(name.asText())) {
                contradiction("Required property '%s' not found in object".formatted(name.asText()));
            }
        }
        if (schema.get("required").size() != properties.size()) {
            contradiction("Required properties must match all properties in the object");
        }
    }

    private String variant(JsonNode value, String where, List<String> names) {
        if (!names.contains(value.asText())) {
            throw form("%sunknown variant `%s`, expected one of `%s`"
                    .formatted(where, value.asText(), String.join("`, `", names)));
        }
        return value.asText();
    }

    private static void keep(ObjectNode out, JsonNode schema, String name) {
        if (schema.has(name)) {
            out.set(name, schema.get(name));
        }
    }

    private RequestException form(String problem) {
        return new RequestException(formError + problem);
    }

    private void contradiction(String problem) {
        contradiction = contradiction.or(() -> Optional.of(problem));
    }
}
