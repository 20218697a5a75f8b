package dev.baleen.chat;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.generation.Engine;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.Generation;
import dev.baleen.generation.GenerationRequest;
import dev.baleen.generation.MemoryPlan;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.Kernels;
import dev.baleen.model.Architectures;
import dev.baleen.model.Model;
import dev.baleen.tokenizer.ControlTokens;
import dev.baleen.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A model that one can talk to: network, tokenizer, layout, the publisher's settings, and the engine that runs them.
///
///     try (ChatModel model = ChatModel.open(Path.of("models/sprout"))) {
///         System.out.println(model.ask("What is 424 + 837?").content());
///     }
///
/// May be used by any number of threads at once: their answers are computed together.
public final class ChatModel implements AutoCloseable {
    /// A folder of a download cache, which is called by a commit.
    private static final Pattern SNAPSHOT = Pattern.compile(".*/models--([^/]+?)--([^/]+)/snapshots/[^/]+");

    private final String name;
    /// Closes what this model owns beside the engine.
    private final Runnable closeOwned;
    private final Model model;
    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final GenerationSettings settings;
    private final Engine engine;

    private ChatModel(
            String name,
            Runnable closeOwned,
            Model model,
            Tokenizer tokenizer,
            ChatTemplate template,
            GenerationSettings settings,
            Engine engine) {
        this.name = name;
        this.closeOwned = closeOwned;
        this.model = model;
        this.tokenizer = tokenizer;
        this.template = template;
        this.settings = settings;
        this.engine = engine;
    }

