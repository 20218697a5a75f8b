package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import picocli.CommandLine;

/// Runs command lines within the test.
///
/// @param status what the process would end with
record Cli(int status, String out, String err) {
    static Cli run(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        CommandLine line =
                Main.commandLine(arguments).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = line.execute(arguments);
        return new Cli(status, out.toString(), err.toString());
    }

    /// Standard output of a run that went well.
    String succeeded() {
        assertEquals("", err, "standard error");
        assertEquals(0, status, "status");
        return out;
    }

    /// The one line on standard error of a run that did not.
    String failed(int expectedStatus) {
        assertEquals(expectedStatus, status, err);
        assertEquals("", out, "standard output");
        assertEquals(1, err.lines().count(), err);
        return err.strip();
    }

    /// A file or folder of the repository.
    static Path repository(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("ARCHITECTURE.md"))) {
            folder = folder.getParent();
        }
        return folder.resolve(name);
    }

    /// A file or folder of other implementations' reference data. Where it is absent, as in a user's clone, the
    /// test is skipped and says so.
    static Path golden(String name) {
        String configured = System.getenv("BALEEN_GOLDENS");
        Path goldens = configured != null
                ? Path.of(configured)
                : repository("..").resolve("shared").resolve("goldens");
        Path path = goldens.resolve(name);
        Assumptions.assumeTrue(Files.exists(path), () -> {
            String reason = "skipped: no reference data shared/goldens/" + name + " beside the repository";
            System.out.println(reason);
            return reason;
        });
        return path;
    }
}
