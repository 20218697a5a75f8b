package dev.baleen.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.tokenizer.SplitRule.Behavior;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The parts `pre_tokenizer` and `normalizer` of a `tokenizer.json`.
final class PreTokenizerJson {
    private static final int RULES_MAX = 64;

    private static final Map<String, Behavior> BEHAVIORS = Map.of(
            "Removed", Behavior.REMOVED,
            "Isolated", Behavior.ISOLATED,
            "MergedWithPrevious", Behavior.MERGED_WITH_PREVIOUS,
            "MergedWithNext", Behavior.MERGED_WITH_NEXT,
            "Contiguous", Behavior.CONTIGUOUS);

    private final Problems problems;
    private final List<SplitRule> rules = new ArrayList<>();
    private boolean prefixSpace;
    private boolean byteLevel;

    private PreTokenizerJson(Problems problems) {
        this.problems = problems;
    }

    static PreTokenizer read(JsonNode node, Problems problems) {
        PreTokenizerJson reader = new PreTokenizerJson(problems);
        reader.step(node, "pre_tokenizer");
        if (!reader.byteLevel) {
            problems.add("pre_tokenizer has no ByteLevel step; only byte-level vocabularies are supported");
        }
        return new PreTokenizer(reader.rules, reader.prefixSpace);
    }

    private void step(JsonNode node, String where) {
        if (rules.size() >= RULES_MAX) {
            problems.add(where + " is the step after " + RULES_MAX + " others; more are not accepted");
            return;
        }
        if (byteLevel) {
            problems.add(where + " follows the ByteLevel step, which must be the last");
            return;
        }
        String type = node.path("type").asText();
        switch (type) {
            case "Sequence" -> {
                int i = 0;
                for (JsonNode child : node.path("pretokenizers")) {
                    step(child, where + ".pretokenizers[" + i++ + "]");
                }
            }
            case "Split" -> split(node, where);
            case "Digits" ->
                rules.add(SplitRule.digits(node.path("individual_digits").asBoolean()));
            case "ByteLevel" -> {
                byteLevel = true;
                prefixSpace = node.path("add_prefix_space").asBoolean(true);
                if (prefixSpace && !rules.isEmpty()) {
                    problems.add(where + ".add_prefix_space is true after other steps; only false is supported there");
                }
                if (node.path("use_regex").asBoolean(true)) {
                    rules.add(PreTokenizer.byteLevelRule());
                }
            }
            default ->
                problems.add(where + ".type is " + Problems.quoted(type)
                        + "; supported are Sequence, Split, Digits and ByteLevel");
        }
    }

    private void split(JsonNode node, String where) {
        Behavior behavior = BEHAVIORS.get(node.path("behavior").asText());
        JsonNode regex = node.path("pattern").path("Regex");
        JsonNode literal = node.path("pattern").path("String");
        if (behavior == null || !regex.isTextual() && !literal.isTextual()) {
            problems.add(where + " needs a pattern with Regex or String, and a behavior of " + BEHAVIORS.keySet()
                    + "; it has " + node.path("pattern") + " and " + node.path("behavior"));
            return;
        }
        boolean invert = node.path("invert").asBoolean();
        try {
            rules.add(
                    regex.isTextual()
                            ? SplitRule.regex(regex.textValue(), behavior, invert)
                            : SplitRule.literal(literal.textValue(), behavior, invert));
        } catch (TokenizerException e) {
            problems.add(where + ": " + e.getMessage());
        }
    }

    static Normalization readNormalization(JsonNode node, Problems problems) {
        List<Normalizer.Form> forms = new ArrayList<>();
        normalizer(node, "normalizer", forms, problems);
        return new Normalization(forms);
    }

    private static void normalizer(JsonNode node, String where, List<Normalizer.Form> forms, Problems problems) {
        if (node.isNull() || node.isMissingNode()) {
            return;
        }
        String type = node.path("type").asText();
        switch (type) {
            case "Sequence" -> {
                int i = 0;
                for (JsonNode child : node.path("normalizers")) {
                    normalizer(child, where + ".normalizers[" + i++ + "]", forms, problems);
                }
            }
            case "NFC" -> forms.add(Normalizer.Form.NFC);
            case "NFD" -> forms.add(Normalizer.Form.NFD);
            case "NFKC" -> forms.add(Normalizer.Form.NFKC);
            case "NFKD" -> forms.add(Normalizer.Form.NFKD);
            default ->
                problems.add(where + ".type is " + Problems.quoted(type)
                        + "; supported are Sequence, NFC, NFD, NFKC and NFKD");
        }
        if (forms.size() > RULES_MAX) {
            problems.add(where + " is the normalizer after " + RULES_MAX + " others; more are not accepted");
            forms.clear();
        }
    }

    static JsonNode write(PreTokenizer preTokenizer) {
        ArrayNode steps = JsonNodeFactory.instance.arrayNode();
        boolean byteLevelSplits =
                preTokenizer.prefixSpace() && !preTokenizer.rules().isEmpty();
        if (!byteLevelSplits) {
            preTokenizer.rules().forEach(rule -> steps.add(write(rule)));
        }
        steps.add(byteLevel(preTokenizer.prefixSpace(), byteLevelSplits));
        return steps.size() == 1
                ? steps.get(0)
                : JsonNodeFactory.instance.objectNode().put("type", "Sequence").set("pretokenizers", steps);
    }

    static ObjectNode byteLevel(boolean prefixSpace, boolean splits) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", prefixSpace)
                .put("trim_offsets", true)
                .put("use_regex", splits);
    }

    private static ObjectNode write(SplitRule rule) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (rule.kind() == SplitRule.Kind.DIGITS) {
            return node.put("type", "Digits").put("individual_digits", rule.behavior() == Behavior.ISOLATED);
        }
        String behavior = BEHAVIORS.entrySet().stream()
                .filter(entry -> entry.getValue() == rule.behavior())
                .findFirst()
                .orElseThrow()
                .getKey();
        node.put("type", "Split");
        node.putObject("pattern").put(rule.kind() == SplitRule.Kind.REGEX ? "Regex" : "String", rule.pattern());
        return node.put("behavior", behavior).put("invert", rule.invert());
    }

    static JsonNode write(Normalization normalization) {
        ArrayNode steps = JsonNodeFactory.instance.arrayNode();
        normalization.forms().forEach(form -> steps.addObject().put("type", form.name()));
        return switch (steps.size()) {
            case 0 -> JsonNodeFactory.instance.nullNode();
            case 1 -> steps.get(0);
            default ->
                JsonNodeFactory.instance.objectNode().put("type", "Sequence").set("normalizers", steps);
        };
    }
}
