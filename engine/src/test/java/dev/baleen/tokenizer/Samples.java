package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Small tokenizers and strange texts for tests.
final class Samples {
    /// What cuts differ on, with a broken bar between.
    private static final String[] FRAGMENTS = String.join(
                    "¦",
                    " ¦  ¦\n¦\r\n¦\t¦\u00A0¦\u3000¦\u0085¦a¦the¦ The¦'s¦'LL¦'\u017F¦don't¦0¦123¦4567",
                    "٣¦½¦.¦...¦ +¦=¦#include¦_x¦<¦<think>¦</think>¦<｜User｜>¦｜¦中¦文字¦かな¦カナ¦한국¦é",
                    "e\u0301¦\u0301¦Ä¦нет¦\uD83D\uDE00¦\uD83D¦\uDE00¦\uD800\uDF48¦\uFFFD¦\uFFFF",
                    "\u200B¦\u200D¦\u0000¦\u001F¦\u202E¦\u0800¦\uD7FF¦K")
            .split("¦");

    private Samples() {}

    /// A text of up to `parts` fragments and random code points.
    static String text(RandomGenerator random, int parts) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(parts + 1); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> text.appendCodePoint(random.nextInt(0x110000));
                case 1 -> text.append((char) random.nextInt(0x3000));
                case 2 -> text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)].repeat(random.nextInt(1, 9)));
                default -> text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            }
        }
        return text.toString();
    }

    /// What a text becomes on its way through UTF-8: unpaired surrogates are U+FFFD.
    static String wellFormed(String text) {
        StringBuilder repaired = new StringBuilder();
        text.codePoints().forEach(c -> repaired.appendCodePoint(c >= 0xD800 && c < 0xE000 ? 0xFFFD : c));
        return repaired.toString();
    }

    /// The bytes, some merges, and the control tokens of DeepSeek, cut by the rules of `pre`.
    static BytePairEncoding tokenizer(String pre, String... merges) {
        List<String> tokens = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(ByteAlphabet.character(b)));
            types.add(1);
        }
        for (String merge : merges) {
            if (!tokens.contains(merge.replace(" ", ""))) {
                tokens.add(merge.replace(" ", ""));
                types.add(1);
            }
        }
        for (String special : List.of(ControlTokens.BEGIN, ControlTokens.END, ControlTokens.USER)) {
            tokens.add(special);
            types.add(3);
        }
        for (String plain : List.of(ControlTokens.THINK, ControlTokens.END_OF_THINKING)) {
            tokens.add(plain);
            types.add(4);
        }
        return new GgufVocabulary(
                        "gpt2",
                        pre,
                        tokens,
                        types,
                        List.of(merges),
                        java.util.OptionalInt.empty(),
                        java.util.OptionalInt.empty(),
                        java.util.OptionalInt.empty(),
                        false)
                .tokenizer();
    }
}
