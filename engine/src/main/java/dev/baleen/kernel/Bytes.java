package dev.baleen.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Bytes as integers in the lanes of a vector of at least four.
final class Bytes {
    static final VectorSpecies<Integer> INTS = Vectors.FLOATS.withLanes(int.class);

    private static final int LANES = INTS.length();
    private static final VectorSpecies<Byte> BYTES = LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
    /// What moves each of an integer's four bytes to its lowest.
    private static final IntVector EACH_BYTE =
            IntVector.zero(INTS).addIndex(1).and(3).mul(Byte.SIZE);

    private static final VectorMask<Integer> UPPER_HALF = VectorMask.fromLong(INTS, -1L << LANES / 2);

    private Bytes() {}

    /// As many bytes as there are lanes, from 0 to 255. No more than these are read.
    static IntVector unsigned(long address) {
        if (LANES == 4) {
            return lowest(Memory.getInt(address)); // There are no vectors of four bytes.
        }
        return (IntVector) ByteVector.fromMemorySegment(BYTES, Memory.ALL, address, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_B2I, INTS, 0);
    }

    /// The same, from -128 to 127.
    static IntVector signed(long address) {
        if (LANES == 4) {
            return lowest(Memory.getInt(address))
                    .lanewise(VectorOperators.LSHL, 24)
                    .lanewise(VectorOperators.ASHR, 24);
        }
        return (IntVector) ByteVector.fromMemorySegment(BYTES, Memory.ALL, address, LITTLE_ENDIAN)
                .convertShape(B2I, INTS, 0);
    }

    /// The bytes of two numbers in sixteen lanes.
    static IntVector sixteen(long lower, long upper) {
        return (IntVector) LongVector.broadcast(LongVector.SPECIES_128, lower)
                .withLane(1, upper)
                .reinterpretAsBytes()
                .convertShape(ZERO_EXTEND_B2I, INTS, 0);
    }

    /// The lowest bytes of a number in eight lanes or four.
    static IntVector lowest(long number) {
        IntVector words = IntVector.broadcast(INTS, (int) number);
        if (LANES == 8) {
            words = words.blend((int) (number >>> 32), UPPER_HALF);
        }
        return words.lanewise(LSHR, EACH_BYTE).and(0xFF);
    }
}
