package dev.baleen.kernel;

import dev.baleen.kernel.GradientCases.Call;
import dev.baleen.tensor.Tensor;
import java.util.List;
import java.util.Map;

/// Calls of the gradient kernels for several residual streams.
final class HyperGradientCases {
    private HyperGradientCases() {}

    static void add(Map<String, Call> calls) {
        for (HyperRule rule : List.of(new HyperRule(4, 20, 1e-6), new HyperRule(3, 0, 1e-6))) {
            calls.put("weights by " + rule, (kernels, s) -> {
                int width = rule.width();
                Tensor dmix = s.tensor(5, width);
                Tensor dscale = s.tensor(rule.parts());
                Tensor dbase = s.tensor(width);
                kernels.hyper()
                        .weights(
                                s.tensor(5, width),
                                s.tensor(5, width),
                                s.tensor(rule.parts()),
                                s.tensor(width),
                                rule,
                                dmix,
                                dscale,
                                dbase);
                return List.of(dmix, dscale, dbase);
            });
        }
        for (int width : new int[] {1, 17, 48}) {
            streams(calls, 1, width);
            streams(calls, 4, width);
        }
    }

    private static void streams(Map<String, Call> calls, int n, int width) {
        int weights = (2 + n) * n;
        calls.put("collapse of %d streams of %d".formatted(n, width), (kernels, s) -> {
            Tensor dstreams = s.tensor(5, n, width);
            Tensor dweights = s.tensor(5, weights);
            kernels.hyper()
                    .collapse(s.tensor(5, width), s.tensor(5, n, width), s.tensor(5, weights), dstreams, dweights);
            return List.of(dstreams, dweights);
        });
        calls.put("spread to %d streams of %d".formatted(n, width), (kernels, s) -> {
            Tensor dy = s.tensor(5, width);
            Tensor dstreams = s.tensor(5, n, width);
            Tensor dweights = s.tensor(5, weights);
            kernels.hyper()
                    .spread(
                            s.tensor(5, n, width),
                            s.tensor(5, width),
                            s.tensor(5, n, width),
                            s.tensor(5, weights),
                            dy,
                            dstreams,
                            dweights);
            return List.of(dy, dstreams, dweights);
        });
    }
}
