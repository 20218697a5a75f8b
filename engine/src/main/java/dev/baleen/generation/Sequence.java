package dev.baleen.generation;

import dev.baleen.generation.GenerationEvent.Text;
import dev.baleen.model.KvCache;
import dev.baleen.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// One request on its way: its tokens, how many of them are in the cache, and the pages that hold them.
///
/// Only the engine's thread may touch it after submission.
final class Sequence {
    private static final int[] NO_PAGES = {};

    private final Generation generation;
    private final GenerationRequest request;
    private final long seed;
    private final TextStream text;
    private final TokenHistory history;

    /// Prompt and answer so far; the answer's last token is never in the cache.
    private int[] tokens;
    private int length;
    private int computed;
    private int[] pages = NO_PAGES;
    private int slot = -1;

    private final long submittedNanos = System.nanoTime();
    private boolean started;
    private long startedNanos;
    private long firstTokenNanos;
    private long lastTokenNanos;

    Sequence(Generation generation, Tokenizer tokenizer) {
        this.generation = generation;
        request = generation.request();
        seed = request.sampling()
                .seed()
                .orElseGet(() -> ThreadLocalRandom.current().nextLong());
        text = new TextStream(tokenizer, request.stop(), request.stopFrom());
        history = new TokenHistory(request.sampling(), request.prompt());
        tokens = request.prompt().clone();
        length = tokens.length;
    }

    Generation generation() {
        return generation;
    }

    GenerationRequest request() {
        return request;
    }

    long seed() {
        return seed;
    }

    TokenHistory history() {
        return history;
    }

    /// Tokens of prompt and answer: also the position that the next one will have.
    int length() {
        return length;
    }

    /// Tokens that are in the cache.
    int computed() {
        return computed;
    }

    /// Tokens that have to be computed before the next one can be drawn; at least 1.
    int remaining() {
        return length - computed;
    }

    /// Copies tokens that are to be computed.
    void copyTokens(int count, int[] target, int offset) {
        System.arraycopy(tokens, computed, target, offset, count);
    }

    /// The pages of the cache, in order. Not to be changed.
    int[] pages() {
        return pages;
    }

    /// Its own place in the cache; -1 while it does not run.
    int slot() {
        return slot;
    }

    /// Begins to run, in any free place.
    void takeSlot(BitSet taken) {
        slot = taken.nextClearBit(0);
        taken.set(slot);
    }

    /// Pages that the first `tokenCount` tokens need beyond those that are here.
    int pagesMissing(int tokenCount) {
        return KvCache.pagesFor(tokenCount) - pages.length;
    }

    void takePages(int count, PagePool pool) {
        int held = pages.length;
        pages = Arrays.copyOf(pages, held + count);
        for (int i = held; i < pages.length; i++) {
            pages[i] = pool.take();
        }
    }

    /// Gives its place and every page back, and with them what was computed.
    void release(PagePool pool, BitSet taken) {
        if (slot >= 0) {
            taken.clear(slot);
            slot = -1;
        }
        for (int page : pages) {
            pool.release(page);
        }
        pages = NO_PAGES;
        computed = 0;
    }

    /// A step that computes this sequence begins; the first one counts.
    void started() {
        if (!started) {
            started = true;
            startedNanos = System.nanoTime();
        }
    }

    /// Whether no step has computed it yet.
    boolean isNew() {
        return !started;
    }

    void addComputed(int count) {
        computed += count;
    }

    /// Appends a token that was drawn, tells the reader what it shows, and says how the sequence ends if it does.
    Optional<FinishReason> append(GeneratedToken token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(2 * length, request.prompt().length + request.tokensMax()));
        }
        tokens[length++] = token.id();
        history.add(token.id());
        lastTokenNanos = System.nanoTime();
        if (answerLength() == 1) {
            firstTokenNanos = lastTokenNanos;
        }
        if (request.endTokens().contains(token.id())) {
            text.addSilent(token);
            return Optional.of(FinishReason.STOP);
        }
        text.add(token).ifPresent(generation::add);
        if (text.stopped()) {
            return Optional.of(FinishReason.STOP);
        }
        return answerLength() == request.tokensMax() ? Optional.of(FinishReason.LENGTH) : Optional.empty();
    }

    /// Text that was held back.
    Optional<Text> finishText() {
        return text.finish();
    }

    Usage usage() {
        if (!started) {
            return new Usage(request.prompt().length, 0, 0, System.nanoTime() - submittedNanos, 0, 0);
        }
        boolean answered = answerLength() > 0;
        return new Usage(
                request.prompt().length,
                answerLength(),
                0,
                startedNanos - submittedNanos,
                (answered ? firstTokenNanos : System.nanoTime()) - startedNanos,
                answered ? lastTokenNanos - firstTokenNanos : 0);
    }

    private int answerLength() {
        return length - request.prompt().length;
    }
}
