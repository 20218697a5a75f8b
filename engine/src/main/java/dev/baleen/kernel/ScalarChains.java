package dev.baleen.kernel;

import static dev.baleen.kernel.Memory.getFloat;
import static dev.baleen.kernel.Memory.putFloat;

import dev.baleen.kernel.Gemm.Matrix;

/// The matrix product for a few rows of A and a B that is stored by columns: what decoding one token with F32 weights
/// is. Packing would cost more than the product, so each column of B is read once, in place.
///
/// Each output is a chain of fused multiply-adds, which alone would wait for its own result; eight columns at a time
/// keep the processor busy. The bound is reading B: two numbers a cycle suffice for it.
final class ScalarChains {
    private ScalarChains() {}

    static void multiply(int m, int n, int k, Matrix a, Matrix b, Matrix c, boolean accumulate) {
        long aStep = a.columnStride() * Float.BYTES;
        long bStep = b.rowStride() * Float.BYTES;
        long bColumn = b.columnStride() * Float.BYTES;
        for (int i = 0; i < m; i++) {
            long x = a.address() + i * a.rowStride() * Float.BYTES;
            long out = c.address() + i * c.rowStride() * Float.BYTES;
            int j = 0;
            for (; j + 8 <= n; j += 8) {
                eight(x, aStep, b.address() + j * bColumn, bStep, bColumn, k, out + (long) j * Float.BYTES, accumulate);
            }
            for (; j < n; j++) {
                one(x, aStep, b.address() + j * bColumn, bStep, k, out + (long) j * Float.BYTES, accumulate);
            }
        }
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
}
