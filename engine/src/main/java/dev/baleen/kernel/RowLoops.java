package dev.baleen.kernel;

import static dev.baleen.kernel.Memory.getFloat;
import static dev.baleen.kernel.Memory.putFloat;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.baleen.kernel.RotaryEmbedding.Pairing;
import jdk.incubator.vector.FloatVector;

/// The inner loops of [VectorKernels] over the numbers of a row, at addresses.
///
/// Every loop has a vector body and a tail that does the same operations one by one, so an element's bits do not depend
/// on where the tail begins. Bound by the caches: a few operations for each number that is read.
final class RowLoops {
    private static final int LANES = Vectors.FLOATS.length();
    private static final int FLOAT = Float.BYTES;

    private RowLoops() {}

    /// out = a + b.
    static void add(long a, long b, long out, long count) {
        long i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = i * FLOAT;
            store(load(a + at).add(load(b + at)), out + at);
        }
        for (; i < count; i++) {
            long at = i * FLOAT;
            putFloat(out + at, getFloat(a + at) + getFloat(b + at));
        }
    }

    /// out = x · factor.
    static void scale(long x, float factor, long out, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * FLOAT;
            store(load(x + at).mul(factor), out + at);
        }
        for (; i < count; i++) {
            long at = (long) i * FLOAT;
            putFloat(out + at, getFloat(x + at) * factor);
        }
    }

    /// out += factor · x.
    static void addScaled(long x, float factor, long out, int count) {
        int i = 0;
        FloatVector factors = FloatVector.broadcast(Vectors.FLOATS, factor);
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * FLOAT;
            store(load(x + at).fma(factors, load(out + at)), out + at);
        }
        for (; i < count; i++) {
            long at = (long) i * FLOAT;
            putFloat(out + at, Math.fma(getFloat(x + at), factor, getFloat(out + at)));
        }
    }

    /// out += factor · max(0, x).
    static void addPositive(long x, float factor, long out, int count) {
        int i = 0;
        FloatVector factors = FloatVector.broadcast(Vectors.FLOATS, factor);
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * FLOAT;
            store(load(x + at).max(0).fma(factors, load(out + at)), out + at);
        }
        for (; i < count; i++) {
            long at = (long) i * FLOAT;
            putFloat(out + at, Math.fma(Math.max(0, getFloat(x + at)), factor, getFloat(out + at)));
        }
    }

    /// out = (x · inverse) · weight, with inverse = 1 / sqrt(mean(x²) + epsilon); `parts` is room for sixteen
    /// numbers.
    static void rmsNorm(long x, long weight, double epsilon, long out, int count, float[] parts) {
        float inverse = inverseNorm(x, epsilon, count, parts);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * FLOAT;
            store(load(x + at).mul(inverse).mul(load(weight + at)), out + at);
        }
        for (; i < count; i++) {
            long at = (long) i * FLOAT;
            putFloat(out + at, getFloat(x + at) * inverse * getFloat(weight + at));
        }
    }

    /// 1 / sqrt(mean(x²) + epsilon).
    static float inverseNorm(long x, double epsilon, int count, float[] parts) {
        double mean = (double) GradientLoops.dot(x, x, count, parts) / count;
        return (float) (1 / Math.sqrt(mean + epsilon));
    }

    /// out = (x − mean) / sqrt(variance + epsilon) · weight + bias; `parts` is room for sixteen numbers.
    static void layerNorm(long x, long weight, long bias, double epsilon, long out, int count, float[] parts) {
        GradientLoops.normed(x, epsilon, out, count, parts);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * FLOAT;
            store(load(out + at).fma(load(weight + at), load(bias + at)), out + at);
        }
        for (; i < count; i++) {
            long at = (long) i * FLOAT;
            putFloat(out + at, Math.fma(getFloat(out + at), getFloat(weight + at), getFloat(bias + at)));
        }
    }

    /// out = (gate · sigmoid(gate)) · up.
    static void swiGlu(long gate, long up, long out, long count) {
        long i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = i * FLOAT;
            FloatVector g = load(gate + at);
            store(g.mul(VectorMath.sigmoid(g)).mul(load(up + at)), out + at);
        }
        for (; i < count; i++) {
            long at = i * FLOAT;
            float g = getFloat(gate + at);
            putFloat(out + at, g * VectorMath.sigmoid(g) * getFloat(up + at));
        }
    }

    /// The same with gate ≤ limit and −limit ≤ up ≤ limit.
    static void swiGlu(long gate, long up, float limit, long out, long count) {
        long i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = i * FLOAT;
            FloatVector g = load(gate + at).min(limit);
            FloatVector u = load(up + at).min(limit).max(-limit);
            store(g.mul(VectorMath.sigmoid(g)).mul(u), out + at);
        }
        for (; i < count; i++) {
            long at = i * FLOAT;
            float g = Math.min(getFloat(gate + at), limit);
            float u = Math.max(Math.min(getFloat(up + at), limit), -limit);
            putFloat(out + at, g * VectorMath.sigmoid(g) * u);
        }
    }

    /// One row of one head turned in double precision: rows are narrow, and angles are many.
    static void rope(long x, Rotation rotation, int angles, int offset, long out, int columns) {
        Memory.copy(x, out, (long) columns * FLOAT);
        int pairs = rotation.pairs();
        boolean interleaved = rotation.pairing() == Pairing.INTERLEAVED;
        int step = interleaved ? 2 : 1;
        long partner = (interleaved ? 1L : pairs) * FLOAT;
        double[] cosines = rotation.cosines();
        double[] sines = rotation.sines();
        for (int i = 0; i < pairs; i++) {
            long at = (long) (offset + i * step) * FLOAT;
            double cosine = cosines[angles + i];
            double sine = sines[angles + i];
            double a = getFloat(x + at);
            double b = getFloat(x + at + partner);
            putFloat(out + at, (float) (a * cosine - b * sine));
            putFloat(out + at + partner, (float) (a * sine + b * cosine));
        }
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(Vectors.FLOATS, Memory.ALL, address, LITTLE_ENDIAN);
    }

    private static void store(FloatVector vector, long address) {
        vector.intoMemorySegment(Memory.ALL, address, LITTLE_ENDIAN);
    }
}
