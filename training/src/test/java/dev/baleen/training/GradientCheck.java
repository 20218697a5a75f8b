package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.ScalarGradientKernels;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Compares the tape's gradients with central differences, in double precision.
///
/// The scalar that is differentiated is `⟨v, f(inputs)⟩` with a random `v`; every element of every input is moved.
final class GradientCheck {
    /// What is differentiated: it sees its inputs by name.
    interface Function {
        Tensor apply(Ops ops, Map<String, Tensor> inputs);
    }

    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-6;
    private static final long WORKSPACE_BYTES = 1 << 20;

    private final SequencedMap<String, Shape> shapes = new LinkedHashMap<>();

    GradientCheck input(String name, long... lengths) {
        shapes.put(name, Shape.of(lengths));
        return this;
    }

    void check(Function function) {
        for (long seed = 1; seed <= 3; seed++) {
            check(function, seed);
        }
    }

    private void check(Function function, long seed) {
        RandomGenerator random = random(seed);
        try (Parameters inputs = Parameters.allocate(DType.F64, shapes);
                Tape tape = new Tape(new ScalarKernels(), new ScalarGradientKernels(), inputs, WORKSPACE_BYTES)) {
            inputs.tensors().values().forEach(tensor -> fill(tensor, random));
            Tensor out = function.apply(tape, inputs.tensors());
            Tensor direction = Tensor.allocate(Arena.ofAuto(), DType.F64, lengths(out.shape()));
            fill(direction, random);
            tape.seed(out, direction);
            tape.backward();
            inputs.tensors().forEach((name, input) -> {
                Tensor gradient = tape.gradient(input);
                double largest = 1;
                for (long i = 0; i < gradient.elements(); i++) {
                    largest = Math.max(largest, Math.abs(gradient.get(i)));
                }
                for (long i = 0; i < input.elements(); i++) {
                    double expected = difference(function, inputs, input, i, direction);
                    assertEquals(
                            expected,
                            gradient.get(i),
                            TOLERANCE * largest,
                            "seed %d, %s %s, element %d".formatted(seed, name, input, i));
                }
            });
        }
    }

    private static double difference(Function function, Parameters inputs, Tensor input, long index, Tensor direction) {
        double value = input.get(index);
        input.set(index, value + STEP);
        double above = project(function, inputs, direction);
        input.set(index, value - STEP);
        double below = project(function, inputs, direction);
        input.set(index, value);
        return (above - below) / (2 * STEP);
    }

    private static double project(Function function, Parameters inputs, Tensor direction) {
        try (Workspace workspace = new Workspace(WORKSPACE_BYTES)) {
            Tensor out = function.apply(new EagerOps(new ScalarKernels(), workspace), inputs.tensors());
            double sum = 0;
            for (long i = 0; i < out.elements(); i++) {
                sum += out.get(i) * direction.get(i);
            }
            return sum;
        }
    }

    static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    static void fill(Tensor tensor, RandomGenerator random) {
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, random.nextGaussian());
        }
    }

    private static long[] lengths(Shape shape) {
        long[] lengths = new long[shape.axes()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = shape.axis(i);
        }
        return lengths;
    }
}
