package dev.baleen.kernel;

import static dev.baleen.kernel.Memory.getFloat;
import static dev.baleen.kernel.Memory.putFloat;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The inner loops of [VectorGradientKernels], on addresses of single-precision rows.
///
/// Every loop has a vector body and a tail that does the same operations one by one, so the bits of an element do not
/// depend on where the tail begins. Sums keep sixteen partial sums as [Kernels] promises. Bound by the second-level
/// cache: a few operations for each number that is read.
final class GradientLoops {
    /// Partial sums of a sum over columns.
    static final int PARTS = 16;

    private static final int LANES = Vectors.FLOATS.length();
    private static final int FLOAT = Float.BYTES;

    private GradientLoops() {}

    /// target += source.
    static void add(long source, long target, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * FLOAT;
            store(load(target + at).add(load(source + at)), target + at);
        }
        for (; i < count; i++) {
            long at = (long) i * FLOAT;
            putFloat(target + at, getFloat(target + at) + getFloat(source + at));
        }
    }

    /// target += factor · source.
    static void addScaled(float factor, long source, long target, int count) {
        int i = 0;
        FloatVector factors = FloatVector.broadcast(Vectors.FLOATS, factor);
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * FLOAT;
            store(load(source + at).fma(factors, load(target + at)), target + at);
        }
        for (; i < count; i++) {
            long at = (long) i * FLOAT;
            putFloat(target + at, Math.fma(getFloat(source + at), factor, getFloat(target + at)));
        }
    }

    /// Σ x. `parts` is room for sixteen numbers.
    static float sum(long x, int count, float[] parts) {
        int whole = count / PARTS * PARTS;
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector sum = FloatVector.zero(Vectors.FLOATS);
            for (int i = part; i < whole; i += PARTS) {
                sum = load(x + (long) i * FLOAT).add(sum);
            }
            sum.intoArray(parts, part);
        }
        for (int i = whole; i < count; i++) {
            parts[i - whole] += getFloat(x + (long) i * FLOAT);
        }
        return tree(parts);
    }

    /// Σ a · b. `parts` is room for sixteen numbers.
    static float dot(long a, long b, int count, float[] parts) {
        int whole = count / PARTS * PARTS;
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector sum = FloatVector.zero(Vectors.FLOATS);
            for (int i = part; i < whole; i += PARTS) {
                long at = (long) i * FLOAT;
                sum = load(a + at).fma(load(b + at), sum);
            }
            sum.intoArray(parts, part);
        }
        for (int i = whole; i < count; i++) {
            long at = (long) i * FLOAT;
            parts[i - whole] = Math.fma(getFloat(a + at), getFloat(b + at), parts[i - whole]);
        }
        return tree(parts);
    }

    /// Backward of one row of the norm; `parts` is room for sixteen numbers.
    static void rmsNormRow(
            long dout, long x, long weight, double epsilon, long dx, long dweight, int count, float[] parts) {
        float squares = dot(x, x, count, parts);
        float product = dot3(weight, dout, x, count, parts);
        float r = (float) (1 / Math.sqrt((double) squares / count + epsilon));
        float pull = (float) -((double) r * r * r * product / count);
        FloatVector rs = FloatVector.broadcast(Vectors.FLOATS, r);
        FloatVector pulls = FloatVector.broadcast(Vectors.FLOATS, pull);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * FLOAT;
            FloatVector value = load(x + at);
            FloatVector change = load(dout + at).mul(rs);
            store(value.fma(pulls, change.fma(load(weight + at), load(dx + at))), dx + at);
            store(change.fma(value, load(dweight + at)), dweight + at);
        }
        for (; i < count; i++) {
            long at = (long) i * FLOAT;
            float value = getFloat(x + at);
            float change = getFloat(dout + at) * r;
            putFloat(dx + at, Math.fma(value, pull, Math.fma(change, getFloat(weight + at), getFloat(dx + at))));
            putFloat(dweight + at, Math.fma(change, value, getFloat(dweight + at)));
        }
    }

    static void swiGlu(long dout, long gate, long up, long dgate, long dup, long count) {
        long i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = i * FLOAT;
            FloatVector g = load(gate + at);
            FloatVector change = load(dout + at);
            FloatVector s = VectorMath.sigmoid(g);
            FloatVector silu = g.mul(s);
            store(change.fma(silu, load(dup + at)), dup + at);
            FloatVector slope = silu.fma(s.neg().add(1), s);
            store(change.mul(load(up + at)).fma(slope, load(dgate + at)), dgate + at);
        }
        for (; i < count; i++) {
            long at = i * FLOAT;
            float g = getFloat(gate + at);
            float change = getFloat(dout + at);
            float s = VectorMath.sigmoid(g);
            float silu = g * s;
            putFloat(dup + at, Math.fma(change, silu, getFloat(dup + at)));
            float slope = Math.fma(silu, -s + 1, s);
            putFloat(dgate + at, Math.fma(change * getFloat(up + at), slope, getFloat(dgate + at)));
        }
    }

    /// Backward of the one with a limit.
    static void swiGlu(long dout, long gate, long up, float limit, long dgate, long dup, long count) {
        long i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = i * FLOAT;
            FloatVector whole = load(gate + at);
            FloatVector g = whole.min(limit);
            FloatVector wholeUp = load(up + at);
            FloatVector u = wholeUp.min(limit).max(-limit);
            FloatVector change = load(dout + at);
            FloatVector s = VectorMath.sigmoid(g);
            FloatVector silu = g.mul(s);
            FloatVector before = load(dup + at);
            store(before.blend(change.fma(silu, before), u.compare(VectorOperators.EQ, wholeUp)), dup + at);
            FloatVector slope = silu.fma(s.neg().add(1), s);
            FloatVector gateBefore = load(dgate + at);
            FloatVector added = change.mul(u).fma(slope, gateBefore);
            store(gateBefore.blend(added, g.compare(VectorOperators.EQ, whole)), dgate + at);
        }
        for (; i < count; i++) {
            long at = i * FLOAT;
            float g = Math.min(getFloat(gate + at), limit);
            float u = Math.max(Math.min(getFloat(up + at), limit), -limit);
            float change = getFloat(dout + at);
            float s = VectorMath.sigmoid(g);
            float silu = g * s;
            if (u == getFloat(up + at)) {
                putFloat(dup + at, Math.fma(change, silu, getFloat(dup + at)));
            }
            if (g == getFloat(gate + at)) {
                float slope = Math.fma(silu, -s + 1, s);
                putFloat(dgate + at, Math.fma(change * u, slope, getFloat(dgate + at)));
            }
        }
    }

    /// The largest of a row.
    static float max(long x, int count) {
        int i = 0;
        FloatVector largest = FloatVector.broadcast(Vectors.FLOATS, Float.NEGATIVE_INFINITY);
        for (; i <= count - LANES; i += LANES) {
            largest = largest.max(load(x + (long) i * FLOAT));
        }
        float max = largest.reduceLanes(VectorOperators.MAX);
        for (; i < count; i++) {
            max = Math.max(max, getFloat(x + (long) i * FLOAT));
        }
        return max;
    }

    /// out = exp(factor · (x − max)), and the sum of it; `parts` is room for sixteen numbers.
    static float exponentials(long x, float factor, float max, long out, int count, float[] parts) {
        int whole = count / PARTS * PARTS;
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector sum = FloatVector.zero(Vectors.FLOATS);
            for (int i = part; i < whole; i += PARTS) {
                long at = (long) i * FLOAT;
                FloatVector e = VectorMath.exp(load(x + at).sub(max).mul(factor));
                store(e, out + at);
                sum = sum.add(e);
            }
            sum.intoArray(parts, part);
        }
        for (int i = whole; i < count; i++) {
            long at = (long) i * FLOAT;
            float e = VectorMath.exp((getFloat(x + at) - max) * factor);
            putFloat(out + at, e);
            parts[i - whole] += e;
        }
        return tree(parts);
    }

    /// One row of attention, in place: scores to probabilities p = softmax(factor · scores) over the first
    /// `seen`, and the gradients dp of these to those of the scores, factor · p · (dp − mean). Both are zero
    /// from `seen` to `padded`, a multiple of sixteen. `parts` is room for sixteen numbers.
    static void attentionRow(long scores, long dp, int seen, int padded, float factor, float mean, float[] parts) {
        int whole = (seen + PARTS - 1) / PARTS * PARTS;
        for (int i = seen; i < whole; i++) {
            putFloat(scores + (long) i * FLOAT, Float.NEGATIVE_INFINITY);
        }
        float sum = exponentials(scores, factor, max(scores, whole), scores, whole, parts);
        float inverse = 1 / sum;
        for (int i = 0; i < whole; i += LANES) {
            long at = (long) i * FLOAT;
            FloatVector p = load(scores + at).mul(inverse);
            store(p, scores + at);
            store(load(dp + at).sub(mean).mul(factor).mul(p), dp + at);
        }
        for (int i = whole; i < padded; i += LANES) {
            long at = (long) i * FLOAT;
            store(FloatVector.zero(Vectors.FLOATS), scores + at);
            store(FloatVector.zero(Vectors.FLOATS), dp + at);
        }
    }

    /// Exponentials e to probabilities p = e · inverse, and the gradients dp of these to those of the scores,
    /// factor · p · (dp − mean).
    static void softmaxGradient(long e, long dp, int count, float inverse, float factor, float mean) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * FLOAT;
            FloatVector p = load(e + at).mul(inverse);
            store(p, e + at);
            store(load(dp + at).sub(mean).mul(factor).mul(p), dp + at);
        }
        for (; i < count; i++) {
            long at = (long) i * FLOAT;
            float p = getFloat(e + at) * inverse;
            putFloat(e + at, p);
            putFloat(dp + at, (getFloat(dp + at) - mean) * factor * p);
        }
    }

    /// out = (x − mean) · inverse, and inverse = 1 / sqrt(variance + epsilon); `parts` is room for sixteen numbers.
    static float normed(long x, double epsilon, long out, int count, float[] parts) {
        float mean = sum(x, count, parts) / count;
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            long at = (long) i * FLOAT;
            store(load(x + at).sub(mean), out + at);
        }
        for (; i < count; i++) {
            long at = (long) i * FLOAT;
            putFloat(out + at, getFloat(x + at) - mean);
        }
        float inverse = (float) (1 / Math.sqrt((double) dot(out, out, count, parts) / count + epsilon));
        RowLoops.scale(out, inverse, out, count);
        return inverse;
    }

    /// Backward of one row of the layer norm, given the row normed without weight and bias and 1 / deviation;
    /// `parts` is room for sixteen numbers.
    static void layerNormRow(
            long dout,
            long normed,
            long weight,
            float inverse,
            long dx,
            long dweight,
            long dbias,
            int count,
            float[] parts) {
        float mean = dot(weight, dout, count, parts) / count;
        float product = dot3(weight, dout, normed, count, parts) / count;
        for (int i = 0; i < count; i++) {
            long at = (long) i * FLOAT;
            float change = getFloat(dout + at);
            float value = getFloat(normed + at);
            float pull = Math.fma(change, getFloat(weight + at), -Math.fma(value, product, mean));
            putFloat(dx + at, Math.fma(inverse, pull, getFloat(dx + at)));
            putFloat(dweight + at, Math.fma(change, value, getFloat(dweight + at)));
            putFloat(dbias + at, getFloat(dbias + at) + change);
        }
    }

    /// Backward of one row of rope: the turned pairs from `offset` on, all else as it is.
    static void ropeRow(long dout, Rotation rotation, int angle, int first, int partner, int step, long dx) {
        for (int i = 0; i < rotation.pairs(); i++) {
            long a = (long) (first + i * step) * FLOAT;
            long b = a + (long) partner * FLOAT;
            float cosine = (float) rotation.cosines()[angle + i];
            float sine = (float) rotation.sines()[angle + i];
            float x = getFloat(dout + a);
            float y = getFloat(dout + b);
            putFloat(dx + a, getFloat(dx + a) + (x * cosine - y * sine));
            putFloat(dx + b, getFloat(dx + b) + (x * sine + y * cosine));
        }
    }

    private static float dot3(long a, long b, long c, int count, float[] parts) {
        int whole = count / PARTS * PARTS;
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector sum = FloatVector.zero(Vectors.FLOATS);
            for (int i = part; i < whole; i += PARTS) {
                long at = (long) i * FLOAT;
                sum = load(a + at).mul(load(b + at)).fma(load(c + at), sum);
            }
            sum.intoArray(parts, part);
        }
        for (int i = whole; i < count; i++) {
            long at = (long) i * FLOAT;
            parts[i - whole] = Math.fma(getFloat(a + at) * getFloat(b + at), getFloat(c + at), parts[i - whole]);
        }
        return tree(parts);
    }

    /// The sum of the sixteen: halves onto halves.
    private static float tree(float[] parts) {
        float s0 = (parts[0] + parts[8]) + (parts[4] + parts[12]);
        float s1 = (parts[1] + parts[9]) + (parts[5] + parts[13]);
        float s2 = (parts[2] + parts[10]) + (parts[6] + parts[14]);
        float s3 = (parts[3] + parts[11]) + (parts[7] + parts[15]);
        return (s0 + s2) + (s1 + s3);
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(Vectors.FLOATS, Memory.ALL, address, LITTLE_ENDIAN);
    }

    private static void store(FloatVector vector, long address) {
        vector.intoMemorySegment(Memory.ALL, address, LITTLE_ENDIAN);
    }
}
