package dev.baleen.training;

import dev.baleen.kernel.CachedHeads;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Entries;
import dev.baleen.kernel.ExpertDispatch;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.Gating;
import dev.baleen.kernel.GradientKernels;
import dev.baleen.kernel.HyperGradientKernels;
import dev.baleen.kernel.HyperRule;
import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.RecentRows;
import dev.baleen.kernel.Rotation;
import dev.baleen.kernel.Selection;
import dev.baleen.kernel.Span;
import dev.baleen.kernel.SparseGradientKernels;
import dev.baleen.kernel.Ties;
import dev.baleen.kernel.Windows;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Training's executor: it computes what inference computes, and remembers how to go back.
///
/// One micro-batch: [#reset], a model's forward pass with the tape as its ops, [#crossEntropy] on the logits,
/// [#backward]. Then [#parameterGradients] has grown by the gradient of the sum of the losses; it keeps growing over
/// micro-batches until somebody clears it.
///
/// Results lie in a [Workspace], gradients at the same offsets of a second memory ([Mirror]), so views need no step
/// of their own. A tensor that is neither a result of this tape nor a view of its parameters is a constant. Every
/// step adds to gradients, which start at zero. Used by one thread; a trainer has a tape for each.
public final class Tape implements Ops, AutoCloseable {
    private final GradientKernels gradients;
    private final HyperGradientKernels hyper;
    private final SparseGradientKernels sparse;
    private final Workspace workspace;
    private final EagerOps forward;
    private final Arena arena = Arena.ofShared();
    private final Mirror results;
    private final Parameters parameters;
    private final Parameters ownGradients;
    private final List<Runnable> steps = new ArrayList<>();
    private final Map<Long, long[]> loads = new HashMap<>();
    private Parameters parameterGradients;
    private Mirror trained;
    private long zeroedBytes;
    private double balanceWeight;
    private double balanceLoss;
    /// The transposes of a step's rotations, which its layers share.
    private final Map<Rotation, Rotation> transposes = new IdentityHashMap<>();

    /// @param parameters what is trained
    /// @param workspaceBytes room for the results of one micro-batch; their gradients take as much again
    public Tape(Kernels kernels, GradientKernels gradients, Parameters parameters, long workspaceBytes) {
        this.gradients = gradients;
        hyper = gradients.hyper();
        sparse = gradients.sparse();
        this.parameters = parameters;
        workspace = new Workspace(workspaceBytes);
        forward = new EagerOps(kernels, workspace);
        MemorySegment values = workspace.memory();
        results = new Mirror(values, arena.allocate(values.byteSize(), 64));
        ownGradients = parameters.mirror();
        parameterGradients = ownGradients;
        trained = new Mirror(parameters.memory(), parameterGradients.memory());
    }

    /// Forgets the last micro-batch's results and steps; gradients of parameters and the experts' loads stay.
    public void reset() {
        workspace.reset();
        steps.clear();
        transposes.clear();
        zeroedBytes = 0;
        balanceLoss = 0;
    }

    /// From the next [#backward] on, parameter gradients are added to `target`, a [Parameters#mirror] of the
    /// parameters.
    public void accumulateInto(Parameters target) {
        trained = new Mirror(parameters.memory(), target.memory());
        parameterGradients = target;
    }

    /// Where parameter gradients are added up: the tape's own memory until [#accumulateInto] names another.
    public Parameters parameterGradients() {
        return parameterGradients;
    }

    /// The gradient of a result of this tape or of (a view of) a parameter.
    public Tensor gradient(Tensor x) {
        if (results.holds(x)) {
            return results.gradient(x);
        }
        if (trained.holds(x)) {
            return trained.gradient(x);
        }
        throw new IllegalArgumentException(
                "%s is a constant: neither a result of this tape nor one of its parameters".formatted(x));
    }

    /// How much the sequence-wise balance loss (DeepSeek-V3, arXiv 2412.19437, eq. 17–20) of each gate counts:
    /// a span of n rows adds `perRow · n · Σ_e f_e P_e`. With alpha divided by all rows of a step, a step adds
    /// alpha times the mean.
    public void balance(double perRow) {
        balanceWeight = perRow;
    }

