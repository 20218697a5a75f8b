package dev.baleen.training;

import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.OperationCounter;
import dev.baleen.model.Batch;
import dev.baleen.model.Model;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Makes a model better, step by step.
///
/// A step: every micro-batch goes forward and back on one thread, into gradients of its own; the gradients are summed
/// in a fixed tree ([GradientTree]) and clipped; each parameter is updated ([Optimizer]); the experts' selection biases
/// are moved ([ExpertBalance]). Threads meet between these parts only, and nothing depends on which thread did what:
/// the weights have the same bits with any number of threads.
public final class Trainer implements AutoCloseable {
    private static final int PROBE_TOKENS = 16;
    private static final long PROBE_BYTES = 256L << 20;
    private static final long SPARE_BYTES = 1 << 20;
    private static final int BACKWARD_AND_FORWARD = 3;

    private final Model model;
    private final Parameters parameters;
    private final TrainerSettings settings;
    private final ComputePool pool;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Parameters> gradients = new ArrayList<>();
    private final List<Slot> slots;
    private final List<Tensor> selectionBiases;
    private final int microBatchTokensMax;
    private long step;
    private double operationsPerToken;

    /// One thread's tools.
    private record Worker(Tape tape, Optimizer.Bench bench) {}

    /// What a micro-batch adds to the losses.
    private record Losses(double next, double further, double balance) {}

    /// @param model reads its weights from `parameters`
    /// @param moments what the optimiser remembers
    /// @param step steps of this stage that are already done
    /// @param arithmetic called once for each thread
    /// @param microBatchTokensMax the most tokens of a micro-batch; memory for their results is taken at once
    public Trainer(
            Model model,
            Parameters parameters,
            Moments moments,
            long step,
            TrainerSettings settings,
            Supplier<Arithmetic> arithmetic,
            int threads,
            int microBatchTokensMax) {
        this.model = model;
        this.parameters = parameters;
        this.step = step;
        this.settings = settings;
        this.microBatchTokensMax = microBatchTokensMax;
        pool = new ComputePool(threads);
        List<Arithmetic> tools = Stream.generate(arithmetic).limit(threads).toList();
        long workspaceBytes = workspaceBytes(tools.getFirst());
        long scratchBytes = parameters.tensors().values().stream()
                .mapToLong(tensor -> Muon.scratchBytes(tensor.shape()))
                .max()
                .orElseThrow();
        for (Arithmetic tool : tools) {
            workers.add(new Worker(
                    new Tape(tool.forward(), tool.backward(), parameters, workspaceBytes),
                    new Optimizer.Bench(tool.forward(), new Workspace(scratchBytes))));
        }
        gradients.add(parameters.mirror());
        slots = Slot.of(parameters, gradients.getFirst(), moments);
        selectionBiases = slots.stream()
                .filter(slot -> slot.role() == ParameterRole.SELECTION_BIAS)
                .map(slot -> parameters.get(slot.name()))
                .toList();
    }

    /// Steps of this stage that are done.
    public long steps() {
        return step;
    }

    /// Floating-point operations of training on a token, counted on the first step's first micro-batch; 0 before.
    public double operationsPerToken() {
        return operationsPerToken;
    }

    /// One step.
    ///
    /// @throws IllegalStateException if the loss or a gradient is no longer a finite number
    public StepReport step(List<MicroBatch> microBatches) {
        long start = System.nanoTime();
        check(microBatches);
        List<Losses> losses = goBack(microBatches);
        double[] squares = sumGradients(microBatches.size());
        double norm = Math.sqrt(sum(squares));
        double next = sum(losses.stream().mapToDouble(Losses::next).toArray());
        double further = sum(losses.stream().mapToDouble(Losses::further).toArray());
        if (!Double.isFinite(norm) || !Double.isFinite(next)) {
            throw new IllegalStateException(
                    "Training came apart at step %d: loss %s, gradient norm %s; lower the learning rate, now %s"
                            .formatted(step + 1, next, norm, settings.rate(step)));
        }
        double rate = settings.rate(step);
        boolean clipped = norm > settings.clipNorm();
        update(new Optimizer.Step(step + 1, rate, clipped ? settings.clipNorm() / norm : 1));
        double[] violations = balanceExperts();
        step++;
        long tokens = microBatches.stream().mapToLong(MicroBatch::tokens).sum();
        return new StepReport(
                step,
                settings.schedule().steps(),
                tokens,
                next,
                further > 0 ? OptionalDouble.of(further) : OptionalDouble.empty(),
                sum(losses.stream().mapToDouble(Losses::balance).toArray()),
                rate,
                norm,
                clipped,
                (System.nanoTime() - start) / 1e9,
                operationsPerToken * tokens,
                violations);
    }

    @Override
    public void close() {
        pool.close();
        workers.forEach(worker -> {
            worker.tape().close();
            worker.bench().scratch().close();
        });
        gradients.forEach(Parameters::close);
    }

