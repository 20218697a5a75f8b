package dev.baleen.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// All that a tokenizer file says, checked no further than its types; what [BytePairEncoding] is built from.
///
/// @param tokens        by id, in the byte alphabet; empty where an id has no token, or only an added one
/// @param merges        the ids of left and right, in turn, the best first
/// @param mergeResults  the id that each merge makes
/// @param ignoreMerges  whether a piece that is a token as a whole is taken without merging
/// @param unknownId     what stands for a byte without a token
record Vocabulary(
        List<String> tokens,
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
        tokens = List.copyOf(tokens);
        added = List.copyOf(added);
    }

    /// The id of each token; the lower one where a token stands twice.
    static Map<String, Integer> ids(List<String> tokens) {
        Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            if (!tokens.get(id).isEmpty()) {
                ids.putIfAbsent(tokens.get(id), id);
            }
        }
        return ids;
    }
}
