package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.BlockScales;
import dev.baleen.tensor.Tensor;

/// Rows of a matrix whose scales lie beside it: each number that is read is multiplied by its block's. Addresses tell
/// row and column.
///
/// It remembers the scales that it read last, of two rows, since neighbours share them and products take rows from two
/// places by turns. So it is used by one thread.
final class ScaledRows implements WeightRows {
    private final WeightRows rows;
    private final Tensor w;
    private final BlockScales scales;
    private final WeightRows reader;
    private final float[][] read = new float[2][];
    private final long[] readRow = {-1, -1};

    ScaledRows(WeightRows rows, Tensor w, BlockScales scales) {
        this.rows = rows;
        this.w = w;
        this.scales = scales;
        reader = WeightRows.of(scales.values().type());
        for (int i = 0; i < read.length; i++) {
            read[i] = new float[scales.values().columns()];
        }
    }

    @Override
    public DType type() {
        return rows.type();
    }

    @Override
    public void decode(long address, float[] target, int at, int count) {
        rows.decode(address, target, at, count);
        long offset = address - w.data().address();
        float[] values = scales(offset / w.rowBytes());
        int column =
                (int) (offset % w.rowBytes() / w.type().blockBytes()) * w.type().blockElements();
        for (int i = 0; i < count; ) {
            int run = Math.min(count - i, scales.columns() - (column + i) % scales.columns());
            multiply(target, at + i, run, values[(column + i) / scales.columns()]);
            i += run;
        }
    }

    private static void multiply(float[] target, int at, int count, float scale) {
        for (int k = at; k < at + count; k++) {
            target[k] *= scale;
        }
    }

    /// The scales of a row.
    private float[] scales(long row) {
        long wanted = (scales.firstRow() + row) / scales.rows();
        for (int i = 0; i < read.length; i++) {
            if (readRow[i] == wanted) {
                return read[i];
            }
        }
        // The older of the two goes.
        float[] values = read[1];
        read[1] = read[0];
        readRow[1] = readRow[0];
        long address =
                Memory.address(scales.values()) + wanted * scales.values().rowBytes();
        reader.decode(address, values, 0, values.length);
        read[0] = values;
        readRow[0] = wanted;
        return values;
    }
}
