package dev.baleen.checkpoint;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// What stands before the numbers of a GGUF file: the version, the metadata and the list of tensors.
///
/// The layout, all little-endian: `GGUF`, version, number of tensors, number of keys; each key with its type and value;
/// each tensor with name, number of axes, lengths innermost first, type, and offset from the start of the data; then
/// padding up to the alignment, and the data.
record GgufHeader(int version, SequencedMap<String, GgufValue> metadata, TensorList tensors) {
    static final int MAGIC = 0x46554747;
    static final String ALIGNMENT_KEY = "general.alignment";
    static final int ALIGNMENT_DEFAULT = 32;

    private static final int ALIGNMENT_MAX = 1 << 20;
    private static final int KEYS_MAX = 1 << 16;
    private static final int NAME_BYTES_MAX = 65_535;
    private static final int AXES_MAX = 8;
    /// The shortest key: the length of an empty name, a type and one byte.
    private static final int KEY_BYTES_MIN = 13;
    /// The shortest tensor: the length of an empty name, no axes, a type and an offset.
    private static final int TENSOR_BYTES_MIN = 24;
    /// Text that is turned into strings while opening, all keys together.
    private static final long TEXT_CHARS_MAX = 64 << 20;

    static GgufHeader read(MappedFile file, Problems problems) {
        GgufCursor cursor = new GgufCursor(file.name(), file.bytes(), problems);
        if (cursor.uint32() != MAGIC) {
            throw problems.fatal(file.at(0), "does not begin with GGUF", "give a GGUF file");
        }
        int version = version(cursor, file, problems);
        long tensorCount = cursor.uint64();
        long keyCount = cursor.uint64();
        cursor.requireRoom(keyCount, KEY_BYTES_MIN, "metadata keys");
        if (keyCount > KEYS_MAX) {
            throw problems.fatal(
                    file.at(16),
                    "claims %,d metadata keys".formatted(keyCount),
                    "at most %,d are read".formatted(KEYS_MAX));
        }
        SequencedMap<String, GgufValue> metadata = metadata(cursor, file, keyCount, problems);
        int alignment = alignment(metadata, file, problems);
        cursor.requireRoom(tensorCount, TENSOR_BYTES_MIN, "tensors");
        if (tensorCount > TensorList.TENSORS_MAX) {
            throw problems.fatal(
                    file.at(8),
                    "claims %,d tensors".formatted(tensorCount),
                    "at most %,d are read".formatted(TensorList.TENSORS_MAX));
        }
        TensorList tensors = tensors(cursor, file, tensorCount, alignment, problems);
        return new GgufHeader(version, metadata, tensors);
    }

    private static int version(GgufCursor cursor, MappedFile file, Problems problems) {
        int version = cursor.uint32();
        if (version == 2 || version == 3) {
            return version;
        }
        int swapped = Integer.reverseBytes(version);
        if (swapped >= 1 && swapped <= 0xFFFF) {
            throw problems.fatal(
                    file.at(4), "is a big-endian GGUF file of version " + swapped, "give the little-endian file");
        }
        throw problems.fatal(
                file.at(4),
                "has GGUF version " + Integer.toUnsignedString(version),
                "versions 2 and 3 are read; convert the model again with today's tools");
    }

    private static SequencedMap<String, GgufValue> metadata(
            GgufCursor cursor, MappedFile file, long count, Problems problems) {
        SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
        long characters = 0;
        for (long i = 0; i < count; i++) {
            long start = cursor.position();
            String key = cursor.text("the name of a metadata key", NAME_BYTES_MAX);
            GgufValue value = cursor.value(cursor.type(key));
            if (metadata.putIfAbsent(key, value) != null) {
                problems.add(
                        file.at(start),
                        "key %s is given twice".formatted(Problems.quote(key)),
                        "keys have to be unique; make the file anew");
            }
            characters += key.length()
                    + (value instanceof GgufValue.Text text ? text.value().length() : 0);
            if (characters > TEXT_CHARS_MAX) {
                throw problems.fatal(
                        file.at(start), "the metadata holds more than %,d characters".formatted(TEXT_CHARS_MAX), "");
            }
        }
        return metadata;
    }

    private static int alignment(SequencedMap<String, GgufValue> metadata, MappedFile file, Problems problems) {
        GgufValue value = metadata.get(ALIGNMENT_KEY);
        if (value == null) {
            return ALIGNMENT_DEFAULT;
        }
        if (value instanceof GgufValue.Whole whole
                && whole.value() >= 1
                && whole.value() <= ALIGNMENT_MAX
                && Long.bitCount(whole.value()) == 1) {
            return (int) whole.value();
        }
        problems.add(
                file.name() + ", key " + ALIGNMENT_KEY,
                "is " + Problems.quote(value.toString()),
                "it has to be a power of two of at most %,d".formatted(ALIGNMENT_MAX));
        return 1;
    }

    private static TensorList tensors(
            GgufCursor cursor, MappedFile file, long count, int alignment, Problems problems) {
        // The offsets count from the end of the list, which is known only when all of it has been read.
        SequencedMap<Long, Listed> listed = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            long start = cursor.position();
            listed.put(start, listed(cursor, file, start, problems));
        }
        long dataStart = Math.ceilDiv(cursor.position(), (long) alignment) * alignment;
        TensorList tensors = new TensorList(file, problems);
        listed.forEach((start, tensor) -> {
            Optional<StoredType> type = GgufTensorTypes.of(tensor.typeId());
            if (type.isEmpty()) {
                tensors.refuse(
                        tensor.name(),
                        start,
                        "has the unknown type " + Integer.toUnsignedString(tensor.typeId()),
                        "it may come from a fork or be withdrawn; take the model in another quantization");
            } else if (Long.compareUnsigned(tensor.offset(), file.size()) > 0) {
                tensors.refuse(
                        tensor.name(),
                        start,
                        "starts %s bytes into the data of a file of %,d bytes"
                                .formatted(Long.toUnsignedString(tensor.offset()), file.size()),
                        "the file was cut short or lies; download it again");
            } else if (tensor.offset() % alignment != 0) {
                tensors.refuse(
                        tensor.name(),
                        start,
                        "starts %,d bytes into the data".formatted(tensor.offset()),
                        "offsets have to be multiples of the alignment, %d; make the file anew".formatted(alignment));
            } else if (hasZero(tensor.lengths())) {
                tensors.refuse(tensor.name(), start, "has an axis of length 0", "the file is damaged");
            } else {
                OptionalLong ignored =
                        tensors.add(tensor.name(), type.get(), tensor.lengths(), dataStart + tensor.offset(), start);
            }
        });
        tensors.refuseOverlaps();
        return tensors;
    }

    private static Listed listed(GgufCursor cursor, MappedFile file, long start, Problems problems) {
        String name = cursor.text("the name of a tensor", NAME_BYTES_MAX);
        int axes = cursor.uint32();
        if (axes < 0 || axes > AXES_MAX) {
            throw problems.fatal(
                    file.at(name, start),
                    "claims %s axes".formatted(Integer.toUnsignedString(axes)),
                    "at most %d are possible; the file is damaged".formatted(AXES_MAX));
        }
        long[] lengths = new long[axes];
        for (int i = axes - 1; i >= 0; i--) {
            lengths[i] = cursor.uint64();
        }
        return new Listed(name, lengths, cursor.uint32(), cursor.uint64());
    }

    private static boolean hasZero(long[] lengths) {
        for (long length : lengths) {
            if (length == 0) {
                return true;
            }
        }
        return false;
    }

    private record Listed(String name, long[] lengths, int typeId, long offset) {}
}
