package dev.baleen.tokenizer;

import java.text.Normalizer;
import java.util.List;

/// What is done to text before it is cut: Unicode normalization forms, one after the other; for most families
/// nothing.
record Normalization(List<Normalizer.Form> forms) {
    static final Normalization NONE = new Normalization(List.of());

    Normalization {
        forms = List.copyOf(forms);
    }

    String apply(String text) {
        String result = text;
        for (Normalizer.Form form : forms) {
            result = Normalizer.normalize(result, form);
        }
        return result;
    }
}
