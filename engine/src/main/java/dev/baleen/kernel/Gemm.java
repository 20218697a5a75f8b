package dev.baleen.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// C[m, n] = A[m, k] · B[k, n], or added to C, in single precision on one thread, with any strides of A and B.
///
/// Every output is one chain of fused multiply-adds over k, in rising k, that starts at zero or at the C that was
/// there. Cutting k into blocks keeps the chain, because partial results go back to C unrounded; so the bits do not
/// depend on block sizes, on the vector width, or on which other rows are computed with it.
///
/// The shape of the work: B is packed into panels two vectors wide, a tile of eight rows (six where there are but
/// sixteen vector registers) by two vectors stays in registers over a block of k, and A is read in place, one number at
/// a time, broadcast. The bound is arithmetic: per step of k a tile issues 16 multiply-adds and 10 loads. Too few rows
/// to pay for packing (three at most) are left to [FewRows].
///
/// Packed B and a tile's sums are arrays of the heap, though C is not: with memory segments for all of them the tile
/// grows past the compiler's limit of nodes, vectors become objects, and the speed falls to a tenth. For the same
/// reason the choice between sums that start at zero and sums that start at C is made outside the tile.
///
/// An instance holds the packing memory, and so is used by one thread at a time.
final class Gemm {
    /// The matrices' places: offsets and strides count floats; C is row-major.
    record Matrix(MemorySegment data, long offset, long rowStride, long columnStride) {
        /// A whole row-major matrix of `columns` columns.
        static Matrix rows(MemorySegment data, long columns) {
            return new Matrix(data, 0, columns, 1);
        }

        Matrix transposed() {
            return new Matrix(data, offset, columnStride, rowStride);
        }

        /// The part that begins at `row` and `column`.
        Matrix from(long row, long column) {
            return new Matrix(data, offset + row * rowStride + column * columnStride, rowStride, columnStride);
        }

        long address() {
            return Memory.address(data) + offset * Float.BYTES;
        }

        /// Refuses a matrix whose far corner lies outside its memory.
        private void check(int rows, int columns, String name) {
            long last = offset + (rows - 1) * rowStride + (columns - 1) * columnStride;
            if (offset < 0 || rowStride < 0 || columnStride < 0 || (last + 1) * Float.BYTES > data.byteSize()) {
                throw new IllegalArgumentException(
                        "%s[%d, %d] with offset %d and strides %d, %d reaches past its %d bytes"
                                .formatted(name, rows, columns, offset, rowStride, columnStride, data.byteSize()));
            }
        }
    }

    private static final int LANES = Vectors.FLOATS.length();
    private static final int BYTES = LANES * Float.BYTES;

    /// Rows of a tile.
    private static final int ROWS = Vectors.MANY_REGISTERS ? 8 : 6;
    /// Columns of a panel of packed B.
    private static final int PANEL = 2 * LANES;
    /// A panel of so many k (32 KiB at 16 lanes) stays in the first-level cache.
    private static final int DEPTH_MAX = 256;
    /// Packed B of so many columns stays in the second-level cache.
    private static final int COLUMNS_MAX = 512;
    /// A's rows of one block: they too stay in the second-level cache while the panels pass.
    private static final int ROWS_MAX = 16 * ROWS;
    private static final int FEW_ROWS_MAX = 3;

    private final float[] packed = new float[DEPTH_MAX * (COLUMNS_MAX + PANEL)];
    private final float[] sums = new float[ROWS * PANEL];

    /// C = A · B, or C += A · B where `accumulate`.
    void multiply(int m, int n, int k, Matrix a, Matrix b, Matrix c, boolean accumulate) {
        if (m == 0 || n == 0) {
            return;
        }
        c.check(m, n, "C");
        if (c.columnStride != 1) {
            throw new IllegalArgumentException("C must be row-major, not of column stride " + c.columnStride);
        }
        if (k == 0) {
            for (int i = 0; i < m && !accumulate; i++) {
                Memory.zero(c.address() + i * c.rowStride * Float.BYTES, (long) n * Float.BYTES);
            }
            return;
        }
        a.check(m, k, "A");
        b.check(k, n, "B");
        if (m <= FEW_ROWS_MAX) {
            FewRows.multiply(m, n, k, a, b, c, accumulate);
        } else {
            multiplyBlocks(m, n, k, a, b, c, accumulate);
        }
        Reference.reachabilityFence(a.data);
        Reference.reachabilityFence(b.data);
        Reference.reachabilityFence(c.data);
    }

