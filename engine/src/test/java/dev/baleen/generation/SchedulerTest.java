package dev.baleen.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.generation.StepPlan.Share;
import dev.baleen.kernel.Span;
import dev.baleen.model.Batch;
import dev.baleen.model.KvCache;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    @Test
    void cutsALongPromptAndLetsAnswersGoOnBesideIt() {
        PagePool pool = new PagePool(100);
        Scheduler scheduler = new Scheduler(10, 4, pool);
        Sequence first = sequence(3, 50);
        Sequence second = sequence(25, 50);
        scheduler.add(first);
        scheduler.add(second);

        assertEquals("3 7", step(scheduler));
        assertEquals("1 9", step(scheduler));
        assertEquals("1 9", step(scheduler));
        assertEquals("1 1", step(scheduler));
    }

    @Test
    void givesAnAnsweringSequenceItsTokenBeforeALongPromptOfAnOlderOne() {
        Scheduler scheduler = new Scheduler(10, 4, new PagePool(100));
        scheduler.add(sequence(12, 50));
        scheduler.add(sequence(1, 50));
        scheduler.add(sequence(40, 50));
        assertEquals("10", step(scheduler));
        assertEquals("2 1 7", step(scheduler));
        assertEquals("1 1 8", step(scheduler));
    }

    @Test
    void planningChangesNothing() {
        PagePool pool = new PagePool(3);
        Scheduler scheduler = new Scheduler(64, 4, pool);
        scheduler.add(sequence(64, 100));
        scheduler.add(sequence(64, 100));
        for (int i = 0; i < 200; i++) {
            StepPlan plan = scheduler.plan();
            assertEquals(plan, scheduler.plan());
            if (plan.isEmpty()) {
                break;
            }
            scheduler.begin(plan);
            accept(scheduler, plan);
        }
        assertEquals(3, pool.free());
    }

    @Test
    void letsTheYoungestGoWhenPagesRunOut() {
        PagePool pool = new PagePool(3);
        Scheduler scheduler = new Scheduler(128, 4, pool);
        Sequence old = sequence(64, 60);
        Sequence young = sequence(60, 60);
        scheduler.add(old);
        scheduler.add(young);
        step(scheduler);
        assertEquals(1, pool.free());
        for (int i = 0; i < 5; i++) {
            step(scheduler);
        }
        assertEquals(1, scheduler.preempted());
        assertEquals(0, young.pages().length);
        assertEquals(2, old.pages().length);
        assertEquals(0, young.computed());
    }

    /// Any mix of requests is done in the end; steps keep their limits, every sequence's positions are computed
    /// once in order, no page has two owners, and all are free at the end.
    @Test
    void keepsItsRulesForAnyMixOfRequests() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int sequencesMax = 1 + random.nextInt(6);
            int batchTokensMax = sequencesMax + random.nextInt(100);
            PagePool pool = new PagePool(5 + random.nextInt(12));
            Scheduler scheduler = new Scheduler(batchTokensMax, sequencesMax, pool);
            List<Sequence> toCome = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int prompt = 1 + random.nextInt(200);
                toCome.add(sequence(prompt, 1 + random.nextInt(5 * KvCache.PAGE_TOKENS - prompt)));
            }
            int steps = 0;
            while (!toCome.isEmpty() || !scheduler.all().isEmpty()) {
                String message = "seed " + seed + ", step " + steps;
                assertTrue(++steps < 20_000, message);
                while (!toCome.isEmpty() && random.nextInt(3) == 0) {
                    scheduler.add(toCome.removeLast());
                }
                StepPlan plan = scheduler.plan();
                assertFalse(plan.isEmpty() && !scheduler.all().isEmpty(), message);
                scheduler.begin(plan);
                check(plan, scheduler, batchTokensMax, sequencesMax, message);
                accept(scheduler, plan);
            }
            assertEquals(pool.pages(), pool.free(), "seed " + seed);
        }
    }

    private static void check(
            StepPlan plan, Scheduler scheduler, int batchTokensMax, int sequencesMax, String message) {
        assertTrue(plan.tokens() <= batchTokensMax, message);
        assertTrue(scheduler.running() <= sequencesMax, message);
        Set<Integer> owned = new HashSet<>();
        for (Sequence sequence : scheduler.all()) {
            for (int page : sequence.pages()) {
                assertTrue(owned.add(page), message + ": page " + page + " has two owners");
            }
        }
        Batch batch = plan.batch();
        for (Span span : batch.spans()) {
            assertEquals(KvCache.pagesFor(span.end()), span.pages().length, message);
        }
    }

    /// One step; the tokens of its shares.
    private static String step(Scheduler scheduler) {
        StepPlan plan = scheduler.plan();
        scheduler.begin(plan);
        StringBuilder shares = new StringBuilder();
        plan.shares()
                .forEach(share -> shares.append(shares.isEmpty() ? "" : " ").append(share.tokens()));
        accept(scheduler, plan);
        return shares.toString();
    }

    /// What the engine does after the forward pass, with a token out of the air.
    private static void accept(Scheduler scheduler, StepPlan plan) {
        for (Share share : plan.shares()) {
            boolean draws = share.draws();
            share.sequence().addComputed(share.tokens());
            if (draws) {
                Optional<FinishReason> end = share.sequence().append(GeneratedToken.plain('x'));
                end.ifPresent(_ -> scheduler.remove(share.sequence()));
            }
        }
    }

    private static Sequence sequence(int promptTokens, int tokensMax) {
        GenerationRequest request = GenerationRequest.of(new int[promptTokens], tokensMax, Sampling.greedy());
        return new Sequence(new Generation(request, () -> {}), new ByteTokenizer());
    }
}
