package dev.baleen.conversion;

import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;

/// An importance matrix: for each tensor and column how much an error in that column matters, which is the mean square
/// of the input that the column meets while the model reads a typical text.
///
/// As text it has a line for each tensor: its name in GGUF, then a number for each column, apart by spaces. A tensor of
/// several experts has the numbers of the first expert, then those of the second, and so on, or one row of numbers
/// for all. Empty lines and lines that begin with `#` do not count. A GGUF file such as `llama-imatrix` writes is
/// read too: `NAME.in_sum2` are sums over tokens, `NAME.counts` how many tokens each expert saw.
public final class Importance {
    private static final String SUMS = ".in_sum2";
    private static final String COUNTS = ".counts";
    private static final byte[] GGUF_MAGIC = {'G', 'G', 'U', 'F'};

    private final Path path;
    private final Map<String, float[]> columns;

    private Importance(Path path, Map<String, float[]> columns) {
        this.path = path;
        this.columns = columns;
    }

    /// @throws IllegalArgumentException if the file is not as described above; the message says where and what
    public static Importance read(Path path) throws IOException {
        return new Importance(path, isGguf(path) ? ofGguf(path) : ofText(path));
    }

    public static Importance none() {
        return new Importance(Path.of(""), Map.of());
    }

    /// The name of the file without its folder.
    String fileName() {
        return String.valueOf(path.getFileName());
    }

    public boolean isEmpty() {
        return columns.isEmpty();
    }

    /// How many tensors it knows.
    public int size() {
        return columns.size();
    }

    /// The tensors that it knows and that are not among these.
    public List<String> unknown(Collection<String> names) {
        return columns.keySet().stream().filter(name -> !names.contains(name)).toList();
    }

    /// Of each column of each matrix of a tensor: `[matrices × columns]`, or `[columns]` for all of its matrices.
    /// Empty where the file does not know the tensor.
    ///
    /// @throws IllegalArgumentException if there are more or fewer numbers than that
    Optional<float[]> of(String name, Shape shape) {
        float[] values = columns.get(name);
        if (values == null) {
            return Optional.empty();
        }
        long matrices = matrices(shape);
        if (values.length != shape.columns() && values.length != matrices * shape.columns()) {
            throw new IllegalArgumentException(
                    "%s has %,d numbers for tensor \"%s\" of shape %s, which needs %,d%s; it may be of another model"
                            .formatted(
                                    path,
                                    values.length,
                                    name,
                                    shape,
                                    shape.columns(),
                                    matrices > 1 ? " or %,d".formatted(matrices * shape.columns()) : ""));
        }
        return Optional.of(values);
    }

    /// How many matrices lie behind one another in a tensor.
    static long matrices(Shape shape) {
        long rows = shape.axes() > 1 ? shape.axis(-2) : 1;
        return shape.elements() / Math.max(1, rows * shape.axis(-1));
    }

    private static boolean isGguf(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(GGUF_MAGIC.length), GGUF_MAGIC);
        }
    }

    private static Map<String, float[]> ofText(Path path) throws IOException {
        Map<String, float[]> columns = new LinkedHashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                StringTokenizer words = new StringTokenizer(line);
                if (words.hasMoreTokens() && !line.startsWith("#")) {
                    String name = words.nextToken();
                    float[] values = numbers(words, path, number);
                    if (columns.put(name, values) != null) {
                        throw wrong(path, number, "names the tensor \"%s\" a second time".formatted(name));
                    }
                }
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    path
                            + " is neither text nor GGUF; an importance matrix in the older binary form can be written anew by llama-imatrix --output-format gguf");
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(path + " names no tensor; it has to have a line for each");
        }
        return columns;
    }

    private static float[] numbers(StringTokenizer words, Path path, int line) {
        float[] values = new float[words.countTokens()];
        if (values.length == 0) {
            throw wrong(path, line, "has a name and no numbers");
        }
        for (int i = 0; i < values.length; i++) {
            String word = words.nextToken();
            try {
                values[i] = Float.parseFloat(word);
            } catch (NumberFormatException e) {
                throw wrong(path, line, "has \"%s\" as its number %d".formatted(word, i + 1));
            }
            if (!(values[i] >= 0 && values[i] <= Float.MAX_VALUE)) {
                throw wrong(path, line, "has %s as its number %d; it has to be 0 or more".formatted(word, i + 1));
            }
        }
        return values;
    }

    private static IllegalArgumentException wrong(Path path, int line, String what) {
        return new IllegalArgumentException("%s, line %,d %s".formatted(path, line, what));
    }

    private static Map<String, float[]> ofGguf(Path path) {
        Map<String, float[]> columns = new HashMap<>();
        try (Gguf file = Gguf.open(path)) {
            file.tensors().forEach((name, sums) -> {
                if (name.endsWith(SUMS)) {
                    String tensor = name.substring(0, name.length() - SUMS.length());
                    Tensor counts = file.tensor(tensor + COUNTS)
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "%s has sums for \"%s\", but no counts; write it anew".formatted(path, tensor)));
                    columns.put(tensor, means(path, tensor, sums, counts));
                }
            });
        } catch (CheckpointException e) {
            throw new IllegalArgumentException("The importance matrix cannot be read: " + e.getMessage(), e);
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(
                    path + " is a GGUF file without an importance matrix: no tensor's name ends in " + SUMS);
        }
        return columns;
    }

    /// Sums by counts; an expert that saw no token finds all of its columns equally important.
    private static float[] means(Path path, String tensor, Tensor sums, Tensor counts) {
        float[] values = sums.toFloats();
        float[] seen = counts.toFloats();
        if (seen.length == 0 || values.length % seen.length != 0) {
            throw new IllegalArgumentException(
                    "%s has %,d sums and %,d counts for \"%s\"".formatted(path, values.length, seen.length, tensor));
        }
        int columns = values.length / seen.length;
        for (int i = 0; i < values.length; i++) {
            float count = seen[i / columns];
            values[i] = count > 0 ? values[i] / count : 1;
            if (!(values[i] >= 0 && values[i] <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "%s has the sum %s for column %d of \"%s\"".formatted(path, values[i], i, tensor));
            }
        }
        return values;
    }
}
