package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;

/// Reads rows of tensors that lie end to end, of one width and any plain types, as singles.
final class SourceRows {
    private final Tensor[] sources;
    private final WeightRows[] readers;
    private final int[] ends;
    private final int width;

    SourceRows(Tensor... sources) {
        this.sources = sources;
        width = sources[0].columns();
        readers = new WeightRows[sources.length];
        ends = new int[sources.length];
        int end = 0;
        for (int i = 0; i < sources.length; i++) {
            readers[i] = WeightRows.of(sources[i].type());
            end += sources[i].rows();
            ends[i] = end;
        }
    }

    /// Copies a row to `target`.
    void read(int row, long target) {
        int i = 0;
        while (row >= ends[i]) {
            i++;
        }
        Tensor source = sources[i];
        long index = row - (i == 0 ? 0 : ends[i - 1]);
        long address = Memory.address(source) + index * source.rowBytes();
        if (source.type() == DType.F32) {
            Memory.copy(address, target, source.rowBytes());
        } else {
            float[] decoded = Scratch.mine().weights(width);
            readers[i].decode(address, decoded, 0, width);
            Memory.write(decoded, 0, target, width);
        }
    }
}
