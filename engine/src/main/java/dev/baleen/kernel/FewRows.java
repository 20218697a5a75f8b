package dev.baleen.kernel;

import static dev.baleen.kernel.Memory.getFloat;
import static dev.baleen.kernel.Memory.putFloat;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.baleen.kernel.Gemm.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// The matrix product for a few rows of A: what decoding one token with F32 weights is. Packing would cost more than
/// the product, so B is read in place, and reading it is the bound.
///
/// Each output is a chain of fused multiply-adds, which alone would wait for its own result. Where B is stored by
/// columns, eight columns at a time keep the processor busy: two numbers a cycle suffice. Where it is stored by rows,
/// four vectors of columns do.
final class FewRows {
    private static final int LANES = Vectors.FLOATS.length();
    private static final int BYTES = LANES * Float.BYTES;
    /// Where sums begin that do not begin at C.
    private static final MemorySegment ZEROS = Arena.global().allocate(4L * BYTES, 64);

    private FewRows() {}

    /// C = A · B, or added to C; B has a stride of one along its rows or along its columns, or any.
    static void multiply(int m, int n, int k, Matrix a, Matrix b, Matrix c, boolean accumulate) {
        long aStep = a.columnStride() * Float.BYTES;
        long bStep = b.rowStride() * Float.BYTES;
        long bColumn = b.columnStride() * Float.BYTES;
        for (int i = 0; i < m; i++) {
            long x = a.address() + i * a.rowStride() * Float.BYTES;
            long out = c.address() + i * c.rowStride() * Float.BYTES;
            if (b.columnStride() == 1) {
                row(x, aStep, b.address(), bStep, k, n, out, accumulate);
                continue;
            }
            int j = 0;
            for (; j + 8 <= n; j += 8) {
                eight(x, aStep, b.address() + j * bColumn, bStep, bColumn, k, out + (long) j * Float.BYTES, accumulate);
            }
            for (; j < n; j++) {
                one(x, aStep, b.address() + j * bColumn, bStep, k, out + (long) j * Float.BYTES, accumulate);
            }
        }
    }

    /// One row of outputs, the lanes running over the columns.
    private static void row(long x, long xStep, long b, long bStep, int k, int n, long out, boolean accumulate) {
        int j = 0;
        for (; j + 4 * LANES <= n; j += 4 * LANES) {
            long at = (long) j * Float.BYTES;
            fourVectors(x, xStep, b + at, bStep, k, out + at, accumulate ? out + at : ZEROS.address());
        }
        for (; j + LANES <= n; j += LANES) {
            long at = (long) j * Float.BYTES;
            vector(x, xStep, b + at, bStep, k, out + at, accumulate ? out + at : ZEROS.address());
        }
        for (; j < n; j++) {
            long at = (long) j * Float.BYTES;
            one(x, xStep, b + at, bStep, k, out + at, accumulate);
        }
    }

    private static void fourVectors(long x, long xStep, long b, long bStep, int k, long out, long start) {
        FloatVector s0 = load(start);
        FloatVector s1 = load(start + BYTES);
        FloatVector s2 = load(start + 2 * BYTES);
        FloatVector s3 = load(start + 3 * BYTES);
        for (int p = 0; p < k; p++) {
            FloatVector value = FloatVector.broadcast(Vectors.FLOATS, getFloat(x));
            s0 = value.fma(load(b), s0);
            s1 = value.fma(load(b + BYTES), s1);
            s2 = value.fma(load(b + 2 * BYTES), s2);
            s3 = value.fma(load(b + 3 * BYTES), s3);
            x += xStep;
            b += bStep;
        }
        store(s0, out);
        store(s1, out + BYTES);
        store(s2, out + 2 * BYTES);
        store(s3, out + 3 * BYTES);
    }

    private static void vector(long x, long xStep, long b, long bStep, int k, long out, long start) {
        FloatVector sum = load(start);
        for (int p = 0; p < k; p++) {
            sum = FloatVector.broadcast(Vectors.FLOATS, getFloat(x)).fma(load(b), sum);
            x += xStep;
            b += bStep;
        }
        store(sum, out);
    }

    private static void eight(
            long x, long xStep, long b, long bStep, long bColumn, int k, long out, boolean accumulate) {
        float s0 = accumulate ? getFloat(out) : 0;
        float s1 = accumulate ? getFloat(out + 4) : 0;
        float s2 = accumulate ? getFloat(out + 8) : 0;
        float s3 = accumulate ? getFloat(out + 12) : 0;
        float s4 = accumulate ? getFloat(out + 16) : 0;
        float s5 = accumulate ? getFloat(out + 20) : 0;
        float s6 = accumulate ? getFloat(out + 24) : 0;
        float s7 = accumulate ? getFloat(out + 28) : 0;
        long b4 = b + 4 * bColumn;
        long bColumn3 = 3 * bColumn;
        for (int p = 0; p < k; p++) {
            float value = getFloat(x);
            s0 = Math.fma(value, getFloat(b), s0);
            s1 = Math.fma(value, getFloat(b + bColumn), s1);
            s2 = Math.fma(value, getFloat(b + 2 * bColumn), s2);
            s3 = Math.fma(value, getFloat(b + bColumn3), s3);
            s4 = Math.fma(value, getFloat(b4), s4);
            s5 = Math.fma(value, getFloat(b4 + bColumn), s5);
            s6 = Math.fma(value, getFloat(b4 + 2 * bColumn), s6);
            s7 = Math.fma(value, getFloat(b4 + bColumn3), s7);
            x += xStep;
            b += bStep;
            b4 += bStep;
        }
        putFloat(out, s0);
        putFloat(out + 4, s1);
        putFloat(out + 8, s2);
        putFloat(out + 12, s3);
        putFloat(out + 16, s4);
        putFloat(out + 20, s5);
        putFloat(out + 24, s6);
        putFloat(out + 28, s7);
    }

    private static void one(long x, long xStep, long b, long bStep, int k, long out, boolean accumulate) {
        float sum = accumulate ? getFloat(out) : 0;
        for (int p = 0; p < k; p++) {
            sum = Math.fma(getFloat(x), getFloat(b), sum);
            x += xStep;
            b += bStep;
        }
        putFloat(out, sum);
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(Vectors.FLOATS, Memory.ALL, address, LITTLE_ENDIAN);
    }

    private static void store(FloatVector vector, long address) {
        vector.intoMemorySegment(Memory.ALL, address, LITTLE_ENDIAN);
    }
}
