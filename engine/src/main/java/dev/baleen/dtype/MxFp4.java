package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 17 bytes for 32 numbers: a scale that is a power of two, then sixteen bytes with two 4-bit numbers each in the order
/// of [Q4_0].
///
/// The 4-bit numbers are E2M1 and the scale is E8M0, as the OCP Microscaling Formats Specification 1.0 has them
/// (sections 5.3.3 and 5.4.1); how they lie in a block is GGUF's own.
final class MxFp4 implements Blocks {
    /// Twice the values of E2M1: sign, two bits of exponent, one of fraction.
    static final byte[] DOUBLED = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    @Override
    public int elements() {
        return 32;
    }

    @Override
    public int bytes() {
        return 1 + 16;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        // Half of the scale, as the values are doubled: 2^(e - 128), which single precision holds for every e.
        float halfScale = Math.scalb(1f, Fields.uint8(source, at) - 128);
        for (int j = 0; j < 16; j++) {
            int q = Fields.uint8(source, at + 1 + j);
            target[index + j] = halfScale * DOUBLED[q & 15];
            target[index + 16 + j] = halfScale * DOUBLED[q >> 4];
        }
    }
}
