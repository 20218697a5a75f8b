package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/// Finds merges: joins the most frequent pair of neighbours, everywhere, again and again.
///
/// Counts are kept as words change: a merge touches only the words that hold the pair, and a queue gives the
/// most frequent pair. A queued count may be out of date; it is looked at again when it comes up.
final class MergeLearner {
    private final List<String> tokens;
    private final Map<String, Integer> ids = new HashMap<>();
    private final int firstByteId;
    private final List<Word> words = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(Comparator.comparingLong(Candidate::count)
            .reversed()
            .thenComparing(Candidate::leftToken)
            .thenComparing(Candidate::rightToken));
    private final IntList merges = new IntList();
    private final IntList results = new IntList();

    /// A distinct word, how often it was seen and the tokens it consists of so far.
    private static final class Word {
        final long count;
        int[] symbols;

        Word(long count, int[] symbols) {
            this.count = count;
            this.symbols = symbols;
        }
    }

    /// Two neighbouring tokens: how often they are seen, and the words that hold or held them.
    private static final class Pair {
        final int left;
        final int right;
        final Set<Word> words = new HashSet<>();
        long count;

        Pair(int left, int right) {
            this.left = left;
            this.right = right;
        }
    }

    private record Candidate(long count, String leftToken, String rightToken, Pair pair) {}

    /// @param tokens      the tokens there are; new ones are appended
    /// @param firstByteId the id of byte 0, those of the others follow
    MergeLearner(List<String> tokens, int firstByteId) {
        this.tokens = tokens;
        this.firstByteId = firstByteId;
        for (int b = 0; b < 256; b++) {
            ids.put(tokens.get(firstByteId + b), firstByteId + b);
        }
    }

    /// Adds an ASCII word that was seen `count` times.
    void addWord(String word, long count) {
        words.add(new Word(count, word.chars().map(c -> firstByteId + c).toArray()));
    }

    void learn(int vocabularySize, int pairCountMin) {
        words.forEach(word -> count(word, 1));
        pairs.values().forEach(this::enqueue);
        while (tokens.size() < vocabularySize && !queue.isEmpty()) {
            Candidate candidate = queue.poll();
            Pair pair = candidate.pair;
            if (pair.count < pairCountMin) {
                continue;
            }
            if (pair.count != candidate.count) {
                enqueue(pair);
                continue;
            }
            merge(pair);
        }
    }

    private void merge(Pair pair) {
        String token = tokens.get(pair.left) + tokens.get(pair.right);
        // Two ways may lead to one token: "in" + "g" and "i" + "ng".
        int result = ids.computeIfAbsent(token, added -> {
            tokens.add(added);
            return tokens.size() - 1;
        });
        merges.add(pair.left);
        merges.add(pair.right);
        results.add(result);
        Set<Pair> changed = new HashSet<>();
        for (Word word : List.copyOf(pair.words)) {
            count(word, -1);
            word.symbols = join(word.symbols, pair, result);
            count(word, 1);
            for (int i = 0; i + 1 < word.symbols.length; i++) {
                if (word.symbols[i] == result || word.symbols[i + 1] == result) {
                    changed.add(pair(word.symbols[i], word.symbols[i + 1]));
                }
            }
        }
        pair.words.clear();
        changed.forEach(this::enqueue);
    }

    private static int[] join(int[] symbols, Pair pair, int result) {
        int[] joined = new int[symbols.length];
        int size = 0;
        for (int i = 0; i < symbols.length; i++) {
            boolean here = i + 1 < symbols.length && symbols[i] == pair.left && symbols[i + 1] == pair.right;
            joined[size++] = here ? result : symbols[i];
            i += here ? 1 : 0;
        }
        return Arrays.copyOf(joined, size);
    }

    private void count(Word word, int sign) {
        for (int i = 0; i + 1 < word.symbols.length; i++) {
            Pair pair = pair(word.symbols[i], word.symbols[i + 1]);
            pair.count += sign * word.count;
            pair.words.add(word);
        }
    }

    private Pair pair(int left, int right) {
        return pairs.computeIfAbsent((long) left << 32 | right, _ -> new Pair(left, right));
    }

    private void enqueue(Pair pair) {
        if (pair.count > 0) {
            queue.add(new Candidate(pair.count, tokens.get(pair.left), tokens.get(pair.right), pair));
        }
    }

    /// Left and right id of each merge, in turn.
    int[] merges() {
        return merges.toArray();
    }

    /// What each merge makes.
    int[] results() {
        return results.toArray();
    }
}
