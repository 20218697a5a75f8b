package dev.baleen.tokenizer;

/// A token that is found in text literally, before any splitting.
///
/// @param special     control, not text (what "skip special tokens" skips)
/// @param singleWord  only found where no word character touches it
/// @param stripLeft   swallows white space before it
/// @param stripRight  swallows white space after it
/// @param normalized  looked for in the normalized text, not in the raw one
public record AddedToken(
        int id,
        String content,
        boolean special,
        boolean singleWord,
        boolean stripLeft,
        boolean stripRight,
        boolean normalized) {
    public AddedToken {
        if (id < 0) {
            throw new TokenizerException("added token \"" + content + "\" has id " + id + "; ids begin at 0");
        }
        if (content.isEmpty()) {
            throw new TokenizerException("added token " + id + " is empty; give it a content or remove it");
        }
    }

    /// A control token, found exactly as written.
    public static AddedToken special(int id, String content) {
        return new AddedToken(id, content, true, false, false, false, false);
    }

    /// A token of text, found exactly as written.
    public static AddedToken plain(int id, String content) {
        return new AddedToken(id, content, false, false, false, false, false);
    }
}
