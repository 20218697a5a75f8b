package dev.baleen.chat.request;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.Goldens;
import dev.baleen.chat.DeepSeekV4Template;
import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.chat.JsonText;
import dev.baleen.chat.request.ProtocolGoldens.Converter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever a stranger sends is converted or refused with a reason; nothing else happens.
class StrangeRequestsTest {
    private static final List<JsonNode> VALUES = List.of(
                    "null",
                    "true",
                    "0",
                    "-1",
                    "1e300",
                    "18446744073709551616",
                    "\"\"",
                    "\"x\"",
                    "[]",
                    "{}",
                    "[[]]",
                    "{\"type\":\"object\"}",
                    "[{}]",
                    "\"\\ufffd\"")
            .stream()
            .map(JsonText::parse)
            .toList();

    @Test
    void mutatedRequestsAreConvertedOrRefused() throws IOException {
        Map<String, Converter> protocols = Map.of(
                "chat-completions.jsonl", ChatCompletionsRequest::convert,
                "messages.jsonl", MessagesRequest::convert,
                "responses.jsonl", ResponsesRequest::convert);
        long seed = 21;
        Random random = new Random(seed);
        int refused = 0;
        int converted = 0;
        for (Map.Entry<String, Converter> protocol : protocols.entrySet()) {
            for (String line : Files.readAllLines(Goldens.path("protocol/" + protocol.getKey()))) {
                JsonNode request = JsonText.parse(line).get("request");
                for (int i = 0; i < 4 && request.isContainerNode(); i++) {
                    JsonNode mutant = request.deepCopy();
                    mutate(mutant, random);
                    Version version = Version.values()[random.nextInt(2)];
                    ConversionOptions options = ConversionOptions.of(version);
                    String body = JsonText.writeCompact(mutant);
                    try {
                        ConvertedRequest result = protocol.getValue().convert(body, options);
                        assertFalse(new DeepSeekV4Template(version)
                                .render(result.chat())
                                .parts()
                                .isEmpty());
                        converted++;
                    } catch (RequestException e) {
                        assertFalse(e.getMessage().isEmpty());
                        refused++;
                    } catch (RuntimeException e) {
                        throw new AssertionError("seed %d: %s".formatted(seed, body), e);
                    }
                }
            }
        }
        assertTrue(refused > 500 && converted > 500, refused + " refused, " + converted + " converted");
    }

    /// Replaces or drops one value somewhere.
    private static void mutate(JsonNode root, Random random) {
        List<Runnable> mutations = new ArrayList<>();
        collect(root, random, mutations);
        if (!mutations.isEmpty()) {
            mutations.get(random.nextInt(mutations.size())).run();
        }
    }

    private static void collect(JsonNode node, Random random, List<Runnable> mutations) {
        JsonNode value = VALUES.get(random.nextInt(VALUES.size()));
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                mutations.add(() -> object.set(field.getKey(), value.deepCopy()));
                mutations.add(() -> object.remove(field.getKey()));
                collect(field.getValue(), random, mutations);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                mutations.add(() -> array.set(at, value.deepCopy()));
                mutations.add(() -> array.remove(at));
                mutations.add(() -> array.add(array.get(at).deepCopy()));
                collect(array.get(i), random, mutations);
            }
        }
    }

    @Test
    void deepAndHugeRequestsAreRefusedOrTakenInNoTime() {
        ConversionOptions options = ConversionOptions.of(Version.V4);
        for (String body : List.of(
                "[".repeat(1_000_000),
                "{\"messages\":" + "[".repeat(200) + "]".repeat(200) + "}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\""
                        + "n".repeat(1_000_000) + "\"}}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"seed\":" + "9".repeat(1_000_000) + "}")) {
            assertThrows(RequestException.class, () -> ChatCompletionsRequest.convert(body, options));
        }
        String arguments = "[".repeat(100_000);
        ConvertedRequest deep =
                ChatCompletionsRequest.convert("""
                {"messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"a","type":"function",
                "function":{"name":"f","arguments":"%s"}}]},{"role":"tool","tool_call_id":"a","content":""}]}""".formatted(arguments).replace("\n", ""), options);
        String prompt = new DeepSeekV4Template(Version.V4).render(deep.chat()).text();
        assertTrue(prompt.contains("name=\"arguments\" string=\"true\">" + arguments + "<"));
    }

    @Test
    void aRefusalNamesTheFieldAndWhatWasWrong() {
        RequestException wrong = assertThrows(
                RequestException.class,
                () -> ChatCompletionsRequest.convert(
                        "{\"messages\": [{\"role\": \"user\", \"content\": 5}]}", ConversionOptions.of(Version.V4)));
        assertTrue(
                wrong.getMessage().startsWith("'messages[0].content' must be a string or an array of parts, not 5"),
                wrong.getMessage());
    }
}
