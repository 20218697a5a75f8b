package dev.baleen.conversion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.GgufType;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.checkpoint.TensorSource;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.ComputePool;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tensors in, the same tensors in other formats out.
class QuantizerTest {
    @TempDir
    private Path folder;

    private final List<QuantizedTensor> told = new ArrayList<>();
    private long advanced;

    private final Quantizer.Listener listener = new Quantizer.Listener() {
        @Override
        public void advanced(long sourceBytes) {
            advanced += sourceBytes;
        }

        @Override
        public void written(QuantizedTensor tensor) {
            told.add(tensor);
        }
    };

    @Test
    void theBytesAreThoseOfTheEncoderHoweverManyThreadsAndPieces() throws IOException {
        Tensor tensor = random(DType.BF16, 700, 256);
        float[] values = tensor.toFloats();
        MemorySegment expected = Arena.ofAuto().allocate(DType.Q4_K.bytes(values.length));
        DType.Q4_K.format().encode(values, 0, values.length, expected, 0);
        for (int threads : new int[] {1, 3}) {
            for (int piece : new int[] {1 << 30, 512 * 7, 1000, 3}) {
                List<TensorSource> sources = List.of(inPieces("a.weight", tensor, piece));
                byte[] actual = quantized(sources, Map.of("a.weight", DType.Q4_K), threads, Importance.none());
                assertArrayEquals(expected.toArray(ValueLayout.JAVA_BYTE), actual, threads + " threads, " + piece);
            }
        }
        assertEquals(8, told.size());
        assertEquals(1, told.stream().distinct().count(), "the error does not depend on threads and pieces");
        assertEquals(8 * tensor.data().byteSize(), advanced);
    }

    @Test
    void tellsTheErrorOfEachTensor() throws IOException {
        Tensor tensor = random(DType.F32, 40, 64);
        List<TensorSource> sources = List.of(TensorSource.of("a.weight", tensor));
        byte[] written = quantized(sources, Map.of("a.weight", DType.Q4_0), 2, Importance.none());
        float[] before = tensor.toFloats();
        float[] after = new float[before.length];
        DType.Q4_0.format().decode(MemorySegment.ofArray(written), 0, after, 0, after.length);
        double errors = 0;
        double squares = 0;
        for (int i = 0; i < before.length; i++) {
            errors += Math.pow((double) before[i] - after[i], 2);
            squares += Math.pow(before[i], 2);
        }
        QuantizedTensor report = told.getFirst();
        assertEquals(Math.sqrt(errors / squares), report.relativeError(), 1e-9);
        assertTrue(report.relativeError() > 0.05 && report.relativeError() < 0.12, report.toString());
        assertEquals("F32", report.from());
        assertEquals("Q4_0", report.to());
        assertEquals(tensor.data().byteSize(), report.bytesBefore());
        assertEquals(written.length, report.bytesAfter());
    }

    @Test
    void rowsOfAnExpertHeedTheImportanceOfItsColumns() throws IOException {
        Tensor tensor = random(DType.F32, 2, 8, 256);
        StringBuilder line = new StringBuilder("a.weight");
        for (int i = 0; i < 512; i++) {
            line.append(' ').append(i < 256 == i % 2 > 0 ? 100 : 0.01);
        }
        Importance importance = Importance.read(Files.writeString(folder.resolve("importance"), line));
        Map<String, DType> types = Map.of("a.weight", DType.Q4_K);
        List<TensorSource> sources = List.of(TensorSource.of("a.weight", tensor));
        float[] heeding = decode(DType.Q4_K, quantized(sources, types, 2, importance));
        float[] heedless = decode(DType.Q4_K, quantized(sources, types, 2, Importance.none()));
        float[] values = tensor.toFloats();
        for (int expert = 0; expert < 2; expert++) {
            double withImportance = 0;
            double without = 0;
            for (int i = expert * 2048; i < (expert + 1) * 2048; i++) {
                if (i % 2 > 0 == (expert == 0)) {
                    withImportance += Math.pow(values[i] - heeding[i], 2);
                    without += Math.pow(values[i] - heedless[i], 2);
                }
            }
            assertTrue(withImportance < 0.9 * without, "expert %d: %s, %s".formatted(expert, withImportance, without));
        }
    }

    @Test
    void tensorsWithoutANewTypeKeepTheirBytes() throws IOException {
        Tensor tensor = random(DType.Q8_0, 3, 64);
        byte[] kept = quantized(List.of(TensorSource.of("a.weight", tensor)), Map.of(), 1, Importance.none());
        assertArrayEquals(tensor.data().toArray(ValueLayout.JAVA_BYTE), kept);
        assertTrue(told.getFirst().isKept());
        assertEquals(0, told.getFirst().relativeError());
    }

