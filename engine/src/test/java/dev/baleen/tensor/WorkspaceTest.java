package dev.baleen.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
    @Test
    void whatIsKeptMovesDownToTheMarkEvenOverItself() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (Workspace workspace = new Workspace(1 << 20)) {
            for (int round = 0; round < 200; round++) {
                workspace.reset();
                Tensor below = filled(workspace, random);
                float[] belowBefore = below.toFloats();
                long mark = workspace.mark();
                for (int i = random.nextInt(3); i > 0; i--) {
                    workspace.allocate(DType.F32, Shape.of(1 + random.nextInt(20)));
                }
                Tensor kept = filled(workspace, random);
                float[] before = kept.toFloats();
                filled(workspace, random);
                Tensor moved = workspace.release(mark, kept);
                assertArrayEquals(before, moved.toFloats(), "seed " + seed + ", round " + round);
                assertArrayEquals(belowBefore, below.toFloats(), "seed " + seed + ", round " + round);
                Tensor next = workspace.allocate(DType.F32, Shape.of(8));
                next.setFloats(new float[8]);
                assertArrayEquals(before, moved.toFloats(), "what comes next lies behind it");
            }
        }
    }

    @Test
    void whatLiesBelowTheMarkOrElsewhereStaysWhereItIs() {
        try (Workspace workspace = new Workspace(4096)) {
            Tensor below = workspace.allocate(DType.F32, Shape.of(4));
            long mark = workspace.mark();
            workspace.allocate(DType.F32, Shape.of(100));
            assertSame(below, workspace.release(mark, below));
            assertEquals(mark, workspace.used());
            Tensor elsewhere = Tensor.ofFloats(new float[4], 4);
            assertSame(elsewhere, workspace.release(mark, elsewhere));
        }
    }

    @Test
    void theSpaceAboveTheMarkIsUsedAgain() {
        try (Workspace workspace = new Workspace(4096)) {
            for (int i = 0; i < 100; i++) {
                long mark = workspace.mark();
                workspace.allocate(DType.F32, Shape.of(500));
                Tensor small = workspace.allocate(DType.F32, Shape.of(1));
                workspace.release(mark, small);
                workspace.reset();
            }
            assertEquals(2112, workspace.usedMax());
            String told = assertThrows(IllegalStateException.class, () -> workspace.allocate(DType.F32, Shape.of(2000)))
                    .getMessage();
            assertTrue(told.contains("8,000"), told);
        }
    }

    private static Tensor filled(Workspace workspace, Random random) {
        float[] values = new float[1 + random.nextInt(300)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        Tensor tensor = workspace.allocate(DType.F32, Shape.of(values.length));
        tensor.setFloats(values);
        return tensor;
    }
}
