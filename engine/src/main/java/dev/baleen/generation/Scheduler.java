package dev.baleen.generation;

import dev.baleen.generation.StepPlan.Share;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/// Decides who computes what in the next step. There is no phase of prompts and no phase of answers: a sequence has
/// tokens that are not computed yet, one or a thousand, and each step computes some of them.
///
/// The rules, in the order they apply:
/// - A sequence with one token left (it is answering) always gets it; `sequencesMax` is never more than a step's
///   tokens.
/// - What is left of the step's tokens goes to the others, those that came first first, in pieces.
/// - When a running sequence needs a page and none is free, the youngest running one gives all of its pages back,
///   waits at the head of the queue, and is computed again later. Since a row's bits depend on its own sequence only,
///   its text stays the same. The alternative, to reserve pages for the longest possible answer, would let one
///   reasoning model's request of 32,768 tokens keep everybody else waiting for pages that it hardly ever fills.
/// - Waiting sequences come in first come, first served, if there are pages for all tokens they have so far beyond
///   what the running ones have yet to take for theirs. Nobody comes in during a step in which somebody had to leave.
///
/// The oldest sequence can always go on, since the pool holds the longest sequence allowed: so there is no deadlock.
///
/// Only the engine's thread may touch it.
final class Scheduler {
    private final int batchTokensMax;
    private final int sequencesMax;
    private final PagePool pool;
    /// Which of the running sequences' places are taken: as many as may run.
    private final BitSet slots = new BitSet();
    /// Oldest first.
    private final List<Sequence> running = new ArrayList<>();
    private final Deque<Sequence> waiting = new ArrayDeque<>();

    Scheduler(int batchTokensMax, int sequencesMax, PagePool pool) {
        this.batchTokensMax = batchTokensMax;
        this.sequencesMax = sequencesMax;
        this.pool = pool;
    }

    void add(Sequence sequence) {
        waiting.addLast(sequence);
    }

    int running() {
        return running.size();
    }

    /// Sequences that have run, gave their pages back, and wait for others.
    int preempted() {
        return (int) waiting.stream().filter(s -> !s.isNew()).count();
    }

    /// Every sequence, running or waiting.
    List<Sequence> all() {
        List<Sequence> all = new ArrayList<>(running);
        all.addAll(waiting);
        return all;
    }

    /// The next step. Changes nothing.
    StepPlan plan() {
        List<Share> shares = new ArrayList<>();
        List<Sequence> preempted = new ArrayList<>();
        int staying = running.size();
        int answering = (int) running.stream().filter(s -> s.remaining() == 1).count();
        int budget = batchTokensMax;
        int free = pool.free();
        int promised = 0;
        for (int i = 0; i < staying; i++) {
            Sequence sequence = running.get(i);
            int tokens;
            if (sequence.remaining() == 1) {
                tokens = 1;
                answering--;
            } else {
                tokens = Math.min(sequence.remaining(), budget - answering);
            }
            if (tokens == 0) {
                promised += sequence.pagesMissing(sequence.length());
                continue;
            }
            int missing = Math.max(0, sequence.pagesMissing(sequence.computed() + tokens));
            while (missing > free && staying > i) {
                Sequence youngest = running.get(--staying);
                preempted.add(youngest);
                free += youngest.pages().length;
                answering -= youngest.remaining() == 1 && staying > i ? 1 : 0;
            }
            if (staying > i) {
                free -= missing;
                budget -= tokens;
                promised += sequence.pagesMissing(sequence.length()) - missing;
                shares.add(new Share(sequence, tokens));
            }
        }
        int admitted = preempted.isEmpty() ? admit(shares, budget, free - promised, sequencesMax - staying) : 0;
        return new StepPlan(shares, preempted, admitted);
    }

    /// Adds the shares of waiting sequences that may come in; returns their number.
    private int admit(List<Share> shares, int budget, int free, int places) {
        int admitted = 0;
        for (Sequence sequence : waiting) {
            int pages = sequence.pagesMissing(sequence.length());
            if (admitted == places || budget == 0 || pages > free) {
                break;
            }
            int tokens = Math.min(sequence.remaining(), budget);
            shares.add(new Share(sequence, tokens));
            budget -= tokens;
            free -= pages;
            admitted++;
        }
        return admitted;
    }

    /// Moves sequences and pages as the plan says.
    void begin(StepPlan plan) {
        for (Sequence sequence : plan.preempted()) {
            running.remove(sequence);
            sequence.release(pool, slots);
            waiting.addFirst(sequence);
        }
        for (int i = 0; i < plan.admitted(); i++) {
            Sequence sequence = waiting.removeFirst();
            sequence.takeSlot(slots);
            running.add(sequence);
        }
        for (Share share : plan.shares()) {
            Sequence sequence = share.sequence();
            sequence.takePages(Math.max(0, sequence.pagesMissing(sequence.computed() + share.tokens())), pool);
            sequence.started();
        }
    }

    /// Takes a sequence out and frees its pages.
    void remove(Sequence sequence) {
        running.remove(sequence);
        waiting.remove(sequence);
        sequence.release(pool, slots);
    }
}
