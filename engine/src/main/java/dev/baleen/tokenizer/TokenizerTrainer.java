package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Learns a byte-level vocabulary from texts: added tokens first, then the 256 bytes, then merges.
///
/// Merges happen only within English words and the space before them. Digits, operators, punctuation, line
/// feeds and other scripts stay single bytes, so that a small model sees every digit where it stands: numbers
/// cut into varying pieces are what makes arithmetic hard to learn.
///
/// The same texts give the same vocabulary, in whatever order they come: of equally frequent pairs the
/// lexically first is merged.
///
/// @param vocabularySize the size to reach; less if the texts have too few words
/// @param specialTokens  control tokens, at ids 0 and following
/// @param plainTokens    tokens that are found literally and are text, at the ids after
/// @param pairCountMin   pairs seen less often are not merged
public record TokenizerTrainer(
        int vocabularySize, List<String> specialTokens, List<String> plainTokens, int pairCountMin) {
    /// What may merge. Written into the file, so that every reader cuts alike.
    static final String WORD = " ?[A-Za-z]+";

    public TokenizerTrainer {
        specialTokens = List.copyOf(specialTokens);
        plainTokens = List.copyOf(plainTokens);
        int fixed = specialTokens.size() + plainTokens.size() + 256;
        if (vocabularySize < fixed || vocabularySize > Vocabulary.SIZE_MAX) {
            throw new IllegalArgumentException("vocabulary size is " + vocabularySize + "; with "
                    + (specialTokens.size() + plainTokens.size()) + " added tokens it can be " + fixed + " to "
                    + Vocabulary.SIZE_MAX);
        }
        if (pairCountMin < 1) {
            throw new IllegalArgumentException(
                    "the least count of a pair is " + pairCountMin + "; it must be positive");
        }
    }

    /// A trainer with DeepSeek's control tokens, and four in reserve for what a chat may need later.
    public static TokenizerTrainer ofSize(int vocabularySize) {
        List<String> special = new ArrayList<>(List.of(
                ControlTokens.BEGIN,
                ControlTokens.END,
                ControlTokens.PAD,
                ControlTokens.USER,
                ControlTokens.ASSISTANT));
        IntStream.range(0, 4).forEach(i -> special.add("<｜reserved▁" + i + "｜>"));
        return new TokenizerTrainer(
                vocabularySize, special, List.of(ControlTokens.THINK, ControlTokens.END_OF_THINKING), 2);
    }

    /// Learns from `texts`; added tokens that stand in them are not text.
    public BytePairEncoding train(Iterable<String> texts) {
        List<AddedToken> added = new ArrayList<>();
        specialTokens.forEach(token -> added.add(AddedToken.special(added.size(), token)));
        plainTokens.forEach(token -> added.add(AddedToken.plain(added.size(), token)));
        List<String> tokens = new ArrayList<>();
        added.forEach(token -> tokens.add(token.content()));
        IntStream.range(0, 256).forEach(b -> tokens.add(String.valueOf(ByteAlphabet.character(b))));

        MergeLearner learner = new MergeLearner(tokens, added.size());
        countWords(texts, added).forEach(learner::addWord);
        learner.learn(vocabularySize, pairCountMin);
        int[] merges = learner.merges();
        return new BytePairEncoding(new Vocabulary(
                new TokenIndex(tokens),
                merges,
                learner.results(),
                false,
                OptionalInt.empty(),
                added,
                Normalization.NONE,
                PreTokenizer.of(List.of(WORD)),
                idOf(ControlTokens.BEGIN),
                idOf(ControlTokens.END),
                idOf(ControlTokens.PAD),
                specialTokens.contains(ControlTokens.BEGIN)));
    }

    private OptionalInt idOf(String special) {
        int id = specialTokens.indexOf(special);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private static Map<String, Long> countWords(Iterable<String> texts, List<AddedToken> added) {
        AddedTokens finder =
                new AddedTokens(added, added.stream().map(AddedToken::content).toList());
        Finder word = Finder.of(WORD);
        Map<String, Long> counts = new HashMap<>();
        for (String text : texts) {
            Scan scan = new Scan(text);
            finder.segments(text, 0, text.length(), (from, to, id) -> {
                for (int at = from; id < 0 && word.find(scan, from, at, to); at = scan.end) {
                    counts.merge(text.substring(scan.start, scan.end), 1L, Long::sum);
                }
            });
        }
        return new TreeMap<>(counts);
    }
}