    private void multiplyBlocks(int m, int n, int k, Matrix a, Matrix b, Matrix c, boolean accumulate) {
        long aAddress = a.address();
        long aRow = a.rowStride * Float.BYTES;
        long aStep = a.columnStride * Float.BYTES;
        long bAddress = b.address();
        long bRow = b.rowStride * Float.BYTES;
        long bColumn = b.columnStride * Float.BYTES;
        long cAddress = c.address();
        long cRow = c.rowStride * Float.BYTES;
        for (int n0 = 0; n0 < n; n0 += COLUMNS_MAX) {
            int columns = Math.min(COLUMNS_MAX, n - n0);
            for (int k0 = 0; k0 < k; k0 += DEPTH_MAX) {
                int depth = Math.min(DEPTH_MAX, k - k0);
                boolean start = k0 == 0 && !accumulate;
                pack(bAddress + k0 * bRow + n0 * bColumn, bRow, bColumn, depth, columns);
                for (int m0 = 0; m0 < m; m0 += ROWS_MAX) {
                    int rows = Math.min(ROWS_MAX, m - m0);
                    long aBlock = aAddress + m0 * aRow + k0 * aStep;
                    long cBlock = cAddress + m0 * cRow + (long) n0 * Float.BYTES;
                    for (int j = 0; j < columns; j += PANEL) {
                        int width = Math.min(PANEL, columns - j);
                        long cPanel = cBlock + (long) j * Float.BYTES;
                        panel(aBlock, aRow, aStep, rows, j * depth, depth, cPanel, cRow, width, start);
                    }
                }
            }
        }
    }

    /// Lays a block of B in panels: for each panel, for each k, two vectors. What stands past the last column
    /// is computed with and thrown away.
    private void pack(long b, long bRow, long bColumn, int depth, int columns) {
        for (int j = 0; j < columns; j += PANEL) {
            int width = Math.min(PANEL, columns - j);
            if (bColumn == Float.BYTES && width == PANEL) {
                packRows(b + j * bColumn, bRow, depth, packed, j * depth);
            } else {
                packColumns(b + j * bColumn, bRow, bColumn, depth, width, packed, j * depth);
            }
        }
    }

    private static void packRows(long b, long bRow, int depth, float[] packed, int to) {
        for (int k = 0; k < depth; k++) {
            load(b).intoArray(packed, to + k * PANEL);
            load(b + BYTES).intoArray(packed, to + k * PANEL + LANES);
            b += bRow;
        }
    }

    /// The transposing pack, and that of a last panel: reads along k, writes down the panel.
    private static void packColumns(long b, long bRow, long bColumn, int depth, int width, float[] packed, int to) {
        for (int j = 0; j < width; j++) {
            long source = b + j * bColumn;
            for (int k = 0; k < depth; k++) {
                packed[to + k * PANEL + j] = Memory.getFloat(source);
                source += bRow;
            }
        }
    }

    /// One panel of B against all rows of a block of A.
    private void panel(
            long a, long aRow, long aStep, int rows, int from, int depth, long c, long cRow, int width, boolean start) {
        for (int i = 0; i < rows; i += ROWS) {
            int part = Math.min(ROWS, rows - i);
            if (start) {
                Arrays.fill(sums, 0);
            } else if (width == PANEL) {
                readTile(c + i * cRow, cRow, part, sums);
            } else if (width == LANES) {
                readHalf(c + i * cRow, cRow, part, sums);
            } else {
                readEdge(c + i * cRow, cRow, part, width, sums);
            }
            if (width > LANES) {
                tile2(a + i * aRow, aRow, aStep, part, packed, from, depth, sums);
            } else {
                tile1(a + i * aRow, aRow, aStep, part, packed, from, depth, sums);
            }
            if (width == PANEL) {
                writeTile(sums, c + i * cRow, cRow, part);
            } else if (width == LANES) {
                writeHalf(sums, c + i * cRow, cRow, part);
            } else {
                writeEdge(sums, c + i * cRow, cRow, part, width);
            }
        }
    }

