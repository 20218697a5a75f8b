package dev.baleen.tokenizer;

import java.util.List;
import java.util.OptionalInt;

/// Text to token ids and back. Implementations are immutable and may be used by any number of threads.
///
/// No method adds a token by itself: a prompt that wants the begin token has it written by the chat template,
/// or by a caller who reads [#addsBegin()].
public interface Tokenizer {
    /// The ids of `text`; added tokens (`<think>`, `<｜User｜>`) that stand in it are recognised. Use it for what
    /// the program wrote itself: a rendered chat template. Any string is accepted; unpaired surrogates count as
    /// U+FFFD.
    int[] encode(String text);

    /// The ids of `text` where nothing is an added token: `<think>` is seven characters. Use it for what
    /// strangers wrote.
    int[] encodeOrdinary(String text);

    /// The text of `ids`, special tokens included; bytes that are no UTF-8 become U+FFFD. An id without a token
    /// (models pad their vocabularies) has no text.
    String decode(int... ids);

    /// The bytes that the token stands for; empty for an id without a token. Always a fresh array.
    byte[] bytes(int id);

    /// One more than the largest id. The model's logits may be wider.
    int vocabularySize();

    /// The id of a token as the file writes it: added tokens literally, others in the byte alphabet, where `Ġ`
    /// is a blank.
    OptionalInt id(String token);

    /// The token as the file writes it; empty for an id without a token.
    String token(int id);

    /// Whether the file calls the token special: control, not text. `<think>` is an added token, yet text to
    /// most files.
    boolean isSpecial(int id);

    /// Tokens that are recognised literally in text, by id.
    List<AddedToken> addedTokens();

    /// The token that begins a sequence.
    OptionalInt beginId();

    /// The token that ends a sequence. A model may end its turn with others too; its generation config lists
    /// them.
    OptionalInt endId();

    /// The token that fills batches.
    OptionalInt padId();

    /// Whether the file asks that prompts without a chat template begin with [#beginId()].
    boolean addsBegin();

    /// A decoder for ids that come one at a time.
    default StreamingDecoder streamingDecoder() {
        return new StreamingDecoder(this);
    }
}
