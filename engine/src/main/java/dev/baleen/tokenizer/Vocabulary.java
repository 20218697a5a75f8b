package dev.baleen.tokenizer;

import java.util.List;
import java.util.OptionalInt;

/// All that a tokenizer file says, checked no further than its types; what [BytePairEncoding] is built from.
///
/// @param index         tokens in the byte alphabet; empty where an id has none, or only an added one
/// @param merges        the ids of left and right, in turn, the best first
/// @param mergeResults  the id that each merge makes
/// @param ignoreMerges  whether a piece that is a token as a whole is taken without merging
/// @param unknownId     what stands for a byte without a token
record Vocabulary(
        TokenIndex index,
        int[] merges,
        int[] mergeResults,
        boolean ignoreMerges,
        OptionalInt unknownId,
        List<AddedToken> added,
        Normalization normalization,
        PreTokenizer preTokenizer,
        OptionalInt beginId,
        OptionalInt endId,
        OptionalInt padId,
        boolean addsBegin) {
    /// The largest published vocabularies have about 262,000 tokens.
    static final int SIZE_MAX = 1 << 22;

    Vocabulary {
        added = List.copyOf(added);
    }

    /// By id, in the byte alphabet.
    List<String> tokens() {
        return index.tokens();
    }
}
