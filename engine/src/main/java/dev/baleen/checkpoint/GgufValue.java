package dev.baleen.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// A metadata value of a GGUF file, with the exact type it is written in.
public sealed interface GgufValue {
    GgufType type();

    record Text(String value) implements GgufValue {
        @Override
        public GgufType type() {
            return GgufType.STRING;
        }
    }

    record Flag(boolean value) implements GgufValue {
        @Override
        public GgufType type() {
            return GgufType.BOOL;
        }
    }

    /// @param value sign-extended or zero-extended from its type; a UINT64 beyond the signed range is negative here
    record Whole(GgufType type, long value) implements GgufValue {
        public Whole {
            if (!type.isWhole()) {
                throw new IllegalArgumentException(type + " is no type of whole numbers");
            }
        }

        public boolean fitsLong() {
            return type != GgufType.UINT64 || value >= 0;
        }
    }

    record Real(GgufType type, double value) implements GgufValue {
        public Real {
            if (!type.isReal()) {
                throw new IllegalArgumentException(type + " is no type of real numbers");
            }
        }
    }

    /// An array, kept as the bytes of the file and decoded when it is asked for: a vocabulary has 129,280 entries.
    ///
    /// @param bytes the entries one behind another as the file format writes them
    record Many(GgufType elementType, int size, MemorySegment bytes) implements GgufValue {
        /// No vocabulary and no list of merges that is published comes near it.
        public static final int SIZE_MAX = 1 << 22;

        public static Many texts(List<String> texts) {
            GgufEncoder encoder = new GgufEncoder();
            texts.forEach(encoder::text);
            return new Many(GgufType.STRING, texts.size(), encoder.toSegment());
        }

        public static Many wholes(GgufType elementType, long... values) {
            GgufEncoder encoder = new GgufEncoder();
            for (long value : values) {
                encoder.payload(new Whole(elementType, value));
            }
            return new Many(elementType, values.length, encoder.toSegment());
        }

        public static Many reals(GgufType elementType, double... values) {
            GgufEncoder encoder = new GgufEncoder();
            for (double value : values) {
                encoder.payload(new Real(elementType, value));
            }
            return new Many(elementType, values.length, encoder.toSegment());
        }

        public static Many flags(boolean... values) {
            GgufEncoder encoder = new GgufEncoder();
            for (boolean value : values) {
                encoder.payload(new Flag(value));
            }
            return new Many(GgufType.BOOL, values.length, encoder.toSegment());
        }

        /// An array of arrays.
        public static Many arrays(List<Many> arrays) {
            GgufEncoder encoder = new GgufEncoder();
            arrays.forEach(encoder::payload);
            return new Many(GgufType.ARRAY, arrays.size(), encoder.toSegment());
        }

        @Override
        public GgufType type() {
            return GgufType.ARRAY;
        }

        /// The entries, each as a value of its own.
        ///
        /// @throws CheckpointException if a text is not UTF-8
        public List<GgufValue> values() {
            return values("a metadata array");
        }

        /// @param where what messages call the array
        List<GgufValue> values(String where) {
            GgufCursor cursor = new GgufCursor(where, bytes, new Problems(where));
            List<GgufValue> values = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                values.add(cursor.value(elementType));
            }
            return values;
        }

        /// Such as `UINT32[5]`.
        @Override
        public String toString() {
            return "%s[%d]".formatted(elementType, size);
        }
    }
}
