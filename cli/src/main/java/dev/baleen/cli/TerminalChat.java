package dev.baleen.cli;

import dev.baleen.chat.ChatEvent;
import dev.baleen.chat.ChatModel;
import dev.baleen.chat.ChatOptions;
import dev.baleen.chat.ChatSession;
import dev.baleen.chat.ChatSession.WhenFull;
import dev.baleen.chat.ChatStream;
import dev.baleen.chat.ChatUsage;
import dev.baleen.chat.Delta.Kind;
import dev.baleen.generation.FinishReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/// The conversation in a terminal: a line editor with history, thoughts in dim letters, and a few commands.
///
/// Ctrl-C stops the answer under way, or clears the line; Ctrl-D ends the program.
final class TerminalChat implements AutoCloseable {
    private static final String HELP =
            """
            /think on|off    whether the model thinks before it answers
            /fold on|off     whether thoughts fold to one line when they end
            /thoughts        the last thoughts, whole
            /clear           begin a new conversation
            /help            this
            /bye             end (also Ctrl-D)
            Alt-Enter begins a new line within a question. Ctrl-C stops an answer.""";

    private static final AttributedStyle DIM = AttributedStyle.DEFAULT.faint();
    private static final AttributedStyle PROMPT = AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);

    private final ChatModel model;
    private final ChatSession session;
    private final Terminal terminal;
    private final LineReader reader;
    private ChatOptions options;
    private boolean fold = true;
    private String thoughts = "";

    private TerminalChat(ChatModel model, ChatOptions options, String system, Terminal terminal) {
        this.model = model;
        this.options = options;
        this.terminal = terminal;
        session = new ChatSession(model, system, WhenFull.TRIM);
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .variable(LineReader.HISTORY_FILE, historyFile())
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "  ")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        // Alt-Enter puts a line break into the question instead of sending it.
        reader.getWidgets().put("insert-line-break", () -> {
            reader.getBuffer().write("\n");
            return true;
        });
        reader.getKeyMaps().get(LineReader.MAIN).bind(new Reference("insert-line-break"), "\033\r", "\033\n");
    }

    static TerminalChat open(ChatModel model, ChatOptions options, String system) throws IOException {
        Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
        return new TerminalChat(model, options, system, terminal);
    }

    /// Reads and answers until the person leaves.
    void run() throws InterruptedException {
        print(DIM, model.name() + " · /help for help\n");
        while (true) {
            String line;
            try {
                line = reader.readLine(styled(PROMPT, "› ")).strip();
            } catch (UserInterruptException e) {
                continue;
            } catch (EndOfFileException e) {
                return;
            }
            if (line.equals("/bye") || line.equals("/exit") || line.equals("/quit")) {
                return;
            }
            if (line.startsWith("/")) {
                command(line);
            } else if (!line.isEmpty()) {
                answer(line);
            }
        }
    }

    private void command(String line) {
        switch (line) {
            case "/help", "/?" -> print(DIM, HELP + "\n");
            case "/clear" -> {
                session.clear();
                print(DIM, "A new conversation.\n");
            }
            case "/think on", "/think off" -> {
                options = options.withThinking(line.endsWith("on"));
                print(DIM, "Thinking is " + (options.thinking() ? "on" : "off") + ".\n");
            }
            case "/fold on", "/fold off" -> {
                fold = line.endsWith("on");
                print(DIM, fold ? "Thoughts fold when they end.\n" : "Thoughts stay.\n");
            }
            case "/thoughts" -> print(DIM, (thoughts.isBlank() ? "No thoughts yet." : thoughts) + "\n");
            default -> print(DIM, "There is no command " + line + "; /help lists them.\n");
        }
    }

    private void answer(String question) throws InterruptedException {
        ChatStream stream;
        try {
            stream = session.ask(question, options);
        } catch (IllegalArgumentException e) {
            print(DIM, e.getMessage() + "\n");
            return;
        }
        Terminal.SignalHandler before = terminal.handle(Signal.INT, signal -> stream.cancel());
        try {
            show(stream);
        } finally {
            terminal.handle(Signal.INT, before);
        }
    }

    private void show(ChatStream stream) throws InterruptedException {
        ThoughtLines lines = new ThoughtLines(terminal.getColumns(), terminal.getRows());
        boolean answering = false;
        while (true) {
            Optional<ChatEvent> event = stream.next();
            switch (event.orElseThrow()) {
                case ChatEvent.Piece piece when piece.kind() == Kind.REASONING -> {
                    print(DIM, piece.text());
                    lines.add(piece.text());
                }
                case ChatEvent.Piece piece -> {
                    String text = answering ? piece.text() : piece.text().stripLeading();
                    if (!answering && !text.isEmpty()) {
                        answering = true;
                        endThoughts(stream, lines);
                    }
                    print(AttributedStyle.DEFAULT, text);
                }
                case ChatEvent.Finished end -> {
                    if (!answering) {
                        endThoughts(stream, lines);
                    }
                    print(DIM, "\n" + summary(end) + "\n");
                    return;
                }
            }
        }
    }

    /// Folds the thoughts that stand above into one line, if they are short enough to be still on the screen.
    private void endThoughts(ChatStream stream, ThoughtLines lines) {
        thoughts = stream.message().reasoning().strip();
        if (thoughts.isEmpty()) {
            return;
        }
        boolean canErase = fold && lines.fit() && !Terminal.TYPE_DUMB.equals(terminal.getType());
        if (canErase) {
            terminal.writer().print("\r" + (lines.count() > 1 ? "\033[" + (lines.count() - 1) + "A" : "") + "\033[J");
            int count = thoughts.split("\n").length;
            print(DIM, "▸ thought " + count + (count == 1 ? " line" : " lines") + " · /thoughts shows them\n");
        } else {
            print(DIM, "\n\n");
        }
    }

    private static String summary(ChatEvent.Finished end) {
        ChatUsage usage = end.usage();
        String why =
                switch (end.reason()) {
                    case STOP -> "";
                    case LENGTH -> " · cut at the length limit";
                    case CANCELLED -> " · stopped";
                    case ERROR -> " · failed: " + end.problem().map(Throwable::getMessage).orElse("no reason is known");
                };
        return String.format(
                Locale.ROOT,
                "%d tokens · %.0f tokens/s%s",
                usage.completionTokens(),
                usage.generation().decodeTokensPerSecond(),
                end.reason() == FinishReason.STOP ? "" : why);
    }

    private void print(AttributedStyle style, String text) {
        PrintWriter writer = terminal.writer();
        writer.print(styled(style, text));
        writer.flush();
    }

    private String styled(AttributedStyle style, String text) {
        return new AttributedStringBuilder().styled(style, text).toAnsi(terminal);
    }

    /// Questions of earlier conversations, where programs keep their state.
    private static Path historyFile() {
        String state = System.getenv("XDG_STATE_HOME");
        Path folder = (state == null || state.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(state))
                .resolve("baleen");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            return Path.of(System.getProperty("java.io.tmpdir"), "baleen-chat-history");
        }
        return folder.resolve("chat-history");
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }

    /// Counts the lines of the screen that a growing text takes.
    private static final class ThoughtLines {
        private final int width;
        private final int height;
        private int count = 1;
        private int column;

        ThoughtLines(int width, int height) {
            this.width = width;
            this.height = height;
        }

        void add(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) == '\n') {
                    count++;
                    column = 0;
                } else if (width > 0 && ++column > width) {
                    count++;
                    column = 1;
                }
            }
        }

        int count() {
            return count;
        }

        boolean fit() {
            return count < height - 1;
        }
    }
}
