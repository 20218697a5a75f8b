package dev.baleen.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorKernelsTest extends KernelsContract {
    @Override
    Kernels make(ComputePool pool) {
        return new VectorKernels(pool);
    }

    /// The width is one for a whole JVM, so each is tried in a JVM of its own. Widths that the processor lacks are
    /// computed without its vectors: slowly, and with the same bits.
    @ParameterizedTest
    @ValueSource(ints = {64, 128, 256, 512})
    void givesTheSameBitsAtEveryVectorWidth(int bits) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dbaleen.vector.bits=" + bits,
                        "-cp",
                        System.getProperty("java.class.path"),
                        KernelDigest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        try (ComputePool pool = new ComputePool(1)) {
            String expected = bits / Float.SIZE + " " + KernelDigest.of(make(pool));
            assertTrue(printed.contains(expected), () -> "%d bits: %s".formatted(bits, printed));
        }
    }

    @Test
    void refusesDoublePrecisionAndSaysWhoComputesIt() {
        Tensor x = Tensor.allocate(Arena.ofAuto(), DType.F64, 2, 2);
        try (ComputePool pool = new ComputePool(1)) {
            IllegalArgumentException problem = assertThrows(
                    IllegalArgumentException.class, () -> make(pool).add(x, x, x));
            assertTrue(problem.getMessage().contains("ScalarKernels"), problem.getMessage());
        }
    }

    @Test
    void refusesATensorWhoseMemoryWasClosed() {
        Arena arena = Arena.ofConfined();
        Tensor x = Tensor.allocate(arena, DType.F32, 2, 2);
        arena.close();
        try (ComputePool pool = new ComputePool(1)) {
            assertThrows(IllegalStateException.class, () -> make(pool).add(x, x, x));
        }
    }
}
