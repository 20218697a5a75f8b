package dev.baleen.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Against what Jinja2 renders of the same templates.
class GoldenTemplatesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OTHER_FILES = Set.of("features.json", "hostile.json");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final List<String> VARIABLES = List.of("messages", "tools", "add_generation_prompt");
    private static final List<String> TOKENS = List.of("bos_token", "eos_token");

    @Test
    void rendersEveryChatTemplateToTheByte() throws IOException {
        try (Stream<Path> files = Files.list(Goldens.path("chat-template"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".json") && !OTHER_FILES.contains(name)) {
                    String source = Files.readString(file.resolveSibling(name.replace(".json", ".jinja")));
                    checkChatTemplate(name, source, JSON.readTree(file.toFile()));
                }
            }
        }
    }

    private static void checkChatTemplate(String file, String source, JsonNode golden) {
        Template template = Template.parse(source);
        for (JsonNode test : golden.get("cases")) {
            ObjectNode variables = JSON.createObjectNode();
            VARIABLES.forEach(name -> variables.set(name, test.get(name)));
            TOKENS.forEach(name -> variables.set(name, golden.get(name)));
            variables.putNull("documents");
            variables.setAll((ObjectNode) test.get("kwargs"));
            check(file + ", " + test.get("name").textValue(), test, template, variables);
        }
    }

    @Test
    void hasEveryFeature() throws IOException {
        for (JsonNode feature :
                JSON.readTree(Goldens.path("chat-template/features.json").toFile())) {
            String name = feature.get("name").textValue();
            String source = feature.get("template").textValue();
            ObjectNode variables = (ObjectNode) feature.get("context");
            if (feature.has("error") && !feature.has("lenient")) {
                assertThrows(JinjaException.class, () -> Template.parse(source).render(variables), name);
            } else if (feature.has("rendered")) {
                check(name, feature, Template.parse(source), variables);
            }
        }
    }

    /// What an error may become where the reference lacks the filter `from_json`, is told beside it.
    private static void check(String name, JsonNode test, Template template, ObjectNode variables) {
        JsonNode expected =
                test.has("with_from_json") ? test.get("with_from_json").get("rendered") : test.get("rendered");
        if (expected != null) {
            try {
                assertEquals(expected.textValue(), template.render(variables), name);
            } catch (JinjaException e) {
                fail(name + ": " + e.getMessage(), e);
            }
        } else if (!test.has("lenient")) {
            assertThrows(JinjaException.class, () -> template.render(variables), name);
        }
    }

    @Test
    void refusesHostileTemplatesWithinSeconds() throws IOException {
        for (JsonNode hostile :
                JSON.readTree(Goldens.path("chat-template/hostile.json").toFile())) {
            String name = hostile.get("name").textValue();
            String source = hostile.get("template").textValue();
            ObjectNode variables = (ObjectNode) hostile.get("context");
            boolean mayRender = hostile.get("engine_must").textValue().contains(", or ");
            Assertions.assertTimeoutPreemptively(
                    PATIENCE,
                    () -> {
                        try {
                            String rendered = Template.parse(source).render(variables);
                            if (!mayRender) {
                                fail(name + " rendered " + rendered.length() + " characters");
                            }
                        } catch (JinjaException e) {
                            System.out.println(name + ": " + e.getMessage());
                        }
                    },
                    name);
        }
    }
}
