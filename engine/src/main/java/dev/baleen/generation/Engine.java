package dev.baleen.generation;

import dev.baleen.generation.GenerationEvent.Finished;
import dev.baleen.generation.StepPlan.Share;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Kernels;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import dev.baleen.tokenizer.Tokenizer;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Generates text for many requests at once. One thread named `engine` decides, computes and draws; it alone touches
/// sequences, pages and the model. Requests come to it through a bounded queue, and events go from it through one
/// queue for each request.
///
/// Model, tokenizer and kernels stay the caller's: close the engine before them.
///
/// A failure to draw (logits that are no numbers) ends that generation with [FinishReason#ERROR]. Any other failure
/// ends all of them so and stops the engine: [#submit] then throws, and [#status()] tells what it was.
public final class Engine implements AutoCloseable {
    private final Model model;
    private final Tokenizer tokenizer;
    private final EngineOptions options;
    private final MemoryPlan memoryPlan;
    private final KvCache cache;
    private final Workspace workspace;
    private final EagerOps ops;
    private final PagePool pool;
    private final Scheduler scheduler;
    private final Sampler sampler;
    private final Thread thread;

    private final Queue<Sequence> inbox = new ConcurrentLinkedQueue<>();
    /// Requests that no step has computed yet.
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicBoolean memoryFreed = new AtomicBoolean();
    private volatile boolean closing;
    private volatile boolean stopped;
    private volatile EngineStatus status;
    private Optional<Throwable> problem = Optional.empty();
    private long promptTokens;
    private long completionTokens;
    private long preemptions;

    /// Plans and takes the memory, and starts the thread.
    ///
    /// @throws IllegalArgumentException if the memory does not suffice, with the option to change and a value that
    ///     fits
    public Engine(Model model, Tokenizer tokenizer, Kernels kernels, EngineOptions options) {
        this(model, tokenizer, kernels, options, plan -> {});
    }

