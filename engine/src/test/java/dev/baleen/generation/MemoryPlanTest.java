package dev.baleen.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.model.Model;
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

    private static String refusal(EngineOptions options, long machine) {
        return assertThrows(IllegalArgumentException.class, () -> MemoryPlan.of(MODEL, options, machine))
                .getMessage();
    }
}
