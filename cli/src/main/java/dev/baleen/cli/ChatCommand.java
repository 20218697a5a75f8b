package dev.baleen.cli;

import dev.baleen.chat.ChatEvent;
import dev.baleen.chat.ChatModel;
import dev.baleen.chat.ChatOptions;
import dev.baleen.chat.ChatStream;
import dev.baleen.chat.Delta.Kind;
import dev.baleen.chat.Message;
import dev.baleen.generation.FinishReason;
import dev.baleen.generation.Generation;
import dev.baleen.generation.MemoryPlan;
import dev.baleen.kernel.ComputePool;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A conversation in the terminal, or one answer for a script.
@Command(
        name = "chat",
        description = {
            "Talks with a model in the terminal.",
            "With -p, or with a question on standard input, prints one answer and exits."
        })
final class ChatCommand implements Callable<Integer> {
    private static final int ONE = 1;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-p", "--prompt"},
            paramLabel = "TEXT",
            description = "The one question.")
    private Optional<String> prompt = Optional.empty();

    @Mixin
    private ModelOption model;

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told before all else.")
    private String system = "";

    @Option(names = "--show-thinking", description = "With one question, print the thoughts too, before the answer.")
    private boolean showThinking;

    @Mixin
    private SamplingOption sampling;

    @Mixin
    private EngineOption engine;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path path = model.path();
        boolean interactive = prompt.isEmpty() && Terminal.isThere();
        String question = interactive ? "" : question();
        try (ComputePool pool = engine.pool();
                ChatModel chat = engine.open(path, pool, ONE, ONE, plan -> tell(plan, interactive))) {
            ChatOptions options = sampling.over(chat.options());
            if (interactive) {
                try (TerminalChat terminal = TerminalChat.open(chat, options, system)) {
                    terminal.run();
                }
            } else {
                answer(chat, options, question);
            }
        }
        return ExitCode.OK;
    }

    /// One answer for a script comes without talk, unless it will be slow.
    private void tell(MemoryPlan plan, boolean interactive) {
        PrintWriter err = spec.commandLine().getErr();
        if (interactive) {
            err.println(plan);
        }
        plan.expectation().ifPresent(line -> err.println("baleen: " + line));
        err.flush();
    }

    /// With -p, standard input is left alone: a script may have left it open with nothing to come.
    private String question() throws IOException {
        String question =
                prompt.isPresent() ? prompt.get() : new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        if (question.isBlank()) {
            throw new ParameterException(
                    spec.commandLine(), "There is no question; give one with -p or on standard input");
        }
        return question.strip();
    }

    private void answer(ChatModel chat, ChatOptions options, String question) throws InterruptedException {
        List<Message> messages = new ArrayList<>();
        if (!system.isEmpty()) {
            messages.add(Message.system(system));
        }
        messages.add(Message.user(question));
        PrintWriter out = spec.commandLine().getOut();
        Paragraph thoughts = new Paragraph(out);
        Paragraph answer = new Paragraph(out);
        ChatStream stream = chat.stream(messages, options);
        while (true) {
            switch (stream.next().orElseThrow()) {
                case ChatEvent.Piece piece
                when piece.kind() == Kind.CONTENT -> {
                    if (thoughts.begun() && !answer.begun() && !piece.text().isBlank()) {
                        out.print("\n\n");
                    }
                    answer.add(piece.text());
                }
                case ChatEvent.Piece piece -> {
                    if (showThinking) {
                        thoughts.add(piece.text());
                    }
                }
                // No tools are offered here.
                case ChatEvent.ToolCallBegun _, ChatEvent.ToolCallPiece _ -> {}
                case ChatEvent.Finished end -> {
                    out.println();
                    out.flush();
                    tellWhy(end);
                    return;
                }
            }
        }
    }

    private void tellWhy(ChatEvent.Finished end) {
        if (end.problem().isPresent()) {
            throw Generation.failure(end.problem().get());
        }
        if (end.reason() == FinishReason.LENGTH) {
            PrintWriter err = spec.commandLine().getErr();
            err.printf(
                    "baleen: the answer is cut off after %,d tokens%n",
                    end.usage().completionTokens());
            err.flush();
        }
    }
}
