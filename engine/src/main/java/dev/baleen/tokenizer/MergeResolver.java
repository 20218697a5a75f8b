package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.List;

/// Turns merges of strings into merges of ids: both sides and what they make must be tokens.
final class MergeResolver {
    private final TokenIndex index;
    private final Problems problems;
    private final int[] merges;
    private final int[] results;
    private int count;

    MergeResolver(TokenIndex index, int mergeCount, Problems problems) {
        this.index = index;
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
        add(merge, 0, space, merge, space + 1, merge.length());
    }

    void add(String left, String right) {
        add(left, 0, left.length(), right, 0, right.length());
    }

    private void add(String left, int leftFrom, int leftTo, String right, int rightFrom, int rightTo) {
        int leftId = index.find(left, leftFrom, leftTo);
        int rightId = index.find(right, rightFrom, rightTo);
        // Vocabularies list what their merges make in the order of the merges: look behind the last one first.
        int next = count > 0 ? results[count - 1] + 1 : 0;
        int result = index.is(next, left, leftFrom, leftTo, right, rightFrom, rightTo)
                ? next
                : index.find(left, leftFrom, leftTo, right, rightFrom, rightTo);
        if (leftId < 0 || rightId < 0 || result < 0) {
            tellMissing(left.substring(leftFrom, leftTo), right.substring(rightFrom, rightTo));
        }
        merges[2 * count] = leftId;
        merges[2 * count + 1] = rightId;
        results[count++] = result;
    }

    private void tellMissing(String left, String right) {
        List<String> missing = new ArrayList<>();
        for (String token : List.of(left, right, left + right)) {
            if (index.find(token) < 0) {
                missing.add(Problems.quoted(token));
            }
        }
        problems.add("merge " + count + " of " + Problems.quoted(left) + " and " + Problems.quoted(right) + " needs "
                + String.join(" and ", missing) + ", which the vocabulary lacks");
    }

    int[] merges() {
        return merges;
    }

    int[] results() {
        return results;
    }
}
