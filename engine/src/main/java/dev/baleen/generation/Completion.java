package dev.baleen.generation;

import java.util.List;

/// A whole answer.
///
/// @param text everything that was shown
/// @param tokens the tokens of the text, and the one that ended it if one did
public record Completion(String text, List<GeneratedToken> tokens, FinishReason reason, Usage usage) {
    public Completion {
        tokens = List.copyOf(tokens);
    }

    /// The ids of [#tokens()].
    public int[] ids() {
        return tokens.stream().mapToInt(GeneratedToken::id).toArray();
    }
}
