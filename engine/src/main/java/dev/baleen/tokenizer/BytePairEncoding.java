package dev.baleen.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Byte-level byte-pair encoding (Sennrich et al. 2016, on bytes as in Radford et al. 2019).
///
/// Made by [TokenizerJson#read], [GgufVocabulary#tokenizer] or [TokenizerTrainer#train].
public final class BytePairEncoding implements Tokenizer {
    private static final byte[] NO_BYTES = {};

    private final Vocabulary vocabulary;
    private final byte[][] bytes;
    private final TokenIndex index;
    private final Map<String, Integer> addedIds = new HashMap<>();
    private final int[] byteIds = new int[256];
    private final MergeTable merges;
    private final @Nullable AddedToken[] addedById;
    private final AddedTokens rawAdded;
    private final AddedTokens normalizedAdded;
    private final PieceCache cache = new PieceCache();

    BytePairEncoding(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        List<String> tokens = vocabulary.tokens();
        int size = tokens.size();
        for (AddedToken token : vocabulary.added()) {
            size = Math.max(size, token.id() + 1);
        }
        this.bytes = new byte[size][];
        Arrays.fill(bytes, NO_BYTES);
        this.index = vocabulary.index();
        for (int id = 0; id < tokens.size(); id++) {
            bytes[id] = ByteAlphabet.bytes(tokens.get(id));
        }
        for (int b = 0; b < 256; b++) {
            byteIds[b] = index.find(String.valueOf(ByteAlphabet.character(b)));
        }
        this.merges = new MergeTable(vocabulary.merges(), vocabulary.mergeResults());
        this.addedById = new @Nullable AddedToken[size];
        for (AddedToken token : vocabulary.added()) {
            addedById[token.id()] = token;
            bytes[token.id()] = token.content().getBytes(StandardCharsets.UTF_8);
            addedIds.put(token.content(), token.id());
        }
        this.rawAdded = finder(vocabulary, false);
        this.normalizedAdded = finder(vocabulary, true);
    }

    private static AddedTokens finder(Vocabulary vocabulary, boolean normalized) {
        List<AddedToken> tokens = vocabulary.added().stream()
                .filter(token -> token.normalized() == normalized)
                .toList();
        List<String> contents = tokens.stream()
                .map(AddedToken::content)
                .map(content -> normalized ? vocabulary.normalization().apply(content) : content)
                .toList();
        return new AddedTokens(tokens, contents);
    }

    @Override
    public int[] encode(String text) {
        String wellFormed = wellFormed(text);
        Encoder encoder = new Encoder();
        rawAdded.segments(wellFormed, 0, wellFormed.length(), (from, to, id) -> {
            if (id >= 0) {
                encoder.ids.add(id);
                return;
            }
            String segment = normalized(wellFormed, from, to);
            normalizedAdded.segments(segment, 0, segment.length(), (start, end, normalizedId) -> {
                if (normalizedId >= 0) {
                    encoder.ids.add(normalizedId);
                } else {
                    encoder.encode(segment, start, end);
                }
            });
        });
        return encoder.ids.toArray();
    }

    @Override
    public int[] encodeOrdinary(String text) {
        String segment = normalized(wellFormed(text), 0, text.length());
        Encoder encoder = new Encoder();
        encoder.encode(segment, 0, segment.length());
        return encoder.ids.toArray();
    }

    private String normalized(String text, int from, int to) {
        return vocabulary.normalization().apply(text.substring(from, to));
    }

