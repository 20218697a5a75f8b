package dev.baleen.chat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Map;

/// JSON as prompts have it: read as DeepSeek's library reads it, and written in Python's style, `{"a": [1, 2.5]}`.
///
/// Reading: integers beyond 64 bits become floating point, and so does `-0`; of two equal keys the first one's place
/// and the last one's value count; half surrogates, numbers beyond double precision and anything nested deeper than
/// 127 levels are errors.
public final class JsonText {
    /// How floating-point numbers are spelt.
    public enum Floats {
        /// As in Rust: `0.00001`, `1e-6`, `1e+16`.
        RUST,
        /// As in Python: `1e-05`, `1e-06`, `1e+16`.
        PYTHON
    }

    private static final int DEPTH_MAX = 127;
    private static final int LENGTH_MAX = 64 << 20;
    private static final BigInteger INTEGER_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger INTEGER_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(LENGTH_MAX)
                    .maxNumberLength(LENGTH_MAX)
                    .build())
            .build();

    private JsonText() {}

    /// @throws IllegalArgumentException if the text is not one JSON value
    public static JsonNode parse(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new IllegalArgumentException("there is no JSON value in the text");
            }
            JsonNode value = read(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("after the JSON value there is more text");
            }
            return value;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    e.getOriginalMessage().lines().findFirst().orElse("it is no JSON"), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = whole(parser.currentName());
                    parser.nextToken();
                    object.set(name, read(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(read(parser));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(whole(parser.getText()));
            case VALUE_NUMBER_INT -> integer(parser.getText());
            case VALUE_NUMBER_FLOAT -> floating(parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalArgumentException("a JSON value is missing");
        };
    }

    private static JsonNode integer(String digits) {
        if (digits.equals("-0")) {
            return NODES.numberNode(-0.0);
        }
        if (digits.length() < 19) {
            return NODES.numberNode(Long.parseLong(digits));
        }
        // No longer than an integer that fits may be: anything beyond is a double at once, without quadratic work.
        if (digits.length() > 20) {
            return floating(digits);
        }
        BigInteger value = new BigInteger(digits);
        if (value.compareTo(INTEGER_MIN) < 0 || value.compareTo(INTEGER_MAX) > 0) {
            return floating(digits);
        }
        return value.bitLength() < 64 ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }

    private static JsonNode floating(String digits) {
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException("a number is out of range");
        }
        return NODES.numberNode(value);
    }

    private static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new IllegalArgumentException("a string has half a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }

    /// On one line, with a blank after each comma and colon, and non-ASCII characters as they are.
    public static String write(JsonNode value, Floats floats) {
        StringBuilder out = new StringBuilder();
        write(out, value, floats, ", ", ": ");
        return out.toString();
    }

    /// As [#write], but without blanks.
    public static String writeCompact(JsonNode value) {
        StringBuilder out = new StringBuilder();
        write(out, value, Floats.RUST, ",", ":");
        return out.toString();
    }

    private static void write(StringBuilder out, JsonNode value, Floats floats, String comma, String colon) {
        if (value.isObject()) {
            String before = "{";
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                out.append(before);
                quote(out, field.getKey());
                out.append(colon);
                write(out, field.getValue(), floats, comma, colon);
                before = comma;
            }
            out.append(value.isEmpty() ? "{}" : "}");
        } else if (value.isArray()) {
            out.append('[');
            for (int i = 0; i < value.size(); i++) {
                out.append(i == 0 ? "" : comma);
                write(out, value.get(i), floats, comma, colon);
            }
            out.append(']');
        } else if (value.isTextual()) {
            quote(out, value.textValue());
        } else if (value.isFloatingPointNumber()) {
            out.append(spell(value.doubleValue(), floats));
        } else {
            out.append(value.asText());
        }
    }

    /// The shortest digits that give the number back.
    static String spell(double value, Floats floats) {
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        // The number is 0.DIGITS × 10^point.
        int point = digits.length() - shortest.scale();
        int smallest = floats == Floats.RUST ? -5 : -4;
        String text;
        if (point <= smallest || point > 16) {
            int exponent = point - 1;
            String width = floats == Floats.RUST ? "%s%d" : "%s%02d";
            text = digits.charAt(0)
                    + (digits.length() > 1 ? "." + digits.substring(1) : "")
                    + "e"
                    + width.formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
        } else if (point <= 0) {
            text = "0." + "0".repeat(-point) + digits;
        } else if (point >= digits.length()) {
            text = digits + "0".repeat(point - digits.length()) + ".0";
        } else {
            text = digits.substring(0, point) + "." + digits.substring(point);
        }
        return value < 0 ? "-" + text : text;
    }

    private static BigDecimal shortest(double value) {
        BigDecimal two = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        // Java never gives fewer than two digits: 4.9E-324, where 5e-324 is enough.
        BigDecimal one = two.round(new MathContext(1));
        return one.doubleValue() == value ? one.stripTrailingZeros() : two;
    }

    /// Writes a string with its quotes.
    public static void quote(StringBuilder out, String text) {
        out.append('"');
        escape(out, text);
        out.append('"');
    }

    /// Writes the inside of a string.
    public static void escape(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }
}
