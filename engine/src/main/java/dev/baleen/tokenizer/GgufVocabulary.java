package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

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
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    public GgufVocabulary {
        tokens = List.copyOf(tokens);
        types = List.copyOf(types);
        merges = List.copyOf(merges);
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

        TokenIndex index = new TokenIndex(tokens);
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
