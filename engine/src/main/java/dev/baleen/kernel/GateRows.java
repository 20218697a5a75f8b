package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// Goes through rows of gate logits in single precision, shared out over a pool: [Gate] computes in double.
final class GateRows {
    private GateRows() {}

    interface GateRow {
        /// From a row of logits to the weights of the choices from `at` on.
        void compute(Gate gate, double[] row, int at, double[] values);
    }

    static void compute(Tensor logits, GateRule rule, Tensor weights, ComputePool pool, GateRow work) {
        VectorKernels.single(logits);
        int count = logits.columns();
        int chosen = rule.chosen();
        long from = Memory.address(logits);
        long to = Memory.address(weights);
        // An exponential, and a look at each expert for each choice.
        long nanos = (long) logits.rows() * count * (10 + chosen);
        pool.run(logits.rows(), 1, nanos, (first, last) -> {
            Gate gate = new Gate(rule, count);
            double[] row = new double[count];
            double[] values = new double[chosen];
            for (int t = first; t < last; t++) {
                for (int e = 0; e < count; e++) {
                    row[e] = Memory.getFloat(from + ((long) t * count + e) * Float.BYTES);
                }
                work.compute(gate, row, t * chosen, values);
                for (int j = 0; j < chosen; j++) {
                    Memory.putFloat(to + ((long) t * chosen + j) * Float.BYTES, (float) values[j]);
                }
            }
        });
        Memory.keep(logits, weights);
    }
}
