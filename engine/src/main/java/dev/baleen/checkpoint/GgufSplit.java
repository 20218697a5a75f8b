package dev.baleen.checkpoint;

import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A GGUF model in several files that lie side by side as `NAME-00001-of-00009.gguf`.
///
/// Each part is a whole GGUF file and says by `split.no` (from 0) and `split.count` which one it is, and by
/// `split.tensors.count` how many tensors all have together. The model's metadata stands in the first part; the others
/// need have none but these keys. Whichever part is named, all are opened, and what is wrong with any is told together.
final class GgufSplit {
    private static final Pattern NAME = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf");
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";
    private static final String TENSORS = "split.tensors.count";
    private static final int PARTS_MAX = 4_096;

    private final MappedFile given;
    private final Arena arena;
    private final Problems problems;
    private final SequencedMap<String, TensorEntry> entries = new LinkedHashMap<>();
    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    private Optional<Part> first = Optional.empty();

    /// One file.
    record Part(MappedFile file, GgufHeader header) {
        /// A key of the split; -1 where it is absent or no small number.
        int number(String key) {
            OptionalLong value = whole(header, key);
            return value.isPresent() && value.getAsLong() >= 0 && value.getAsLong() <= Integer.MAX_VALUE
                    ? (int) value.getAsLong()
                    : -1;
        }
    }

    /// All parts as one model.
    ///
    /// @param first the part with the metadata
    record Joined(Part first, SequencedMap<String, TensorEntry> entries, SequencedMap<String, Tensor> tensors) {}

    private GgufSplit(MappedFile given, Arena arena, Problems problems) {
        this.given = given;
        this.arena = arena;
        this.problems = problems;
    }

    /// What all parts of a split are called but for their number; empty for the name of a file that is no part.
    static Optional<String> setOf(String fileName) {
        Matcher name = NAME.matcher(fileName);
        return name.matches() ? Optional.of(name.group(1) + " of " + name.group(3)) : Optional.empty();
    }

    /// The file that was opened, or it and all the others where it is a part.
    static Joined join(MappedFile given, GgufHeader header, Arena arena, Problems problems) {
        Part part = new Part(given, header);
        OptionalLong count = whole(header, COUNT);
        if (count.isEmpty() || count.getAsLong() <= 1) {
            return new Joined(part, header.tensors().entries(), header.tensors().views());
        }
        return new GgufSplit(given, arena, problems).join(part, count.getAsLong());
    }

    private Joined join(Part part, long count) {
        if (count > PARTS_MAX) {
            throw problems.fatal(
                    given.name() + ", key " + COUNT, "is %,d".formatted(count), "at most %,d".formatted(PARTS_MAX));
        }
        Matcher name = NAME.matcher(given.name());
        if (!name.matches()) {
            throw problems.fatal(
                    given.name(),
                    "is one of %d parts, and its name does not tell where the others are".formatted(count),
                    "name the file -%05d-of-%05d.gguf beside the others, or give the link that is called so"
                            .formatted(part.number(NUMBER) + 1, count));
        }
        if (Integer.parseInt(name.group(3)) != count) {
            throw problems.fatal(
                    given.name() + ", key " + COUNT,
                    "is %d, but the name says %s".formatted(count, name.group(3)),
                    "do not rename parts; download all of them again");
        }
        for (int i = 0; i < count; i++) {
            Path path = given.path().resolveSibling(fileName(name.group(1), i, (int) count));
            if (path.getFileName().equals(given.path().getFileName())) {
                add(part, i, part);
            } else {
                int number = i;
                read(path).ifPresent(other -> add(other, number, part));
            }
        }
        int promised = part.number(TENSORS);
        if (problems.isEmpty() && promised != entries.size()) {
            problems.add(
                    given.name() + ", key " + TENSORS,
                    "is %d, but the parts hold %,d tensors".formatted(promised, entries.size()),
                    "download all parts again, from one source");
        }
        problems.throwIfAny();
        return new Joined(first.orElseThrow(), entries, tensors);
    }

    /// What ends the reading of one part is among the problems already; the others are looked at too.
    private Optional<Part> read(Path path) {
        try {
            MappedFile file = MappedFile.map(path, arena, problems);
            return Optional.of(new Part(file, GgufHeader.read(file, problems)));
        } catch (CheckpointException e) {
            return Optional.empty();
        }
    }

    private void add(Part part, int number, Part named) {
        expect(part, NUMBER, number, "its place among the parts");
        expect(part, COUNT, named.number(COUNT), "that of " + given.name());
        expect(part, TENSORS, named.number(TENSORS), "that of " + given.name());
        if (number == 0) {
            first = Optional.of(part);
        }
        part.header().tensors().entries().forEach((name, entry) -> {
            TensorEntry other = entries.putIfAbsent(name, entry);
            if (other != null) {
                problems.add(
                        part.file().at(name, entry.offset()),
                        "is also in " + other.file().getFileName(),
                        "the parts do not belong together; download them again, from one source");
            }
        });
        part.header().tensors().views().forEach(tensors::putIfAbsent);
    }

    private void expect(Part part, String key, int wanted, String whose) {
        int found = part.number(key);
        if (found != wanted || found < 0) {
            problems.add(
                    part.file().name() + ", key " + key,
                    found < 0 ? "missing, or no number" : "is " + found,
                    "it has to be %d, %s; take all parts from one source".formatted(wanted, whose));
        }
    }

    private static String fileName(String set, int number, int count) {
        return String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", set, number + 1, count);
    }

    private static OptionalLong whole(GgufHeader header, String key) {
        return header.metadata().get(key) instanceof GgufValue.Whole whole
                ? OptionalLong.of(whole.value())
                : OptionalLong.empty();
    }
}
