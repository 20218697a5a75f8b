package dev.baleen.tensor;

import java.util.Arrays;

/// The lengths of an array's axes, outermost first; the last axis is contiguous in memory and is called the row.
public final class Shape {
    private static final int AXES_MAX = 8;

    private final long[] lengths;
    private final long elements;

    private Shape(long[] lengths) {
        if (lengths.length == 0 || lengths.length > AXES_MAX) {
            throw new IllegalArgumentException("A shape has 1 to %d axes, not %d".formatted(AXES_MAX, lengths.length));
        }
        long product = 1;
        for (long length : lengths) {
            if (length < 0) {
                throw new IllegalArgumentException("Negative axis in shape " + Arrays.toString(lengths));
            }
            product = Math.multiplyExact(product, length);
        }
        this.lengths = lengths;
        this.elements = product;
    }

    public static Shape of(long... lengths) {
        return new Shape(lengths.clone());
    }

    public int axes() {
        return lengths.length;
    }

    /// The length of an axis; negative indexes count from the last, which is -1.
    public long axis(int index) {
        return lengths[index < 0 ? lengths.length + index : index];
    }

    /// Product of all axes.
    public long elements() {
        return elements;
    }

    /// The length of the last axis.
    public int columns() {
        return Math.toIntExact(axis(-1));
    }

    /// The product of all axes but the last.
    public int rows() {
        long product = 1;
        for (int i = 0; i < lengths.length - 1; i++) {
            product *= lengths[i];
        }
        return Math.toIntExact(product);
    }

    /// This shape with its first axis set to `length`.
    public Shape withFirst(long length) {
        long[] copy = lengths.clone();
        copy[0] = length;
        return new Shape(copy);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(lengths, shape.lengths);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lengths);
    }

    /// Such as `[2, 3]`.
    @Override
    public String toString() {
        return Arrays.toString(lengths);
    }
}
