package dev.baleen.hub;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Names that somebody may have meant by what they typed.
public final class NearNames {
    private NearNames() {}

    /// Those of `known` that are near to `typed`, nearest first, at most five.
    public static List<String> of(String typed, Stream<String> known) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        return known.distinct()
                .map(name -> Map.entry(name, distance(wanted, name)))
                .filter(entry -> entry.getValue() <= Math.max(2, wanted.length() / 3)
                        || entry.getKey().toLowerCase(Locale.ROOT).contains(wanted))
                .sorted(Comparator.comparingInt(Map.Entry::getValue))
                .limit(5)
                .map(Map.Entry::getKey)
                .toList();
    }

    /// To the name, or to what stands before its colon.
    private static int distance(String wanted, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String family = lower.replaceFirst(":.*", "");
        return Math.min(letters(wanted, lower), letters(wanted, family));
    }

    /// Levenshtein's: letters to insert, delete or change.
    private static int letters(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