    // Whole tiles and edges have methods of their own: where the compiler has seen only the one and then meets the
    // other,
    // it throws the method away, and vectors are a thousand times slower until it has compiled it again.

    private static void readTile(long c, long cRow, int rows, float[] sums) {
        for (int i = 0; i < rows; i++) {
            load(c).intoArray(sums, i * PANEL);
            load(c + BYTES).intoArray(sums, i * PANEL + LANES);
            c += cRow;
        }
    }

    private static void readHalf(long c, long cRow, int rows, float[] sums) {
        for (int i = 0; i < rows; i++) {
            load(c).intoArray(sums, i * PANEL);
            c += cRow;
        }
    }

    private static void readEdge(long c, long cRow, int rows, int width, float[] sums) {
        for (int i = 0; i < rows; i++) {
            Memory.read(c, sums, i * PANEL, width);
            c += cRow;
        }
    }

    private static void writeTile(float[] sums, long c, long cRow, int rows) {
        for (int i = 0; i < rows; i++) {
            store(load(sums, i * PANEL), c);
            store(load(sums, i * PANEL + LANES), c + BYTES);
            c += cRow;
        }
    }

    private static void writeHalf(float[] sums, long c, long cRow, int rows) {
        for (int i = 0; i < rows; i++) {
            store(load(sums, i * PANEL), c);
            c += cRow;
        }
    }

    private static void writeEdge(float[] sums, long c, long cRow, int rows, int width) {
        for (int i = 0; i < rows; i++) {
            Memory.write(sums, i * PANEL, c, width);
            c += cRow;
        }
    }

