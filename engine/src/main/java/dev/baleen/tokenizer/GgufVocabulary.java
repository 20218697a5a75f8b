package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The tokenizer of a GGUF file, as plain values of its metadata.
///
/// @param model     `tokenizer.ggml.model`
/// @param pre       `tokenizer.ggml.pre`
/// @param tokens    `tokenizer.ggml.tokens`, by id
/// @param types     `tokenizer.ggml.token_type`, by id; empty if the file has none
/// @param merges    `tokenizer.ggml.merges`, best first
/// @param beginId   `tokenizer.ggml.bos_token_id`
/// @param endId     `tokenizer.ggml.eos_token_id`
/// @param padId     `tokenizer.ggml.padding_token_id`
/// @param addsBegin `tokenizer.ggml.add_bos_token`, false if the file has none
public record GgufVocabulary(
        String model,
        String pre,
        List<String> tokens,
        List<Integer> types,
        List<String> merges,
        OptionalInt beginId,
        OptionalInt endId,
        OptionalInt padId,
        boolean addsBegin) {
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;

    public GgufVocabulary {
        tokens = List.copyOf(tokens);
        types = List.copyOf(types);
        merges = List.copyOf(merges);
    }

    /// Whether prompts begin with the begin token where a file does not say it: Llama 3's do, as llama.cpp has it.
    ///
    /// @param pre `tokenizer.ggml.pre`
    public static boolean addsBeginUnlessTold(String pre) {
        return PreTokenizer.takesWholePieces(pre);
    }

    /// The values that describe a tokenizer.
    ///
    /// @param size rows of the model's embedding: ids without a token get a filler each
    /// @param pre what GGUF is to call the pre-tokenizer; without it that is found out
    /// @throws TokenizerException if GGUF has no name for the way in which the tokenizer cuts text
    public static GgufVocabulary of(BytePairEncoding tokenizer, int size, Optional<String> pre) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        String name = pre.or(tokenizer::preTokenizerName)
                .orElseThrow(() -> new TokenizerException("GGUF has no name for the way in which this tokenizer cuts"
                        + " text; known are " + PreTokenizer.names() + ": name one if you know that it fits"));
        PreTokenizer.named(name);
        List<String> tokens = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        for (int id = 0; id < Math.max(size, tokenizer.vocabularySize()); id++) {
            String token = tokenizer.token(id);
            tokens.add(token.isEmpty() ? "[PAD" + id + "]" : token);
            types.add(token.isEmpty() ? UNUSED : NORMAL);
        }
        for (AddedToken token : tokenizer.addedTokens()) {
            types.set(token.id(), token.special() ? CONTROL : USER_DEFINED);
        }
        List<String> merges = new ArrayList<>();
        int[] pairs = vocabulary.merges();
        for (int i = 0; i < pairs.length; i += 2) {
            merges.add(tokens.get(pairs[i]) + " " + tokens.get(pairs[i + 1]));
        }
        return new GgufVocabulary(
                "gpt2",
                name,
                tokens,
                types,
                merges,
                tokenizer.beginId(),
                tokenizer.endId(),
                tokenizer.padId(),
                tokenizer.addsBegin());
    }

    /// The tokenizer that these values describe.
    ///
    /// @throws TokenizerException if they do not fit together; all problems are told
    public BytePairEncoding tokenizer() {
        Problems problems = new Problems("the tokenizer in the GGUF metadata");
        if (!model.equals("gpt2")) {
            problems.add("tokenizer.ggml.model is " + Problems.quoted(model)
                    + "; only byte-level byte-pair encoding is supported, which is called \"gpt2\"");
        }
        if (tokens.isEmpty() || tokens.size() > Vocabulary.SIZE_MAX) {
            problems.add("tokenizer.ggml.tokens has " + tokens.size() + " entries, 1 to " + Vocabulary.SIZE_MAX
                    + " are accepted");
        }
        if (!types.isEmpty() && types.size() != tokens.size()) {
            problems.add("tokenizer.ggml.token_type has " + types.size() + " entries, tokenizer.ggml.tokens "
                    + tokens.size());
        }
        checkId("bos_token_id", beginId, problems);
        checkId("eos_token_id", endId, problems);
        checkId("padding_token_id", padId, problems);
        problems.throwIfAny("convert the model again");

        TokenIndex index = new TokenIndex(usedTokens());
        MergeResolver resolver = new MergeResolver(index, merges.size(), problems);
        merges.forEach(resolver::add);
        problems.throwIfAny("convert the model again");
        return new BytePairEncoding(new Vocabulary(
                index,
                resolver.merges(),
                resolver.results(),
                PreTokenizer.takesWholePieces(pre),
                OptionalInt.empty(),
                addedTokens(),
                Normalization.NONE,
                PreTokenizer.named(pre),
                beginId,
                endId,
                padId,
                addsBegin));
    }

    /// Fillers, for rows of the embedding that have no token, are no tokens.
    private List<String> usedTokens() {
        if (!types.contains(UNUSED)) {
            return tokens;
        }
        return IntStream.range(0, tokens.size())
                .mapToObj(id -> types.get(id) == UNUSED ? "" : tokens.get(id))
                .toList();
    }

    private void checkId(String key, OptionalInt id, Problems problems) {
        if (id.isPresent() && (id.getAsInt() < 0 || id.getAsInt() >= tokens.size())) {
            problems.add(
                    "tokenizer.ggml." + key + " is " + id.getAsInt() + ", outside the " + tokens.size() + " tokens");
        }
    }

    private List<AddedToken> addedTokens() {
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < types.size(); id++) {
            int type = types.get(id);
            String token = tokens.get(id);
            if (token.isEmpty()) {
                continue;
            }
            if (type == CONTROL || type == UNKNOWN) {
                added.add(AddedToken.special(id, token));
            } else if (type == USER_DEFINED) {
                added.add(AddedToken.plain(id, token));
            }
        }
        return added;
    }
}
