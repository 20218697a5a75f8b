package dev.baleen.tensor;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.baleen.dtype.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/// An array of numbers: a type, a shape, and the native memory that holds it, row-major without gaps.
///
/// A tensor is a view: [#reshape] and [#slice] give others over the same bytes. It owns no memory; an
/// [Arena], a [Workspace] or a mapped file does. Bytes are little-endian; activations (F32 and F64) are read in the
/// machine's order, which is the same on every processor that Baleen runs on.
public final class Tensor {
    private final DType type;
    private final Shape shape;
    private final MemorySegment data;
    private final Optional<BlockScales> scales;

    private Tensor(DType type, Shape shape, MemorySegment data, Optional<BlockScales> scales) {
        this.type = type;
        this.shape = shape;
        this.data = data;
        this.scales = scales;
    }

    /// A view of `data`, which must be native memory of exactly the right size.
    public static Tensor of(DType type, Shape shape, MemorySegment data) {
        if (shape.columns() % type.blockElements() != 0) {
            throw new IllegalArgumentException("Rows of %d do not fill whole blocks of %s, %d numbers each"
                    .formatted(shape.columns(), type, type.blockElements()));
        }
        long bytes = type.bytes(shape.elements());
        if (data.byteSize() != bytes || !data.isNative()) {
            throw new IllegalArgumentException("%s %s needs %d bytes of native memory, but was given %d bytes of %s"
                    .formatted(type, shape, bytes, data.byteSize(), data.isNative() ? "it" : "the heap"));
        }
        return new Tensor(type, shape, data, Optional.empty());
    }

    /// Zeroed memory from `arena`, aligned to 64 bytes.
    public static Tensor allocate(Arena arena, DType type, long... lengths) {
        Shape shape = Shape.of(lengths);
        return of(type, shape, arena.allocate(type.bytes(shape.elements()), 64));
    }

    /// A copy of `values` in single precision, in memory that the garbage collector frees.
    public static Tensor ofFloats(float[] values, long... lengths) {
        Tensor tensor = allocate(Arena.ofAuto(), DType.F32, lengths);
        tensor.setFloats(values);
        return tensor;
    }

    /// The same matrix, each number of which is to be multiplied by its block's scale.
    public Tensor scaled(BlockScales blocks) {
        if (scales.isPresent() || !blocks.cover(shape)) {
            throw new IllegalArgumentException("%s cannot have the scales %s".formatted(this, blocks));
        }
        return new Tensor(type, shape, data, Optional.of(blocks));
    }

    public DType type() {
        return type;
    }

    public Shape shape() {
        return shape;
    }

    public MemorySegment data() {
        return data;
    }

    /// What numbers are multiplied by, block by block, where the format keeps scales apart.
    public Optional<BlockScales> scales() {
        return scales;
    }

    public int rows() {
        return shape.rows();
    }

    public int columns() {
        return shape.columns();
    }

    public long elements() {
        return shape.elements();
    }

    /// The length of an axis; negative indexes count from the last.
    public int axis(int index) {
        return Math.toIntExact(shape.axis(index));
    }

    /// Bytes of one row.
    public long rowBytes() {
        return type.bytes(columns());
    }

    /// The same bytes in another shape of as many elements.
    public Tensor reshape(long... lengths) {
        Tensor reshaped = of(type, Shape.of(lengths), data);
        return scales.map(reshaped::scaled).orElse(reshaped);
    }

    /// Entries `from` to `to` (exclusive) of the first axis.
    public Tensor slice(long from, long to) {
        if (from < 0 || to < from || to > shape.axis(0)) {
            throw new IllegalArgumentException("Entries %d to %d are outside shape %s".formatted(from, to, shape));
        }
        Shape part = shape.withFirst(to - from);
        long entryBytes = shape.axis(0) == 0 ? 0 : data.byteSize() / shape.axis(0);
        MemorySegment bytes = data.asSlice(from * entryBytes, (to - from) * entryBytes);
        return new Tensor(type, part, bytes, scales.map(blocks -> blocks.from(from)));
    }

    /// Entry `index` of the first axis, with that axis dropped.
    public Tensor entry(long index) {
        long[] rest = new long[Math.max(1, shape.axes() - 1)];
        Arrays.fill(rest, 1);
        for (int i = 1; i < shape.axes(); i++) {
            rest[i - 1] = shape.axis(i);
        }
        return slice(index, index + 1).reshape(rest);
    }

    /// One element as a double. Slow: for the scalar kernels, tests and tools.
    public double get(long index) {
        return switch (type) {
            case F32 -> data.get(JAVA_FLOAT_UNALIGNED, index * Float.BYTES);
            case F64 -> data.get(JAVA_DOUBLE_UNALIGNED, index * Double.BYTES);
            default -> {
                float value = type.format().decodeOne(data, index);
                yield scales.isPresent() ? value * scales.get().at(index / columns(), index % columns()) : value;
            }
        };
    }

    /// Sets one element of an F32 or F64 tensor, rounding to its type. Slow.
    public void set(long index, double value) {
        switch (type) {
            case F32 -> data.set(JAVA_FLOAT_UNALIGNED, index * Float.BYTES, (float) value);
            case F64 -> data.set(JAVA_DOUBLE_UNALIGNED, index * Double.BYTES, value);
            default -> throw new IllegalStateException("Single elements of " + type + " cannot be set; encode rows");
        }
    }

    /// All elements, decoded.
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(elements())];
        if (scales.isEmpty()) {
            type.format().decode(data, 0, values, 0, values.length);
        } else {
            for (int row = 0; row < rows(); row++) {
                decodeRow(row, values, row * columns());
            }
        }
        return values;
    }

    /// Decodes one row into `target[at..]`.
    public void decodeRow(long row, float[] target, int at) {
        type.format().decode(data, row * rowBytes(), target, at, columns());
        if (scales.isPresent()) {
            BlockScales blocks = scales.get();
            for (int from = 0; from < columns(); from += blocks.columns()) {
                float scale = blocks.at(row, from);
                int to = Math.min(columns(), from + blocks.columns());
                for (int i = at + from; i < at + to; i++) {
                    target[i] *= scale;
                }
            }
        }
    }

    /// Encodes `values` over all elements.
    public void setFloats(float[] values) {
        if (values.length != elements()) {
            throw new IllegalArgumentException("%d values for shape %s".formatted(values.length, shape));
        }
        if (scales.isPresent()) {
            throw new IllegalStateException("Scaled tensors are only read, and " + this + " was to be written");
        }
        type.format().encode(values, 0, values.length, data, 0);
    }

    /// Such as `F32 [2, 3]`.
    @Override
    public String toString() {
        return type + " " + shape + (scales.isPresent() ? " scaled" : "");
    }
}
