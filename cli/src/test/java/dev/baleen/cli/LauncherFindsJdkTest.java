package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./baleen` finds a JDK that fits among those that lie about, wherever it is started from.
class LauncherFindsJdkTest {
    @TempDir
    Path folder;

    private LauncherHouse house;

    @BeforeEach
    void buildTheHouse() throws Exception {
        house = new LauncherHouse(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"25.0.3", "25.0.3.1", "25.0.10", "25.1", "26", "26-ea", "26.0.1+9", "100"})
    void takesAJdkOfThisVersion(String version) throws Exception {
        house.jdk("the one", version);
        assertTrue(house.start("serve").output().startsWith("I am the one"), version);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1.8.0_412", "9.0.4", "17.0.15", "21", "25", "25-ea", "25.0.2", "25.0.2+10", "nonsense"})
    void passesOverAJdkOfThisVersion(String version) throws Exception {
        house.jdk("the other", version);
        house.jdk("the right one", "25.0.3");
        assertTrue(house.start("serve").output().startsWith("I am the right one"), version);
    }

    @Test
    void readsVersionsInsteadOfStartingEveryJvm() throws Exception {
        Path trace = folder.resolve("started");
        LauncherHouse.jdk(house.jdks.resolve("a"), "17.0.15", "#!/bin/sh\n: >'" + trace + "'\n");
        house.jdk("b", "25.0.3");
        house.start("serve");
        assertFalse(Files.exists(trace), "the JVM of version 17 was started");
    }

    @Test
    void passesOverARunTimeWithoutACompiler() throws Exception {
        Files.delete(house.jdk("a", "25.0.3").resolve("bin/javac"));
        house.jdk("b", "25.0.3");
        assertTrue(house.start("serve").output().startsWith("I am b"));
    }

    @Test
    void takesJavaHomeBeforeAnyOther() throws Exception {
        house.jdk("a", "25.0.3");
        house.environment.put("JAVA_HOME", house.jdk("z", "25.0.4").toString());
        assertTrue(house.start("serve").output().startsWith("I am z"));
    }

    @Test
    void passesOverAJavaHomeThatIsTooOldOrGone() throws Exception {
        house.jdk("a", "25.0.3");
        house.environment.put("JAVA_HOME", house.jdk("z", "17.0.15").toString());
        assertTrue(house.start("serve").output().startsWith("I am a"));
        house.environment.put("JAVA_HOME", folder.resolve("gone").toString());
        assertTrue(house.start("serve").output().startsWith("I am a"));
    }

    @Test
    void followsTheLinksOfJavaOnThePath() throws Exception {
        house.jdk("a", "25.0.3");
        Path home = LauncherHouse.jdk(folder.resolve("far away/jdk"), "25.0.5", "#!/bin/sh\necho far\n");
        Path alternative = Files.createSymbolicLink(folder.resolve("alternative"), home.resolve("bin/java"));
        Files.createSymbolicLink(house.tools.resolve("java"), alternative);
        assertEquals("far\n", house.start("serve").output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"temurin-25.jdk/Contents/Home", "openjdk@25/libexec/openjdk.jdk/Contents/Home"})
    void looksDeeperWhereMacOsPutsAJdk(String below) throws Exception {
        LauncherHouse.jdk(house.jdks.resolve(below), "25.0.3", "#!/bin/sh\necho mac\n");
        assertEquals("mac\n", house.start("serve").output());
    }

    @Test
    void looksInEveryFolderThatColonsSeparate() throws Exception {
        LauncherHouse.jdk(folder.resolve("third folder/jdk"), "25.0.3", "#!/bin/sh\necho third\n");
        house.environment.put(
                "BALEEN_JDK_FOLDERS", "/no such folder:" + house.jdks + ":" + folder.resolve("third folder"));
        assertEquals("third\n", house.start("serve").output());
    }

    @Test
    void startsThroughLinksAndHandsOnEveryWordAndTheStatus() throws Exception {
        house.jdk("a", "25.0.3");
        Path near = Files.createSymbolicLink(house.root.resolve("near"), Path.of("baleen"));
        Path link = Files.createSymbolicLink(house.elsewhere.resolve("bal een"), house.elsewhere.relativize(near));
        var outcome = house.start(link, "chat", "-p", "What is 424 + 837?", "", "*", "$HOME");
        assertTrue(outcome.output().endsWith("<chat><-p><What is 424 + 837?><><*><$HOME>"), outcome.output());
        assertEquals(7, outcome.status());
        assertEquals("", outcome.errors());
    }

    @Test
    void asksForTheVectorModuleInTheWayOfEachJdk() throws Exception {
        house.environment.put("JAVA_HOME", house.jdk("a", "25.0.3").toString());
        assertTrue(house.start("serve").output().contains("<-XX:+EnableVectorSupport>"));
        house.environment.put("JAVA_HOME", house.jdk("b", "26").toString());
        assertTrue(house.start("serve").output().contains("<--add-modules><jdk.incubator.vector>"));
    }

    @Test
    void tellsTheProgramWhereItLives() throws Exception {
        house.jdk("a", "25.0.3");
        assertTrue(house.start("serve").output().contains("<-Dbaleen.home=" + house.root.toRealPath() + ">"));
    }

    @Test
    void handsOptionsOnToTheJvm() throws Exception {
        house.jdk("a", "25.0.3");
        house.environment.put("BALEEN_JAVA_OPTIONS", "-Xmx8g -Xlog:gc");
        assertTrue(house.start("serve").output().contains("<-Xmx8g><-Xlog:gc><-jar>"));
    }
}
