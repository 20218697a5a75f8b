package dev.baleen.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.model.Model;
import dev.baleen.model.WeightTraffic;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    /// 16 numbers a token, so 4 KiB a page in single precision.
    private static final Model MODEL = new TinyModel(300, 640, 1);

    private static final long MACHINE = 1L << 30;
    private static final EngineOptions OPTIONS = EngineOptions.defaults();

    @Test
    void holdsEverySequenceAtFullLengthWhereMemoryAllows() {
        MemoryPlan plan = MemoryPlan.of(MODEL, OPTIONS, MACHINE);
        assertEquals(8 * 10, plan.pages());
        assertEquals(80 * 4096, plan.cacheBytes());
        assertEquals(640, plan.contextTokens());
        assertTrue(
                plan.toString().contains(" mapped | kv 320 KiB = 80 pages × 64 tokens | workspace "), plan.toString());
    }

    @Test
    void halvesTheCacheInHalfPrecision() {
        assertEquals(
                80 * 2048,
                MemoryPlan.of(MODEL, OPTIONS.withCacheType(DType.F16), MACHINE).cacheBytes());
    }

    @Test
    void shortensTheContextWhereNoneWasAskedFor() {
        MemoryPlan plan = MemoryPlan.of(MODEL, OPTIONS.withCacheBytesMax(3 * 4096), MACHINE);
        assertEquals(3, plan.pages());
        assertEquals(192, plan.contextTokens());
    }

    @Test
    void refusesAContextThatTheCacheCannotHoldWithValuesThatFit() {
        EngineOptions options = OPTIONS.withCacheBytesMax(3 * 4096).withContextTokensMax(500);
        String message = refusal(options, MACHINE);
        assertTrue(message.contains("lower it to 192, or raise cacheBytesMax to 32 KiB"), message);
        MemoryPlan.of(MODEL, options.withContextTokensMax(192), MACHINE);
        MemoryPlan.of(MODEL, options.withCacheBytesMax(32 << 10), MACHINE);
    }

    @Test
    void refusesAStepThatDoesNotFitWithAnotherThatDoes() {
        EngineOptions options = OPTIONS.withMemoryBytesMax(100_000);
        String message = refusal(options, MACHINE);
        assertTrue(message.contains("lower batchTokensMax to "), message);
        int fits = Integer.parseInt(message.replaceAll(".*lower batchTokensMax to (\\d+).*", "$1"));
        MemoryPlan.of(MODEL, options.withBatchTokensMax(fits), MACHINE);
    }

    @Test
    void refusesACacheThatIsLargerThanMemory() {
        MemoryPlan fitting = MemoryPlan.of(MODEL, OPTIONS, MACHINE);
        EngineOptions options = OPTIONS.withCacheBytesMax(1 << 20)
                .withMemoryBytesMax(fitting.workspaceBytes() + fitting.cacheBytes() / 2);
        String message = refusal(options, MACHINE);
        assertTrue(message.contains("lower cacheBytesMax to 160 KiB"), message);
    }

    @Test
    void weightsThatStayInMemoryNeedNoWord() {
        MemoryPlan plan = plan(10 << 20, 64 << 20, 1 << 20, 1 << 20);
        assertTrue(plan.holdsWeights());
        assertEquals(0, plan.diskBytesPerToken());
        assertEquals(Optional.empty(), plan.expectation());
    }

    @Test
    void ofAMixtureThatIsLargerThanMemoryATokenReadsTheExpertsThatAreNotThere() {
        // 400 GiB, of which 16 are read by every token and 4 by one; of 112 GiB of room, 96 hold a quarter of the rest.
        MemoryPlan plan = plan(400L << 30, 112L << 30, 16L << 30, 4L << 30);
        assertEquals(3L << 30, plan.diskBytesPerToken());
        assertEquals(
                "memory holds 112 GiB of the weights' 400 GiB: a token reads 20 GiB of them, about 3.0 GiB from the"
                        + " disk, so expect at most 0.62 tokens/s from a disk of 2 GB/s",
                plan.expectation().orElseThrow());
    }

    @Test
    void whatEveryTokenReadsIsReadAnewWhereItDoesNotFit() {
        assertEquals(40L << 30, plan(40L << 30, 39L << 30, 40L << 30, 0).diskBytesPerToken());
        assertEquals(20L << 30, plan(400L << 30, 15L << 30, 16L << 30, 4L << 30).diskBytesPerToken());
    }

    @Test
    void aCacheThatNobodyAskedForLeavesTheWeightsInMemory() {
        long weights = MemoryPlan.of(MODEL, OPTIONS, MACHINE).weightsBytes();
        long workspace = MemoryPlan.of(MODEL, OPTIONS, MACHINE).workspaceBytes();
        long machine = (weights + workspace + (200 << 10)) / 15 * 16;
        MemoryPlan tight = MemoryPlan.of(MODEL, OPTIONS.withMemoryBytesMax(MACHINE), machine);
        assertTrue(tight.cacheBytes() <= 201 << 10, tight.toString());
        assertTrue(tight.cacheBytes() >= 190 << 10, tight.toString());
    }

    private static MemoryPlan plan(long weights, long room, long dense, long experts) {
        return new MemoryPlan(weights, 1, 4096, 1, 0, 1 << 20, 64, new WeightTraffic(dense, experts), room);
    }

    private static String refusal(EngineOptions options, long machine) {
        return assertThrows(IllegalArgumentException.class, () -> MemoryPlan.of(MODEL, options, machine))
                .getMessage();
    }
}
