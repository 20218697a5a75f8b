package dev.baleen.training;

import dev.baleen.tensor.Tensor;

/// Balances experts without a loss: after each step an expert's selection bias goes up where it was chosen less than
/// the mean, and down where it was chosen more (DeepSeek-V3, arXiv 2412.19437, §2.1.2; arXiv 2408.15664).
final class ExpertBalance {
    private ExpertBalance() {}

    /// bias[e] += rate · sign(mean load − load[e]).
    static void adjust(Tensor bias, long[] loads, double rate) {
        double mean = mean(loads);
        for (int e = 0; e < loads.length; e++) {
            bias.set(e, bias.get(e) + rate * Math.signum(mean - loads[e]));
        }
    }

    /// How far the busiest expert is above the mean, as a share of it (MaxVio): 0 is perfect, E / k − 1 the worst.
    static double maxViolation(long[] loads) {
        double mean = mean(loads);
        long max = 0;
        for (long load : loads) {
            max = Math.max(max, load);
        }
        return mean == 0 ? 0 : max / mean - 1;
    }

    private static double mean(long[] loads) {
        long sum = 0;
        for (long load : loads) {
            sum += load;
        }
        return (double) sum / loads.length;
    }
}
