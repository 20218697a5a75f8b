package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.cli.LauncherHouse.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./baleen` builds when sources are newer than the build, once, and quietly unless it fails. Maven is a shell script
/// here.
class LauncherBuildsTest {
    private static final String MAVEN = """
            #!/bin/sh
            [ "$1" != -v ] || { echo "Apache Maven 3.9.9"; exit; }
            printf '%%s ' "$@" >>'%s'
            echo >>'%1$s'
            echo "Maven's chatter"
            mkdir -p cli/target/lib
            echo "$(cat engine/src/main/java/*)" >cli/target/baleen-cli.jar
            : >cli/target/lib/picocli.jar
            """;

    @TempDir
    Path folder;

    private LauncherHouse house;
    private Path trace;
    private Path source;
    private Path jar;

    @BeforeEach
    void buildTheHouse() throws Exception {
        house = new LauncherHouse(folder);
        LauncherHouse.jdk(house.jdks.resolve("jdk"), "25.0.3", "#!/bin/sh\necho started\n");
        trace = folder.resolve("maven.txt");
        Files.writeString(trace, "");
        LauncherHouse.script(house.tools.resolve("mvn"), MAVEN.formatted(trace));
        source = house.root.resolve("engine/src/main/java/Some.java");
        jar = house.root.resolve("target/program/baleen-cli.jar");
    }

    @Test
    void buildsNothingWhenNothingChanged() throws Exception {
        assertEquals(new Outcome(0, "started\n", ""), house.start("serve"));
        assertEquals(List.of(), builds());
    }

    @Test
    void buildsOnceAndInOneLineWhenASourceIsNewer() throws Exception {
        makeNewer(source);
        Outcome first = house.start("serve");
        assertEquals("started\n", first.output());
        assertTrue(first.errors().matches("baleen: Building Baleen….*\n"), first.errors());
        assertEquals(1, builds().size());
        assertEquals(new Outcome(0, "started\n", ""), house.start("serve"));
        assertEquals(1, builds().size());
    }

    @Test
    void leavesTheJarsOfARunningProgramAsTheyWere() throws Exception {
        makeNewer(source);
        house.start("serve");
        assertTrue(Files.exists(jar.resolveSibling("lib/picocli.jar")));
        try (var running = Files.newInputStream(jar)) {
            Files.writeString(source, "class Other {}");
            makeNewer(source);
            house.start("serve");
            assertEquals("class Some {}\n", new String(running.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals("class Other {}\n", Files.readString(jar));
    }

    @Test
    void buildsWhenAPomIsNewerOrASourceIsGoneOrTheJarIs() throws Exception {
        makeNewer(house.root.resolve("pom.xml"));
        house.start("serve");
        Files.delete(source);
        makeNewer(source.getParent());
        house.start("serve");
        Files.delete(jar);
        house.start("serve");
        assertEquals(3, builds().size());
    }

    @Test
    void showsWhatMavenSaidWhenTheBuildFailsAndTriesAgainNextTime() throws Exception {
        LauncherHouse.script(
                house.tools.resolve("mvn"),
                MAVEN.formatted(trace) + "echo '[ERROR] Some.java:[1,1] not a statement'\nexit 1\n");
        makeNewer(source);
        for (int i = 1; i <= 2; i++) {
            Outcome outcome = house.start("serve");
            assertEquals(1, outcome.status());
            assertEquals("", outcome.output());
            assertTrue(outcome.errors().contains("[ERROR] Some.java:[1,1] not a statement"), outcome.errors());
            assertTrue(outcome.errors().contains("the build failed"), outcome.errors());
            assertEquals(i, builds().size());
        }
    }

    @Test
    void buildsOnceForTwoStartsAtTheSameTime() throws Exception {
        makeNewer(source);
        Path nowhere = folder.resolve("nowhere.txt");
        Process first = house.begin(house.root.resolve("baleen"), nowhere, nowhere, "serve");
        Process second = house.begin(house.root.resolve("baleen"), nowhere, nowhere, "serve");
        assertTrue(first.waitFor(60, TimeUnit.SECONDS) && second.waitFor(60, TimeUnit.SECONDS));
        assertEquals(1, builds().size());
    }

    @Test
    void buildsInSpiteOfALockWhoseOwnerIsGone() throws Exception {
        makeNewer(source);
        Process gone = new ProcessBuilder("true").start();
        assertEquals(0, gone.waitFor());
        LauncherHouse.write(house.root.resolve("target/lock/owner"), gone.pid() + "\n");
        assertEquals("started\n", house.start("serve").output());
        assertEquals(1, builds().size());
    }

    @Test
    void fallsBackToTheWrapperWhereMavenIsMissingOrTooOld() throws Exception {
        LauncherHouse.script(house.root.resolve("mvnw"), MAVEN.formatted(trace));
        LauncherHouse.script(house.tools.resolve("mvn"), "#!/bin/sh\necho 'Apache Maven 3.6.3'\n");
        makeNewer(source);
        assertEquals("started\n", house.start("serve").output());
        Files.delete(house.tools.resolve("mvn"));
        makeNewer(source);
        Outcome outcome = house.start("serve");
        assertEquals("started\n", outcome.output());
        assertTrue(outcome.errors().contains("fetching Maven"), outcome.errors());
        assertEquals(2, builds().size());
    }

    @Test
    void testsTheFormatBeforeAllElse() throws Exception {
        Outcome outcome = house.start("test", "-pl", "engine");
        assertEquals(0, outcome.status(), outcome.errors());
        List<String> builds = builds();
        assertEquals(2, builds.size());
        assertTrue(builds.getFirst().contains("spotless:check"), builds.toString());
        assertTrue(builds.getLast().contains("-DexcludedGroups= verify -pl engine"), builds.toString());
    }

    private void makeNewer(Path file) throws Exception {
        Files.setLastModifiedTime(house.root.resolve("target/built"), FileTime.from(Instant.EPOCH));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    }

    private List<String> builds() throws Exception {
        return Files.readAllLines(trace);
    }
}
