package dev.baleen.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// What stands before the numbers of a safetensors file.
///
/// The layout: eight bytes with the length of the header, little-endian; the header, a JSON object that gives each
/// tensor's type, shape and the range of its bytes counted from the end of the header; the bytes, without holes.
record SafetensorsHeader(SequencedMap<String, String> metadata, TensorList tensors) {
    static final String METADATA_KEY = "__metadata__";

    /// The format's own limit.
    static final long HEADER_BYTES_MAX = 100_000_000;

    private static final int AXES_MAX = 8;

    static SafetensorsHeader read(MappedFile file, Problems problems) {
        long length = headerLength(file, problems);
        Reader reader = new Reader(file, problems, Long.BYTES + length);
        try (JsonParser parser = Json.FACTORY.createParser(new ByteBufferBackedInputStream(
                file.bytes().asSlice(Long.BYTES, length).asByteBuffer()))) {
            reader.readAll(parser);
        } catch (JsonProcessingException e) {
            throw problems.fatal(file.name() + ", header", Json.describe(e), "the file is damaged; download it again");
        } catch (IOException e) {
            throw problems.fatal(file.name() + ", header", "cannot be read: " + e.getMessage(), "download it again");
        }
        reader.tensors.refuseOverlaps();
        reader.tensors.refuseHoles(Long.BYTES + length, file.size());
        return new SafetensorsHeader(reader.metadata, reader.tensors);
    }

    private static long headerLength(MappedFile file, Problems problems) {
        if (file.size() < Long.BYTES) {
            throw problems.fatal(
                    file.at(0),
                    "has only %d bytes".formatted(file.size()),
                    "the file was cut short; download it again");
        }
        long length = file.bytes().get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (length < 2 || length > HEADER_BYTES_MAX || length > file.size() - Long.BYTES) {
            throw problems.fatal(
                    file.at(0),
                    "claims a header of %s bytes in a file of %,d"
                            .formatted(Long.toUnsignedString(length), file.size()),
                    "at most %,d bytes are allowed; the file was cut short or is no safetensors file"
                            .formatted(HEADER_BYTES_MAX));
        }
        if (file.bytes().get(ValueLayout.JAVA_BYTE, Long.BYTES) != '{') {
            throw problems.fatal(
                    file.at(Long.BYTES), "the header does not begin with {", "this is no safetensors file");
        }
        return length;
    }

    /// One pass over the header.
    private static final class Reader {
        private final MappedFile file;
        private final Problems problems;
        private final long dataStart;
        private final SequencedMap<String, String> metadata = new LinkedHashMap<>();
        private final TensorList tensors;

        Reader(MappedFile file, Problems problems, long dataStart) {
            this.file = file;
            this.problems = problems;
            this.dataStart = dataStart;
            this.tensors = new TensorList(file, problems);
        }

        void readAll(JsonParser parser) throws IOException {
            parser.nextToken();
            int count = 0;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                long at = Long.BYTES + parser.currentTokenLocation().getByteOffset();
                if (++count > TensorList.TENSORS_MAX) {
                    throw problems.fatal(file.at(at), "lists more than %,d tensors".formatted(count - 1), "");
                }
                parser.nextToken();
                if (name.equals(METADATA_KEY)) {
                    readMetadata(parser);
                } else {
                    readTensor(parser, name, at);
                }
            }
            if (parser.nextToken() != null) {
                problems.add(file.name() + ", header", "goes on after its end", "the file is damaged");
            }
        }

        private void readMetadata(JsonParser parser) throws IOException {
            String where = file.name() + ", key " + METADATA_KEY;
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                problems.add(where, "is no JSON object", "it has to hold texts by name");
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    metadata.put(key, parser.getText());
                } else {
                    parser.skipChildren();
                    problems.add(where, Problems.quote(key) + " is no text", "only texts are allowed here");
                }
            }
        }

        private void readTensor(JsonParser parser, String name, long at) throws IOException {
            Optional<String> type = Optional.empty();
            Optional<long[]> shape = Optional.empty();
            Optional<long[]> range = Optional.empty();
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String field = parser.currentName();
                    parser.nextToken();
                    switch (field) {
                        case "dtype" -> type = readText(parser);
                        case "shape" -> shape = readWholes(parser);
                        case "data_offsets" -> range = readWholes(parser).filter(ends -> ends.length == 2);
                        default -> parser.skipChildren();
                    }
                }
            } else {
                parser.skipChildren();
            }
            if (type.isPresent() && shape.isPresent() && range.isPresent()) {
                add(name, type.get(), shape.get(), range.get(), at);
            } else {
                tensors.refuse(
                        name,
                        at,
                        "lacks a usable " + (type.isEmpty() ? "dtype" : shape.isEmpty() ? "shape" : "data_offsets"),
                        "each tensor needs dtype, shape (at most %d axes) and data_offsets; make the file anew"
                                .formatted(AXES_MAX));
            }
        }

        private void add(String name, String typeName, long[] shape, long[] range, long at) {
            Optional<StoredType> type = SafetensorsTypes.of(typeName);
            long capacity = file.size() - dataStart;
            if (type.isEmpty()) {
                tensors.refuse(name, at, "has the unknown dtype " + Problems.quote(typeName), "take the model as BF16");
            } else if (range[0] < 0 || range[1] < range[0] || range[1] > capacity) {
                tensors.refuse(
                        name,
                        at,
                        "claims bytes %d to %d of %,d bytes of data".formatted(range[0], range[1], capacity),
                        "the file was cut short or lies; download it again");
            } else {
                OptionalLong wanted = type.get().bytes(shape);
                if (wanted.isPresent() && wanted.getAsLong() != range[1] - range[0]) {
                    tensors.refuse(
                            name,
                            at,
                            "%s %s takes %,d bytes, but data_offsets give it %,d"
                                    .formatted(
                                            typeName, Arrays.toString(shape), wanted.getAsLong(), range[1] - range[0]),
                            "the file lies about its layout; make it anew");
                } else {
                    OptionalLong ignored = tensors.add(name, type.get(), shape, dataStart + range[0], at);
                }
            }
        }

        private static Optional<String> readText(JsonParser parser) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return Optional.of(parser.getText());
            }
            parser.skipChildren();
            return Optional.empty();
        }

        /// A list of at most eight whole numbers; empty if it is anything else.
        private static Optional<long[]> readWholes(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                parser.skipChildren();
                return Optional.empty();
            }
            long[] numbers = new long[AXES_MAX];
            int count = 0;
            boolean usable = true;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                usable &= count < AXES_MAX && isLong(parser);
                if (usable) {
                    numbers[count++] = parser.getLongValue();
                }
                parser.skipChildren();
            }
            return usable ? Optional.of(Arrays.copyOf(numbers, count)) : Optional.empty();
        }

        private static boolean isLong(JsonParser parser) throws IOException {
            return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && switch (parser.getNumberType()) {
                        case INT, LONG -> true;
                        case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> false;
                    };
        }
    }
}
