package dev.baleen.tokenizer;

import dev.baleen.tokenizer.SplitRule.PieceConsumer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// Cuts text into the pieces that no token straddles. Each rule cuts the pieces of the one before it.
///
/// GGUF files name their pre-tokenizer, and the rules are in [#NAMED]; a `tokenizer.json` spells them out.
///
/// @param rules       in the order in which they are applied
/// @param prefixSpace whether a text that does not begin with a space gets one, so that its first word is like
///     others
record PreTokenizer(List<SplitRule> rules, boolean prefixSpace) {
    private static final List<String> GPT2 =
            List.of("'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

    private static final List<String> LLAMA3 =
            List.of("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

    /// As [#LLAMA3] cuts, but merges always.
    private static final List<String> SMAUG = List.of(LLAMA3.getFirst());

    private static final List<String> QWEN2 =
            List.of("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

    /// Chinese, and all between U+0800 and it, and Hangul.
    private static final String EAST_ASIAN = "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+";

    /// The letters with case as of Unicode 11, without Georgian Mkhedruli and the mathematical alphabets.
    private static final String CASED_LETTERS =
            "A-Za-z\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF\u01C4-\u0293\u0295-\u02AF"
                    + "\u0370-\u0373\u0376\u0377\u037B-\u037D\u037F\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03F5"
                    + "\u03F7-\u0481\u048A-\u052F\u0531-\u0556\u10A0-\u10C5\u13A0-\u13F5\u13F8-\u13FD\u1C90-\u1CBA"
                    + "\u1CBD-\u1CBF\u1D00-\u1D2B\u1D6B-\u1D77\u1D79-\u1D9A\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45"
                    + "\u1F48-\u1F4D\u1F50-\u1F57\u1F59\u1F5B\u1F5D\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE"
                    + "\u1FC2-\u1FC4\u1FC6-\u1FCC\u1FD0-\u1FD3\u1FD6-\u1FDB\u1FE0-\u1FEC\u1FF2-\u1FF4\u1FF6-\u1FFC"
                    + "\u2102\u2107\u210A-\u2113\u2115\u2119-\u211D\u2124\u2126\u2128\u212A-\u212D\u212F-\u2134\u2139"
                    + "\u213C-\u213F\u2145-\u2149\u214E\u2183\u2184\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE\u2CF2\u2CF3"
                    + "\uA640-\uA66D\uA680-\uA69B\uA722-\uA76F\uA771-\uA787\uA78B-\uA78E\uAB70-\uABBF\uFB00-\uFB06"
                    + "\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A\uD801\uDC00-\uD801\uDC4F\uD801\uDCB0-\uD801\uDCD3"
                    + "\uD801\uDCD8-\uD801\uDCFB\uD803\uDC80-\uD803\uDCB2\uD803\uDCC0-\uD803\uDCF2"
                    + "\uD806\uDCA0-\uD806\uDCDF\uD83A\uDD00-\uD83A\uDD43";

    private static final List<String> DEEPSEEK_LLM = List.of(
            "[\\r\\n]",
            "\\s?[" + CASED_LETTERS + "]+",
            "\\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+",
            "\\s+$",
            EAST_ASIAN,
            "\\p{N}");

    private static final List<String> DEEPSEEK_CODER =
            List.of("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", EAST_ASIAN, "\\p{N}");

    private static final List<String> DEEPSEEK_V3 = List.of(
            "\\p{N}{1,3}",
            "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+",
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                    + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

    /// `tokenizer.ggml.pre` → patterns. This is the list to add a family to.
    ///
    /// Of several names for the same, the first is the one to write.
    private static final SequencedMap<String, List<String>> NAMED = named();

    private static SequencedMap<String, List<String>> named() {
        SequencedMap<String, List<String>> named = new LinkedHashMap<>();
        named.put("deepseek-v3", DEEPSEEK_V3);
        named.put("joyai-llm", DEEPSEEK_V3);
        named.put("deepseek-llm", DEEPSEEK_LLM);
        named.put("deepseek-coder", DEEPSEEK_CODER);
        named.put("qwen2", QWEN2);
        named.put("deepseek-r1-qwen", QWEN2);
        named.put("llama-bpe", LLAMA3);
        named.put("llama3", LLAMA3);
        named.put("llama-v3", LLAMA3);
        named.put("smaug-bpe", SMAUG);
        named.put("gpt-2", GPT2);
        // What Baleen trains; other programs do not know the name, and have none for this way of cutting.
        named.put("baleen", List.of(TokenizerTrainer.WORD));
        return named;
    }

    PreTokenizer {
        rules = List.copyOf(rules);
    }

    /// The pre-tokenizer that a GGUF file calls `name`.
    static PreTokenizer named(String name) {
        List<String> patterns = NAMED.get(name);
        if (patterns == null) {
            throw new TokenizerException("tokenizer.ggml.pre is \"" + name + "\", which is none of " + NAMED.keySet()
                    + "; if the vocabulary follows one of these rules, set the key to its name");
        }
        return of(patterns);
    }

    /// What GGUF files may call their pre-tokenizer.
    static SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(NAMED.sequencedKeySet());
    }

    /// Whether vocabularies that GGUF files call `name` take a piece that is a token as a whole without
    /// merging; the files do not say it themselves.
    static boolean takesWholePieces(String name) {
        return NAMED.get(name) == LLAMA3;
    }

    /// What ByteLevel does in a `tokenizer.json` where it is asked to split by itself.
    static SplitRule byteLevelRule() {
        return SplitRule.regex(GPT2.getFirst());
    }

    static PreTokenizer of(List<String> patterns) {
        return new PreTokenizer(patterns.stream().map(SplitRule::regex).toList(), false);
    }

    /// Hands the pieces of text[from, to) to `out` in order. Pieces go through the rules one by one, depth
    /// first, so that a text of any length needs no memory for them.
    void split(Scan scan, int from, int to, PieceConsumer out) {
        PieceConsumer next = out;
        for (SplitRule rule : rules.reversed()) {
            PieceConsumer after = next;
            next = (start, end) -> rule.split(scan, start, end, after);
        }
        next.accept(from, to);
    }
}
