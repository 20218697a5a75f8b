package dev.baleen.chat;

import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.jinja.JinjaException;
import dev.baleen.tokenizer.ControlTokens;
import dev.baleen.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SequencedMap;

/// Finds the layout of a model: the template that it carries, or else its family's.
///
/// A family whose layout no template can give is one file and one line in [#ofFamily].
public final class ChatTemplates {
    /// What the usual template is called where several have names.
    public static final String USUAL = CarriedTemplates.USUAL;

    private static final System.Logger LOG = System.getLogger(ChatTemplates.class.getName());

    private static final String REMEDY = "give a template that works with --chat-template-file, or mend this one";

    private static final String TOKENIZER = "tokenizer.json";

    /// Only DeepSeek-V4.1's vocabulary has it.
    private static final String SYSTEM_MARK = "<｜System｜>";

    private ChatTemplates() {}

    /// A template, and the one where there are tools.
    record Variants(JinjaVariant usual, JinjaVariant forTools) {}

    /// @param chosen a file with a template to be used instead of the model's
    /// @throws ChatTemplateException if the template cannot be used
    public static ChatTemplate of(Checkpoint checkpoint, Tokenizer tokenizer, Optional<Path> chosen) {
        CarriedTemplates carried = chosen.map(ChatTemplates::ofFile).orElseGet(() -> carried(checkpoint));
        SpecialTokens tokens = carried.tokens().or(tokenizer);
        return variants(carried, tokens)
                .<ChatTemplate>map(both -> new JinjaTemplate(both.usual(), both.forTools(), tokenizer))
                .or(() -> ofFamily(family(checkpoint), Optional.of(tokenizer)))
                .orElseThrow();
    }

    /// The layout of a model without a template, by its family; its weights need not be there.
    public static ChatTemplate ofFamily(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            try (Checkpoint checkpoint = Checkpoint.open(path)) {
                return ofFamily(family(checkpoint), Optional.of(Tokenizers.of(checkpoint)))
                        .orElseThrow();
            }
        }
        Optional<Tokenizer> tokenizer =
                Files.isRegularFile(path.resolve(TOKENIZER)) ? Optional.of(Tokenizers.of(path)) : Optional.empty();
        return ofFamily(CarriedTemplates.ofFolder(path).family(), tokenizer)
                .orElseThrow(() -> new ChatTemplateException(
                        "%s holds neither a chat template nor a tokenizer; download tokenizer_config.json and tokenizer.json"
                                .formatted(path)));
    }

    /// The templates that a checkpoint carries, by name, the usual one first, as texts in Jinja: untrusted, and not
    /// looked at.
    ///
    /// @throws ChatTemplateException if a file that should have them is damaged
    public static SequencedMap<String, String> sources(Checkpoint checkpoint) {
        return carried(checkpoint).inOrder();
    }

    /// The templates of the model at a path; a tokenizer is asked only for what they lack. Empty where there are
    /// none.
    static Optional<Variants> variants(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            try (Checkpoint checkpoint = Checkpoint.open(path)) {
                CarriedTemplates carried = carried(checkpoint);
                return carried.usual().isEmpty()
                        ? Optional.empty()
                        : variants(carried, carried.tokens().or(Tokenizers.of(checkpoint)));
            }
        }
        CarriedTemplates carried = CarriedTemplates.ofFolder(path);
        boolean asks = !carried.tokens().isComplete() && Files.isRegularFile(path.resolve(TOKENIZER));
        SpecialTokens tokens = asks ? carried.tokens().or(Tokenizers.of(path)) : carried.tokens();
        return variants(carried, tokens);
    }

    private static Optional<Variants> variants(CarriedTemplates carried, SpecialTokens tokens) {
        return carried.usual().map(source -> {
            JinjaVariant usual = parse(source, carried.place(CarriedTemplates.USUAL), tokens, REMEDY);
            JinjaVariant forTools = carried.forTools()
                    .map(other -> parse(other, carried.place(CarriedTemplates.FOR_TOOLS), tokens, REMEDY))
                    .orElse(usual);
            return new Variants(usual, forTools);
        });
    }

    static JinjaVariant parse(String source, String place, SpecialTokens tokens, String remedy) {
        try {
            return new JinjaVariant(source, tokens);
        } catch (JinjaException e) {
            throw new ChatTemplateException(
                    "The chat template in %s cannot be read: %s; %s".formatted(place, e.getMessage(), remedy), e);
        }
    }

    private static CarriedTemplates ofFile(Path file) {
        try {
            return CarriedTemplates.ofFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CarriedTemplates carried(Checkpoint checkpoint) {
        try {
            return switch (checkpoint) {
                case Gguf gguf -> CarriedTemplates.ofGguf(gguf);
                case HuggingFaceFolder folder -> CarriedTemplates.ofFolder(folder.path());
                case Safetensors file ->
                    CarriedTemplates.ofFolder(file.path().toAbsolutePath().getParent());
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String family(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case Gguf gguf -> gguf.architecture();
            case HuggingFaceFolder folder ->
                folder.configJson().path("model_type").asText();
            case Safetensors _ -> "";
        };
    }

    /// Empty where the vocabulary would have to decide, and there is none.
    ///
    /// @param family the architecture of a GGUF file, or the type in a `config.json`
    private static Optional<ChatTemplate> ofFamily(String family, Optional<Tokenizer> tokenizer) {
        return switch (family) {
            case "deepseek32", "deepseek_v32" -> Optional.of(new DeepSeekV32Template());
            case "deepseek4", "deepseek_v4" -> {
                boolean newer = tokenizer
                        .filter(known -> known.id(SYSTEM_MARK).isPresent())
                        .isPresent();
                yield Optional.of(new DeepSeekV4Template(newer ? Version.V4_1 : Version.V4));
            }
            case "deepseek41", "deepseek_v41" -> Optional.of(new DeepSeekV4Template(Version.V4_1));
            default -> tokenizer.map(ChatTemplates::ofVocabulary);
        };
    }

    private static ChatTemplate ofVocabulary(Tokenizer tokenizer) {
        boolean knowsTurns = tokenizer.id(ControlTokens.USER).isPresent()
                && tokenizer.id(ControlTokens.ASSISTANT).isPresent();
        if (knowsTurns) {
            return new DeepSeekR1Template();
        }
        LOG.log(
                System.Logger.Level.INFO,
                "The model carries no chat template: it is asked in plain words, 'User:' and 'Assistant:'");
        return new PlainTemplate(tokenizer);
    }
}