    private void check(List<MicroBatch> microBatches) {
        if (microBatches.isEmpty()) {
            throw new IllegalArgumentException("A step needs at least 1 micro-batch");
        }
        for (MicroBatch microBatch : microBatches) {
            if (microBatch.tokens() > microBatchTokensMax) {
                throw new IllegalArgumentException(
                        "A micro-batch of %d tokens for a trainer made for %d: give a step fewer documents or more micro-batches"
                                .formatted(microBatch.tokens(), microBatchTokensMax));
            }
        }
    }

    private List<Losses> goBack(List<MicroBatch> microBatches) {
        while (gradients.size() < microBatches.size()) {
            gradients.add(parameters.mirror());
        }
        long tokens = microBatches.stream().mapToLong(MicroBatch::tokens).sum();
        float[] weights = new float[MicroBatch.DEPTHS];
        for (int depth = 0; depth < weights.length; depth++) {
            int at = depth;
            long counts =
                    microBatches.stream().mapToLong(each -> each.counts(at)).sum();
            weights[depth] = counts == 0 ? 0 : 1f / counts;
        }
        if (operationsPerToken == 0) {
            operationsPerToken = countOperations(microBatches.getFirst());
        }
        Losses[] losses = new Losses[microBatches.size()];
        workers.forEach(worker -> {
            worker.tape().clearLoads();
            worker.tape().balance(settings.balanceAlpha() / tokens);
        });
        eachOf(
                microBatches.size(),
                (worker, index) ->
                        losses[index] = goBack(worker.tape(), microBatches.get(index), weights, gradients.get(index)));
        return List.of(losses);
    }

    private Losses goBack(Tape tape, MicroBatch microBatch, float[] weights, Parameters into) {
        into.clear();
        tape.accumulateInto(into);
        tape.reset();
        List<Tensor> logits = model.predictions(tape, microBatch.batch());
        double next = tape.crossEntropy(logits.getFirst(), microBatch.targets()[0], scaled(microBatch, 0, weights[0]));
        double further = 0;
        double share = settings.furtherWeight(step);
        if (logits.size() > 1 && share > 0) {
            float[] rows = scaled(microBatch, 1, (float) share * weights[1]);
            further = tape.crossEntropy(logits.get(1), microBatch.targets()[1], rows) / share;
        }
        tape.backward();
        return new Losses(next, further, tape.balanceLoss());
    }

    private static float[] scaled(MicroBatch microBatch, int depth, float weight) {
        float[] rows = microBatch.counted()[depth].clone();
        for (int i = 0; i < rows.length; i++) {
            rows[i] *= weight;
        }
        return rows;
    }

    /// The tree over `count` micro-batches; the squared norm of each parameter's gradient.
    private double[] sumGradients(int count) {
        double[] squares = new double[slots.size()];
        List<Tensor> tensors = List.copyOf(parameters.tensors().values());
        eachOf(slots.size(), (worker, index) -> {
            List<MemorySegment> runs = gradients.subList(0, count).stream()
                    .map(each -> Slot.run(parameters, tensors.get(index), each))
                    .toList();
            GradientTree.sum(runs);
            squares[index] = GradientTree.squaredNorm(runs.getFirst());
        });
        return squares;
    }

    private void update(Optimizer.Step how) {
        eachOf(slots.size(), (worker, index) -> settings.optimizer().update(slots.get(index), how, worker.bench()));
    }

    private double[] balanceExperts() {
        double[] violations = new double[selectionBiases.size()];
        for (int i = 0; i < violations.length; i++) {
            Tensor bias = selectionBiases.get(i);
            long[] loads = new long[bias.columns()];
            for (Worker worker : workers) {
                long[] part = worker.tape().loads(bias);
                for (int e = 0; e < loads.length; e++) {
                    loads[e] += part[e];
                }
            }
            violations[i] = ExpertBalance.maxViolation(loads);
            ExpertBalance.adjust(bias, loads, settings.balanceRate(step));
        }
        return violations;
    }

    private interface Job {
        void run(Worker worker, int index);
    }

    /// Runs the job for every index; free threads take the next one.
    private void eachOf(int count, Job job) {
        AtomicInteger next = new AtomicInteger();
        pool.run(workers.size(), 1, (from, to) -> {
            for (int worker = from; worker < to; worker++) {
                for (int index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
                    job.run(workers.get(worker), index);
                }
            }
        });
    }

    private double countOperations(MicroBatch microBatch) {
        Tape tape = workers.getFirst().tape();
        tape.reset();
        OperationCounter counter = new OperationCounter(tape);
        model.predictions(counter, microBatch.batch());
        return BACKWARD_AND_FORWARD * counter.operations() / microBatch.tokens();
    }

    /// What the results of the largest micro-batch take, from those of a small one: they grow in step with the
    /// tokens.
    private long workspaceBytes(Arithmetic tool) {
        try (Workspace probe = new Workspace(PROBE_BYTES)) {
            model.predictions(new EagerOps(tool.forward(), probe), Batch.documents(List.of(new int[PROBE_TOKENS])));
            return SPARE_BYTES + Math.ceilDiv(probe.used(), PROBE_TOKENS) * microBatchTokensMax;
        }
    }

    /// In order.
    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
