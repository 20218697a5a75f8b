package dev.baleen.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Sixteen-bit patterns in memory as integers in the lanes of a vector.
final class Shorts {
    private static final VectorSpecies<Short> SHORTS = switch (Vectors.FLOATS.length()) {
        case 16 -> ShortVector.SPECIES_256;
        case 8 -> ShortVector.SPECIES_128;
        default -> ShortVector.SPECIES_64;
    };

    private static final VectorSpecies<Integer> INTS = Vectors.FLOATS.withLanes(int.class);

    private Shorts() {}

    /// A vector of patterns, zero-extended.
    static IntVector load(long address) {
        ShortVector shorts = ShortVector.fromMemorySegment(SHORTS, Memory.ALL, address, LITTLE_ENDIAN);
        return (IntVector) shorts.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    }
}
