package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Turns merges of strings into merges of ids: both sides and what they make must be tokens.
final class MergeResolver {
    private final Map<String, Integer> ids;
    private final Problems problems;
    private final int[] merges;
    private final int[] results;
    private int count;

    /// @param ids the id of each token
    MergeResolver(Map<String, Integer> ids, int mergeCount, Problems problems) {
        this.ids = ids;
        this.problems = problems;
        this.merges = new int[2 * mergeCount];
        this.results = new int[mergeCount];
    }

    /// Adds the next merge, written as left and right with one space between.
    void add(String merge) {
        int space = merge.indexOf(' ');
        if (space <= 0 || space == merge.length() - 1 || merge.indexOf(' ', space + 1) >= 0) {
            problems.add("merge " + count + " is " + Problems.quoted(merge) + ", not two tokens with a space between");
            count++;
            return;
        }
        add(merge.substring(0, space), merge.substring(space + 1));
    }

    void add(String left, String right) {
        List<String> missing = new ArrayList<>();
        merges[2 * count] = id(left, missing);
        merges[2 * count + 1] = id(right, missing);
        results[count] = id(left + right, missing);
        if (!missing.isEmpty()) {
            problems.add("merge " + count + " of " + Problems.quoted(left) + " and " + Problems.quoted(right)
                    + " needs " + String.join(" and ", missing) + ", which the vocabulary lacks");
        }
        count++;
    }

    private int id(String token, List<String> missing) {
        Integer id = ids.get(token);
        if (id == null) {
            missing.add(Problems.quoted(token));
            return 0;
        }
        return id;
    }

    int[] merges() {
        return merges;
    }

    int[] results() {
        return results;
    }
}
