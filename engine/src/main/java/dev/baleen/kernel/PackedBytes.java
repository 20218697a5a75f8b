package dev.baleen.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/// Bytes in lanes of their own, for taking packed numbers apart: 32 at once, or 16 where vectors are short.
///
/// Processors have no shifts of bytes. Whole words are shifted, and what moves over from a byte's neighbour is for the
/// caller to mask.
final class PackedBytes {
    private static final VectorSpecies<Byte> SPECIES =
            Vectors.FLOATS.length() >= 8 ? ByteVector.SPECIES_256 : ByteVector.SPECIES_128;
    /// Bytes of a vector.
    static final int COUNT = SPECIES.length();

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);

    private PackedBytes() {}

    /// Eight bytes, the lowest first.
    static void put(byte[] target, int at, long bytes) {
        EIGHT.set(target, at, bytes);
    }

    static ByteVector load(long address) {
        return ByteVector.fromMemorySegment(SPECIES, Memory.ALL, address, LITTLE_ENDIAN);
    }

    static ByteVector shiftLeft(ByteVector bytes, int bits) {
        return bytes.reinterpretAsInts().lanewise(LSHL, bits).reinterpretAsBytes();
    }

    static ByteVector shiftRight(ByteVector bytes, int bits) {
        return bytes.reinterpretAsInts().lanewise(LSHR, bits).reinterpretAsBytes();
    }
}
