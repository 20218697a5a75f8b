package dev.baleen.tokenizer;

import java.util.List;

/// The control tokens of DeepSeek's own vocabularies, as the files write them (U+FF5C as bar, U+2581 as blank).
public final class ControlTokens {
    public static final String BEGIN = "<｜begin▁of▁sentence｜>";
    public static final String END = "<｜end▁of▁sentence｜>";
    public static final String PAD = "<｜▁pad▁｜>";
    public static final String USER = "<｜User｜>";
    public static final String ASSISTANT = "<｜Assistant｜>";
    public static final String THINK = "<think>";
    public static final String END_OF_THINKING = "</think>";

    /// What begins a sequence in files that do not say so, likeliest first.
    static final List<String> BEGIN_NAMES = List.of(BEGIN, "<|begin_of_text|>");

    /// What ends a sequence in files that do not say so, likeliest first.
    static final List<String> END_NAMES = List.of(END, "<|EOT|>", "<|end_of_text|>", "<|endoftext|>");

    /// What fills batches in files that do not say so.
    static final List<String> PAD_NAMES = List.of(PAD);

    private ControlTokens() {}
}
