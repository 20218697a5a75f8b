package dev.baleen.training;

/// One document to learn from, begin and end tokens included.
///
/// @param tokens the token ids
/// @param answerFrom index of the first token that the assistant writes; 0 where there is no such thing
public record Document(int[] tokens, int answerFrom) {
    public Document {
        if (tokens.length < 2 || answerFrom < 0 || answerFrom >= tokens.length) {
            throw new IllegalArgumentException(
                    "No document of %d tokens with an answer from token %d: nothing to predict"
                            .formatted(tokens.length, answerFrom));
        }
    }

    public int length() {
        return tokens.length;
    }
}
