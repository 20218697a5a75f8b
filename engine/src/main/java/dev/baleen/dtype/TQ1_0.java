package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 54 bytes for 256 numbers that are -1, 0 or 1 times the half-precision `d` at the end.
///
/// A byte holds five digits to the base three, or four in the last four bytes. It is the fraction that they make, in
/// 256ths and rounded up, so that multiplying by three pushes the next digit out at the top. The runs of 32, 16 and 4
/// bytes each keep the first digits of all their bytes, then the second ones, and so on.
final class TQ1_0 implements Blocks {
    private static final int SCALE = 32 + 16 + 4;

    @Override
    public int elements() {
        return 256;
    }

    @Override
    public int bytes() {
        return SCALE + 2;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = Fields.half(source, at + SCALE);
        decodeRun(source, at, 32, 5, d, target, index);
        decodeRun(source, at + 32, 16, 5, d, target, index + 32 * 5);
        decodeRun(source, at + 32 + 16, 4, 4, d, target, index + 32 * 5 + 16 * 5);
    }

    private static void decodeRun(
            MemorySegment source, long at, int bytes, int digits, float d, float[] target, int index) {
        for (int j = 0; j < bytes; j++) {
            int fraction = Fields.uint8(source, at + j);
            for (int digit = 0; digit < digits; digit++) {
                target[index + digit * bytes + j] = d * ((fraction * 3 >> 8) - 1);
                fraction = fraction * 3 & 255;
            }
        }
    }
}
