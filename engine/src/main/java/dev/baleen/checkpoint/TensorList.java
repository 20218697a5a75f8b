package dev.baleen.checkpoint;

import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// The tensors that one file lists, checked while they are added: names, shapes and extents, then how they lie
/// together.
///
/// What is wrong is recorded and left out, so that the rest of the file is looked at too.
final class TensorList {
    static final int TENSORS_MAX = 1_000_000;

    private static final int AXES_MAX = 8;

    private final MappedFile file;
    private final Problems problems;
    private final SequencedMap<String, TensorEntry> entries = new LinkedHashMap<>();
    private boolean complete = true;

    TensorList(MappedFile file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /// Adds a tensor that is listed at byte `listedAt` and whose numbers start at byte `offset` of the file.
    ///
    /// @param lengths outermost first; none for a scalar
    /// @return the bytes of the tensor; empty if it was refused
    OptionalLong add(String name, StoredType type, long[] lengths, long offset, long listedAt) {
        OptionalLong bytes = checkedBytes(name, type, lengths, offset, listedAt);
        if (bytes.isPresent()) {
            Shape shape = lengths.length == 0 ? Shape.of(1) : Shape.of(lengths);
            long size = bytes.getAsLong();
            MemorySegment data = file.bytes().asSlice(offset, size);
            TensorEntry entry = new TensorEntry(name, type.name(), type.type(), shape, file.path(), offset, size, data);
            if (entries.putIfAbsent(name, entry) == null) {
                return bytes;
            }
            refuse(name, listedAt, "the name is listed twice", "names have to be unique; make the file anew");
        }
        return OptionalLong.empty();
    }

    void refuse(String name, long listedAt, String what, String remedy) {
        complete = false;
        problems.add(file.at(name, listedAt), what, remedy);
    }

    /// Refuses tensors that share bytes.
    void refuseOverlaps() {
        TensorEntry before = null;
        for (TensorEntry entry : byOffset()) {
            if (before != null && entry.offset() < before.offset() + before.bytes()) {
                problems.add(
                        file.at(entry.name(), entry.offset()),
                        "overlaps tensor %s, which takes bytes %,d to %,d"
                                .formatted(Problems.quote(before.name()), before.offset(), end(before)),
                        "the file lies about its layout; make it anew");
            }
            if (before == null || end(entry) > end(before)) {
                before = entry;
            }
        }
    }

    /// Refuses bytes between `from` and `to` that belong to no tensor. Says nothing if tensors had to be left out.
    void refuseHoles(long from, long to) {
        if (!complete) {
            return;
        }
        long expected = from;
        for (TensorEntry entry : byOffset()) {
            if (entry.offset() > expected) {
                refuseHole(expected, entry.offset());
            }
            expected = Math.max(expected, end(entry));
        }
        if (expected < to) {
            refuseHole(expected, to);
        }
    }

    SequencedMap<String, TensorEntry> entries() {
        return entries;
    }

    /// Views of the tensors that can be computed with.
    SequencedMap<String, Tensor> views() {
        SequencedMap<String, Tensor> views = LinkedHashMap.newLinkedHashMap(entries.size());
        for (TensorEntry entry : entries.values()) {
            if (entry.type().isPresent()) {
                views.put(entry.name(), Tensor.of(entry.type().get(), entry.shape(), entry.data()));
            }
        }
        return views;
    }

    private OptionalLong checkedBytes(String name, StoredType type, long[] lengths, long offset, long listedAt) {
        String shape = Arrays.toString(lengths);
        if (lengths.length > AXES_MAX) {
            refuse(
                    name,
                    listedAt,
                    "has %d axes".formatted(lengths.length),
                    "at most %d are possible".formatted(AXES_MAX));
            return OptionalLong.empty();
        }
        long rows = 1;
        for (int i = 0; i < lengths.length; i++) {
            rows *= i < lengths.length - 1 ? lengths[i] : 1;
            if (lengths[i] < 0 || lengths[i] > Integer.MAX_VALUE || rows > Integer.MAX_VALUE) {
                refuse(name, listedAt, "has the impossible shape " + shape, "the file is damaged; download it again");
                return OptionalLong.empty();
            }
        }
        if (lengths.length > 0 && type.type().isPresent() && lengths[lengths.length - 1] % type.blockElements() != 0) {
            refuse(
                    name,
                    listedAt,
                    "has shape %s, whose rows do not fill whole blocks of %d numbers, as %s needs"
                            .formatted(shape, type.blockElements(), type.name()),
                    "make the file anew with another type");
            return OptionalLong.empty();
        }
        OptionalLong bytes = type.bytes(lengths);
        if (bytes.isEmpty()) {
            refuse(name, listedAt, "cannot have shape %s as %s".formatted(shape, type.name()), "the file is damaged");
        } else if (offset < 0 || bytes.getAsLong() > file.size() || offset > file.size() - bytes.getAsLong()) {
            refuse(
                    name,
                    listedAt,
                    "%s %s starts at byte %,d and takes %,d bytes, but the file ends at byte %,d"
                            .formatted(type.name(), shape, offset, bytes.getAsLong(), file.size()),
                    "the file was cut short or lies; download it again");
            return OptionalLong.empty();
        }
        return bytes;
    }

    private List<TensorEntry> byOffset() {
        List<TensorEntry> sorted = new ArrayList<>(entries.values());
        sorted.removeIf(entry -> entry.bytes() == 0);
        sorted.sort(Comparator.comparingLong(TensorEntry::offset).thenComparingLong(TensorEntry::bytes));
        return sorted;
    }

    private void refuseHole(long from, long to) {
        problems.add(
                file.at(from),
                "%,d bytes up to byte %,d belong to no tensor".formatted(to - from, to),
                "the format allows no holes; make the file anew");
    }

    private static long end(TensorEntry entry) {
        return entry.offset() + entry.bytes();
    }
}
