package dev.baleen.chat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Where the numbers of a GGUF header stand: values, types, counts, lengths, shapes and offsets.
final class GgufPlaces {
    private static final int TEXT = 8;
    private static final int ARRAY = 9;
    private static final int[] WIDTHS = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    private final ByteBuffer bytes;
    private final List<Place> places = new ArrayList<>();

    /// A number of `width` bytes.
    record Place(int offset, int width) {}

    private GgufPlaces(byte[] file) {
        this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    static List<Place> of(byte[] file) {
        GgufPlaces found = new GgufPlaces(file);
        found.number(4);
        found.number(4);
        long tensors = found.number(8);
        long keys = found.number(8);
        for (long i = 0; i < keys; i++) {
            found.text();
            found.value((int) found.number(4));
        }
        for (long i = 0; i < tensors; i++) {
            found.text();
            long axes = found.number(4);
            for (long axis = 0; axis < axes; axis++) {
                found.number(8);
            }
            found.number(4);
            found.number(8);
        }
        return List.copyOf(found.places);
    }

    private long number(int width) {
        places.add(new Place(bytes.position(), width));
        return switch (width) {
            case 1 -> bytes.get();
            case 2 -> bytes.getShort();
            case 4 -> bytes.getInt();
            default -> bytes.getLong();
        };
    }

    private void text() {
        int length = (int) number(8);
        bytes.position(bytes.position() + length);
    }

    private void value(int type) {
        if (type == TEXT) {
            text();
        } else if (type == ARRAY) {
            int entries = (int) number(4);
            long count = number(8);
            // Of a vocabulary's thousands of lengths a few will do.
            int kept = places.size() + 8;
            for (long i = 0; i < count; i++) {
                value(entries);
                if (places.size() > kept) {
                    places.removeLast();
                }
            }
        } else {
            number(WIDTHS[type]);
        }
    }
}
