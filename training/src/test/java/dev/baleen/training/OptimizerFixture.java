package dev.baleen.training;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.task.Dice;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// One parameter, its gradient and moments, for tests of optimisers.
final class OptimizerFixture implements AutoCloseable {
    private final Parameters values;
    private final Parameters gradients;
    private final Moments moments;
    private final Workspace scratch = new Workspace(1 << 20);
    final Slot slot;

    OptimizerFixture(String name, long... lengths) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("before", Shape.of(3));
        shapes.put(name, Shape.of(lengths));
        values = Parameters.allocate(DType.F32, shapes);
        gradients = values.mirror();
        moments = Moments.of(values);
        slot = Slot.of(values, gradients, moments).get(1);
    }

    Tensor value() {
        return slot.tensor(slot.value());
    }

    Tensor gradient() {
        return slot.tensor(slot.gradient());
    }

    Tensor first() {
        return slot.tensor(slot.first());
    }

    Tensor second() {
        return slot.tensor(slot.second());
    }

    void randomize(Tensor tensor, long seed) {
        Dice dice = Dice.of(seed);
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, dice.between(-1000, 1000) / 1000.0);
        }
    }

    void step(Optimizer optimizer, long step, double rate, double scale) {
        optimizer.update(
                slot, new Optimizer.Step(step, rate, scale), new Optimizer.Bench(new ScalarKernels(), scratch));
    }

    @Override
    public void close() {
        values.close();
        gradients.close();
        moments.close();
        scratch.close();
    }
}
