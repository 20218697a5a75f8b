package dev.baleen.kernel;

/// The order in which (token, choice) pairs are laid out so that each expert's rows are consecutive.
///
/// Row `r` of the dispatched array belongs to token `tokens[r]`; expert `e` has rows `offsets[e] .. offsets[e + 1]`;
/// choice `j` of token `t` is row `rowOf[t * chosen + j]`. Within an expert, rows keep the order of their tokens.
///
/// @param tokens [T·k] source token of each row
/// @param offsets [experts + 1] first row of each expert
/// @param rowOf [T·k] where each pair went
/// @param chosen k
public record ExpertDispatch(int[] tokens, int[] offsets, int[] rowOf, int chosen) {
    /// Counting sort of the gate's choices by expert.
    public static ExpertDispatch of(Gating gating, int experts) {
        int[] choices = gating.experts();
        int chosen = gating.weights().columns();
        int[] offsets = new int[experts + 1];
        for (int expert : choices) {
            offsets[expert + 1]++;
        }
        for (int e = 0; e < experts; e++) {
            offsets[e + 1] += offsets[e];
        }
        int[] next = offsets.clone();
        int[] tokens = new int[choices.length];
        int[] rowOf = new int[choices.length];
        for (int pair = 0; pair < choices.length; pair++) {
            int row = next[choices[pair]]++;
            tokens[row] = pair / chosen;
            rowOf[pair] = row;
        }
        return new ExpertDispatch(tokens, offsets, rowOf, chosen);
    }
}
