package dev.baleen.dtype;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The table of a format that keeps an index for every four or eight numbers: each point of the grid is that many
/// levels.
///
/// Which points there are is part of the format, and no formula gives them: whoever made it chose those that fit the
/// weights of language models best. The tables are the files `*.grid` beside this class, one point a line and a digit
/// for each level, counted from zero; they hold the numbers of `ggml-common.h` of the GGML project, which defines them.
final class Grid {
    private final byte[] values;
    private final int width;

    private Grid(byte[] values, int width) {
        this.values = values;
        this.width = width;
    }

    /// Reads the table `name`.
    ///
    /// @param levels what the digits stand for
    static Grid read(String name, int points, int width, int... levels) {
        byte[] text = text(name);
        if (text.length != points * (width + 1)) {
            throw new IllegalStateException(
                    "%s has %d bytes instead of %d".formatted(name, text.length, points * (width + 1)));
        }
        byte[] values = new byte[points * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) levels[text[i / width * (width + 1) + i % width] - '0'];
        }
        return new Grid(values, width);
    }

    /// A level of a point.
    int value(int point, int j) {
        return values[point * width + j];
    }

    /// Decodes a point, negating the numbers whose bits in `signs` are set, the lowest bit being the first
    /// number's.
    void decode(int point, float scale, int signs, float[] target, int index) {
        for (int j = 0; j < width; j++) {
            float magnitude = scale * values[point * width + j];
            target[index + j] = (signs >> j & 1) == 0 ? magnitude : -magnitude;
        }
    }

    /// The signs of eight numbers of which seven are written: the number of negative ones is even.
    static int evenSigns(int seven) {
        return seven | (Integer.bitCount(seven) & 1) << 7;
    }

    private static byte[] text(String name) {
        try (InputStream in = Grid.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing beside " + Grid.class + "; build the jar anew");
            }
            return new String(in.readAllBytes(), US_ASCII).replace("\r\n", "\n").getBytes(US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
