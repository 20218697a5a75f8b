package dev.baleen.generation;

import dev.baleen.kernel.ExpertDispatch;
import dev.baleen.kernel.Prefetch;
import dev.baleen.tensor.MemoryAdvice;
import dev.baleen.tensor.Tensor;

/// Experts of a model that is larger than memory: the disk begins with those that were chosen, all at once.
///
/// Left alone, the system notices one missing page after the other, and each time reads on for a while, which brings
/// pieces of experts that nobody chose. Asking for the right ones made a token three to five times as fast. Where
/// most experts are chosen, as by a prompt, the system's own way is the better one: the log has the numbers.
final class MappedExperts implements Prefetch {
    private MappedExperts() {}

    /// What the engine shall use: nothing where the weights stay in memory.
    static Prefetch of(MemoryPlan plan) {
        return plan.holdsWeights() || !MemoryAdvice.isPossible() ? Prefetch.NONE : new MappedExperts();
    }

    @Override
    public void experts(ExpertDispatch dispatch, Tensor[] weights) {
        if (3 * chosen(dispatch) > 2 * weights.length) {
            return;
        }
        for (int expert = 0; expert < weights.length; expert++) {
            if (isChosen(dispatch, expert)) {
                MemoryAdvice.willNeed(weights[expert].data());
            }
        }
    }

    private static int chosen(ExpertDispatch dispatch) {
        int chosen = 0;
        for (int expert = 0; expert < dispatch.offsets().length - 1; expert++) {
            chosen += isChosen(dispatch, expert) ? 1 : 0;
        }
        return chosen;
    }

    private static boolean isChosen(ExpertDispatch dispatch, int expert) {
        return dispatch.offsets()[expert + 1] > dispatch.offsets()[expert];
    }
}
