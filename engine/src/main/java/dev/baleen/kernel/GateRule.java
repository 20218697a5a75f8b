package dev.baleen.kernel;

/// How a mixture of experts turns a token's router logits into a few experts and their weights.
///
/// 1. scores `s = scoring(logits)`;
/// 2. selection scores `s + bias` (the bias selects and never weighs: DeepSeek-V3, arXiv 2412.19437, eq. 16);
/// 3. where `groupsKept < groups`, only the experts of the best groups stay, a group being as good as `groupScore`
/// says;
/// 4. the `chosen` best experts, ties to the lower index; their weights are the plain scores `s`,
///    divided by their sum + 1e-20 if `normalise`, times `scale`.
///
/// @param chosen experts for each token
/// @param groups equal runs of consecutive experts; 1 for none
public record GateRule(
        Scoring scoring,
        int chosen,
        int groups,
        int groupsKept,
        GroupScore groupScore,
        boolean normalise,
        double scale) {
    /// How logits become scores.
    public enum Scoring {
        /// V1, V2: softmax over all experts.
        SOFTMAX,
        /// V3: each expert by itself.
        SIGMOID,
        /// V4: each by itself, the square root of log(1 + exp(logit)).
        SQRT_SOFTPLUS
    }

    /// What a group of experts is worth.
    public enum GroupScore {
        /// V2: its best selection score.
        BEST,
        /// V3: the sum of its two best selection scores.
        SUM_OF_BEST_TWO
    }

    public GateRule {
        if (chosen < 1 || groups < 1 || groupsKept < 1 || groupsKept > groups) {
            throw new IllegalArgumentException(
                    "No gate that chooses %d experts in %d of %d groups".formatted(chosen, groupsKept, groups));
        }
    }

    /// Whether there are enough experts, in equal groups, for every choice.
    public boolean fits(int experts) {
        return experts % groups == 0 && (long) experts / groups * groupsKept >= chosen;
    }
}
