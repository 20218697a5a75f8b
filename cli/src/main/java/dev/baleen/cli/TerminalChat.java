package dev.baleen.cli;

import dev.baleen.chat.ChatModel;
import dev.baleen.chat.ChatOptions;
import dev.baleen.chat.ChatSession;
import dev.baleen.chat.ChatSession.WhenFull;
import dev.baleen.chat.ChatStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;

/// The conversation in a terminal: questions, answers and a few commands.
///
/// Ctrl-C stops the answer under way, or clears the line; Ctrl-D ends the program.
final class TerminalChat implements AutoCloseable {
    private static final String HELP = """
            /think on|off    whether the model thinks before it answers
            /fold on|off     whether thoughts fold to one line when they end
            /thoughts        the last thoughts, whole (also Ctrl-O)
            /clear           begin a new conversation
            /help            this
            /bye             end (also Ctrl-D)
            Alt-Enter, or a backslash at the end of a line, goes on in a new line.
            Ctrl-C stops an answer.
            """;

    private static final List<String> COMMANDS =
            List.of("/think on", "/think off", "/fold on", "/fold off", "/thoughts", "/clear", "/help", "/bye");

    private final ChatModel model;
    private final ChatSession session;
    private final Terminal terminal;
    private final Pen pen;
    private final QuestionReader questions;
    private ChatOptions options;
    private boolean fold = true;
    private String thoughts = "";

    /// @param system what the model is told before all else; empty for nothing
    /// @param history where questions are kept; empty for nowhere
    TerminalChat(ChatModel model, ChatOptions options, String system, Terminal terminal, Optional<Path> history) {
        this.model = model;
        this.options = options;
        this.terminal = terminal;
        pen = Pen.of(terminal);
        session = new ChatSession(model, system, WhenFull.TRIM);
        questions = new QuestionReader(pen, COMMANDS, this::thoughts, history);
    }

    static TerminalChat open(ChatModel model, ChatOptions options, String system) throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .system(true)
                .dumb(true)
                .encoding(StandardCharsets.UTF_8)
                .signalHandler(SignalHandler.SIG_IGN)
                .graphemeCluster(
                        false) // Else it asks the terminal, and a late answer would stand in the first question.
                .build();
        return new TerminalChat(model, options, system, terminal, QuestionReader.historyFile());
    }

    /// Reads and answers until the person leaves.
    void run() throws InterruptedException {
        pen.dim(model.name() + " · /help for help, Ctrl-D to end\n");
        Optional<String> line = questions.next();
        while (line.isPresent() && !isFarewell(line.get())) {
            if (line.get().startsWith("/")) {
                command(line.get());
            } else {
                answer(line.get());
            }
            line = questions.next();
        }
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }

    private static boolean isFarewell(String line) {
        return line.equals("/bye") || line.equals("/exit") || line.equals("/quit");
    }

    private void command(String line) {
        switch (line) {
            case "/help", "/?" -> pen.dim(HELP);
            case "/clear" -> {
                session.clear();
                thoughts = "";
                pen.dim("A new conversation.\n");
            }
            case "/think on", "/think off" -> {
                options = options.withThinking(line.endsWith("on"));
                pen.dim("Thinking is " + (options.thinking() ? "on" : "off") + ".\n");
            }
            case "/fold on", "/fold off" -> {
                fold = line.endsWith("on");
                pen.dim(fold ? "Thoughts fold when they end.\n" : "Thoughts stay.\n");
            }
            case "/thoughts" -> pen.dim(thoughts() + "\n");
            default -> pen.dim("There is no command " + line + "; /help lists them.\n");
        }
    }

    private String thoughts() {
        return thoughts.isBlank() ? "No thoughts yet." : thoughts;
    }

    private void answer(String question) throws InterruptedException {
        ChatStream stream;
        try {
            stream = session.ask(question, options);
        } catch (IllegalArgumentException e) {
            pen.dim(e.getMessage() + "\n");
            return;
        }
        SignalHandler before = terminal.handle(Signal.INT, signal -> stream.cancel());
        Attributes attributes = silence();
        try {
            thoughts = new AnswerView(pen, fold).show(stream);
        } finally {
            terminal.setAttributes(attributes);
            terminal.handle(Signal.INT, before);
        }
    }

    /// What is typed while an answer comes is not shown in its midst; the next question begins with it.
    private Attributes silence() {
        Attributes before = terminal.getAttributes();
        Attributes silent = new Attributes(before);
        silent.setLocalFlag(LocalFlag.ECHO, false);
        terminal.setAttributes(silent);
        return before;
    }
}
