package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Byte-pair learning as the definition says it: after each merge all pairs are counted afresh.
final class SlowTrainer {
    private SlowTrainer() {}

    static List<String> merges(List<String> texts, int count) {
        List<List<String>> words = new ArrayList<>();
        for (String text : texts) {
            Matcher matcher = Pattern.compile(" ?[A-Za-z]+").matcher(text);
            while (matcher.find()) {
                words.add(new ArrayList<>(
                        List.of(matcher.group().replace(' ', 'Ġ').split(""))));
            }
        }
        List<String> merges = new ArrayList<>();
        while (merges.size() < count) {
            Map<String, Integer> counts = new TreeMap<>();
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    counts.merge(word.get(i) + " " + word.get(i + 1), 1, Integer::sum);
                }
            }
            // A space sorts before all letters, so the order of the joined strings is that of left, then right.
            String best = counts.entrySet().stream()
                    .max(Map.Entry.<String, Integer>comparingByValue()
                            .thenComparing(
                                    Map.Entry.<String, Integer>comparingByKey().reversed()))
                    .orElseThrow()
                    .getKey();
            merges.add(best);
            String[] sides = best.split(" ");
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    if (word.get(i).equals(sides[0]) && word.get(i + 1).equals(sides[1])) {
                        word.set(i, sides[0] + sides[1]);
                        word.remove(i + 1);
                    }
                }
            }
        }
        return merges;
    }
}
