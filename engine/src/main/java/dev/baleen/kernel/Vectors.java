package dev.baleen.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// How wide this run's vectors are: the processor's width, or what the system property `baleen.vector.bits` asks for.
///
/// The width is one constant for the whole program and no argument of a constructor: the compiler turns vector
/// operations into instructions only where the species is a constant, and all else costs a hundred times as much.
final class Vectors {
    static final String BITS_PROPERTY = "baleen.vector.bits";

    /// Single-precision vectors of 64 to 512 bits.
    static final VectorSpecies<Float> FLOATS = choose();

    /// Whether there are 32 vector registers (AVX-512, 64-bit ARM), not 16.
    static final boolean MANY_REGISTERS =
            FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512 || "aarch64".equals(System.getProperty("os.arch"));

    private Vectors() {}

    private static VectorSpecies<Float> choose() {
        int preferred = Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize());
        int bits = Integer.getInteger(BITS_PROPERTY, preferred);
        return switch (bits) {
            case 64 -> FloatVector.SPECIES_64;
            case 128 -> FloatVector.SPECIES_128;
            case 256 -> FloatVector.SPECIES_256;
            case 512 -> FloatVector.SPECIES_512;
            default ->
                throw new IllegalArgumentException(
                        "-D%s=%d: vectors have 64, 128, 256 or 512 bits".formatted(BITS_PROPERTY, bits));
        };
    }
}
