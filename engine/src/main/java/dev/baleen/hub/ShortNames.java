package dev.baleen.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// The names that people know models by, as Ollama made them known: `names.json`, a line each.
///
/// The name without the part behind the colon is the first of its kind in the table but for `deepseek-r1`, which is the
/// 8b as everywhere. Another quantization than the table's is asked for behind one more colon: `deepseek-r1:7b:Q8_0`.
public final class ShortNames {
    private static final String DEFAULT_R1 = "deepseek-r1:8b";
    private static final List<ShortName> ALL = read();

    private ShortNames() {}

    public static List<ShortName> all() {
        return ALL;
    }

    /// What a short name stands for; empty if it is none.
    public static Optional<ModelReference> find(String text) {
        String typed = text.toLowerCase(Locale.ROOT).replaceFirst(":latest$", "");
        String wanted = typed.equals("deepseek-r1") ? DEFAULT_R1 : typed;
        for (ShortName each : ALL) {
            if (each.name().equals(wanted)
                    || each.name().replaceFirst(":.*", "").equals(wanted)) {
                return Optional.of(each.model());
            }
        }
        for (ShortName each : ALL) {
            if (wanted.startsWith(each.name() + ":")) {
                String choice = text.substring(each.name().length() + 1);
                return Optional.of(new ModelReference(each.model().repo(), Optional.of(choice)));
            }
        }
        return Optional.empty();
    }

    /// The short name of a model, if it has one.
    public static Optional<String> of(ModelReference model) {
        return ALL.stream()
                .filter(each -> each.model().repo().equals(model.repo())
                        && each.model()
                                .choice()
                                .orElse("")
                                .equalsIgnoreCase(model.choice().orElse("")))
                .map(ShortName::name)
                .findFirst();
    }

    /// Names that may be meant.
    public static List<String> near(String text) {
        return NearNames.of(text, ALL.stream().map(ShortName::name));
    }

    private static List<ShortName> read() {
        try (InputStream stream = Objects.requireNonNull(ShortNames.class.getResourceAsStream("names.json"))) {
            List<ShortName> names = new ArrayList<>();
            for (JsonNode entry : JsonMapper.builder().build().readTree(stream)) {
                String model = entry.path("model").asText();
                names.add(new ShortName(
                        entry.path("name").asText(),
                        ModelReference.find(model)
                                .orElseThrow(() -> new IllegalStateException("names.json: " + model + " is no model")),
                        entry.path("size").asText()));
            }
            return List.copyOf(names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