    /// The register tile, two vectors wide: sums += A · packed. Rows past `rows` repeat the last one, for nothing.
    private static void tile2(
            long a, long aRow, long aStep, int rows, float[] packed, int from, int depth, float[] sums) {
        long a1 = a + Math.min(1, rows - 1) * aRow;
        long a2 = a + Math.min(2, rows - 1) * aRow;
        long a3 = a + Math.min(3, rows - 1) * aRow;
        long a4 = a + Math.min(4, rows - 1) * aRow;
        long a5 = a + Math.min(5, rows - 1) * aRow;
        long a6 = a + Math.min(6, rows - 1) * aRow;
        long a7 = a + Math.min(7, rows - 1) * aRow;
        FloatVector s00 = load(sums, 0);
        FloatVector s01 = load(sums, LANES);
        FloatVector s10 = load(sums, 1 * PANEL);
        FloatVector s11 = load(sums, 1 * PANEL + LANES);
        FloatVector s20 = load(sums, 2 * PANEL);
        FloatVector s21 = load(sums, 2 * PANEL + LANES);
        FloatVector s30 = load(sums, 3 * PANEL);
        FloatVector s31 = load(sums, 3 * PANEL + LANES);
        FloatVector s40 = load(sums, 4 * PANEL);
        FloatVector s41 = load(sums, 4 * PANEL + LANES);
        FloatVector s50 = load(sums, 5 * PANEL);
        FloatVector s51 = load(sums, 5 * PANEL + LANES);
        FloatVector s60 = load(sums, 6 * PANEL);
        FloatVector s61 = load(sums, 6 * PANEL + LANES);
        FloatVector s70 = load(sums, 7 * PANEL);
        FloatVector s71 = load(sums, 7 * PANEL + LANES);
        long step = 0;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = load(packed, from + k * PANEL);
            FloatVector b1 = load(packed, from + k * PANEL + LANES);
            FloatVector x0 = broadcast(a + step);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = broadcast(a1 + step);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = broadcast(a2 + step);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = broadcast(a3 + step);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            FloatVector x4 = broadcast(a4 + step);
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            FloatVector x5 = broadcast(a5 + step);
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            if (ROWS == 8) {
                FloatVector x6 = broadcast(a6 + step);
                s60 = x6.fma(b0, s60);
                s61 = x6.fma(b1, s61);
                FloatVector x7 = broadcast(a7 + step);
                s70 = x7.fma(b0, s70);
                s71 = x7.fma(b1, s71);
            }
            step += aStep;
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, LANES);
        s10.intoArray(sums, 1 * PANEL);
        s11.intoArray(sums, 1 * PANEL + LANES);
        s20.intoArray(sums, 2 * PANEL);
        s21.intoArray(sums, 2 * PANEL + LANES);
        s30.intoArray(sums, 3 * PANEL);
        s31.intoArray(sums, 3 * PANEL + LANES);
        s40.intoArray(sums, 4 * PANEL);
        s41.intoArray(sums, 4 * PANEL + LANES);
        s50.intoArray(sums, 5 * PANEL);
        s51.intoArray(sums, 5 * PANEL + LANES);
        if (ROWS == 8) {
            s60.intoArray(sums, 6 * PANEL);
            s61.intoArray(sums, 6 * PANEL + LANES);
            s70.intoArray(sums, 7 * PANEL);
            s71.intoArray(sums, 7 * PANEL + LANES);
        }
    }

    /// The same, one vector wide.
    private static void tile1(
            long a, long aRow, long aStep, int rows, float[] packed, int from, int depth, float[] sums) {
        long a1 = a + Math.min(1, rows - 1) * aRow;
        long a2 = a + Math.min(2, rows - 1) * aRow;
        long a3 = a + Math.min(3, rows - 1) * aRow;
        long a4 = a + Math.min(4, rows - 1) * aRow;
        long a5 = a + Math.min(5, rows - 1) * aRow;
        long a6 = a + Math.min(6, rows - 1) * aRow;
        long a7 = a + Math.min(7, rows - 1) * aRow;
        FloatVector s0 = load(sums, 0);
        FloatVector s1 = load(sums, 1 * PANEL);
        FloatVector s2 = load(sums, 2 * PANEL);
        FloatVector s3 = load(sums, 3 * PANEL);
        FloatVector s4 = load(sums, 4 * PANEL);
        FloatVector s5 = load(sums, 5 * PANEL);
        FloatVector s6 = load(sums, 6 * PANEL);
        FloatVector s7 = load(sums, 7 * PANEL);
        long step = 0;
        for (int k = 0; k < depth; k++) {
            FloatVector b = load(packed, from + k * PANEL);
            s0 = broadcast(a + step).fma(b, s0);
            s1 = broadcast(a1 + step).fma(b, s1);
            s2 = broadcast(a2 + step).fma(b, s2);
            s3 = broadcast(a3 + step).fma(b, s3);
            s4 = broadcast(a4 + step).fma(b, s4);
            s5 = broadcast(a5 + step).fma(b, s5);
            if (ROWS == 8) {
                s6 = broadcast(a6 + step).fma(b, s6);
                s7 = broadcast(a7 + step).fma(b, s7);
            }
            step += aStep;
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, 1 * PANEL);
        s2.intoArray(sums, 2 * PANEL);
        s3.intoArray(sums, 3 * PANEL);
        s4.intoArray(sums, 4 * PANEL);
        s5.intoArray(sums, 5 * PANEL);
        if (ROWS == 8) {
            s6.intoArray(sums, 6 * PANEL);
            s7.intoArray(sums, 7 * PANEL);
        }
    }

    private static FloatVector load(float[] array, int index) {
        return FloatVector.fromArray(Vectors.FLOATS, array, index);
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(Vectors.FLOATS, Memory.ALL, address, LITTLE_ENDIAN);
    }

    private static FloatVector broadcast(long address) {
        return FloatVector.broadcast(Vectors.FLOATS, Memory.getFloat(address));
    }

    private static void store(FloatVector vector, long address) {
        vector.intoMemorySegment(Memory.ALL, address, LITTLE_ENDIAN);
    }
}
