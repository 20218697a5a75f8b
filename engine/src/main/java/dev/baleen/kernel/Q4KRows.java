package dev.baleen.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.baleen.dtype.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Q4_K in registers: first a row's scales and minimums become singles ([KScales]), then each run of 32 bytes is two
/// groups of weights, its low halves and its high ones.
///
/// A weight is scale · q − minimum with the product exact (11 + 6 + 4 bits), so that one rounding or two are the same.
/// As with [Q4Rows], sixteen lanes hold all of a group's possible weights. One loop goes over runs and not two over
/// blocks and runs: the compiler spends more on the start of a loop of four rounds than on the rounds.
final class Q4KRows implements WeightRows {
    private static final int BLOCK_BYTES = 144;
    private static final int HEADER_BYTES = 16;
    private static final int GROUP = 32;
    private static final int GROUPS = 8;
    private static final int LANES = Vectors.FLOATS.length();
    private static final int PARTS = SixteenSums.PARTS;
    private static final FloatVector NUMBERS = FloatVector.zero(Vectors.FLOATS).addIndex(1);

    @Override
    public DType type() {
        return DType.Q4_K;
    }

    @Override
    public void decode(long address, float[] target, int at, int count) {
        float[] scales = Scratch.mine().scales(KScales.COUNT);
        for (int i = at; i < at + count; i += KScales.BLOCK) {
            KScales.read(address, scales, 0);
            for (int group = 0; group < GROUPS; group += 2) {
                long run = address + HEADER_BYTES + group / 2 * GROUP;
                decodeGroup(run, 0, scales, group, target, i + group * GROUP);
                decodeGroup(run, 4, scales, group + 1, target, i + (group + 1) * GROUP);
            }
            address += BLOCK_BYTES;
        }
    }

    private static void decodeGroup(long address, int shift, float[] scales, int group, float[] target, int at) {
        FloatVector scale = broadcast(scales, group);
        FloatVector minimum = broadcast(scales, group + KScales.MINIMUMS);
        for (int j = 0; j < GROUP; j += LANES) {
            floats(Bytes.unsigned(address + j), shift).fma(scale, minimum).intoArray(target, at + j);
        }
    }

    @Override
    public void products(long first, long second, int columns, float[] x, int from, float[] sums) {
        float[] scales = Scratch.mine().scales(columns / KScales.BLOCK * 2 * KScales.COUNT);
        KScales.read(first, second, BLOCK_BYTES, columns, scales);
        if (LANES == 16) {
            pick(first, second, columns, x, from, scales, sums);
            return;
        }
        for (int part = 0; part < PARTS; part += LANES) {
            convert(first + part, second + part, columns, x, from + part, scales, sums, part);
        }
    }

