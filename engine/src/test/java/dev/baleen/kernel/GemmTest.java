package dev.baleen.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GemmTest {
    private static final int[] SIZES = {1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 64, 100};

    private final Gemm gemm = new Gemm();

    @Test
    void isOneChainOfMultiplyAddsForEveryOutputWhateverTheStrides() {
        long seed = 7;
        Random random = new Random(seed);
        for (int m : SIZES) {
            for (int n : SIZES) {
                int k = SIZES[random.nextInt(SIZES.length)];
                check(random, m, n, k, random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), seed);
            }
        }
    }

    @Test
    void keepsTheChainAcrossBlocksOfDepthAndColumnsAndRows() {
        long seed = 8;
        Random random = new Random(seed);
        check(random, 9, 40, 700, false, true, false, seed);
        check(random, 2, 9, 700, false, true, true, seed);
        check(random, 300, 33, 257, true, false, true, seed);
        check(random, 5, 1100, 20, false, false, false, seed);
        check(random, 5, 1100, 20, false, true, true, seed);
    }

    @Test
    void anEmptySumIsZeroOrWhatWasThere() {
        Tensor c = Tensor.ofFloats(new float[] {1, 2}, 1, 2);
        Matrix none = Matrix.rows(Tensor.ofFloats(new float[] {0}, 1).data(), 0);
        gemm.multiply(1, 2, 0, none, none, Matrix.rows(c.data(), 2), true);
        assertEquals(2, c.get(1));
        gemm.multiply(1, 2, 0, none, none, Matrix.rows(c.data(), 2), false);
        assertEquals(0, c.get(1));
    }

    @Test
    void refusesAMatrixThatReachesPastItsMemory() {
        Tensor two = Tensor.ofFloats(new float[4], 2, 2);
        Matrix fits = Matrix.rows(two.data(), 2);
        IllegalArgumentException problem = assertThrows(
                IllegalArgumentException.class,
                () -> gemm.multiply(2, 3, 2, fits, fits, Matrix.rows(two.data(), 3), false));
        assertEquals("C[2, 3] with offset 0 and strides 3, 1 reaches past its 16 bytes", problem.getMessage());
    }

    private void check(
            Random random,
            int m,
            int n,
            int k,
            boolean aTransposed,
            boolean bTransposed,
            boolean accumulate,
            long seed) {
        Tensor a = random(random, m * k);
        Tensor b = random(random, k * n);
        int cColumns = n + 3;
        Tensor c = random(random, m * cColumns);
        float[] before = c.toFloats();
        gemm.multiply(
                m,
                n,
                k,
                aTransposed ? Matrix.rows(a.data(), m).transposed() : Matrix.rows(a.data(), k),
                bTransposed ? Matrix.rows(b.data(), k).transposed() : Matrix.rows(b.data(), n),
                Matrix.rows(c.data(), cColumns),
                accumulate);
        float[] as = a.toFloats();
        float[] bs = b.toFloats();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < cColumns; j++) {
                int at = i * cColumns + j;
                float expected = j >= n || accumulate ? before[at] : 0;
                for (int p = 0; p < k && j < n; p++) {
                    float x = as[aTransposed ? p * m + i : i * k + p];
                    float y = bs[bTransposed ? j * k + p : p * n + j];
                    expected = Math.fma(x, y, expected);
                }
                assertEquals(
                        expected, (float) c.get(at), "seed %d: [%d, %d, %d] at %d, %d".formatted(seed, m, n, k, i, j));
            }
        }
    }

    static Tensor random(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.ofFloats(values, length);
    }
}
