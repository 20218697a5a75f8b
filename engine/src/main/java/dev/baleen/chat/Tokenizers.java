package dev.baleen.chat;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.tokenizer.GgufVocabulary;
import dev.baleen.tokenizer.Tokenizer;
import dev.baleen.tokenizer.TokenizerException;
import dev.baleen.tokenizer.TokenizerJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/// Finds the tokenizer that a checkpoint carries.
public final class Tokenizers {
    private Tokenizers() {}

    /// The tokenizer at a path, without opening weights: a `tokenizer.json`, a folder with one, or a GGUF file.
    ///
    /// @throws TokenizerException if there is none, or none that can be used
    public static Tokenizer of(Path path) throws IOException {
        boolean isFolder = Files.isDirectory(path);
        Path json = isFolder ? path.resolve("tokenizer.json") : path;
        if (Files.isRegularFile(json) && json.toString().endsWith(".json")) {
            return TokenizerJson.read(json);
        }
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            return of(checkpoint);
        }
    }

    /// @throws TokenizerException if there is none, or none that can be used
    public static Tokenizer of(Checkpoint checkpoint) {
        return switch (checkpoint) {
            case Gguf gguf -> ofGguf(gguf);
            case HuggingFaceFolder folder -> ofFolder(folder);
            case Safetensors file ->
                throw new TokenizerException("the file " + file.path()
                        + " holds weights only; name the folder that has tokenizer.json and config.json too");
        };
    }

    private static Tokenizer ofFolder(HuggingFaceFolder folder) {
        try {
            return TokenizerJson.read(folder.path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Tokenizer ofGguf(Gguf gguf) {
        List<Integer> types = gguf.findIntegers("tokenizer.ggml.token_type")
                .map(values -> Arrays.stream(values).mapToObj(Math::toIntExact).toList())
                .orElse(List.of());
        String pre = gguf.findString("tokenizer.ggml.pre").orElse("");
        return new GgufVocabulary(
                        gguf.findString("tokenizer.ggml.model").orElse(""),
                        pre,
                        gguf.findStrings("tokenizer.ggml.tokens").orElse(List.of()),
                        types,
                        gguf.findStrings("tokenizer.ggml.merges").orElse(List.of()),
                        id(gguf, "tokenizer.ggml.bos_token_id"),
                        id(gguf, "tokenizer.ggml.eos_token_id"),
                        id(gguf, "tokenizer.ggml.padding_token_id"),
                        gguf.findBool("tokenizer.ggml.add_bos_token")
                                .orElseGet(() -> GgufVocabulary.addsBeginUnlessTold(pre)))
                .tokenizer();
    }

    /// An id that is no int is no token's either: it becomes one that the vocabulary refuses.
    private static OptionalInt id(Gguf gguf, String key) {
        return gguf.findInteger(key)
                .map(value -> OptionalInt.of(value == (int) (long) value ? (int) (long) value : -1))
                .orElse(OptionalInt.empty());
    }
}
