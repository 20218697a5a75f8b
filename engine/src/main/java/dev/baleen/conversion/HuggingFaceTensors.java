package dev.baleen.conversion;

import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.StoredType;
import dev.baleen.checkpoint.TensorEntry;
import dev.baleen.checkpoint.TensorSource;
import dev.baleen.checkpoint.Weights;
import dev.baleen.dtype.DType;
import dev.baleen.model.GgufNames;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What becomes of each weight of a GGUF file in a folder: the way of [GgufTensors] backwards.
///
/// Matrices in a type that the layout does not know are decoded. Vectors and gates, which GGUF files have in single
/// precision whatever the publisher had, are written in the type of the matrices again if not a bit of them is lost.
final class HuggingFaceTensors {
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d+)\\..+");

    private final Gguf gguf;
    private final Family family;
    private final ConversionOptions options;
    private final Weights weights;
    private final DType most;
    private final int heads;
    private final int keyValueHeads;
    private final int experts;
    private final int layers;
    private final List<TensorSource> sources = new ArrayList<>();

    private HuggingFaceTensors(Gguf gguf, Family family, ConversionOptions options) {
        this.gguf = gguf;
        this.family = family;
        this.options = options;
        this.weights = Weights.of(gguf);
        this.most = most(gguf, options);
        var config = gguf.config();
        var keys = config.section(family.gguf()).orElseThrow();
        this.heads = keys.positive("attention.head_count");
        this.keyValueHeads = keys.positive("attention.head_count_kv", heads);
        this.experts = keys.integer("expert_count", 0);
        this.layers = keys.positive("block_count") - keys.integer("nextn_predict_layers", 0);
        config.finish();
    }

    /// What most of the weights are going to be written in.
    static DType most(Gguf gguf, ConversionOptions options) {
        Map<DType, Long> elements = new EnumMap<>(DType.class);
        for (Tensor tensor : gguf.tensors().values()) {
            if (tensor.shape().axes() > 1) {
                elements.merge(options.matrix(tensor.type()), tensor.elements(), Long::sum);
            }
        }
        return elements.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElse(DType.F32);
    }

    /// The tensors in the order of the file.
    ///
    /// @throws dev.baleen.checkpoint.CheckpointException if a weight has no place in the layout; all are told
    /// together
    static List<TensorSource> of(Gguf gguf, Family family, ConversionOptions options) {
        HuggingFaceTensors tensors = new HuggingFaceTensors(gguf, family, options);
        gguf.entries().values().forEach(tensors::add);
        tensors.weights.finish();
        return tensors.sources;
    }

    private void add(TensorEntry entry) {
        String name = entry.name();
        Matcher block = BLOCK.matcher(name);
        boolean further = block.matches() && Integer.parseInt(block.group(1)) >= layers && !options.predictionLayers();
        if (name.equals(RopeConversion.FACTORS) || further) {
            return;
        }
        if (family.hasLatentAttention() && name.endsWith("attn_k_b.weight")) {
            joinKeysAndValues(name);
            return;
        }
        if (family.hasLatentAttention() && name.endsWith("attn_v_b.weight")) {
            return;
        }
        List<String> published = GgufNames.published(name, family.publisher(), experts);
        if (published.isEmpty()) {
            weights.problem(
                    name, "has no name in a folder", "Baleen does not know what it is for and cannot convert it");
        } else if (entry.type().isEmpty()) {
            addIds(published.getFirst(), entry);
        } else if (name.endsWith("_exps.weight")) {
            addExperts(entry, published);
        } else {
            addOne(name, published.getFirst(), gguf.tensors().get(name));
        }
    }

    private void addIds(String name, TensorEntry entry) {
        if (entry.typeName().equals("I32")) {
            sources.add(new TensorSource(name, StoredType.I32, entry.shape(), sink -> sink.write(entry.data())));
        } else {
            weights.problem(
                    entry.name(),
                    "has type " + entry.typeName(),
                    "numbers of this type cannot be read; take another file");
        }
    }

    private void addOne(String name, String published, Tensor tensor) {
        Rows rows = Rows.of(tensor);
        if (family.reordersHeads() && name.matches(".*\\.attn_[qk]\\.(weight|bias)")) {
            int count = name.contains("attn_k") ? keyValueHeads : heads;
            rows = reordered(name, tensor, count);
        }
        put(published, rows, tensor.shape(), tensor);
    }

    private void put(String published, Rows rows, Shape shape, Tensor all) {
        DType type = options.matrix(rows.type());
        if (rows.type() == DType.F32 && most != DType.F32 && isExact(all)) {
            type = most;
        } else if (shape.axes() == 1) {
            type = DType.F32;
        }
        sources.add(RowWriter.source(published, rows, type, shape));
    }

    /// Whether a small tensor is the same after it was written in the type of most others.
    private boolean isExact(Tensor tensor) {
        float[] row = new float[tensor.columns()];
        float[] back = new float[tensor.columns()];
        try (Arena arena = Arena.ofShared()) {
            MemorySegment encoded = arena.allocate(most.bytes(row.length), 8);
            for (int i = 0; i < tensor.rows(); i++) {
                tensor.decodeRow(i, row, 0);
                most.format().encode(row, 0, row.length, encoded, 0);
                most.format().decode(encoded, 0, back, 0, back.length);
                for (int j = 0; j < row.length; j++) {
                    if (Float.floatToRawIntBits(row[j]) != Float.floatToRawIntBits(back[j])) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private Rows reordered(String name, Tensor tensor, int count) {
        long head = tensor.shape().axis(0) / count;
        Rows rows = Rows.of(tensor.shape().axes() == 1 ? tensor.reshape(tensor.elements(), 1) : tensor);
        if (head * count != tensor.shape().axis(0) || head % 2 != 0) {
            weights.problem(
                    name, "has shape %s".formatted(tensor.shape()), "it is not of %d even heads".formatted(count));
            return rows;
        }
        return new Rows.Selected(
                rows, rows.count(), row -> row / head * head + row % head % (head / 2) * 2 + row % head / (head / 2));
    }

    /// `attn_k_b` [H, R, N] and `attn_v_b` [H, V, R] become `kv_b_proj` [H · (N + V), R].
    private void joinKeysAndValues(String name) {
        String prefix = name.substring(0, name.length() - "attn_k_b.weight".length());
        Tensor keys = gguf.tensors().get(name);
        Tensor values = gguf.tensors().get(prefix + "attn_v_b.weight");
        boolean fit = keys != null
                && values != null
                && keys.shape().axes() == 3
                && values.shape().axes() == 3
                && keys.axis(0) == values.axis(0)
                && keys.axis(1) == values.columns();
        if (!fit) {
            weights.problem(name, "goes with no attn_v_b.weight of its shape", "take the file again");
            return;
        }
        int latent = keys.axis(1);
        Rows turned = new Rows.Transposed(Rows.of(keys), latent, latent, keys.axis(0));
        Rows joined = new Rows.Alternating(turned, keys.columns(), Rows.of(values), values.axis(1));
        String published = GgufNames.published(prefix + "attn_kv_b.weight", family.publisher(), 0)
                .getFirst();
        long rows = (long) keys.axis(0) * (keys.columns() + values.axis(1));
        sources.add(RowWriter.source(published, joined, options.matrix(keys.type()), Shape.of(rows, latent)));
    }

    private void addExperts(TensorEntry entry, List<String> published) {
        Tensor stack = gguf.tensors().get(entry.name());
        if (stack.shape().axes() != 3 || stack.axis(0) != experts) {
            weights.problem(entry.name(), "has shape " + stack.shape(), "%d experts are expected".formatted(experts));
            return;
        }
        boolean pairs = family == Family.DEEPSEEK_V4
                && stack.type() == DType.MXFP4
                && options.type().isEmpty();
        for (int i = 0; i < experts; i++) {
            Tensor expert = stack.entry(i);
            if (pairs) {
                addPairs(published.get(i), expert);
            } else {
                put(published.get(i), Rows.of(expert), expert.shape(), expert);
            }
        }
    }

    /// Four-bit floats as DeepSeek-V4's own files have them.
    private void addPairs(String name, Tensor expert) {
        int columns = expert.columns();
        long rows = expert.rows();
        StoredType bytes = new StoredType("I8", 1, 1, Optional.empty());
        sources.add(new TensorSource(name, bytes, Shape.of(rows, columns / 2), sink -> {
            try (Arena arena = Arena.ofShared()) {
                MemorySegment row = arena.allocate(columns / 2);
                for (long i = 0; i < rows; i++) {
                    Mxfp4Rows.toPairs(expert.data(), i * expert.rowBytes(), columns, row, 0);
                    sink.write(row);
                }
            }
        }));
        String scales = name.substring(0, name.length() - "weight".length()) + "scale";
        int blocks = columns / Mxfp4Rows.BLOCK;
        sources.add(new TensorSource(scales, DType.F8_E8M0, Shape.of(rows, blocks), sink -> {
            try (Arena arena = Arena.ofShared()) {
                MemorySegment row = arena.allocate(blocks);
                for (long i = 0; i < rows; i++) {
                    Mxfp4Rows.toScales(expert.data(), i * expert.rowBytes(), columns, row, 0);
                    sink.write(row);
                }
            }
        }));
    }
}
