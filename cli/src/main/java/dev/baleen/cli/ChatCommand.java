package dev.baleen.cli;

import dev.baleen.chat.ChatModel;
import dev.baleen.chat.ChatOptions;
import dev.baleen.chat.ChatReply;
import dev.baleen.chat.Message;
import dev.baleen.kernel.ComputePool;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A conversation in the terminal, or one answer for a script.
@Command(
        name = "chat",
        description = {
            "Talks with a model in the terminal. With -p, or with a question on standard input, prints one answer",
            "and exits."
        })
final class ChatCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private EngineOption engine;

    @Mixin
    private SamplingOption sampling;

    @Option(
            names = {"-p", "--prompt"},
            paramLabel = "TEXT",
            description = "The one question; with text on standard input too, that follows it.")
    private Optional<String> prompt = Optional.empty();

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told before all else.")
    private String system = "";

    @Option(names = "--show-thinking", description = "With -p, print the thoughts too, before the answer.")
    private boolean showThinking;

    @Override
    public Integer call() throws Exception {
        boolean interactive = prompt.isEmpty() && System.console() != null && System.console().isTerminal();
        String question = interactive ? "" : question();
        try (ComputePool pool = engine.pool();
                ChatModel chat = engine.open(model.path(), pool)) {
            ChatOptions options = sampling.over(chat.options());
            if (interactive) {
                try (TerminalChat terminal = TerminalChat.open(chat, options, system)) {
                    terminal.run();
                }
            } else {
                answer(chat, options, question);
            }
        }
        return 0;
    }

    private String question() throws IOException {
        boolean piped = System.console() == null || !System.console().isTerminal();
        String input = piped && System.in.available() > 0 || piped && prompt.isEmpty()
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip()
                : "";
        String question = (prompt.orElse("") + "\n" + input).strip();
        if (question.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "There is no question: give one with -p or on standard input");
        }
        return question;
    }

    private void answer(ChatModel chat, ChatOptions options, String question) throws InterruptedException {
        List<Message> messages = new ArrayList<>();
        if (!system.isEmpty()) {
            messages.add(Message.system(system));
        }
        messages.add(Message.user(question));
        ChatReply reply = chat.complete(messages, options);
        PrintWriter out = spec.commandLine().getOut();
        if (showThinking && !reply.reasoning().isBlank()) {
            out.println(reply.reasoning().strip());
            out.println();
        }
        out.println(reply.content().strip());
        out.flush();
    }
}
