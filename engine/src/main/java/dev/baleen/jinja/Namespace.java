package dev.baleen.jinja;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What `namespace()` gives: the one thing that a template can change, and so the way out of a loop for a value.
final class Namespace implements Value {
    private final SequencedMap<String, Value> attributes = new LinkedHashMap<>();

    SequencedMap<String, Value> attributes() {
        return attributes;
    }

    void set(String name, Value value) {
        attributes.put(name, value);
    }
}
