package dev.baleen.tensor;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Amounts of memory as people read them, by the power of 1,024.
public final class ByteCount {
    private ByteCount() {}

    /// Such as `7.6 GiB` or `256 MiB`.
    public static String text(long bytes) {
        return text(bytes, RoundingMode.HALF_UP);
    }

    public static String text(long bytes, RoundingMode rounding) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        int unit = Math.min(units.length - 1, (63 - Long.numberOfLeadingZeros(bytes | 1)) / 10);
        long divisor = 1L << 10 * unit;
        int decimals = unit > 0 && bytes < 10 * divisor ? 1 : 0;
        return BigDecimal.valueOf(bytes)
                        .divide(BigDecimal.valueOf(divisor), decimals, rounding)
                        .toPlainString()
                + " " + units[unit];
    }
}
