package dev.baleen.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each test looks from a JVM of its own, because a JVM looks once.
class BackendsTest {
    public static void main(String[] arguments) {
        try (ComputePool pool = new ComputePool(2)) {
            System.out.println(Backends.best(pool).description());
            System.out.println(Backends.bestGradients().getClass().getSimpleName());
        }
    }

    @Test
    void takesVectorsWhereTheyAre() throws IOException, InterruptedException {
        String printed = look("--add-modules", "jdk.incubator.vector", "-Dbaleen.vector.bits=128");
        assertTrue(printed.contains("vectors of 128 bits, 2 threads\nVectorGradientKernels\n"), printed);
    }

    @Test
    void computesInPlainLoopsWithoutTheModuleAndSaysOnceWhy() throws IOException, InterruptedException {
        String printed = look();
        assertTrue(printed.contains("plain loops, 1 thread: the module jdk.incubator.vector is not there"), printed);
        assertTrue(printed.contains("ScalarGradientKernels"), printed);
        assertEquals(2, printed.split("Computing in plain loops", -1).length, printed);
    }

    @Test
    void computesInPlainLoopsWhereVectorsAreTooNarrow() throws IOException, InterruptedException {
        String printed = look("--add-modules", "jdk.incubator.vector", "-Dbaleen.vector.bits=64");
        assertTrue(printed.contains("vectors of 64 bits only"), printed);
    }

    private static String look(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BackendsTest.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        return printed;
    }
}