    /// The balance loss since [#reset]; known after [#backward].
    public double balanceLoss() {
        return balanceLoss;
    }

    /// How often each expert was chosen by the gates of this bias since [#clearLoads].
    public long[] loads(Tensor bias) {
        long[] counts = loads.get(bias.data().address());
        return counts == null ? new long[bias.columns()] : counts.clone();
    }

    public void clearLoads() {
        loads.clear();
    }

    /// The most bytes that a micro-batch's results ever took.
    public long usedBytesMax() {
        return workspace.usedMax();
    }

    /// Where gradients start: `Σ_t rowWeights[t] · −log softmax(logits[t])[targets[t]]`. Rows of weight 0 are
    /// skipped; their targets may be any token.
    public double crossEntropy(Tensor logits, int[] targets, float[] rowWeights) {
        zeroGradients();
        return gradients.crossEntropy(logits, targets, rowWeights, gradient(logits));
    }

    /// Adds `change` to the gradient of `x`: where gradients start for a loss of one's own.
    public void seed(Tensor x, Tensor change) {
        zeroGradients();
        gradients.accumulate(change, gradient(x));
    }

    /// Goes back through all steps since [#reset], once.
    public void backward() {
        if (steps.isEmpty()) {
            throw new IllegalStateException("Nothing to go back through: run a forward pass after reset()");
        }
        zeroGradients();
        for (Runnable step : steps.reversed()) {
            step.run();
        }
        steps.clear();
    }

    @Override
    public Tensor embedding(Tensor table, int[] tokens) {
        Tensor out = forward.embedding(table, tokens);
        if (tracks(table)) {
            steps.add(() -> gradients.scatterRows(gradient(out), tokens, gradient(table)));
        }
        return out;
    }

    @Override
    public Tensor matmul(Tensor x, Tensor w) {
        Tensor out = forward.matmul(x, w);
        steps.add(() -> {
            if (tracks(x)) {
                gradients.matmulInput(gradient(out), w, gradient(x));
            }
            if (tracks(w)) {
                gradients.matmulWeight(gradient(out), x, gradient(w));
            }
        });
        return out;
    }

    @Override
    public Tensor headMatmul(Tensor x, Tensor[] w) {
        Tensor out = forward.headMatmul(x, w);
        steps.add(() -> {
            if (tracks(x)) {
                gradients.headMatmulInput(gradient(out), w, gradient(x));
            }
            if (tracks(w[0])) {
                gradients.headMatmulWeight(gradient(out), x, gradients(w));
            }
        });
        return out;
    }

    @Override
    public Tensor headMatmulTransposed(Tensor x, Tensor[] w) {
        Tensor out = forward.headMatmulTransposed(x, w);
        steps.add(() -> {
            if (tracks(x)) {
                gradients.headMatmulTransposedInput(gradient(out), w, gradient(x));
            }
            if (tracks(w[0])) {
                gradients.headMatmulWeight(x, gradient(out), gradients(w));
            }
        });
        return out;
    }

    @Override
    public Tensor groupedMatmul(Tensor x, ExpertDispatch dispatch, Tensor[] w) {
        Tensor out = forward.groupedMatmul(x, dispatch, w);
        steps.add(() -> {
            if (tracks(x)) {
                gradients.groupedMatmulInput(gradient(out), dispatch.offsets(), w, gradient(x));
            }
            if (tracks(w[0])) {
                gradients.groupedMatmulWeight(gradient(out), dispatch.offsets(), x, gradients(w));
            }
        });
        return out;
    }

    @Override
    public Tensor gatherRows(Tensor x, int[] rows) {
        Tensor out = forward.gatherRows(x, rows);
        if (tracks(x)) {
            steps.add(() -> gradients.scatterRows(gradient(out), rows, gradient(x)));
        }
        return out;
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weight, double epsilon) {
        Tensor out = forward.rmsNorm(x, weight, epsilon);
        steps.add(() -> gradients.rmsNorm(gradient(out), x, weight, epsilon, sink(x), sink(weight)));
        return out;
    }

