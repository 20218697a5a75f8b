package dev.baleen.jinja;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Broken templates are refused or rendered, and nothing else.
class MutationTest {
    private static final int TEMPLATES = 4_000;
    private static final int MUTATIONS_MAX = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> FRAGMENTS = List.of(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "-",
            "+",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "|",
            ".",
            ",",
            ":",
            "'",
            "\"",
            "\\",
            "~",
            "**",
            "9",
            "0",
            "x",
            "loop",
            "{% endfor %}",
            "{% endif %}",
            "{% else %}",
            "{% break %}",
            " in ",
            " is ",
            " not ",
            " if ",
            "messages",
            "|length",
            "|map('upper')",
            "|tojson",
            ".split(",
            "[::-1]",
            "[1:]",
            "{% raw %}",
            "{% for x in messages %}",
            "{% set ns.x = ",
            "{% macro f(x) %}",
            "{{ f(",
            "\n",
            "é",
            "😀");

    @Test
    void refusesOrRendersEveryMutatedTemplate() throws IOException {
        List<String> sources = sources();
        ObjectNode variables = (ObjectNode) JSON.readTree("""
                {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "hi"},
                 {"role": "assistant", "content": "yo", "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}],
                 "tools": null, "add_generation_prompt": true, "bos_token": "<s>", "eos_token": "</s>", "x": [1, 2]}
                """);
        long seed = Long.getLong("baleen.seed", new Random().nextLong());
        System.out.println("seed " + seed + " (replay with -Dbaleen.seed=" + seed + ")");
        Random random = new Random(seed);
        int rendered = 0;
        for (int i = 0; i < TEMPLATES; i++) {
            String template = mutate(sources.get(random.nextInt(sources.size())), random);
            boolean lived = assertTimeoutPreemptively(PATIENCE, () -> renders(template, variables), template);
            rendered += lived ? 1 : 0;
        }
        assertTrue(rendered > TEMPLATES / 100, "only " + rendered + " rendered: the mutations break everything");
        assertTrue(rendered < TEMPLATES, "all rendered: the mutations break nothing");
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(Goldens.path("chat-template"))) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".jinja")) {
                    sources.add(Files.readString(file));
                }
            }
        }
        JSON.readTree(Goldens.path("chat-template/features.json").toFile())
                .forEach(feature -> sources.add(feature.get("template").textValue()));
        return sources;
    }

    private static String mutate(String source, Random random) {
        StringBuilder text = new StringBuilder(source);
        int mutations = 1 + random.nextInt(MUTATIONS_MAX);
        for (int i = 0; i < mutations; i++) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + 1 + random.nextInt(8));
            String fragment = FRAGMENTS.get(random.nextInt(FRAGMENTS.size()));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, fragment);
                case 1 -> text.delete(at, end);
                case 2 -> text.replace(at, end, fragment);
                default -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
            }
        }
        return text.toString();
    }

    private static boolean renders(String template, ObjectNode variables) {
        try {
            Template.parse(template).render(variables);
            return true;
        } catch (JinjaException e) {
            return false;
        }
    }
}
