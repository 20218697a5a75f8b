package dev.baleen;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Where the reference data of other implementations lies: `BALEEN_GOLDENS`, or `shared/goldens` beside the
/// repository.
public final class Goldens {
    private Goldens() {}

    /// The file or folder of that name. Where it is absent, as in a user's clone, the test is skipped and says
    /// so.
    public static Path path(String name) {
        String configured = System.getenv("BALEEN_GOLDENS");
        if (configured != null && Files.exists(Path.of(configured, name))) {
            return Path.of(configured, name);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path candidate = folder.resolve("shared/goldens").resolve(name);
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        String reason = "skipped: no reference data shared/goldens/" + name + " beside the repository";
        System.out.println(reason);
        Assumptions.abort(reason);
        throw new AssertionError("unreachable");
    }
}