    /// Opens a GGUF file or a folder in Hugging Face layout, to be computed by the fastest kernels on every
    /// processor.
    public static ChatModel open(Path path) {
        ComputePool pool = new ComputePool(Runtime.getRuntime().availableProcessors());
        try {
            return open(path, Optional.empty(), Backends.best(pool), EngineOptions.defaults(), plan -> {}, pool::close);
        } catch (RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    /// Opens a GGUF file or a folder in Hugging Face layout. Weights are mapped, not read; the kernels stay the
    /// caller's, to be closed, where they need it, after the model.
    ///
    /// @throws dev.baleen.checkpoint.CheckpointException if the files cannot be used
    /// @throws dev.baleen.tokenizer.TokenizerException if their tokenizer cannot
    /// @throws ChatTemplateException if their template cannot
    /// @throws IllegalArgumentException if the memory does not suffice
    public static ChatModel open(Path path, Kernels kernels, EngineOptions options) {
        return open(path, Optional.empty(), kernels, options, plan -> {});
    }

    /// As [#open(Path, Kernels, EngineOptions)], laid out by a template of the caller's, if there is one, instead
    /// of the model's own.
    ///
    /// @param planned is told what memory is about to be taken
    /// @throws ChatTemplateException if the template cannot be used
    public static ChatModel open(
            Path path,
            Optional<Path> chatTemplate,
            Kernels kernels,
            EngineOptions options,
            Consumer<MemoryPlan> planned) {
        return open(path, chatTemplate, kernels, options, planned, () -> {});
    }

    private static ChatModel open(
            Path path,
            Optional<Path> chatTemplate,
            Kernels kernels,
            EngineOptions options,
            Consumer<MemoryPlan> planned,
            Runnable closeKernels) {
        Checkpoint checkpoint = Checkpoint.open(path);
        try {
            Model model = Architectures.load(checkpoint);
            Tokenizer tokenizer = Tokenizers.of(checkpoint);
            ChatTemplate template = ChatTemplates.of(checkpoint, tokenizer, chatTemplate);
            return new ChatModel(
                    name(path),
                    () -> {
                        checkpoint.close();
                        closeKernels.run();
                    },
                    model,
                    tokenizer,
                    template,
                    GenerationSettings.of(checkpoint, tokenizer),
                    new Engine(model, tokenizer, kernels, options, planned));
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    /// A model that is in memory already.
    public static ChatModel of(
            String name,
            Model model,
            Tokenizer tokenizer,
            ChatTemplate template,
            GenerationSettings settings,
            Kernels kernels,
            EngineOptions options) {
        Engine engine = new Engine(model, tokenizer, kernels, options);
        return new ChatModel(name, () -> {}, model, tokenizer, template, settings, engine);
    }

    /// What people call it: the name of its folder, of its repository if the folder is of a download cache, or of
    /// its file without the ending and the part's number.
    public String name() {
        return name;
    }

    public Model model() {
        return model;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    public Engine engine() {
        return engine;
    }

    /// The most tokens of prompt and answer together.
    public int contextTokensMax() {
        return engine.contextTokensMax();
    }

    /// What the publisher asks for, with thinking.
    public ChatOptions options() {
        return ChatOptions.of(settings.sampling());
    }

    /// The conversation as the model is given it.
    public Prompt prompt(List<Message> messages, boolean thinking) {
        return template.render(messages, thinking);
    }

    /// Tokens that the conversation takes as a prompt.
    public int countTokens(List<Message> messages, boolean thinking) {
        return prompt(messages, thinking).encode(tokenizer).length;
    }

    /// Begins an answer to the conversation. It may become as long as was asked for or as the context has room,
    /// whichever is less.
    ///
    /// @throws PromptTooLongException if the conversation alone fills the context
    /// @throws dev.baleen.generation.QueueFullException if too many requests wait
    public ChatStream stream(List<Message> messages, ChatOptions options) {
        return stream(ChatRequest.of(messages, options.thinking()), options);
    }

    /// As [#stream(List, ChatOptions)], with tools. Whether to think is the request's to say.
    public ChatStream stream(ChatRequest chat, ChatOptions options) {
        Prompt prompt = template.render(chat);
        int[] tokens = prompt.encode(tokenizer);
        int room = contextTokensMax() - tokens.length;
        if (room < 1) {
            throw new PromptTooLongException(tokens.length, contextTokensMax());
        }
        boolean callsTools = !chat.offeredTools().isEmpty() && template.toolCalls() != ToolCallFormat.NONE;
        OutputRules rules = OutputRules.of(prompt.start())
                .withFormat(callsTools ? template.toolCalls() : ToolCallFormat.NONE)
                // Only who reads the calls can tell a stop text in one from one in the answer.
                .withStop(callsTools ? options.stop() : List.of());
        GenerationRequest request = new GenerationRequest(
                tokens,
                Math.min(options.tokensMax().orElse(room), room),
                options.sampling(),
                settings.endTokens(),
                callsTools ? List.of() : options.stop(),
                prompt.startsThinking() ? ControlTokens.END_OF_THINKING : "",
                options.topLogprobs());
        Generation generation = engine.submit(request);
        return new ChatStream(generation, rules.withControls(controls(rules.format())), tokenizer);
    }

    /// The marks of an answer that are tokens of their own.
    private Set<String> controls(ToolCallFormat format) {
        return Stream.concat(Stream.of(ControlTokens.THINK, ControlTokens.END_OF_THINKING), format.controls().stream())
                .filter(mark -> tokenizer.id(mark).isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The whole answer to the conversation.
    ///
    /// @throws InterruptedException if the caller is interrupted, which cancels the answer
    public ChatReply complete(List<Message> messages, ChatOptions options) throws InterruptedException {
        return stream(messages, options).await();
    }

    /// The whole answer to one question, made as the publisher asks for.
    public ChatReply ask(String question) throws InterruptedException {
        return complete(List.of(Message.user(question)), options());
    }

    /// Cancels every answer and frees the memory.
    @Override
    public void close() {
        engine.close();
        closeOwned.run();
    }

    private static String name(Path path) {
        Path whole = path.toAbsolutePath().normalize();
        Matcher snapshot = SNAPSHOT.matcher(whole.toString().replace('\\', '/'));
        if (snapshot.matches()) {
            return snapshot.group(1) + "/" + snapshot.group(2);
        }
        return whole.getFileName().toString().replaceFirst("(-\\d{5}-of-\\d{5})?\\.gguf$", "");
    }
}