    @Test
    void refusesANumberThatTheFormatCannotHoldByTensorAndRow() {
        for (DType type : List.of(DType.Q4_K, DType.F16, DType.BF16)) {
            Tensor tensor = random(DType.F32, 40, 256);
            tensor.set(33 * 256 + 5, Float.NaN);
            tensor.set(35 * 256 + 5, Float.POSITIVE_INFINITY);
            String message = refusal(tensor, type);
            assertTrue(message.startsWith("Tensor \"a.weight\", row 33 of shape [40, 256], to " + type), message);
            assertTrue(message.contains("umber 5 ") && message.contains("NaN"), message);
        }
        Tensor large = random(DType.F32, 40, 256);
        large.set(7, 70_000);
        assertTrue(refusal(large, DType.F16).contains("number 7 is 70000.0, too large for this format; take BF16"));
        large.set(7, 1e7);
        assertTrue(refusal(large, DType.Q4_0).contains("half precision ends at 65,504"));
    }

    @Test
    void theMetadataSaysWhatTheNumbersAreWrittenIn() throws IOException {
        SequencedMap<String, GgufValue> source = new LinkedHashMap<>();
        source.put("general.architecture", new GgufValue.Text("llama"));
        source.put("general.file_type", new GgufValue.Whole(GgufType.UINT32, 1));
        source.put("split.no", new GgufValue.Whole(GgufType.UINT16, 0));
        source.put("split.count", new GgufValue.Whole(GgufType.UINT16, 3));
        Importance importance = Importance.read(Files.writeString(folder.resolve("text.imatrix"), "a 1\nb 2\n"));
        SequencedMap<String, GgufValue> metadata = Quantizer.metadata(source, QuantizationMix.Q4_K_M, importance);
        assertEquals(
                Map.of(
                        "general.architecture", new GgufValue.Text("llama"),
                        "general.file_type", new GgufValue.Whole(GgufType.UINT32, 15),
                        "general.quantization_version", new GgufValue.Whole(GgufType.UINT32, 2),
                        "quantize.imatrix.file", new GgufValue.Text("text.imatrix"),
                        "quantize.imatrix.entries_count", new GgufValue.Whole(GgufType.UINT32, 2)),
                metadata);
    }

    @Test
    void aFileThatCannotBeFinishedIsNotThere() throws IOException {
        Tensor tensor = random(DType.F32, 40, 256);
        tensor.set(39 * 256, Float.NaN);
        Path file = folder.resolve("out.gguf");
        List<TensorSource> sources = List.of(TensorSource.of("a.weight", tensor));
        try (ComputePool pool = new ComputePool(2)) {
            List<TensorSource> quantized =
                    new Quantizer(pool, Importance.none(), listener).quantize(sources, Map.of("a.weight", DType.Q8_0));
            assertThrows(IllegalArgumentException.class, () -> Gguf.write(file, new LinkedHashMap<>(), quantized));
        }
        try (var left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private String refusal(Tensor tensor, DType type) {
        List<TensorSource> sources = List.of(TensorSource.of("a.weight", tensor));
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> quantized(sources, Map.of("a.weight", type), 3, Importance.none()))
                .getMessage();
    }

    /// What is written of the tensors, one behind another.
    private byte[] quantized(List<TensorSource> sources, Map<String, DType> types, int threads, Importance importance)
            throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (ComputePool pool = new ComputePool(threads)) {
            for (TensorSource source : new Quantizer(pool, importance, listener).quantize(sources, types)) {
                source.content().writeTo(bytes -> all.writeBytes(bytes.toArray(ValueLayout.JAVA_BYTE)));
            }
        }
        return all.toByteArray();
    }

    private static TensorSource inPieces(String name, Tensor tensor, int piece) {
        return new TensorSource(name, tensor.type(), tensor.shape(), sink -> {
            for (long at = 0; at < tensor.data().byteSize(); at += piece) {
                sink.write(
                        tensor.data().asSlice(at, Math.min(piece, tensor.data().byteSize() - at)));
            }
        });
    }

    private static float[] decode(DType type, byte[] bytes) {
        float[] values = new float[bytes.length / type.blockBytes() * type.blockElements()];
        type.format().decode(MemorySegment.ofArray(bytes), 0, values, 0, values.length);
        return values;
    }

    private static Tensor random(DType type, long... lengths) {
        Random random = new Random(17);
        float[] values = new float[(int) Shape.of(lengths).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * 0.02);
        }
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), type, lengths);
        tensor.setFloats(values);
        return tensor;
    }
}
