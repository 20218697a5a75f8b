package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.baleen.tokenizer.AddedToken;
import dev.baleen.tokenizer.AddedTokens;
import dev.baleen.tokenizer.Tokenizer;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Keeps apart, through a template that joins all to one text, the control tokens that the template writes and those
/// that somebody spells.
///
/// Before rendering, a character that no text has is put into every spelling; the template carries it along; afterwards
/// what is whole is a mark, and the character is taken out again. A text that ends with the beginning of a spelling is
/// broken too, as the next may go on with it.
final class SpelledMarks {
    /// Code points that are no characters, and 32 of them lie in the basic plane.
    private static final char FIRST = '\uFDD0';

    private static final int COUNT = 32;

    private final Tokenizer tokenizer;
    /// What the tokenizer finds in text.
    private final AddedTokens found;
    /// What nobody may spell: not letters that a vocabulary happens to have as tokens of their own.
    private final AddedTokens controls;

    SpelledMarks(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        List<AddedToken> tokens = tokenizer.addedTokens();
        found = AddedTokens.of(tokens);
        controls = AddedTokens.of(tokens.stream()
                .filter(token -> token.content().length() > 1 && isControl(token))
                .toList());
    }

    /// `<think>` and `<tool_call>` are text to most files, and yet mean something to the model.
    private static boolean isControl(AddedToken token) {
        return token.special()
                || token.content().startsWith("<")
                || token.content().startsWith("[");
    }

    /// A character that neither these values nor the template have.
    ///
    /// @throws IllegalArgumentException if there is none
    char breaker(JsonNode values, String template) {
        BitSet used = new BitSet(COUNT);
        collect(template, used);
        collect(values, used);
        int free = used.nextClearBit(0);
        if (free >= COUNT) {
            throw new IllegalArgumentException(
                    "The conversation has every code point from U+FDD0 to U+FDEF, which are no characters; leave one out");
        }
        return (char) (FIRST + free);
    }

    private static void collect(JsonNode values, BitSet used) {
        if (values.isTextual()) {
            collect(values.textValue(), used);
        }
        values.properties().forEach(entry -> collect(entry.getKey(), used));
        values.forEach(value -> collect(value, used));
    }

    private static void collect(String text, BitSet used) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= FIRST && c < FIRST + COUNT) {
                used.set(c - FIRST);
            } else if (c == '\\' && text.startsWith("ufd", i + 1)) {
                for (int other = 0; other < COUNT; other++) {
                    if (text.startsWith(escape((char) (FIRST + other)), i)) {
                        used.set(other);
                    }
                }
            }
        }
    }

    /// As JSON in ASCII, or a printed list, writes it.
    private static String escape(char c) {
        return String.format(Locale.ROOT, "\\u%04x", (int) c);
    }

    /// The value with every spelling in its texts and names broken.
    ///
    /// @param kept tokens that may be spelt
    JsonNode broken(JsonNode value, char breaker, Set<String> kept) {
        return switch (value.getNodeType()) {
            case STRING -> TextNode.valueOf(broken(value.textValue(), breaker, kept));
            case ARRAY -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode(value.size());
                value.forEach(item -> array.add(broken(item, breaker, kept)));
                yield array;
            }
            case OBJECT -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                value.properties()
                        .forEach(entry -> object.set(
                                broken(entry.getKey(), breaker, kept), broken(entry.getValue(), breaker, kept)));
                yield object;
            }
            case NUMBER, BOOLEAN, NULL, MISSING, BINARY, POJO -> value;
        };
    }

    String broken(String text, char breaker, Set<String> kept) {
        StringBuilder broken = new StringBuilder(text.length() + 8);
        controls.segments(text, 0, text.length(), (from, to, id) -> {
            if (id < 0 || kept.contains(tokenizer.token(id))) {
                broken.append(text, from, to);
            } else {
                String token = tokenizer.token(id);
                int at = text.indexOf(token, from); // White space may stand before it.
                int second = text.offsetByCodePoints(at, 1);
                broken.append(text, from, second).append(breaker).append(text, second, to);
            }
        });
        int cut = controls.cutOffAt(text);
        if (cut >= 0) {
            int fromEnd = text.length() - text.offsetByCodePoints(cut, 1);
            broken.insert(broken.length() - fromEnd, breaker);
        }
        return broken.toString();
    }

    /// The rendered text as a prompt, the breakers taken out.
    void write(String rendered, char breaker, Prompt.Builder prompt) {
        found.segments(rendered, 0, rendered.length(), (from, to, id) -> {
            if (id < 0) {
                prompt.text(whole(rendered.substring(from, to), breaker));
            } else {
                prompt.mark(tokenizer.token(id));
            }
        });
    }

    private static String whole(String text, char breaker) {
        return text.replace(String.valueOf(breaker), "").replace(escape(breaker), "");
    }
}
