package dev.baleen.kernel;

import static dev.baleen.kernel.Memory.getFloat;
import static dev.baleen.kernel.Memory.putFloat;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import jdk.incubator.vector.FloatVector;

/// Pools the rows of one window, column by column, at addresses: out = Σ_j softmax_j(gate[j] + ape[j]) · value[j].
///
/// A window is one run of rows, or two that lie apart: rows of `values` and `gates` at the same offsets. Each number is
/// read twice, and takes an exponential; the caches bound it, or the exponentials.
///
/// @param columns of an entry
/// @param rowBytes from one row of values or gates to the next
/// @param ratio rows of a run
record Pooling(int columns, long rowBytes, int ratio) {
    private static final int LANES = Vectors.FLOATS.length();
    private static final int FLOAT = Float.BYTES;

    /// Where a run begins: its values, its gates and its position biases, at the columns that count.
    ///
    /// @param there whether there is such a run
    record Run(boolean there, long values, long gates, long biases) {
        Run from(long bytes) {
            return new Run(there, values + bytes, gates + bytes, biases + bytes);
        }
    }

    void forward(Run before, Run own, long out) {
        int c = 0;
        for (; c <= columns - LANES; c += LANES) {
            long at = (long) c * FLOAT;
            vector(before.from(at), own.from(at), out + at);
        }
        for (; c < columns; c++) {
            long at = (long) c * FLOAT;
            single(before.from(at), own.from(at), out + at);
        }
    }

    private void vector(Run before, Run own, long out) {
        FloatVector max = largest(own, FloatVector.broadcast(Vectors.FLOATS, Float.NEGATIVE_INFINITY));
        if (before.there) {
            max = largest(before, max);
        }
        FloatVector sum = FloatVector.zero(Vectors.FLOATS);
        FloatVector total = FloatVector.zero(Vectors.FLOATS);
        for (int run = before.there ? 0 : 1; run < 2; run++) {
            Run rows = run == 0 ? before : own;
            for (int j = 0; j < ratio; j++) {
                FloatVector e = VectorMath.exp(logit(rows, j).sub(max));
                sum = sum.add(e);
                total = e.fma(load(rows.values + j * rowBytes), total);
            }
        }
        total.div(sum).intoMemorySegment(Memory.ALL, out, LITTLE_ENDIAN);
    }

    private FloatVector largest(Run run, FloatVector max) {
        for (int j = 0; j < ratio; j++) {
            max = max.max(logit(run, j));
        }
        return max;
    }

    private FloatVector logit(Run run, int j) {
        return load(run.gates + j * rowBytes).add(load(run.biases + j * rowBytes));
    }

    private void single(Run before, Run own, long out) {
        float max = largest(own, Float.NEGATIVE_INFINITY);
        if (before.there) {
            max = largest(before, max);
        }
        float sum = 0;
        float total = 0;
        for (int run = before.there ? 0 : 1; run < 2; run++) {
            Run rows = run == 0 ? before : own;
            for (int j = 0; j < ratio; j++) {
                float e = VectorMath.exp(singleLogit(rows, j) - max);
                sum += e;
                total = Math.fma(e, getFloat(rows.values + j * rowBytes), total);
            }
        }
        putFloat(out, total / sum);
    }

    private float largest(Run run, float max) {
        for (int j = 0; j < ratio; j++) {
            max = Math.max(max, singleLogit(run, j));
        }
        return max;
    }

    private float singleLogit(Run run, int j) {
        return getFloat(run.gates + j * rowBytes) + getFloat(run.biases + j * rowBytes);
    }

    /// Adds to the gradients of values, gates and biases, which lie where `dbefore` and `down` say: with p the
    /// weight of a row, dvalue += p · dout, and dgate and dbias += p · dout · (value − out).
    void backward(Run before, Run own, long out, long dout, Run dbefore, Run down) {
        for (int c = 0; c < columns; c++) {
            long at = (long) c * FLOAT;
            Run b = before.from(at);
            Run o = own.from(at);
            float max = largest(o, Float.NEGATIVE_INFINITY);
            if (before.there) {
                max = largest(b, max);
            }
            float sum = 0;
            for (int run = before.there ? 0 : 1; run < 2; run++) {
                for (int j = 0; j < ratio; j++) {
                    sum += VectorMath.exp(singleLogit(run == 0 ? b : o, j) - max);
                }
            }
            float result = getFloat(out + at);
            float change = getFloat(dout + at) / sum;
            for (int run = before.there ? 0 : 1; run < 2; run++) {
                Run rows = run == 0 ? b : o;
                Run drows = (run == 0 ? dbefore : down).from(at);
                for (int j = 0; j < ratio; j++) {
                    long row = j * rowBytes;
                    float share = VectorMath.exp(singleLogit(rows, j) - max) * change;
                    float pull = share * (getFloat(rows.values + row) - result);
                    add(drows.values + row, share);
                    add(drows.gates + row, pull);
                    add(drows.biases + row, pull);
                }
            }
        }
    }

    private static void add(long address, float value) {
        putFloat(address, getFloat(address) + value);
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(Vectors.FLOATS, Memory.ALL, address, LITTLE_ENDIAN);
    }
}
