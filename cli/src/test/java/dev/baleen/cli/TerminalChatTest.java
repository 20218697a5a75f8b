package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.chat.ChatModel;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.Sampling;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A conversation typed into a terminal that exists in memory only.
class TerminalChatTest {
    /// What the line editor writes when it begins to read.
    private static final String READY = "\033[?2004h";

    private static final String CTRL_C = "\003";
    private static final String CTRL_D = "\004";
    private static final String ALT_ENTER = "\033\r";
    private static final String UP = "\033OA";

    @TempDir
    private static Path folder;

    private static Path model;

    @BeforeAll
    static void writeModel() {
        model = RandomFolder.write(folder.resolve("model"));
    }

    @Test
    void answersWithThoughtsThatFoldAndCanBeShown() throws IOException, InterruptedException {
        Typist typist = new Typist()
                .after(READY, "What is 1 + 2?\r")
                .after(READY, "/thoughts\r")
                .after(READY, CTRL_D);
        chat("xterm", 12, typist);
        assertTrue(typist.screen().contains("▸ thought for"), typist.screen());
        assertTrue(typist.screen().contains("12 tokens"), typist.screen());
        assertFalse(typist.screen().contains("No thoughts yet"), typist.screen());
    }

    @Test
    void doesWithoutACursorThatMoves() throws IOException, InterruptedException {
        Typist typist = new Typist().after("› ", "What is 1 + 2?\r").after("› ", "/bye\r");
        chat("dumb", 12, typist);
        assertFalse(typist.screen().contains("▸"), typist.screen());
        assertTrue(typist.screen().contains("12 tokens"), typist.screen());
    }

    @Test
    void stopsTheAnswerButNotTheProgram() throws IOException, InterruptedException {
        Typist typist = new Typist()
                .after(READY, "half a question" + CTRL_C)
                .after(READY, "Go on.\r")
                .after("\033[2m", CTRL_C)
                .after(READY, "/think off\r")
                .after(READY, CTRL_D);
        chat("xterm", 480, typist);
        assertTrue(typist.screen().contains("· stopped"), typist.screen());
        assertTrue(typist.screen().contains("Thinking is off."), typist.screen());
    }

    @Test
    void takesSeveralLinesAndRemembersThem() throws IOException, InterruptedException {
        Typist first = new Typist()
                .after(READY, "/think off\r")
                .after(READY, "Sort these:\\\r3, 1" + ALT_ENTER + "2\r")
                .after(READY, CTRL_D);
        chat("xterm", 3, first);
        List<String> history = Files.readAllLines(folder.resolve("history"));
        assertTrue(history.getLast().endsWith("Sort these:\\\\\\n3, 1\\n2"), history.toString());
        Typist second = new Typist().after(READY, UP + "\r").after(READY, CTRL_D);
        chat("xterm", 3, second);
        assertTrue(second.screen().contains("Sort these:"), second.screen());
        assertTrue(second.screen().contains("3 tokens"), second.screen());
    }

    @Test
    void saysWhatItDoesNotKnow() throws IOException, InterruptedException {
        Typist typist = new Typist()
                .after(READY, "/fly\r")
                .after(READY, "/thoughts\r")
                .after(READY, "/help\r")
                .after(READY, CTRL_D);
        chat("xterm", 12, typist);
        assertTrue(typist.screen().contains("There is no command /fly"), typist.screen());
        assertTrue(typist.screen().contains("No thoughts yet"), typist.screen());
        assertTrue(typist.screen().contains("/think on|off"), typist.screen());
    }

    private static void chat(String terminalType, int tokensMax, Typist typist)
            throws IOException, InterruptedException {
        Optional<Path> history = Optional.of(folder.resolve("history"));
        try (ComputePool pool = new ComputePool(1);
                ChatModel chat = ChatModel.open(
                        model, Backends.best(pool), EngineOptions.defaults().withSequencesMax(1));
                ExternalTerminal terminal = new ExternalTerminal(
                        "test", terminalType, typist.keys(), typist.display(), StandardCharsets.UTF_8)) {
            terminal.setSize(Size.of(80, 24));
            Sampling sampling = Sampling.at(1).withSeed(3);
            new TerminalChat(
                            chat, chat.options().withSampling(sampling).withTokensMax(tokensMax), "", terminal, history)
                    .run();
        }
    }
}
