package dev.baleen.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;

/// Reads questions with a line editor: a history that outlives the program, questions of several lines, completion of
/// commands.
final class QuestionReader {
    private static final String PROMPT = "› ";
    private static final String MORE = "  ";
    private static final String ESCAPED_LINE_BREAK = "\\\n";

    private final LineReader reader;
    private final Pen pen;

    /// @param commands what Tab completes after a slash
    /// @param thoughts what Ctrl-O shows
    /// @param history where questions are kept; empty for nowhere
    QuestionReader(Pen pen, List<String> commands, Supplier<String> thoughts, Optional<Path> history) {
        this.pen = pen;
        // A backslash at the end of a line says that more comes; nothing else means anything but itself.
        DefaultParser parser = new DefaultParser()
                .quoteChars(new char[0])
                .escapeChars(new char[] {'\\'})
                .eofOnEscapedNewLine(true);
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(pen.terminal())
                .parser(parser)
                .completer((line, parsed, candidates) -> {
                    String typed = String.join(" ", parsed.words().subList(0, parsed.wordIndex()));
                    commands.stream()
                            .filter(command -> typed.isEmpty() || command.startsWith(typed + " "))
                            .map(command -> command.split(" ")[parsed.wordIndex()])
                            .forEach(word -> candidates.add(new Candidate(word)));
                })
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, MORE)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.INSERT_TAB, false)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, false);
        history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        reader = builder.build();
        bind("insert-line-break", "\033\r", () -> reader.getBuffer().write("\n"));
        bind("insert-line-break-too", "\033\n", () -> reader.getBuffer().write("\n"));
        bind("show-thoughts", "\017", () -> reader.printAbove(pen.dimmed(thoughts.get())));
    }

    /// The next question or command; empty when the person leaves.
    Optional<String> next() {
        while (true) {
            try {
                String line = reader.readLine(pen.accented(PROMPT))
                        .replace(ESCAPED_LINE_BREAK, "\n")
                        .strip();
                if (!line.isEmpty()) {
                    return Optional.of(line);
                }
            } catch (UserInterruptException cleared) {
                Thread.interrupted(); // The editor interrupts this thread, at times once more than it notices.
                if (cleared.getPartialLine().isEmpty()) {
                    pen.dim("Ctrl-D ends.\n");
                }
            } catch (EndOfFileException end) {
                return Optional.empty();
            }
        }
    }

    private void bind(String name, String keys, Runnable action) {
        reader.getWidgets().put(name, () -> {
            action.run();
            return true;
        });
        reader.getKeyMaps().get(LineReader.MAIN).bind(new Reference(name), keys);
    }

    /// Questions of earlier conversations, where programs keep their state, readable by their owner only; none
    /// where no file can be made.
    static Optional<Path> historyFile() {
        String state = System.getenv("XDG_STATE_HOME");
        Path folder = (state == null || state.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(state))
                .resolve("baleen");
        Path file = folder.resolve("chat-history");
        try {
            Files.createDirectories(folder);
            if (!Files.exists(file)) {
                boolean posix =
                        folder.getFileSystem().supportedFileAttributeViews().contains("posix");
                if (posix) {
                    Files.createFile(
                            file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                } else {
                    Files.createFile(file);
                }
            }
            return Files.isWritable(file) ? Optional.of(file) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // A conversation without a memory of earlier ones is better than none.
        }
    }
}
