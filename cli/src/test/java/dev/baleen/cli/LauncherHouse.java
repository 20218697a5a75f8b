package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A folder that holds a copy of `./baleen` and pretends to be a built project, beside JDKs that are shell scripts.
///
/// The copy sees nothing of the machine it runs on: PATH is a folder with the few tools that it needs, HOME and the
/// cache are empty, and `BALEEN_JDK_FOLDERS` names one folder of made-up JDKs.
final class LauncherHouse {
    /// What the launcher may use beside what a POSIX shell has built in.
    private static final List<String> TOOLS = List.of(
            "cat cp cut dirname find gzip head mkdir mktemp mv readlink rm sed sha256sum shasum sleep tar tr uname"
                    .split(" "));

    /// What a start wrote and with which status it ended.
    record Outcome(int status, String output, String errors) {}

    final Path root;
    final Path tools;
    final Path jdks;
    final Path cache;
    final Path elsewhere;
    final Map<String, String> environment = new LinkedHashMap<>();

    LauncherHouse(Path folder) throws IOException {
        root = Files.createDirectories(folder.resolve("a house with spaces"));
        tools = Files.createDirectories(folder.resolve("tools"));
        jdks = Files.createDirectories(folder.resolve("some jdks"));
        cache = folder.resolve("the cache");
        elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        for (String tool : TOOLS) {
            offer(tool);
        }
        Files.copy(repository().resolve("baleen"), root.resolve("baleen"));
        write(root.resolve("pom.xml"), "<project/>");
        write(root.resolve("engine/src/main/java/Some.java"), "class Some {}");
        write(root.resolve("target/program/baleen-cli.jar"), "");
        write(root.resolve("target/built"), "");
        environment.put("PATH", tools.toString());
        environment.put("HOME", elsewhere.toString());
        environment.put("XDG_CACHE_HOME", cache.toString());
        environment.put("BALEEN_JDK_FOLDERS", jdks.toString());
    }

    /// The repository that this test runs in: the nearest folder upward that holds `./baleen`.
    static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("baleen"))) {
            folder = Optional.ofNullable(folder.getParent())
                    .orElseThrow(
                            () -> new IllegalStateException("no folder above the working directory holds ./baleen"));
        }
        return folder;
    }

    /// Puts a tool of this machine into the launcher's PATH; false when the machine has none of that name.
    boolean offer(String tool) throws IOException {
        for (String folder : System.getenv("PATH").split(":")) {
            Path file = Path.of(folder).resolve(tool);
            if (Files.isExecutable(file)) {
                script(tools.resolve(tool), "#!/bin/sh\nexec '" + file + "' \"$@\"\n");
                return true;
            }
        }
        return false;
    }

    /// A JDK whose `java` says which one it is and what it was given, and ends with the status 7.
    Path jdk(String name, String version) {
        return jdk(
                jdks.resolve(name), version, "#!/bin/sh\necho \"I am " + name + "\"\nprintf '<%s>' \"$@\"\nexit 7\n");
    }

    static Path jdk(Path home, String version, String java) {
        write(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
        script(home.resolve("bin/java"), java);
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    static void script(Path file, String text) {
        write(file, text);
        assertTrue(file.toFile().setExecutable(true), "could not make executable: " + file);
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts the launcher at its own path and waits for its end.
    Outcome start(String... arguments) throws Exception {
        return start(root.resolve("baleen"), arguments);
    }

    Outcome start(Path launcher, String... arguments) throws Exception {
        Path output = Files.createTempFile(elsewhere, "output", ".txt");
        Path errors = Files.createTempFile(elsewhere, "errors", ".txt");
        Process process = begin(launcher, output, errors, arguments);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("did not end within a minute; standard error: " + Files.readString(errors));
        }
        return new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors));
    }

    Process begin(Path launcher, Path output, Path errors, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(elsewhere.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
    }

    /// The names of what lies in a folder; nothing when there is no such folder.
    static List<String> namesIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
