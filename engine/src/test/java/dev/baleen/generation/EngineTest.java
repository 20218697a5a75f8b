package dev.baleen.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.generation.GenerationEvent.Finished;
import dev.baleen.generation.GenerationEvent.Text;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.model.Batch;
import dev.baleen.model.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {
    private static final ByteTokenizer TOKENIZER = new ByteTokenizer();
    private static final int VOCABULARY = TOKENIZER.vocabularySize();
    private static final EngineOptions OPTIONS = EngineOptions.defaults().withBatchTokensMax(64);
    private static final Sampling LIVELY = Sampling.at(1.5).withTopK(60).withTopP(0.99);

    @Test
    void givesTheSameTextAloneAndInAnyCompany() throws InterruptedException {
        List<GenerationRequest> requests = requests(5, 12);
        List<Completion> alone = new ArrayList<>();
        for (GenerationRequest request : requests) {
            try (Engine engine = engine(new TinyModel(VOCABULARY, 512, 3), OPTIONS)) {
                alone.add(engine.submit(request).await());
            }
        }
        assertNotEquals(alone.get(0).text(), alone.get(1).text());
        // Together, in small pieces, and with so few pages that sequences have to give theirs back.
        for (EngineOptions options : List.of(
                OPTIONS.withSequencesMax(12),
                OPTIONS.withSequencesMax(3).withBatchTokensMax(3),
                OPTIONS.withSequencesMax(12).withContextTokensMax(384).withCacheBytesMax(6 * 4096))) {
            try (Engine engine = engine(new TinyModel(VOCABULARY, 512, 3), options)) {
                List<Generation> generations =
                        requests.stream().map(engine::submit).toList();
                for (int i = 0; i < requests.size(); i++) {
                    Completion together = generations.get(i).await();
                    assertArrayEquals(alone.get(i).ids(), together.ids(), "request " + i + " with " + options);
                    assertEquals(alone.get(i).text(), together.text());
                }
                assertEquals(engine.status().pages(), engine.status().pagesFree());
                if (options.cacheBytesMax() > 0) {
                    assertTrue(engine.status().preemptions() > 0, "nobody had to give pages back");
                }
            }
        }
    }

    @Test
    void givesTheSameTextForTheSameSeedAndOthersForOthers() throws InterruptedException {
        try (Engine engine = engine(new TinyModel(VOCABULARY, 512, 3), OPTIONS)) {
            GenerationRequest request = GenerationRequest.of(prompt("a"), 40, LIVELY.withSeed(1));
            String text = engine.submit(request).await().text();
            assertEquals(text, engine.submit(request).await().text());
            GenerationRequest other = GenerationRequest.of(prompt("a"), 40, LIVELY.withSeed(2));
            assertNotEquals(text, engine.submit(other).await().text());
            GenerationRequest unseeded = GenerationRequest.of(prompt("a"), 40, LIVELY);
            assertNotEquals(
                    engine.submit(unseeded).await().text(),
                    engine.submit(unseeded).await().text());
        }
    }

    @Test
    void countsWhatItDid() throws InterruptedException {
        try (Engine engine = engine(new TinyModel(VOCABULARY, 512, 3), OPTIONS)) {
            Completion completion = engine.submit(GenerationRequest.of(prompt("abc"), 10, LIVELY.withSeed(4)))
                    .await();
            assertEquals(FinishReason.LENGTH, completion.reason());
            assertEquals(10, completion.tokens().size());
            assertEquals(3, completion.usage().promptTokens());
            assertEquals(10, completion.usage().completionTokens());
            assertEquals(13, completion.usage().totalTokens());
            assertTrue(completion.usage().prefillNanos() > 0);
            assertTrue(completion.usage().decodeNanos() > 0);
            assertEquals(10, engine.status().completionTokens());
        }
    }

    @Test
    void endsAtAnEndTokenWithoutShowingIt() throws InterruptedException {
        try (Engine engine = engine(new TinyModel(VOCABULARY, 512, 3), OPTIONS)) {
            Sampling sampling = LIVELY.withSeed(8);
            int[] ids = engine.submit(GenerationRequest.of(prompt("x"), 30, sampling))
                    .await()
                    .ids();
            int end = ids[10];
            int first = IntStream.range(0, ids.length)
                    .filter(i -> ids[i] == end)
                    .findFirst()
                    .orElseThrow();
            Completion cut = engine.submit(
                            GenerationRequest.of(prompt("x"), 30, sampling).withEndTokens(Set.of(end)))
                    .await();
            assertEquals(FinishReason.STOP, cut.reason());
            assertEquals(first + 1, cut.usage().completionTokens());
            assertEquals(TOKENIZER.decode(IntStream.of(ids).limit(first).toArray()), cut.text());
        }
    }

    @Test
    void endsAtAStopTextAcrossTokens() throws InterruptedException {
        try (Engine engine = engine(new TinyModel(128, 512, 3), OPTIONS)) {
            Sampling sampling = LIVELY.withSeed(8);
            String text = engine.submit(GenerationRequest.of(prompt("x"), 60, sampling))
                    .await()
                    .text();
            String stop = text.substring(20, 23);
            Completion cut = engine.submit(
                            GenerationRequest.of(prompt("x"), 60, sampling).withStop(List.of(stop)))
                    .await();
            assertEquals(FinishReason.STOP, cut.reason());
            assertEquals(text.substring(0, text.indexOf(stop)), cut.text());
        }
    }

    @Test
    void freesThePagesOfACancelledGenerationWithinOneStep() throws InterruptedException {
        Gate gate = new Gate();
        try (gate;
                Engine engine = engine(new TinyModel(VOCABULARY, 512, 3, gate), OPTIONS)) {
            Generation generation = engine.submit(GenerationRequest.of(prompt("hello"), 400, LIVELY));
            gate.awaitStep();
            gate.open(1);
            gate.awaitStep();
            assertEquals(1, engine.status().running());
            generation.cancel();
            gate.open(1);
            assertEquals(FinishReason.CANCELLED, end(generation).reason());
            assertEquals(2, gate.steps());
            assertEquals(engine.status().pages(), engine.status().pagesFree());
            assertEquals(0, engine.status().running());
            assertEquals(Optional.empty(), generation.next());
        }
    }

    @Test
    void cancelsWhenTheReaderIsInterrupted() throws InterruptedException {
        Gate gate = new Gate();
        try (gate;
                Engine engine = engine(new TinyModel(VOCABULARY, 512, 3, gate), OPTIONS)) {
            Generation generation = engine.submit(GenerationRequest.of(prompt("hello"), 400, LIVELY));
            gate.awaitStep();
            Thread reader = Thread.ofVirtual().start(() -> assertThrows(InterruptedException.class, generation::next));
            reader.interrupt();
            reader.join();
            gate.open(1);
            assertEquals(FinishReason.CANCELLED, end(generation).reason());
        }
    }

    @Test
    void doesNotWaitForASlowReader() throws InterruptedException {
        try (Engine engine = engine(new TinyModel(VOCABULARY, 512, 3), OPTIONS)) {
            Generation unread = engine.submit(GenerationRequest.of(prompt("slow"), 200, LIVELY.withSeed(5)));
            engine.submit(GenerationRequest.of(prompt("quick"), 300, LIVELY)).await();
            Completion late = unread.await();
            assertEquals(200, late.tokens().size());
        }
    }

    @Test
    void refusesMoreThanMayWait() throws InterruptedException {
        Gate gate = new Gate();
        EngineOptions options = OPTIONS.withSequencesMax(1).withQueueMax(2);
        try (gate;
                Engine engine = engine(new TinyModel(VOCABULARY, 512, 3, gate), options)) {
            GenerationRequest request = GenerationRequest.of(prompt("q"), 3, LIVELY);
            Generation running = engine.submit(request);
            gate.awaitStep();
            Generation first = engine.submit(request);
            Generation second = engine.submit(request);
            assertThrows(QueueFullException.class, () -> engine.submit(request));
            first.cancel();
            gate.openForAll();
            assertEquals(FinishReason.LENGTH, end(running).reason());
            assertEquals(FinishReason.CANCELLED, end(first).reason());
            assertEquals(FinishReason.LENGTH, end(second).reason());
            assertEquals(FinishReason.LENGTH, end(engine.submit(request)).reason());
            assertEquals(0, engine.status().waiting());
        }
    }

    @Test
    void refusesWhatDoesNotFitTheContextWithNumbers() {
        try (Engine engine = engine(new TinyModel(VOCABULARY, 100, 3), OPTIONS)) {
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class, () -> engine.submit(GenerationRequest.of(new int[90], 11, LIVELY)));
            assertTrue(refusal.getMessage().contains("holds 100 tokens, but 101 were asked for"), refusal.getMessage());
            assertTrue(refusal.getMessage().endsWith("ask for at most 10"), refusal.getMessage());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> engine.submit(GenerationRequest.of(new int[] {VOCABULARY}, 1, LIVELY)));
        }
    }

    @Test
    void generatesUpToTheLastPositionOfTheContext() throws InterruptedException {
        try (Engine engine = engine(new TinyModel(VOCABULARY, 130, 3), OPTIONS)) {
            assertEquals(
                    127,
                    engine.submit(GenerationRequest.of(prompt("abc"), 127, LIVELY))
                            .await()
                            .tokens()
                            .size());
        }
    }

    @Test
    void tellsEveryReaderWhatStoppedIt() throws InterruptedException {
        Gate gate = new Gate();
        Model model = new TinyModel(VOCABULARY, 512, 3, batch -> {
            gate.beforeStep(batch);
            if (gate.steps() == 3) {
                throw new IllegalStateException("the disk is gone");
            }
        });
        try (gate;
                Engine engine = engine(model, OPTIONS.withSequencesMax(1))) {
            Generation running = engine.submit(GenerationRequest.of(prompt("a"), 100, LIVELY));
            Generation waiting = engine.submit(GenerationRequest.of(prompt("b"), 100, LIVELY));
            gate.openForAll();
            for (Generation generation : List.of(running, waiting)) {
                Finished end = end(generation);
                assertEquals(FinishReason.ERROR, end.reason());
                assertEquals("the disk is gone", end.problem().orElseThrow().getMessage());
            }
            assertEquals(engine.status().pages(), engine.status().pagesFree());
            IllegalStateException refused = assertThrows(
                    IllegalStateException.class, () -> engine.submit(GenerationRequest.of(prompt("c"), 1, LIVELY)));
            assertTrue(refused.getMessage().contains("the disk is gone"), refused.getMessage());
        }
    }

    @Test
    void failsOnlyTheGenerationWhoseTokenCannotBeDrawn() throws InterruptedException {
        Map<Integer, Double> nothing = new HashMap<>();
        IntStream.range(0, VOCABULARY).forEach(id -> nothing.put(id, Double.NEGATIVE_INFINITY));
        try (Engine engine = engine(new TinyModel(VOCABULARY, 512, 3), OPTIONS)) {
            Generation bad = engine.submit(GenerationRequest.of(prompt("a"), 9, LIVELY.withLogitBias(nothing)));
            Generation good = engine.submit(GenerationRequest.of(prompt("a"), 9, LIVELY));
            assertEquals(FinishReason.ERROR, end(bad).reason());
            assertEquals(FinishReason.LENGTH, end(good).reason());
        }
    }

    @Test
    void closesWithEveryGenerationCancelled() throws InterruptedException {
        Gate gate = new Gate();
        Engine engine = engine(new TinyModel(VOCABULARY, 512, 3, gate), OPTIONS.withSequencesMax(1));
        Generation running = engine.submit(GenerationRequest.of(prompt("a"), 400, LIVELY));
        Generation waiting = engine.submit(GenerationRequest.of(prompt("b"), 400, LIVELY));
        gate.awaitStep();
        gate.openForAll();
        engine.close();
        engine.close();
        assertEquals(FinishReason.CANCELLED, end(running).reason());
        assertEquals(FinishReason.CANCELLED, end(waiting).reason());
        assertThrows(IllegalStateException.class, () -> engine.submit(GenerationRequest.of(prompt("c"), 1, LIVELY)));
    }

    @Test
    void tellsLogProbabilitiesWithEachToken() throws InterruptedException {
        try (Engine engine = engine(new TinyModel(VOCABULARY, 512, 3), OPTIONS)) {
            Completion completion = engine.submit(GenerationRequest.of(prompt("a"), 8, Sampling.greedy())
                            .withTopLogprobs(3))
                    .await();
            for (GeneratedToken token : completion.tokens()) {
                assertEquals(3, token.alternatives().size());
                assertEquals(token.id(), token.alternatives().getFirst().id());
                assertEquals(
                        token.logprob().getAsDouble(),
                        token.alternatives().getFirst().logprob());
            }
        }
    }

    private static Engine engine(Model model, EngineOptions options) {
        return new Engine(model, TOKENIZER, new ScalarKernels(), options);
    }

    private static int[] prompt(String text) {
        return TOKENIZER.encodeOrdinary(text);
    }

    private static Finished end(Generation generation) throws InterruptedException {
        while (true) {
            switch (generation.next().orElseThrow()) {
                case Text _ -> {}
                case Finished end -> {
                    return end;
                }
            }
        }
    }

    private static List<GenerationRequest> requests(long seed, int count) {
        Random random = new Random(seed);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] prompt = IntStream.generate(() -> random.nextInt(256))
                    .limit(1 + random.nextInt(150))
                    .toArray();
            Sampling sampling = LIVELY.withSeed(random.nextLong());
            requests.add(GenerationRequest.of(
                    prompt,
                    20 + random.nextInt(80),
                    i % 3 == 0 ? Sampling.greedy().withFrequencyPenalty(0.7).withRepetitionPenalty(1.1) : sampling));
        }
        return requests;
    }

    /// Holds the engine before each step until it is let through. Closing lets it go.
    private static final class Gate implements TinyModel.Hook, AutoCloseable {
        private final Semaphore permits = new Semaphore(0);
        private final Semaphore arrivals = new Semaphore(0);
        private volatile int steps;

        @Override
        public void beforeStep(Batch batch) {
            if (!Thread.currentThread().getName().equals("engine")) {
                return; // The memory plan goes through the network too.
            }
            arrivals.release();
            permits.acquireUninterruptibly();
            steps++;
        }

        void awaitStep() {
            arrivals.acquireUninterruptibly();
        }

        void open(int count) {
            permits.release(count);
        }

        void openForAll() {
            permits.release(1_000_000);
        }

        int steps() {
            return steps;
        }

        @Override
        public void close() {
            openForAll();
        }
    }
}
