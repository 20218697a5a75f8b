package dev.baleen.conversion;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/// The rows of a weight in the order in which they are to be written, made from the rows of others one at a time.
///
/// Not for several threads: some keep the piece that they made last.
sealed interface Rows {
    /// How the numbers are stored.
    DType type();

    long count();

    int columns();

    /// The row as it is stored; empty where its numbers lie scattered, or need scales that lie elsewhere.
    Optional<MemorySegment> stored(long row);

    void decode(long row, float[] target);

    static Rows of(Tensor tensor) {
        return new Plain(tensor);
    }

    /// Rows of a tensor. A vector is one row.
    record Plain(Tensor tensor) implements Rows {
        @Override
        public DType type() {
            return tensor.type();
        }

        @Override
        public long count() {
            return tensor.rows();
        }

        @Override
        public int columns() {
            return tensor.columns();
        }

        @Override
        public Optional<MemorySegment> stored(long row) {
            long bytes = tensor.rowBytes();
            return tensor.scales().isPresent()
                    ? Optional.empty()
                    : Optional.of(tensor.data().asSlice(row * bytes, bytes));
        }

        @Override
        public void decode(long row, float[] target) {
            tensor.decodeRow(row, target, 0);
        }
    }

    /// Some rows of others, or all, in another order.
    ///
    /// @param source which row of `rows` a row is
    record Selected(Rows rows, long count, LongUnaryOperator source) implements Rows {
        @Override
        public DType type() {
            return rows.type();
        }

        @Override
        public int columns() {
            return rows.columns();
        }

        @Override
        public Optional<MemorySegment> stored(long row) {
            return rows.stored(source.applyAsLong(row));
        }

        @Override
        public void decode(long row, float[] target) {
            rows.decode(source.applyAsLong(row), target);
        }
    }

    /// Matrices of one type and shape, one behind another.
    record Stacked(List<Rows> parts) implements Rows {
        @Override
        public DType type() {
            return parts.getFirst().type();
        }

        @Override
        public long count() {
            return parts.size() * parts.getFirst().count();
        }

        @Override
        public int columns() {
            return parts.getFirst().columns();
        }

        @Override
        public Optional<MemorySegment> stored(long row) {
            long each = parts.getFirst().count();
            return parts.get((int) (row / each)).stored(row % each);
        }

        @Override
        public void decode(long row, float[] target) {
            long each = parts.getFirst().count();
            parts.get((int) (row / each)).decode(row % each, target);
        }
    }

    /// Each run of `height` rows turned on its side, so that a run of W columns becomes W rows of `height` columns;
    /// the runs begin `stride` rows apart.
    final class Transposed implements Rows {
        private final Rows rows;
        private final int height;
        private final int stride;
        private final int runs;
        private final float[] row;
        private final float[] run;
        private long runHeld = -1;

        Transposed(Rows rows, int height, int stride, int runs) {
            this.rows = rows;
            this.height = height;
            this.stride = stride;
            this.runs = runs;
            this.row = new float[rows.columns()];
            this.run = new float[Math.multiplyExact(rows.columns(), height)];
        }

        @Override
        public DType type() {
            return rows.type();
        }

        @Override
        public long count() {
            return (long) runs * rows.columns();
        }

        @Override
        public int columns() {
            return height;
        }

        @Override
        public Optional<MemorySegment> stored(long index) {
            return Optional.empty();
        }

        @Override
        public void decode(long index, float[] target) {
            int width = rows.columns();
            if (index / width != runHeld) {
                runHeld = index / width;
                for (int i = 0; i < height; i++) {
                    rows.decode(runHeld * stride + i, row);
                    for (int j = 0; j < width; j++) {
                        run[j * height + i] = row[j];
                    }
                }
            }
            System.arraycopy(run, (int) (index % width) * height, target, 0, height);
        }
    }

    /// Runs of rows of two matrices by turns: `firstHeight` of the one, then `secondHeight` of the other.
    record Alternating(Rows first, int firstHeight, Rows second, int secondHeight) implements Rows {
        @Override
        public DType type() {
            return first.type();
        }

        @Override
        public long count() {
            return first.count() + second.count();
        }

        @Override
        public int columns() {
            return first.columns();
        }

        @Override
        public Optional<MemorySegment> stored(long row) {
            boolean same = first.type() == second.type();
            return same ? part(row).stored(within(row)) : Optional.empty();
        }

        @Override
        public void decode(long row, float[] target) {
            part(row).decode(within(row), target);
        }

        private Rows part(long row) {
            return row % (firstHeight + secondHeight) < firstHeight ? first : second;
        }

        private long within(long row) {
            int both = firstHeight + secondHeight;
            long run = row / both;
            long rest = row % both;
            return rest < firstHeight ? run * firstHeight + rest : run * secondHeight + rest - firstHeight;
        }
    }
}
