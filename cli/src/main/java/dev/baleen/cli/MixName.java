package dev.baleen.cli;

import dev.baleen.conversion.QuantizationMix;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// What people call a quantization, in capitals or not; `Q4_K` means the middle one of its kind, as elsewhere.
final class MixName implements ITypeConverter<QuantizationMix> {
    @Override
    public QuantizationMix convert(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        String middle = name.matches("Q[345]_K") ? name + "_M" : name;
        return Arrays.stream(QuantizationMix.values())
                .filter(mix -> mix.name().equals(middle))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "'%s' is none of %s".formatted(text, Arrays.toString(QuantizationMix.values()))));
    }
}
