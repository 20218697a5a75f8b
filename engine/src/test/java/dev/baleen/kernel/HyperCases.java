package dev.baleen.kernel;

import dev.baleen.kernel.KernelCases.Call;
import dev.baleen.tensor.Tensor;
import java.util.List;
import java.util.Map;

/// Calls of the kernels for several residual streams.
final class HyperCases {
    private HyperCases() {}

    static void add(Map<String, Call> calls) {
        for (HyperRule rule : List.of(
                new HyperRule(1, 3, 1e-3),
                new HyperRule(4, 20, 1e-6),
                new HyperRule(5, 1, 0),
                new HyperRule(4, 0, 1e-6))) {
            calls.put("weights by " + rule, (kernels, source) -> {
                Tensor out = KernelCases.empty(7, rule.width());
                kernels.hyper()
                        .weights(
                                source.floats(7, rule.width()),
                                source.floats(rule.parts()),
                                source.floats(rule.width()),
                                rule,
                                out);
                return List.of(out);
            });
        }
        for (int width : new int[] {1, 15, 33, 257}) {
            for (int n : new int[] {1, 2, 4}) {
                streams(calls, n, width);
            }
        }
    }

    private static void streams(Map<String, Call> calls, int n, int width) {
        calls.put("collapse of %d streams of %d".formatted(n, width), (kernels, source) -> {
            Tensor out = KernelCases.empty(5, width);
            kernels.hyper().collapse(source.floats(5, n, width), source.floats(5, (2 + n) * n), out);
            return List.of(out);
        });
        calls.put("spread to %d streams of %d".formatted(n, width), (kernels, source) -> {
            Tensor out = KernelCases.empty(5, n, width);
            kernels.hyper()
                    .spread(source.floats(5, width), source.floats(5, n, width), source.floats(5, (2 + n) * n), out);
            return List.of(out);
        });
    }
}