    @Override
    public Tensor rmsNorm(Tensor x, double epsilon) {
        Tensor out = forward.rmsNorm(x, epsilon);
        if (tracks(x)) {
            steps.add(() -> gradients.rmsNorm(gradient(out), x, epsilon, gradient(x)));
        }
        return out;
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
        Tensor out = forward.layerNorm(x, weight, bias, epsilon);
        steps.add(() -> gradients.layerNorm(gradient(out), x, weight, epsilon, sink(x), sink(weight), sink(bias)));
        return out;
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        Tensor out = forward.add(a, b);
        steps.add(() -> {
            if (tracks(a)) {
                gradients.accumulate(gradient(out), gradient(a));
            }
            if (tracks(b)) {
                gradients.accumulate(gradient(out), gradient(b));
            }
        });
        return out;
    }

    @Override
    public Tensor addBias(Tensor x, Tensor bias) {
        Tensor out = forward.addBias(x, bias);
        steps.add(() -> {
            if (tracks(x)) {
                gradients.accumulate(gradient(out), gradient(x));
            }
            if (tracks(bias)) {
                gradients.biasSum(gradient(out), gradient(bias));
            }
        });
        return out;
    }

    @Override
    public Tensor swiGlu(Tensor gate, Tensor up) {
        Tensor out = forward.swiGlu(gate, up);
        steps.add(() -> gradients.swiGlu(gradient(out), gate, up, sink(gate), sink(up)));
        return out;
    }

    @Override
    public Tensor swiGlu(Tensor gate, Tensor up, double limit) {
        Tensor out = forward.swiGlu(gate, up, limit);
        steps.add(() -> gradients.swiGlu(gradient(out), gate, up, limit, sink(gate), sink(up)));
        return out;
    }

    @Override
    public Tensor rope(Tensor x, Rotation rotation, int offset) {
        Tensor out = forward.rope(x, rotation, offset);
        if (tracks(x)) {
            Rotation transposed = transposed(rotation);
            steps.add(() -> gradients.rope(gradient(out), transposed, offset, gradient(x)));
        }
        return out;
    }

    @Override
    public Tensor columns(Tensor x, int from, int to) {
        Tensor out = forward.columns(x, from, to);
        if (tracks(x)) {
            steps.add(() -> gradients.columns(gradient(out), from, gradient(x)));
        }
        return out;
    }

    @Override
    public Tensor concat(Tensor a, Tensor b) {
        Tensor out = forward.concat(a, b);
        steps.add(() -> gradients.concat(gradient(out), sink(a), sink(b)));
        return out;
    }

    @Override
    public Tensor attention(Tensor q, Tensor k, Tensor v, Span[] spans, double scale) {
        Tensor out = forward.attention(q, k, v, spans, scale);
        steps.add(() -> gradients.attention(gradient(out), q, k, v, out, spans, scale, sink(q), sink(k), sink(v)));
        return out;
    }

    @Override
    public void store(Tensor rows, Span[] spans, Tensor cache) {
        throw noCache();
    }

    @Override
    public Tensor cachedAttention(Tensor q, Tensor cache, CachedHeads heads, Span[] spans, double scale) {
        throw noCache();
    }

    @Override
    public Selection topRows(Tensor q, Tensor weights, Tensor keys, Entries entries, int most, Ties ties) {
        return forward.topRows(q, weights, keys, entries, most, ties);
    }

    @Override
    public Tensor selectedAttention(
            Tensor q, Tensor[] sources, Selection selection, Optional<Tensor> sinks, int valueWidth, double scale) {
        Tensor out = forward.selectedAttention(q, sources, selection, sinks, valueWidth, scale);
        steps.add(() -> sparse.selectedAttention(
                gradient(out),
                q,
                sources,
                selection,
                sinks,
                out,
                scale,
                sink(q),
                Stream.of(sources).map(this::sink).toArray(Tensor[]::new),
                sinks.map(this::sink)));
        return out;
    }

    @Override
    public void storeRows(Tensor rows, int[] targets, Tensor cache) {
        throw noCache();
    }

    @Override
    public Tensor recall(Tensor rows, RecentRows recent, Tensor memory) {
        throw noCache();
    }