    /// With sixteen lanes, a run at a time.
    private static void pick(long first, long second, int columns, float[] x, int from, float[] scales, float[] sums) {
        FloatVector a = FloatVector.zero(Vectors.FLOATS);
        FloatVector b = a;
        int group = 0;
        first += HEADER_BYTES;
        second += HEADER_BYTES;
        for (int i = from; i < from + columns; i += 2 * GROUP) {
            IntVector a0 = Bytes.unsigned(first);
            IntVector b0 = Bytes.unsigned(second);
            IntVector a1 = Bytes.unsigned(first + PARTS);
            IntVector b1 = Bytes.unsigned(second + PARTS);
            IntVector aLow = weights(scales, group);
            IntVector bLow = weights(scales, group + KScales.COUNT);
            IntVector aHigh = weights(scales, group + 1);
            IntVector bHigh = weights(scales, group + KScales.COUNT + 1);
            // From here on only calls that the compiler inlines into a method of any size.
            FloatVector x0 = FloatVector.fromArray(Vectors.FLOATS, x, i);
            FloatVector x1 = FloatVector.fromArray(Vectors.FLOATS, x, i + PARTS);
            a = a0.selectFrom(aLow).reinterpretAsFloats().fma(x0, a);
            b = b0.selectFrom(bLow).reinterpretAsFloats().fma(x0, b);
            a = a1.selectFrom(aLow).reinterpretAsFloats().fma(x1, a);
            b = b1.selectFrom(bLow).reinterpretAsFloats().fma(x1, b);
            FloatVector x2 = FloatVector.fromArray(Vectors.FLOATS, x, i + GROUP);
            FloatVector x3 = FloatVector.fromArray(Vectors.FLOATS, x, i + GROUP + PARTS);
            a = a0.lanewise(LSHR, 4).selectFrom(aHigh).reinterpretAsFloats().fma(x2, a);
            b = b0.lanewise(LSHR, 4).selectFrom(bHigh).reinterpretAsFloats().fma(x2, b);
            a = a1.lanewise(LSHR, 4).selectFrom(aHigh).reinterpretAsFloats().fma(x3, a);
            b = b1.lanewise(LSHR, 4).selectFrom(bHigh).reinterpretAsFloats().fma(x3, b);
            first += GROUP;
            second += GROUP;
            group += 2;
            if (group % GROUPS == 0) {
                first += HEADER_BYTES;
                second += HEADER_BYTES;
                group += 2 * KScales.COUNT - GROUPS;
            }
        }
        a.intoArray(sums, 0);
        b.intoArray(sums, PARTS);
    }

    /// With fewer, a group at a time.
    private static void convert(
            long first, long second, int columns, float[] x, int from, float[] scales, float[] sums, int part) {
        FloatVector a = FloatVector.zero(Vectors.FLOATS);
        FloatVector b = a;
        int group = 0;
        first += HEADER_BYTES;
        second += HEADER_BYTES;
        for (int i = from; i < from + columns; i += GROUP) {
            int shift = group % 2 * 4;
            FloatVector a0 = floats(Bytes.unsigned(first), shift);
            FloatVector b0 = floats(Bytes.unsigned(second), shift);
            FloatVector a1 = floats(Bytes.unsigned(first + PARTS), shift);
            FloatVector b1 = floats(Bytes.unsigned(second + PARTS), shift);
            FloatVector aScale = broadcast(scales, group);
            FloatVector bScale = broadcast(scales, group + KScales.COUNT);
            FloatVector aMinimum = broadcast(scales, group + KScales.MINIMUMS);
            FloatVector bMinimum = broadcast(scales, group + KScales.COUNT + KScales.MINIMUMS);
            FloatVector x0 = FloatVector.fromArray(Vectors.FLOATS, x, i);
            FloatVector x1 = FloatVector.fromArray(Vectors.FLOATS, x, i + PARTS);
            a = a0.fma(aScale, aMinimum).fma(x0, a);
            b = b0.fma(bScale, bMinimum).fma(x0, b);
            a = a1.fma(aScale, aMinimum).fma(x1, a);
            b = b1.fma(bScale, bMinimum).fma(x1, b);
            first += group % 2 * GROUP;
            second += group % 2 * GROUP;
            group++;
            if (group % GROUPS == 0) {
                first += HEADER_BYTES;
                second += HEADER_BYTES;
                group += 2 * KScales.COUNT - GROUPS;
            }
        }
        a.intoArray(sums, part);
        b.intoArray(sums, PARTS + part);
    }

    /// All the weights that a group may have, as bits.
    private static IntVector weights(float[] scales, int group) {
        FloatVector scale = broadcast(scales, group);
        return NUMBERS.fma(scale, broadcast(scales, group + KScales.MINIMUMS)).reinterpretAsInts();
    }

    private static FloatVector floats(IntVector bytes, int shift) {
        return (FloatVector) bytes.lanewise(LSHR, shift).and(15).convertShape(I2F, Vectors.FLOATS, 0);
    }

    private static FloatVector broadcast(float[] scales, int at) {
        return FloatVector.broadcast(Vectors.FLOATS, scales[at]);
    }
}
