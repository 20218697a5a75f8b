package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.junit.jupiter.api.Test;

/// A JVM that was started without the vector module can use it after [VectorModule#load], and keeps quiet about it.
class VectorModuleTest {
    /// What the started JVM runs.
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            VectorModule.load();
            VectorModule.load();
            System.out.println(Sum.of(3));
        }
    }

    /// A class of its own, so that nothing looks for the module before it is loaded.
    private static final class Sum {
        static float of(float each) {
            var species = FloatVector.SPECIES_PREFERRED;
            return FloatVector.broadcast(species, each).reduceLanes(VectorOperators.ADD) / species.length();
        }
    }

    @Test
    void bringsTheModuleIntoAJvmWithoutAWarning() throws Exception {
        assumeTrue(Runtime.version().feature() == 25, "skipped: ./baleen does this on JDK 25 only");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor(60, TimeUnit.SECONDS);
        assertEquals("3.0\n", output);
        assertEquals(0, process.exitValue());
    }
}
