package dev.baleen.generation;

import dev.baleen.tokenizer.AddedToken;
import dev.baleen.tokenizer.ControlTokens;
import dev.baleen.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// A real tokenizer without a training: one token for each byte, and DeepSeek's control tokens after them.
public final class ByteTokenizer implements Tokenizer {
    private static final List<String> CONTROLS = List.of(
            ControlTokens.BEGIN,
            ControlTokens.END,
            ControlTokens.PAD,
            ControlTokens.USER,
            ControlTokens.ASSISTANT,
            ControlTokens.THINK,
            ControlTokens.END_OF_THINKING);

    @Override
    public int[] encode(String text) {
        List<Integer> ids = new ArrayList<>();
        StringBuilder ordinary = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            String rest = text.substring(i);
            OptionalInt control = IntStream.range(0, CONTROLS.size())
                    .filter(c -> rest.startsWith(CONTROLS.get(c)))
                    .findFirst();
            if (control.isPresent()) {
                IntStream.of(encodeOrdinary(ordinary.toString())).forEach(ids::add);
                ordinary.setLength(0);
                ids.add(256 + control.getAsInt());
                i += CONTROLS.get(control.getAsInt()).length();
            } else {
                ordinary.append(text.charAt(i++));
            }
        }
        IntStream.of(encodeOrdinary(ordinary.toString())).forEach(ids::add);
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public int[] encodeOrdinary(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xFF).toArray();
    }

    @Override
    public String decode(int... ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            bytes.writeBytes(bytes(id));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes(int id) {
        return id < 256 ? new byte[] {(byte) id} : token(id).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int vocabularySize() {
        return 256 + CONTROLS.size();
    }

    @Override
    public OptionalInt id(String token) {
        int index = CONTROLS.indexOf(token);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(256 + index);
    }

    @Override
    public String token(int id) {
        if (id < 256) {
            return Character.toString(id);
        }
        return id < vocabularySize() ? CONTROLS.get(id - 256) : "";
    }

    @Override
    public boolean isSpecial(int id) {
        return id >= 256 && id < 261;
    }

    @Override
    public List<AddedToken> addedTokens() {
        return IntStream.range(0, CONTROLS.size())
                .mapToObj(i -> AddedToken.special(256 + i, CONTROLS.get(i)))
                .toList();
    }

    @Override
    public OptionalInt beginId() {
        return OptionalInt.of(256);
    }

    @Override
    public OptionalInt endId() {
        return OptionalInt.of(257);
    }

    @Override
    public OptionalInt padId() {
        return OptionalInt.of(258);
    }

    @Override
    public boolean addsBegin() {
        return true;
    }
}