    /// As the other, and tells the plan before it takes the memory.
    public Engine(
            Model model, Tokenizer tokenizer, Kernels kernels, EngineOptions options, Consumer<MemoryPlan> planned) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.options = options;
        memoryPlan = MemoryPlan.of(model, options);
        planned.accept(memoryPlan);
        cache = KvCache.allocate(model.cacheLayout(), memoryPlan.pages(), options.sequencesMax(), options.cacheType());
        workspace = allocateWorkspace(memoryPlan, cache);
        ops = new EagerOps(kernels, workspace, MappedExperts.of(memoryPlan));
        pool = new PagePool(memoryPlan.pages());
        scheduler = new Scheduler(options.batchTokensMax(), options.sequencesMax(), pool);
        sampler = new Sampler(model.vocabularySize());
        status = currentStatus();
        thread = Thread.ofPlatform().daemon().name("engine").start(this::run);
    }

    /// Hands a request to the engine.
    ///
    /// @throws IllegalArgumentException if the request does not fit the model or the context
    /// @throws QueueFullException if too many requests wait
    /// @throws IllegalStateException if the engine was closed or has failed
    public Generation submit(GenerationRequest request) {
        check(request);
        if (queued.incrementAndGet() > options.queueMax()) {
            queued.decrementAndGet();
            throw new QueueFullException(options.queueMax());
        }
        Generation generation = new Generation(request, this::wake);
        Sequence sequence = new Sequence(generation, tokenizer);
        inbox.add(sequence);
        // Whoever takes the sequence out again answers for it: this thread, or the engine's while it stops.
        if (stopped && inbox.remove(sequence)) {
            queued.decrementAndGet();
            throw new IllegalStateException(
                    status.problem().map(p -> "The engine has failed: " + p).orElse("The engine is closed"),
                    status.problem().orElse(null));
        }
        wake();
        return generation;
    }

    /// The most tokens of prompt and answer together.
    public int contextTokensMax() {
        return memoryPlan.contextTokens();
    }

    public MemoryPlan memoryPlan() {
        return memoryPlan;
    }

    public EngineStatus status() {
        return status;
    }

    /// Cancels every generation, ends the thread and frees the memory.
    @Override
    public void close() {
        closing = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // The memory must not go before the thread does.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (memoryFreed.compareAndSet(false, true)) {
            cache.close();
            workspace.close();
        }
    }

    /// Gives the cache back where there is no memory left for the workspace.
    private static Workspace allocateWorkspace(MemoryPlan plan, KvCache cache) {
        try {
            return new Workspace(plan.workspaceBytes());
        } catch (RuntimeException | Error e) {
            cache.close();
            throw e;
        }
    }

    private void check(GenerationRequest request) {
        for (int token : request.prompt()) {
            if (token < 0 || token >= model.vocabularySize()) {
                throw new IllegalArgumentException("The prompt has token %d, but the model's tokens are 0 to %d"
                        .formatted(token, model.vocabularySize() - 1));
            }
        }
        request.sampling().logitBias().keySet().stream()
                .filter(token -> token < 0 || token >= model.vocabularySize())
                .findFirst()
                .ifPresent(token -> {
                    throw new IllegalArgumentException(
                            "There is a logit bias for token %d, but the model's tokens are 0 to %d"
                                    .formatted(token, model.vocabularySize() - 1));
                });
        long wanted = (long) request.prompt().length + request.tokensMax();
        if (wanted > contextTokensMax()) {
            throw new IllegalArgumentException(("The context holds %,d tokens, but %,d were asked for:"
                            + " %,d in the prompt and up to %,d in the answer; %s")
                    .formatted(
                            contextTokensMax(),
                            wanted,
                            request.prompt().length,
                            request.tokensMax(),
                            request.prompt().length < contextTokensMax()
                                    ? "shorten the prompt, or ask for at most %,d"
                                            .formatted(contextTokensMax() - request.prompt().length)
                                    : "shorten the prompt"));
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    // From here on: the engine's thread only.

    private void run() {
        try {
            while (!closing) {
                receive();
                dropCancelled();
                if (!step()) {
                    LockSupport.park(this);
                }
            }
        } catch (Throwable failure) {
            problem = Optional.of(failure);
        }
        status = currentStatus();
        stopped = true;
        receive();
        for (Sequence sequence : scheduler.all()) {
            finish(sequence, problem.isPresent() ? FinishReason.ERROR : FinishReason.CANCELLED, problem);
        }
    }

    private void receive() {
        for (Sequence sequence = inbox.poll(); sequence != null; sequence = inbox.poll()) {
            scheduler.add(sequence);
        }
    }

    private void dropCancelled() {
        for (Sequence sequence : scheduler.all()) {
            if (sequence.generation().isCancelled()) {
                finish(sequence, FinishReason.CANCELLED, Optional.empty());
            }
        }
    }

    /// The engine's whole idea: decide, compute, draw. Returns whether there was anything to do.
    private boolean step() {
        StepPlan plan = scheduler.plan();
        if (plan.isEmpty()) {
            return false;
        }
        begin(plan);
        workspace.reset();
        Tensor logits = model.forward(ops, plan.batch(), cache);
        accept(plan, logits);
        return true;
    }

    private void begin(StepPlan plan) {
        for (Share share : plan.shares()) {
            if (share.sequence().isNew()) {
                queued.decrementAndGet();
            }
        }
        scheduler.begin(plan);
        preemptions += plan.preempted().size();
        status = currentStatus();
    }

    private void accept(StepPlan plan, Tensor logits) {
        int row = 0;
        for (Share share : plan.shares()) {
            Sequence sequence = share.sequence();
            boolean draws = share.draws();
            sequence.addComputed(share.tokens());
            promptTokens += draws ? share.tokens() - 1 : share.tokens();
            if (draws) {
                completionTokens++;
                draw(sequence, logits, row++);
            }
        }
        status = currentStatus();
    }

    private void draw(Sequence sequence, Tensor logits, int row) {
        GenerationRequest request = sequence.request();
        try {
            GeneratedToken token = sampler.draw(
                    logits,
                    row,
                    request.sampling(),
                    sequence.seed(),
                    sequence.length(),
                    sequence.history(),
                    request.topLogprobs());
            sequence.append(token).ifPresent(reason -> finish(sequence, reason, Optional.empty()));
        } catch (ArithmeticException failure) {
            finish(sequence, FinishReason.ERROR, Optional.of(failure));
        }
    }

    private void finish(Sequence sequence, FinishReason reason, Optional<Throwable> cause) {
        scheduler.remove(sequence);
        if (sequence.isNew()) {
            queued.decrementAndGet();
        }
        status = currentStatus();
        sequence.finishText().ifPresent(sequence.generation()::add);
        sequence.generation().add(new Finished(reason, sequence.usage(), cause));
    }

    private EngineStatus currentStatus() {
        return new EngineStatus(
                scheduler.running(),
                queued.get() + scheduler.preempted(),
                pool.pages(),
                pool.free(),
                promptTokens,
                completionTokens,
                preemptions,
                problem);
    }
}
