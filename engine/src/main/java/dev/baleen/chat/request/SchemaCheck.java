package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.chat.JsonText;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Finds what makes a JSON value no JSON schema (draft 2020-12, or an earlier draft where `$schema` names one), in
/// the words of DeepSeek's validator.
final class SchemaCheck {
    private static final Set<String> TYPES =
            Set.of("array", "boolean", "integer", "null", "number", "object", "string");

    private static final List<String> SCHEMAS = List.of(
            "items",
            "contains",
            "additionalProperties",
            "propertyNames",
            "if",
            "then",
            "else",
            "not",
            "unevaluatedItems",
            "unevaluatedProperties");
    private static final List<String> SCHEMA_LISTS = List.of("prefixItems", "allOf", "anyOf", "oneOf");
    private static final List<String> SCHEMA_MAPS =
            List.of("$defs", "definitions", "properties", "patternProperties", "dependentSchemas");
    private static final List<String> NUMBERS = List.of("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum");
    private static final List<String> COUNTS = List.of(
            "maxLength",
            "minLength",
            "maxItems",
            "minItems",
            "maxContains",
            "minContains",
            "maxProperties",
            "minProperties");
    private static final List<String> STRINGS =
            List.of("$id", "$schema", "$ref", "$anchor", "$comment", "title", "description", "format");
    private static final List<String> FLAGS = List.of("uniqueItems", "deprecated", "readOnly", "writeOnly");

    private final JsonNode root;
    private final boolean early;

    private SchemaCheck(JsonNode root) {
        this.root = root;
        early = root.path("$schema").asText().contains("draft-0");
    }

    /// What is wrong; empty if nothing is.
    static Optional<String> problem(JsonNode schema) {
        SchemaCheck check = new SchemaCheck(schema);
        Optional<String> problem = check.form(schema);
        return problem.isPresent() ? problem : check.references(schema);
    }

    private Optional<String> form(JsonNode schema) {
        if (schema.isBoolean()) {
            return Optional.empty();
        }
        if (!schema.isObject()) {
            return Optional.of(JsonText.writeCompact(schema) + " is not of types \"boolean\", \"object\"");
        }
        return first(STRINGS, schema, (name, value) -> type(value, value.isTextual(), "string"))
                .or(() -> parts(schema))
                .or(() -> first(List.of("type"), schema, (name, value) -> types(value)))
                .or(() -> first(
                        List.of("enum", "examples"), schema, (name, value) -> type(value, value.isArray(), "array")))
                .or(() -> first(List.of("multipleOf"), schema, (name, value) -> divisor(value)))
                .or(() -> first(NUMBERS, schema, (name, value) -> type(value, value.isNumber(), "number")))
                .or(() -> first(COUNTS, schema, (name, value) -> count(value)))
                .or(() -> first(List.of("pattern"), schema, (name, value) -> pattern(value)))
                .or(() -> first(List.of("required"), schema, (name, value) -> strings(value)))
                .or(() -> first(FLAGS, schema, (name, value) -> type(value, value.isBoolean(), "boolean")));
    }

    private Optional<String> parts(JsonNode schema) {
        return first(SCHEMA_LISTS, schema, (name, value) -> schemas(value))
                .or(() -> first(
                        SCHEMAS,
                        schema,
                        (name, value) ->
                                early && name.equals("items") && value.isArray() ? schemas(value) : form(value)))
                .or(() -> first(SCHEMA_MAPS, schema, (name, value) -> schemaMap(value)));
    }

    private Optional<String> schemas(JsonNode value) {
        if (!value.isArray()) {
            return type(value, false, "array");
        }
        if (value.isEmpty()) {
            return Optional.of("[] has less than 1 item");
        }
        for (JsonNode schema : value) {
            Optional<String> problem = form(schema);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> schemaMap(JsonNode value) {
        if (!value.isObject()) {
            return type(value, false, "object");
        }
        for (JsonNode schema : value) {
            Optional<String> problem = form(schema);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> types(JsonNode value) {
        boolean good = value.isTextual() && TYPES.contains(value.textValue());
        if (value.isArray() && !value.isEmpty()) {
            Set<String> names = new HashSet<>();
            good = true;
            for (JsonNode name : value) {
                good &= name.isTextual() && TYPES.contains(name.textValue()) && names.add(name.textValue());
            }
        }
        return good
                ? Optional.empty()
                : Optional.of(JsonText.writeCompact(value)
                        + " is not valid under any of the schemas listed in the 'anyOf' keyword");
    }

    private static Optional<String> divisor(JsonNode value) {
        if (!value.isNumber()) {
            return type(value, false, "number");
        }
        return value.doubleValue() > 0
                ? Optional.empty()
                : Optional.of(JsonText.writeCompact(value) + " is less than or equal to the minimum of 0");
    }

    private static Optional<String> count(JsonNode value) {
        if (!value.isNumber() || value.doubleValue() != Math.rint(value.doubleValue())) {
            return type(value, false, "integer");
        }
        return value.doubleValue() >= 0
                ? Optional.empty()
                : Optional.of(JsonText.writeCompact(value) + " is less than the minimum of 0");
    }

    private static Optional<String> pattern(JsonNode value) {
        if (!value.isTextual()) {
            return type(value, false, "string");
        }
        try {
            Pattern.compile(value.textValue());
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of(JsonText.writeCompact(value) + " is not a \"regex\"");
        }
    }

    private static Optional<String> strings(JsonNode value) {
        if (!value.isArray()) {
            return type(value, false, "array");
        }
        Set<JsonNode> seen = new HashSet<>();
        for (JsonNode entry : value) {
            if (!entry.isTextual()) {
                return type(entry, false, "string");
            }
            if (!seen.add(entry)) {
                return Optional.of(JsonText.writeCompact(value) + " has non-unique elements");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> type(JsonNode value, boolean good, String name) {
        return good ? Optional.empty() : Optional.of(JsonText.writeCompact(value) + " is not of type \"" + name + "\"");
    }

    /// References into the schema itself have to lead somewhere.
    private Optional<String> references(JsonNode schema) {
        if (schema.isObject() && schema.path("$ref").isTextual()) {
            String reference = schema.get("$ref").textValue();
            if (reference.startsWith("#/") && pointed(reference.substring(1)).isMissingNode()) {
                return Optional.of("Pointer '%s' does not exist".formatted(reference.substring(1)));
            }
        }
        for (Map.Entry<String, JsonNode> field : schema.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            Optional<String> problem = Optional.empty();
            if (SCHEMAS.contains(name) && !value.isArray()) {
                problem = references(value);
            } else if (SCHEMA_MAPS.contains(name) || SCHEMA_LISTS.contains(name) || name.equals("items")) {
                for (JsonNode part : value) {
                    problem = problem.isPresent() ? problem : references(part);
                }
            }
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private JsonNode pointed(String pointer) {
        return root.at(pointer);
    }

    private interface Rule {
        Optional<String> problem(String name, JsonNode value);
    }

    private static Optional<String> first(List<String> names, JsonNode schema, Rule rule) {
        for (String name : names) {
            JsonNode value = schema.get(name);
            if (value != null) {
                Optional<String> problem = rule.problem(name, value);
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }
}
