package dev.baleen.checkpoint;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The tensors of a checkpoint, asked for by an architecture with the shape that its config implies.
///
/// A tensor that is missing or of another shape does not throw: it is recorded, a placeholder of the shape that was
/// asked for is returned, and [#finish()] tells all of them together, unless there are so many that nobody would read
/// them. Compute nothing before that call. Used by one thread.
///
/// Matrices of small floats come with the scales that lie beside them ([Tensor#scales()]).
public final class Weights {
    private static final ValueLayout.OfInt NARROW = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong WIDE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Checkpoint checkpoint;
    private final Problems problems;
    private final ScalesBeside scales;
    private final Set<String> used = new HashSet<>();
    private MemorySegment zeros = MemorySegment.NULL;

    private Weights(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.problems = new Problems(checkpoint.path().toString());
        this.scales = new ScalesBeside(checkpoint, problems);
    }

    public static Weights of(Checkpoint checkpoint) {
        return new Weights(checkpoint);
    }

    /// Whether the checkpoint lists the tensor, whatever its type.
    public boolean has(String name) {
        return checkpoint.entries().containsKey(name);
    }

    /// The tensor of that name and shape. Leading axes of length 1 do not count, as GGUF drops them.
    public Tensor get(String name, long... shape) {
        return find(name, shape).orElseGet(() -> {
            record("tensor " + Problems.quote(name), "missing", hint(name, shape));
            return placeholder(shape);
        });
    }

    /// As [#get], for small tensors that are computed with in single precision, such as norms and biases: the
    /// mapped bytes themselves where they are F32, otherwise a decoded copy. Whole numbers, as in a table of
    /// experts, are taken too.
    public Tensor getFloats(String name, long... shape) {
        TensorEntry entry = checkpoint.entries().get(name);
        boolean whole = entry != null
                && (entry.typeName().equals(StoredType.I32.name())
                        || entry.typeName().equals(StoredType.I64.name()));
        return whole && entry.shape().equals(Shape.of(shape)) ? wholeNumbers(entry) : floats(get(name, shape));
    }

    private Tensor wholeNumbers(TensorEntry entry) {
        used.add(entry.name());
        boolean wide = entry.typeName().equals(StoredType.I64.name());
        float[] values = new float[Math.toIntExact(entry.shape().elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = wide
                    ? entry.data().get(WIDE, (long) i * Long.BYTES)
                    : entry.data().get(NARROW, (long) i * Integer.BYTES);
        }
        return Tensor.ofFloats(values, lengths(entry.shape()));
    }

    /// As [#get] where the tensor is listed; a listed one of another shape or of a type that cannot be computed
    /// with is recorded as a problem, and a placeholder returned.
    public Optional<Tensor> find(String name, long... shape) {
        TensorEntry entry = checkpoint.entries().get(name);
        if (entry == null) {
            return Optional.empty();
        }
        used.add(name);
        ScalesBeside.names(name).forEach(used::add);
        String where =
                "%s, tensor %s, byte %,d".formatted(entry.file().getFileName(), Problems.quote(name), entry.offset());
        Optional<Tensor> tensor = scales.find(entry, where).or(() -> checkpoint.tensor(name));
        Shape found = tensor.map(Tensor::shape).orElse(entry.shape());
        boolean fits = Arrays.equals(withoutLeadingOnes(lengths(found)), withoutLeadingOnes(shape));
        if (!fits) {
            record(
                    where,
                    "has shape %s instead of %s".formatted(found, Arrays.toString(shape)),
                    "the settings and the weights do not belong together; take both from one source");
        }
        if (tensor.isEmpty()) {
            record(
                    where,
                    "has type %s, which cannot be computed with".formatted(entry.typeName()),
                    "take the model in one of " + Arrays.toString(DType.values()));
        }
        return fits && tensor.isPresent() ? tensor.map(whole -> whole.reshape(shape)) : Optional.of(placeholder(shape));
    }

    /// As [#find], in single precision.
    public Optional<Tensor> findFloats(String name, long... shape) {
        return find(name, shape).map(this::floats);
    }

    /// As [#find], in the shape that the checkpoint lists, where that is not known otherwise.
    public Optional<Tensor> whole(String name) {
        TensorEntry entry = checkpoint.entries().get(name);
        if (entry == null) {
            return Optional.empty();
        }
        Optional<Tensor> scaled = scales.find(entry, "tensor " + Problems.quote(name));
        return scaled.isPresent() ? scaled : find(name, lengths(entry.shape()));
    }

    /// The shape that the checkpoint lists for a tensor, for settings that older files leave out.
    public Optional<Shape> shapeOf(String name) {
        return Optional.ofNullable(checkpoint.entries().get(name)).map(TensorEntry::shape);
    }

    /// Records a problem that only the architecture can see.
    public void problem(String name, String what, String remedy) {
        problems.add("tensor " + Problems.quote(name), what, remedy);
    }

    /// Names that are listed and that nobody asked for; no error, but worth a line.
    public List<String> unused() {
        return checkpoint.entries().keySet().stream()
                .filter(name -> !used.contains(name))
                .toList();
    }

    /// @throws CheckpointException with every problem that was met, if there was any
    public void finish() {
        problems.throwIfAny();
    }

    /// A config that lies may ask for billions of tensors: the search ends where nobody reads on.
    private void record(String where, String what, String remedy) {
        if (problems.isFull()) {
            throw problems.fatal(where, what, remedy);
        }
        problems.add(where, what, remedy);
    }

    private Tensor floats(Tensor tensor) {
        return tensor.type() == DType.F32 || !problems.isEmpty()
                ? tensor
                : Tensor.ofFloats(tensor.toFloats(), lengths(tensor.shape()));
    }

    /// Zeros that take no memory: all placeholders share the mapping of a file that is one hole.
    private Tensor placeholder(long... lengths) {
        try {
            Shape shape = Shape.of(lengths);
            long bytes = DType.F32.bytes(shape.elements());
            if (zeros.byteSize() < bytes) {
                zeros = mapZeros(bytes);
            }
            return Tensor.of(DType.F32, shape, zeros.asSlice(0, bytes));
        } catch (IOException | ArithmeticException | IllegalArgumentException e) {
            // Without a placeholder the architecture cannot go on asking: what is known is told now.
            throw problems.fatal(
                    "memory", "no room to go on looking: " + e.getMessage(), "mend the problems above first");
        }
    }

    private static MemorySegment mapZeros(long bytes) throws IOException {
        Path hole = Files.createTempFile("placeholder", ".tmp");
        try (FileChannel channel = FileChannel.open(
                hole,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            return channel.map(MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
        }
    }

    private String hint(String name, long[] shape) {
        String wanted = "the model needs it with shape " + Arrays.toString(shape);
        if (problems.isFull()) {
            return wanted;
        }
        return checkpoint.entries().keySet().stream()
                .filter(listed -> listed.endsWith("." + name) || name.endsWith("." + listed))
                .findFirst()
                .map(similar -> wanted + "; the file has " + Problems.quote(similar))
                .orElse(wanted);
    }

    private static long[] lengths(Shape shape) {
        long[] lengths = new long[shape.axes()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = shape.axis(i);
        }
        return lengths;
    }

    private static long[] withoutLeadingOnes(long[] lengths) {
        int first = 0;
        while (first < lengths.length - 1 && lengths[first] == 1) {
            first++;
        }
        return Arrays.copyOfRange(lengths, first, lengths.length);
    }
}
