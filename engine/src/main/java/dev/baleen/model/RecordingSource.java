package dev.baleen.model;

import dev.baleen.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Remembers what an architecture took: its parameters, in the order of the forward pass.
record RecordingSource(WeightSource source, SequencedMap<String, Tensor> taken) implements WeightSource {
    RecordingSource(WeightSource source) {
        this(source, new LinkedHashMap<>());
    }

    @Override
    public boolean has(String name) {
        return source.has(name);
    }

    @Override
    public Tensor get(String name, long... shape) {
        Tensor tensor = source.get(name, shape);
        taken.put(name, tensor);
        return tensor;
    }

    @Override
    public Tensor floats(String name, long... shape) {
        Tensor tensor = source.floats(name, shape);
        taken.put(name, tensor);
        return tensor;
    }
}
