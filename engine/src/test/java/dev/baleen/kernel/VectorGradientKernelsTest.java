package dev.baleen.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The vector kernels against the specification, and against themselves at other vector widths.
class VectorGradientKernelsTest {
    private static final long[] SEEDS = {1, 2, 3};

    @TestFactory
    Stream<DynamicTest> agreeWithTheSpecification() {
        GradientKernels fast = new VectorGradientKernels();
        GradientKernels plain = new ScalarGradientKernels();
        return GradientCases.all().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    for (long seed : SEEDS) {
                        List<Tensor> actual = entry.getValue().run(fast, new GradientCases.Source(seed, DType.F32));
                        List<Tensor> expected = entry.getValue().run(plain, new GradientCases.Source(seed, DType.F32));
                        for (int i = 0; i < expected.size(); i++) {
                            assertClose(expected.get(i), actual.get(i), "seed %d, output %d".formatted(seed, i));
                        }
                    }
                }));
    }

    @Test
    void giveTheSameBitsTwice() {
        assertEquals(GradientDigest.digest(), GradientDigest.digest());
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void giveTheSameBitsAtEveryVectorWidth(int bits) throws IOException, InterruptedException {
        assumeTrue(bits != Vectors.FLOATS.vectorBitSize(), "this run's own width");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dbaleen.vector.bits=" + bits,
                        "-cp",
                        System.getProperty("java.class.path"),
                        GradientDigest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        assertTrue(
                printed.contains(bits / Float.SIZE + " " + GradientDigest.digest()),
                () -> "%d bits: %s".formatted(bits, printed));
    }

    @Test
    void refusesDoublePrecision() {
        Tensor x = Tensor.allocate(Arena.ofAuto(), DType.F64, 2, 2);
        IllegalArgumentException problem =
                assertThrows(IllegalArgumentException.class, () -> new VectorGradientKernels().accumulate(x, x));
        assertTrue(problem.getMessage().contains("ScalarGradientKernels"), problem.getMessage());
    }

    @Test
    void namesTheShapesThatDoNotFit() {
        Tensor dout = Tensor.allocate(Arena.ofAuto(), DType.F32, 2, 3);
        Tensor w = Tensor.allocate(Arena.ofAuto(), DType.F32, 4, 5);
        Tensor dx = Tensor.allocate(Arena.ofAuto(), DType.F32, 2, 5);
        for (GradientKernels kernels : List.of(new VectorGradientKernels(), new ScalarGradientKernels())) {
            IllegalArgumentException problem =
                    assertThrows(IllegalArgumentException.class, () -> kernels.matmulInput(dout, w, dx));
            assertTrue(problem.getMessage().contains("F32 [2, 3], F32 [4, 5], F32 [2, 5]"), problem.getMessage());
        }
    }

    @Test
    void refusesAnIndexPastTheEnd() {
        Tensor rows = Tensor.allocate(Arena.ofAuto(), DType.F32, 2, 3);
        int[] indexes = {0, 2};
        assertThrows(
                IllegalArgumentException.class, () -> new VectorGradientKernels().scatterRows(rows, indexes, rows));
    }

    /// Within 2e-5 of the largest number that is expected, as sums of a few hundred products round.
    private static void assertClose(Tensor expected, Tensor actual, String where) {
        double largest = 1;
        for (long i = 0; i < expected.elements(); i++) {
            largest = Math.max(largest, Math.abs(expected.get(i)));
        }
        for (long i = 0; i < expected.elements(); i++) {
            assertEquals(expected.get(i), actual.get(i), 2e-5 * largest, where + ", element " + i);
        }
    }
}
