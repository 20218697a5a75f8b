package dev.baleen.kernel;

/// All numbers in half precision as singles, by their bits: the scales of quantized blocks.
///
/// A look-up, because a conversion by instruction keeps two units of the vector side busy that multiply-adds wait for
/// (on Zen 4, Q4_0 from the cache: 12.8 GB/s with the table and 10.9 without, in C). A row's scales are of a size, so
/// little of the table's 256 KiB is ever touched.
final class Halves {
    static final float[] VALUES = new float[1 << Short.SIZE];

    static {
        for (int bits = 0; bits < VALUES.length; bits++) {
            VALUES[bits] = Float.float16ToFloat((short) bits);
        }
    }

    private Halves() {}

    /// The half-precision number at an address.
    static float at(long address) {
        return VALUES[Memory.getShort(address) & 0xFFFF];
    }
}
