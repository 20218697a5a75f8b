package dev.baleen.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.baleen.dtype.DType;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Q8_0 in registers: sixteen or eight bytes become floats, are scaled (exactly: a half times a byte fits a float) and
/// multiplied. Per weight 1.06 bytes are read and a quarter of an instruction done, so memory is the bound.
///
/// Eight-bit inputs with integer products, as native code does it, were measured and lost: without a dot-product
/// instruction the widening costs more than the floats do (28 against 43 GB/s, Zen 5).
final class Q8Rows implements WeightRows {
    private static final int BLOCK = 32;
    private static final int BLOCK_BYTES = 34;
    private static final int SCALE_BYTES = 2;
    private static final int LANES = Vectors.FLOATS.length();
    /// Bytes that are loaded at once: there are no vectors of four.
    private static final int LOADED = Math.max(8, LANES);

    private static final VectorSpecies<Byte> SPECIES = LOADED == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    @Override
    public DType type() {
        return DType.Q8_0;
    }

    @Override
    public void decode(long address, float[] target, int at, int count) {
        for (int i = 0; i < count; i += BLOCK) {
            FloatVector scale = scale(address);
            for (int j = 0; j < BLOCK; j += LOADED) {
                ByteVector bytes = bytes(address + SCALE_BYTES + j);
                low(bytes).mul(scale).intoArray(target, at + i + j);
                if (LANES == 4) {
                    high(bytes).mul(scale).intoArray(target, at + i + j + 4);
                }
            }
            address += BLOCK_BYTES;
        }
    }

    @Override
    public void products(long first, long second, int columns, float[] x, int from, float[] sums) {
        for (int part = 0; part < SixteenSums.PARTS; part += LOADED) {
            part(first + SCALE_BYTES + part, second + SCALE_BYTES + part, columns, x, from + part, sums, part);
        }
    }

    /// The sums of as many parts as bytes are loaded at once. The two rows lie far apart: two streams of memory.
    private static void part(long first, long second, int columns, float[] x, int from, float[] sums, int part) {
        FloatVector a = FloatVector.zero(Vectors.FLOATS);
        FloatVector b = a;
        FloatVector aHigh = a;
        FloatVector bHigh = a;
        long shift = SCALE_BYTES + part;
        for (int i = 0; i < columns; i += BLOCK) {
            FloatVector aScale = scale(first - shift);
            FloatVector bScale = scale(second - shift);
            ByteVector a0 = bytes(first);
            ByteVector b0 = bytes(second);
            ByteVector a1 = bytes(first + 16);
            ByteVector b1 = bytes(second + 16);
            FloatVector x0 = load(x, from + i);
            FloatVector x1 = load(x, from + i + 16);
            a = low(a0).mul(aScale).fma(x0, a);
            b = low(b0).mul(bScale).fma(x0, b);
            a = low(a1).mul(aScale).fma(x1, a);
            b = low(b1).mul(bScale).fma(x1, b);
            if (LANES == 4) {
                FloatVector x0High = load(x, from + i + 4);
                FloatVector x1High = load(x, from + i + 20);
                aHigh = high(a0).mul(aScale).fma(x0High, aHigh);
                bHigh = high(b0).mul(bScale).fma(x0High, bHigh);
                aHigh = high(a1).mul(aScale).fma(x1High, aHigh);
                bHigh = high(b1).mul(bScale).fma(x1High, bHigh);
            }
            first += BLOCK_BYTES;
            second += BLOCK_BYTES;
        }
        a.intoArray(sums, part);
        b.intoArray(sums, SixteenSums.PARTS + part);
        if (LANES == 4) {
            aHigh.intoArray(sums, part + 4);
            bHigh.intoArray(sums, SixteenSums.PARTS + part + 4);
        }
    }

    private static FloatVector scale(long address) {
        return FloatVector.broadcast(Vectors.FLOATS, Float.float16ToFloat(Memory.getShort(address)));
    }

    private static ByteVector bytes(long address) {
        return ByteVector.fromMemorySegment(SPECIES, Memory.ALL, address, LITTLE_ENDIAN);
    }

    private static FloatVector low(ByteVector bytes) {
        return (FloatVector) bytes.convertShape(VectorOperators.B2F, Vectors.FLOATS, 0);
    }

    private static FloatVector high(ByteVector bytes) {
        return (FloatVector) bytes.convertShape(VectorOperators.B2F, Vectors.FLOATS, 1);
    }

    private static FloatVector load(float[] array, int index) {
        return FloatVector.fromArray(Vectors.FLOATS, array, index);
    }
}
