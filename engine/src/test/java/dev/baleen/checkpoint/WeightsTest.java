package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    @TempDir
    private Path folder;

    private Gguf checkpoint;

    @BeforeEach
    void open() throws IOException {
        Gguf.write(folder.resolve("x.gguf"), new LinkedHashMap<>(), TestFiles.someTensors());
        checkpoint = Gguf.open(folder.resolve("x.gguf"));
    }

    @AfterEach
    void close() {
        checkpoint.close();
    }

    @Test
    void givesWhatIsThere() {
        Weights weights = Weights.of(checkpoint);
        assertSame(DType.F32, weights.get("matrix", 2, 3).type());
        assertEquals(Shape.of(1, 3), weights.get("half", 1, 3).shape());
        assertArrayEquals(new float[] {10, 11, 12}, weights.getFloats("half", 3).toFloats());
        assertSame(DType.F32, weights.getFloats("half", 3).type());
        assertEquals(Optional.empty(), weights.find("bias", 3));
        assertEquals(Optional.of(Shape.of(2, 3, 4)), weights.shapeOf("experts"));
        assertEquals(List.of("blocks", "experts"), weights.unused());
        assertDoesNotThrow(weights::finish);
    }

    @Test
    void tellsAllThatIsMissingOrWrongTogether() {
        Weights weights = Weights.of(checkpoint);
        assertEquals(Shape.of(4, 4), weights.get("model.matrix", 4, 4).shape());
        assertEquals(Shape.of(3, 2), weights.get("matrix", 3, 2).shape());
        assertEquals(Shape.of(6), weights.findFloats("half", 6).orElseThrow().shape());
        weights.problem("blocks", "is odd", "");
        CheckpointException told = assertThrows(CheckpointException.class, weights::finish);
        assertEquals(4, told.problems().size());
        assertTrue(
                told.getMessage().contains("tensor \"model.matrix\": missing; the model needs it with shape [4, 4]"),
                told.getMessage());
        assertTrue(told.getMessage().contains("the file has \"matrix\""), told.getMessage());
        assertTrue(told.getMessage().contains("x.gguf, tensor \"matrix\", byte"), told.getMessage());
        assertTrue(told.getMessage().contains("has shape [2, 3] instead of [3, 2]"), told.getMessage());
    }

    @Test
    void aPlaceholderOfAHugeTensorTakesNoMemoryAndCanBeReshaped() {
        Weights weights = Weights.of(checkpoint);
        long before = TestFiles.allocatedBytes();
        Tensor placeholder = weights.get("embedding", 129_280, 7_168);
        placeholder.reshape(7_168, 129_280).entry(7_000);
        assertEquals(0, placeholder.get(129_280L * 7_168 - 1));
        assertTrue(TestFiles.allocatedBytes() - before < TestFiles.ALLOCATION_MAX);
        assertThrows(CheckpointException.class, weights::finish);
    }

    @Test
    void anImpossiblePlaceholderEndsTheSearchWithWhatIsKnown() {
        Weights weights = Weights.of(checkpoint);
        weights.get("missing", 3);
        CheckpointException told = assertThrows(
                CheckpointException.class,
                () -> weights.get("huge", Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertTrue(told.getMessage().contains("\"missing\""), told.getMessage());
        assertTrue(told.getMessage().contains("\"huge\""), told.getMessage());
    }

    @Test
    void aTypeThatCannotBeComputedWithIsNamed() {
        String header = "{\"w\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]}}";
        Path file = TestFiles.write(folder.resolve("b.safetensors"), TestFiles.safetensors(header, new byte[2]));
        try (Checkpoint bools = Checkpoint.open(file)) {
            Weights weights = Weights.of(bools);
            assertEquals(Shape.of(2), weights.get("w", 2).shape());
            CheckpointException told = assertThrows(CheckpointException.class, weights::finish);
            assertEquals(1, told.problems().size());
            assertTrue(told.getMessage().contains("tensor \"w\", byte"), told.getMessage());
            assertTrue(told.getMessage().contains("has type BOOL, which cannot be computed with"), told.getMessage());
            assertTrue(told.getMessage().contains("BF16"), told.getMessage());
        }
    }
}
