package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Words in, help and one-line errors out.
class CommandLineTest {
    private static final int WIDTH = 80;

    /// A command in a Markdown document: indented or in a block, up to what explains it.
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\s*(?:\\$ )?\\./baleen (.+?)(?:\\s{2,}.*)?$");

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    static Stream<String> commands() {
        return paths(Main.commandLine(), "");
    }

    private static Stream<String> paths(CommandLine line, String path) {
        return Stream.concat(
                Stream.of(path.strip()),
                line.getSubcommands().entrySet().stream()
                        .flatMap(command -> paths(command.getValue(), path + " " + command.getKey())));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandTellsItsOptionsInEightyColumns(String command) {
        String help = Cli.run((Object[]) words(command, "--help")).succeeded();
        assertTrue(help.startsWith("Usage: " + ("baleen " + command).strip()), help);
        assertTrue(help.contains("--version"), help);
        help.lines().forEach(line -> assertTrue(line.length() <= WIDTH, line));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandTellsItsVersion(String command) {
        assertEquals(
                "baleen " + Main.VERSION,
                Cli.run((Object[]) words(command, "--version")).succeeded().strip());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandRefusesAnOptionThatItDoesNotHaveInOneLine(String command) {
        String required = switch (command) {
            case "logits" -> "--tokens 1 --output none ";
            case "pull", "rm" -> "org/name ";
            case "convert" -> "in out ";
            case "perplexity" -> "file.txt ";
            case "quantize" -> "in out --type Q8_0 ";
            default -> "";
        };
        String told = Cli.run((Object[]) words(command, required + "--no-such-option"))
                .failed(2);
        assertTrue(told.contains("--no-such-option"), told);
        assertTrue(told.contains("--help"), told);
    }

    @Test
    void aMistypedCommandOrOptionIsAnsweredWithTheNearestOne() {
        assertTrue(Cli.run("serv").failed(2).contains("serve"));
        assertTrue(Cli.run("chat", "--modle=x").failed(2).contains("--model"));
    }

    @Test
    void withoutACommandItListsThem() {
        Cli nothing = Cli.run();
        assertEquals(2, nothing.status());
        assertTrue(nothing.err().contains("serve"), nothing.err());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyDocumentedCommandIsOneThatThereIs(String document) throws IOException {
        List<String> wrong = new ArrayList<>();
        Matcher commands = DOCUMENTED.matcher(Files.readString(Cli.repository(document)));
        while (commands.find()) {
            String[] words = words(commands.group(1).replaceFirst("\\s*[>|#].*", ""), "");
            if (words[0].equals("test")) {
                continue; // The launcher's own.
            }
            try {
                Main.commandLine().parseArgs(words);
            } catch (ParameterException e) {
                wrong.add(commands.group().strip() + ": " + e.getMessage());
            }
        }
        assertEquals(List.of(), wrong);
    }

    static Stream<String> documents() {
        return Stream.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LOG.md");
    }

    @Test
    void bashCanCompleteFromTheScript(@TempDir Path folder) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: there is no /bin/bash");
        Path script = Files.writeString(
                folder.resolve("completion"), Cli.run("completion").succeeded());
        Process bash = new ProcessBuilder(
                        "/bin/bash", "--norc", "-c", "source \"$0\" && complete -p baleen", script.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(bash.waitFor(1, TimeUnit.MINUTES), "bash does not end");
        assertEquals(0, bash.exitValue(), said);
        assertTrue(said.startsWith("complete") && said.strip().endsWith("baleen"), said);
    }

    @Test
    void theScriptKnowsTheOptionsOfCommands() {
        String script = Cli.run("completion").succeeded();
        assertTrue(script.contains("--step-by-step"));
        assertTrue(script.contains("kernels"));
    }

    private static String[] words(String command, String more) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command + " " + more);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        return words.toArray(String[]::new);
    }
}
