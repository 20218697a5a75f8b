package dev.baleen.training;

import dev.baleen.task.Dice;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// The numbers that a new model starts with: a function of the seed and each parameter's name.
///
/// Matrices are normal with standard deviation `deviation`, those that write into the residual stream divided by
/// √(2 · layers), so that the stream keeps its size (GPT-2); norms are 1; selection biases are 0.
public record Initialization(long seed, double deviation, int layers) {
    private static final double TO_UNIT = 0x1.0p-53;

    public Initialization {
        if (!(deviation > 0) || layers < 1) {
            throw new IllegalArgumentException(
                    "No initialization with deviation %s for %d layers".formatted(deviation, layers));
        }
    }

    /// Fills every parameter.
    public void fill(Parameters parameters) {
        parameters.tensors().forEach(this::fill);
    }

    private void fill(String name, Tensor tensor) {
        Shape shape = tensor.shape();
        switch (ParameterRole.of(name, shape)) {
            case HIDDEN_MATRIX ->
                normal(name, tensor, writesResidual(name) ? deviation / Math.sqrt(2.0 * layers) : deviation);
            case EMBEDDING, ROUTER -> normal(name, tensor, deviation);
            case NORM -> constant(tensor, 1);
            case SELECTION_BIAS, TABLE -> constant(tensor, 0);
        }
    }

    private static boolean writesResidual(String name) {
        return name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
    }

    private static void constant(Tensor tensor, double value) {
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, value);
        }
    }

    /// Box and Muller's method; StrictMath, so that every machine starts with the same bits.
    private void normal(String name, Tensor tensor, double deviation) {
        CRC32C stream = new CRC32C();
        stream.update(name.getBytes(StandardCharsets.UTF_8));
        for (long i = 0; i < tensor.elements(); i += 2) {
            Dice dice = Dice.of(seed, stream.getValue(), i);
            double radius = deviation * Math.sqrt(-2 * StrictMath.log(1 - unit(dice)));
            double angle = 2 * Math.PI * unit(dice);
            tensor.set(i, radius * StrictMath.cos(angle));
            if (i + 1 < tensor.elements()) {
                tensor.set(i + 1, radius * StrictMath.sin(angle));
            }
        }
    }

    /// From 0 to below 1.
    private static double unit(Dice dice) {
        return (dice.next() >>> 11) * TO_UNIT;
    }
}