    @Override
    public Tensor pool(Tensor values, Tensor gates, Tensor bias, Windows windows) {
        Tensor out = forward.pool(values, gates, bias, windows);
        steps.add(() ->
                sparse.pool(gradient(out), values, gates, bias, windows, out, sink(values), sink(gates), sink(bias)));
        return out;
    }

    @Override
    public Tensor hyperWeights(Tensor mix, Tensor scale, Tensor base, HyperRule rule) {
        Tensor out = forward.hyperWeights(mix, scale, base, rule);
        steps.add(() -> hyper.weights(gradient(out), mix, scale, base, rule, sink(mix), sink(scale), sink(base)));
        return out;
    }

    @Override
    public Tensor collapse(Tensor streams, Tensor weights) {
        Tensor out = forward.collapse(streams, weights);
        steps.add(() -> hyper.collapse(gradient(out), streams, weights, sink(streams), sink(weights)));
        return out;
    }

    @Override
    public Tensor spread(Tensor y, Tensor streams, Tensor weights) {
        Tensor out = forward.spread(y, streams, weights);
        steps.add(() -> hyper.spread(gradient(out), y, streams, weights, sink(y), sink(streams), sink(weights)));
        return out;
    }

    @Override
    public Gating gate(Tensor logits, Tensor bias, GateRule rule, Span[] spans) {
        Gating gating = forward.gate(logits, bias, rule, spans);
        long[] counts = loads.computeIfAbsent(bias.data().address(), _ -> new long[logits.columns()]);
        for (int expert : gating.experts()) {
            counts[expert]++;
        }
        if (tracks(logits)) {
            steps.add(() -> gateBackward(gating, logits, rule, spans));
        }
        return gating;
    }

    @Override
    public Gating weigh(Tensor logits, int[] experts, GateRule rule) {
        Gating gating = forward.weigh(logits, experts, rule);
        if (tracks(logits)) {
            steps.add(
                    () -> gradients.gate(gradient(gating.weights()), logits, gating.experts(), rule, gradient(logits)));
        }
        return gating;
    }

    @Override
    public Tensor combine(Tensor y, ExpertDispatch dispatch, Tensor weights) {
        Tensor out = forward.combine(y, dispatch, weights);
        steps.add(() -> gradients.combine(gradient(out), y, dispatch, weights, sink(y), sink(weights)));
        return out;
    }

    @Override
    public void close() {
        ownGradients.close();
        workspace.close();
        arena.close();
    }

    private void gateBackward(Gating gating, Tensor logits, GateRule rule, Span[] spans) {
        gradients.gate(gradient(gating.weights()), logits, gating.experts(), rule, gradient(logits));
        if (balanceWeight != 0) {
            double[] spanWeights = new double[spans.length];
            for (int i = 0; i < spans.length; i++) {
                spanWeights[i] = spans[i].rows();
            }
            balanceLoss += gradients.balanceLoss(
                    logits, gating.experts(), rule, spans, spanWeights, balanceWeight, gradient(logits));
        }
    }

    private Rotation transposed(Rotation rotation) {
        return transposes.computeIfAbsent(rotation, Rotation::transposed);
    }

    /// Results since the last call get gradients of zero.
    private void zeroGradients() {
        long used = workspace.used();
        if (used > zeroedBytes) {
            results.gradients().asSlice(zeroedBytes, used - zeroedBytes).fill((byte) 0);
            zeroedBytes = used;
        }
    }

    private boolean tracks(Tensor x) {
        return results.holds(x) || trained.holds(x);
    }

    private Tensor[] gradients(Tensor[] tensors) {
        return Stream.of(tensors).map(this::gradient).toArray(Tensor[]::new);
    }

    /// The gradient, or for a constant some memory that nobody reads.
    private Tensor sink(Tensor x) {
        return tracks(x)
                ? gradient(x)
                : Tensor.of(
                        x.type(), x.shape(), Arena.ofAuto().allocate(x.data().byteSize(), 64));
    }

    private static IllegalStateException noCache() {
        return new IllegalStateException(
                "Training has no cache to go back through: run the forward pass with KvCache.none() and whole documents");
    }
}
