package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.chat.GgufPlaces.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What may happen to a file, by accident or on purpose.
final class Damage {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        7,
        31,
        255,
        65_536,
        1L << 20,
        -1,
        -2,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 60,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Float.floatToRawIntBits(Float.NaN),
        Float.floatToRawIntBits(Float.POSITIVE_INFINITY),
        Float.floatToRawIntBits(-1),
        Float.floatToRawIntBits(Float.MIN_VALUE)
    };

    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "-1",
            "3",
            "65536",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "18446744073709551616",
            "-0.5",
            "1e300",
            "1e-320",
            "null",
            "true",
            "\"\"",
            "\"yarn\"",
            "\"../../etc/passwd\"",
            "\"{{ 1/0 }}\"",
            "[]",
            "{}",
            "[1, 2, 3]",
            "[[[[1]]]]",
            "{\"type\": \"yarn\"}");

    private Damage() {}

    /// One to three wounds to bytes `from` to `to`; the length stays.
    static byte[] inPlace(byte[] whole, int from, int to, SplittableRandom random) {
        byte[] bytes = whole.clone();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(from, to);
            if (random.nextBoolean()) {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
            } else {
                bytes[at] = (byte) random.nextInt();
            }
        }
        return bytes;
    }

    /// One to three numbers replaced by ones that nobody means.
    static byte[] numbers(byte[] whole, List<Place> places, SplittableRandom random) {
        ByteBuffer bytes = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            Place place = places.get(random.nextInt(places.size()));
            long number = NUMBERS[random.nextInt(NUMBERS.length)];
            switch (place.width()) {
                case 1 -> bytes.put(place.offset(), (byte) number);
                case 2 -> bytes.putShort(place.offset(), (short) number);
                case 4 -> bytes.putInt(place.offset(), (int) number);
                default -> bytes.putLong(place.offset(), number);
            }
        }
        return bytes.array();
    }

    /// A piece before `to` cut out or doubled, or the end cut off.
    static byte[] moved(byte[] whole, int to, SplittableRandom random) {
        int at = random.nextInt(to);
        int length = Math.min(random.nextInt(1, 64), whole.length - at);
        return switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(whole, random.nextInt(whole.length));
            case 1 -> joined(whole, at, at + length);
            default -> joined(whole, at + length, at);
        };
    }

    private static byte[] joined(byte[] whole, int end, int begin) {
        byte[] bytes = Arrays.copyOf(whole, end + whole.length - begin);
        System.arraycopy(whole, begin, bytes, end, whole.length - begin);
        return bytes;
    }

    /// A JSON document with another value somewhere, a key lost or given twice, or brackets without end.
    static byte[] json(byte[] whole, SplittableRandom random) {
        String text = new String(whole, StandardCharsets.UTF_8);
        return switch (random.nextInt(8)) {
            case 0 -> "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);
            case 1 -> text.replaceFirst(": *[0-9.]+", ": NaN").getBytes(StandardCharsets.UTF_8);
            case 2 -> twice(text, random).getBytes(StandardCharsets.UTF_8);
            default -> otherValue(text, random).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static String twice(String text, SplittableRandom random) {
        int colon = text.indexOf("\":", random.nextInt(text.length()));
        int begin = colon < 0 ? -1 : text.lastIndexOf('"', colon - 1);
        return begin < 0
                ? text
                : text.substring(0, begin) + text.substring(begin, colon + 2) + " 1, " + text.substring(begin);
    }

    private static String otherValue(String text, SplittableRandom random) {
        try {
            JsonNode root = JSON.readTree(text);
            List<ContainerNode<?>> containers = new ArrayList<>();
            gather(root, containers);
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                change(containers.get(random.nextInt(containers.size())), random);
            }
            return JSON.writeValueAsString(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void gather(JsonNode node, List<ContainerNode<?>> containers) {
        if (node instanceof ContainerNode<?> container && !node.isEmpty()) {
            containers.add(container);
            node.forEach(child -> gather(child, containers));
        }
    }

    private static void change(ContainerNode<?> container, SplittableRandom random) throws IOException {
        JsonNode value = JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
        boolean removes = random.nextInt(6) == 0;
        switch (container) {
            case ObjectNode object
            when !object.isEmpty() -> {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                String name = names.get(random.nextInt(names.size()));
                if (removes) {
                    object.remove(name);
                } else {
                    object.set(name, value);
                }
            }
            case ArrayNode array
            when !array.isEmpty() -> {
                int index = random.nextInt(array.size());
                if (removes) {
                    array.remove(index);
                } else {
                    array.set(index, value);
                }
            }
            default -> {}
        }
    }
}
