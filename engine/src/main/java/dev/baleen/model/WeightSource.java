package dev.baleen.model;

import dev.baleen.tensor.Tensor;

/// Where an architecture takes its weights from, by Hugging Face's name, or [DeepSeekV4]'s by DeepSeek's own.
///
/// A checkpoint is one such source, the trainer's parameters are another.
public interface WeightSource {
    /// Whether there is such a weight.
    boolean has(String name);

    /// The weight of that name, which must have this shape.
    Tensor get(String name, long... shape);

    /// As [#get], as numbers that are computed with one by one: in single or double precision, whole numbers too.
    default Tensor floats(String name, long... shape) {
        return get(name, shape);
    }

    /// The E weights `prefix + e + suffix` for e in 0 .. E, each of this shape.
    default Tensor[] get(String prefix, int count, String suffix, long... shape) {
        Tensor[] weights = new Tensor[count];
        for (int i = 0; i < count; i++) {
            weights[i] = get(prefix + i + suffix, shape);
        }
        return weights;
    }
}
