package dev.baleen.generation;

import java.util.LinkedHashMap;
import java.util.Map;

/// Which tokens a sequence has, and how often its answer has each. Kept only where a penalty asks for it.
final class TokenHistory {
    /// Does something for one token.
    @FunctionalInterface
    interface Visitor {
        void visit(int id, int timesInAnswer);
    }

    private final boolean kept;
    private final Map<Integer, Integer> timesInAnswer = new LinkedHashMap<>();

    TokenHistory(Sampling sampling, int[] prompt) {
        kept = sampling.repetitionPenalty() != 1 || sampling.presencePenalty() != 0 || sampling.frequencyPenalty() != 0;
        if (sampling.repetitionPenalty() != 1) {
            for (int id : prompt) {
                timesInAnswer.put(id, 0);
            }
        }
    }

    /// Counts a token of the answer.
    void add(int id) {
        if (kept) {
            timesInAnswer.merge(id, 1, Integer::sum);
        }
    }

    /// Visits every token once.
    void forEach(Visitor visitor) {
        timesInAnswer.forEach(visitor::visit);
    }
}
