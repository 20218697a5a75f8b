package dev.baleen.model;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Predicate;

/// Stands in for the weights of a model that is to be made, and remembers which were asked for.
///
/// @param optional which of the weights that not every file has a new model gets
record BlankSource(Predicate<String> optional, SequencedMap<String, Shape> shapes) implements WeightSource {
    BlankSource(Predicate<String> optional) {
        this(optional, new LinkedHashMap<>());
    }

    @Override
    public boolean has(String name) {
        return optional.test(name);
    }

    @Override
    public Tensor get(String name, long... shape) {
        shapes.put(name, Shape.of(shape));
        return Tensor.allocate(Arena.ofAuto(), DType.F32, shape);
    }
}