    /// UTF-8 has no unpaired surrogates; U+FFFD takes the place of each, so the length stays.
    private static String wellFormed(String text) {
        char[] repaired = {};
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            repaired = repaired.length > 0 ? repaired : text.toCharArray();
            repaired[i] = '\uFFFD';
        }
        return repaired.length > 0 ? new String(repaired) : text;
    }

    /// One call's working memory: pieces go in, ids gather.
    private final class Encoder {
        final IntList ids = new IntList();
        private final Merger merger = new Merger(merges);
        private int[] symbols = new int[64];

        void encode(String segment, int from, int to) {
            if (from == to) {
                return;
            }
            if (vocabulary.preTokenizer().prefixSpace() && segment.charAt(from) != ' ') {
                encodePieces(" " + segment.substring(from, to), 0, to - from + 1);
            } else {
                encodePieces(segment, from, to);
            }
        }

        private void encodePieces(String text, int from, int to) {
            vocabulary.preTokenizer().split(new Scan(text), from, to, (start, end) -> encodePiece(text, start, end));
        }

        private void encodePiece(String text, int from, int to) {
            boolean cached = to - from <= PieceCache.LENGTH_MAX;
            int slot = cached ? PieceCache.slot(text, from, to) : 0;
            int[] known = cached ? cache.get(slot, text, from, to) : null;
            if (known != null) {
                ids.addAll(known, known.length);
                return;
            }
            String piece = text.substring(from, to);
            int count = merge(piece);
            ids.addAll(symbols, count);
            if (cached) {
                cache.put(slot, piece, Arrays.copyOf(symbols, count));
            }
        }

        /// Leaves the ids of a piece in `symbols` and returns their number.
        private int merge(String piece) {
            byte[] utf8 = piece.getBytes(StandardCharsets.UTF_8);
            if (symbols.length < utf8.length) {
                symbols = new int[Math.max(utf8.length, 2 * symbols.length)];
            }
            if (vocabulary.ignoreMerges()) {
                int whole = wholePiece(utf8);
                if (whole >= 0) {
                    symbols[0] = whole;
                    return 1;
                }
            }
            int count = 0;
            for (byte b : utf8) {
                int id = byteIds[b & 0xFF];
                if (id >= 0) {
                    symbols[count++] = id;
                } else if (vocabulary.unknownId().isPresent()) {
                    symbols[count++] = vocabulary.unknownId().getAsInt();
                }
                // Else the byte is lost, as it is in the reference: a vocabulary for this text would have it.
            }
            return merger.merge(symbols, count);
        }

        private int wholePiece(byte[] utf8) {
            char[] spelled = new char[utf8.length];
            for (int i = 0; i < utf8.length; i++) {
                spelled[i] = ByteAlphabet.character(utf8[i] & 0xFF);
            }
            int id = index.find(new String(spelled));
            return id >= 0 && addedById[id] == null ? id : -1;
        }
    }

    @Override
    public String decode(int... tokenIds) {
        int length = 0;
        for (int id : tokenIds) {
            length = Math.addExact(length, shared(id).length);
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (int id : tokenIds) {
            joined.put(shared(id));
        }
        return new String(joined.array(), StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes(int id) {
        return shared(id).clone();
    }

    private byte[] shared(int id) {
        if (id < 0) {
            throw new IllegalArgumentException("token id " + id + " is negative; ids begin at 0");
        }
        return id < bytes.length ? bytes[id] : NO_BYTES;
    }

    @Override
    public int vocabularySize() {
        return bytes.length;
    }

    @Override
    public OptionalInt id(String token) {
        int id = addedIds.getOrDefault(token, index.find(token));
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public String token(int id) {
        if (id < 0 || id >= bytes.length) {
            return "";
        }
        AddedToken added = addedById[id];
        if (added != null) {
            return added.content();
        }
        return id < vocabulary.tokens().size() ? vocabulary.tokens().get(id) : "";
    }

    @Override
    public boolean isSpecial(int id) {
        AddedToken added = id >= 0 && id < addedById.length ? addedById[id] : null;
        return added != null && added.special();
    }

    @Override
    public List<AddedToken> addedTokens() {
        return vocabulary.added().stream()
                .sorted(Comparator.comparingInt(AddedToken::id))
                .toList();
    }

    @Override
    public OptionalInt beginId() {
        return vocabulary.beginId();
    }

    @Override
    public OptionalInt endId() {
        return vocabulary.endId();
    }

    @Override
    public OptionalInt padId() {
        return vocabulary.padId();
    }

    @Override
    public boolean addsBegin() {
        return vocabulary.addsBegin();
    }

    /// What GGUF calls the way in which this tokenizer cuts text, if it has a name for it.
    public Optional<String> preTokenizerName() {
        return PreTokenizerNames.of(vocabulary.preTokenizer(), vocabulary.ignoreMerges());
    }

    /// What this tokenizer was built from.
    Vocabulary vocabulary() {
        return vocabulary;
    }
}
