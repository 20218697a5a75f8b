package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The checks at the head of every sparse gradient kernel.
final class SparseGradientArguments {
    private SparseGradientArguments() {}

    static void selectedAttention(
            Tensor dout,
            Tensor q,
            Tensor[] sources,
            Selection selection,
            Optional<Tensor> sinks,
            Tensor out,
            Tensor dq,
            Tensor[] dsources,
            Optional<Tensor> dsinks) {
        SparseShapes.selectedAttention(q, sources, selection, sinks, out);
        Tensor[] all = Stream.of(
                        Stream.of(dout, q, out, dq),
                        Stream.of(sources),
                        Stream.of(dsources),
                        sinks.stream(),
                        dsinks.stream())
                .flatMap(tensors -> tensors)
                .toArray(Tensor[]::new);
        GradientArguments.check(
                "selectedAttention: the gradients have the shapes of what they are gradients of",
                dout.shape().equals(out.shape())
                        && dq.shape().equals(q.shape())
                        && sources.length == dsources.length
                        && IntStream.range(0, sources.length)
                                .allMatch(i -> sources[i].elements() == dsources[i].elements())
                        && sinks.map(Tensor::elements).equals(dsinks.map(Tensor::elements)),
                all);
    }

    static void pool(
            Tensor dout,
            Tensor values,
            Tensor gates,
            Tensor bias,
            Windows windows,
            Tensor out,
            Tensor dvalues,
            Tensor dgates,
            Tensor dbias) {
        SparseShapes.pool(values, gates, bias, windows, out);
        GradientArguments.check(
                "pool: the gradients have the sizes of what they are gradients of",
                dout.elements() == out.elements()
                        && dvalues.elements() == values.elements()
                        && dgates.elements() == gates.elements()
                        && dbias.elements() == bias.elements(),
                dout,
                values,
                gates,
                bias,
                out,
                dvalues,
                dgates,
                dbias);
    }
}
