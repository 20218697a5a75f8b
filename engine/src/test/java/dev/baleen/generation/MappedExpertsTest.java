package dev.baleen.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.ExpertDispatch;
import dev.baleen.kernel.Prefetch;
import dev.baleen.model.WeightTraffic;
import dev.baleen.tensor.MemoryAdvice;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedExpertsTest {
    private static final int EXPERT_BYTES = 300_000;

    @Test
    void aModelThatFitsHasNoPrefetch() {
        assertSame(Prefetch.NONE, MappedExperts.of(plan(100, 100)));
    }

    @Test
    void adviceChangesNoByteWhateverItsBordersAndHoweverManyExpertsAreChosen(@TempDir Path folder) throws IOException {
        Assumptions.assumeTrue(MemoryAdvice.isPossible(), "skipped: this system takes no advice");
        byte[] bytes = new byte[4 * EXPERT_BYTES];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("experts"), bytes);
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length, arena);
            Tensor[] experts = new Tensor[4];
            for (int i = 0; i < experts.length; i++) {
                experts[i] = Tensor.of(
                        DType.F32, Shape.of(EXPERT_BYTES / 4), mapped.asSlice((long) i * EXPERT_BYTES, EXPERT_BYTES));
            }
            Prefetch prefetch = assertInstanceOf(MappedExperts.class, MappedExperts.of(plan(101, 100)));
            prefetch.experts(dispatch(0, 1, 1, 2, 2), experts);
            prefetch.experts(dispatch(0, 1, 2, 3, 4), experts);
            assertEquals(-1, mapped.mismatch(MemorySegment.ofArray(bytes)));
        }
    }

    private static ExpertDispatch dispatch(int... offsets) {
        return new ExpertDispatch(new int[0], offsets, new int[0], 1);
    }

    private static MemoryPlan plan(long weights, long room) {
        return new MemoryPlan(weights, 1, 4096, 1, 0, 1 << 20, 64, new WeightTraffic(10, 10), room);
    }
}
