package dev.baleen.conversion;

import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.HuggingFaceFolder;
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
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What becomes of each weight of a folder in a GGUF file.
///
/// Experts are stacked; the matrix that makes keys and values of a latent vector is split in two, the part for keys
/// turned on its side, head by head; rows of queries and keys are reordered where GGUF turns neighbouring columns.
/// Vectors and the gate are written in single precision, because llama.cpp computes with them as they are.
final class GgufTensors {
    private static final Pattern LAYER = Pattern.compile("(?:model\\.)?layers\\.(\\d+)\\..+");
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d+)\\..+");
    private static final Pattern SINGLE =
            Pattern.compile(".*(_norm\\.weight|ffn_gate_inp\\.weight|indexer\\.proj\\.weight|\\.bias)");

    private final HuggingFaceFolder folder;
    private final Family family;
    private final Config config;
    private final ConversionOptions options;
    private final Weights weights;
    private final SequencedMap<String, TensorSource> sources = new LinkedHashMap<>();
    private final Map<String, Map<Integer, Tensor>> stacks = new TreeMap<>();

    private GgufTensors(HuggingFaceFolder folder, Family family, Config config, ConversionOptions options) {
        this.folder = folder;
        this.family = family;
        this.config = config;
        this.options = options;
        this.weights = Weights.of(folder);
    }

    /// The tensors in the order in which they are written: the embedding, the layers, the rest.
    ///
    /// @throws dev.baleen.checkpoint.CheckpointException if a weight has no place in GGUF; all are told together
    static List<TensorSource> of(HuggingFaceFolder folder, Family family, Config config, ConversionOptions options) {
        GgufTensors tensors = new GgufTensors(folder, family, config, options);
        folder.entries().values().forEach(tensors::add);
        tensors.stacks.forEach(tensors::addStack);
        tensors.addRopeFactors();
        tensors.weights.finish();
        config.finish();
        List<TensorSource> ordered = new ArrayList<>(tensors.sources.values());
        ordered.sort(Comparator.comparingInt(source -> place(source.name())));
        return ordered;
    }

    private static int place(String name) {
        Matcher block = BLOCK.matcher(name);
        return block.matches() ? Integer.parseInt(block.group(1)) : name.startsWith("output") ? Integer.MAX_VALUE : -1;
    }

    private void add(TensorEntry entry) {
        String name = entry.name();
        if (isScale(name) || isLeftOut(name)) {
            return;
        }
        GgufNames gguf = GgufNames.of(name);
        if (GgufNames.published(gguf.name(), family.publisher(), gguf.entry().orElse(0) + 1)
                .isEmpty()) {
            weights.problem(name, "has no name in GGUF", "Baleen does not know what it is for and cannot convert it");
        } else if (entry.typeName().equals("I32") || entry.typeName().equals("I64")) {
            sources.put(gguf.name(), ids(gguf.name(), entry));
        } else {
            Optional<Tensor> tensor = weights.whole(name);
            if (tensor.isEmpty()) {
                return;
            }
            if (gguf.entry().isPresent()) {
                stacks.computeIfAbsent(gguf.name(), _ -> new TreeMap<>())
                        .put(gguf.entry().getAsInt(), tensor.get());
            } else {
                addOne(gguf.name(), tensor.get());
            }
        }
    }

    /// Scales are read with the weights that they belong to.
    private boolean isScale(String name) {
        return name.endsWith("_scale_inv")
                || name.endsWith(".scale")
                        && folder.entries()
                                .containsKey(name.substring(0, name.length() - ".scale".length()) + ".weight");
    }

    /// What a GGUF file does without: frequencies that follow from the settings, a head that is the embedding, and
    /// the layers that predict further ahead where they are not wanted.
    private boolean isLeftOut(String name) {
        Matcher layer = LAYER.matcher(name);
        boolean further = layer.matches()
                && Integer.parseInt(layer.group(1)) >= config.positive("num_hidden_layers")
                && !options.predictionLayers();
        return further
                || name.endsWith(".rotary_emb.inv_freq")
                || name.startsWith("mtp.")
                || name.equals("lm_head.weight") && config.flag("tie_word_embeddings", false);
    }

    private void addOne(String name, Tensor tensor) {
        if (name.endsWith("attn_kv_b.weight") && family.hasLatentAttention()) {
            split(name, tensor);
            return;
        }
        Rows rows = Rows.of(tensor);
        if (family.reordersHeads() && name.matches(".*\\.attn_[qk]\\.(weight|bias)")) {
            rows = reordered(name, tensor);
        }
        put(name, rows, tensor.shape());
    }

    private void put(String name, Rows rows, Shape shape) {
        boolean single = shape.axes() == 1 || SINGLE.matcher(name).matches();
        boolean kept = single || name.contains("hc_") || name.endsWith("_ape.weight");
        DType type = single || kept && rows.type() == DType.F32 ? DType.F32 : options.matrix(rows.type());
        sources.put(name, RowWriter.source(name, rows, type, shape));
    }

    /// Pairs of columns that turn together lie half a head apart in the folder, and side by side in GGUF.
    private Rows reordered(String name, Tensor tensor) {
        int heads = config.positive("num_attention_heads");
        if (name.contains("attn_k")) {
            heads = config.positive("num_key_value_heads", heads);
        }
        long head = tensor.shape().axis(0) / heads;
        Rows rows = Rows.of(tensor.shape().axes() == 1 ? tensor.reshape(tensor.elements(), 1) : tensor);
        if (head * heads != tensor.shape().axis(0) || head % 2 != 0) {
            weights.problem(
                    name, "has %s rows".formatted(tensor.shape()), "they are not %d even heads".formatted(heads));
            return rows;
        }
        return new Rows.Selected(rows, rows.count(), row -> row / head * head + row % 2 * (head / 2) + row % head / 2);
    }

    /// `kv_b_proj` [H · (N + V), R] becomes `attn_k_b` [H, R, N] and `attn_v_b` [H, V, R], where N columns of a
    /// head's key do not turn, V are its value's, and R are the latent vector's.
    private void split(String name, Tensor tensor) {
        int heads = config.positive("num_attention_heads");
        int key = config.positive("qk_nope_head_dim");
        int value = config.positive("v_head_dim");
        int latent = tensor.columns();
        if (tensor.shape().axis(0) != (long) heads * (key + value)) {
            weights.problem(
                    name,
                    "has shape " + tensor.shape(),
                    "%d heads of %d + %d rows are expected".formatted(heads, key, value));
            return;
        }
        Rows rows = Rows.of(tensor);
        String keys = name.replace("attn_kv_b", "attn_k_b");
        put(keys, new Rows.Transposed(rows, key, key + value, heads), Shape.of(heads, latent, key));
        String values = name.replace("attn_kv_b", "attn_v_b");
        Rows valueRows =
                new Rows.Selected(rows, (long) heads * value, row -> row / value * (key + value) + key + row % value);
        put(values, valueRows, Shape.of(heads, value, latent));
    }

    private void addStack(String name, Map<Integer, Tensor> experts) {
        List<Tensor> tensors = List.copyOf(experts.values());
        int expected = config.positive("n_routed_experts", tensors.size());
        boolean alike = tensors.stream()
                .allMatch(tensor -> tensor.shape().equals(tensors.getFirst().shape())
                        && tensor.type() == tensors.getFirst().type());
        if (tensors.size() != expected || !alike) {
            weights.problem(
                    name,
                    "would hold %d experts".formatted(tensors.size()),
                    "%d of one shape and type are expected; take all files of the model".formatted(expected));
            return;
        }
        Tensor first = tensors.getFirst();
        Shape shape = Shape.of(expected, first.rows(), first.columns());
        if (options.type().isEmpty() && tensors.stream().allMatch(Mxfp4Rows::fits)) {
            sources.put(name, blocks(name, tensors, shape));
        } else {
            put(name, new Rows.Stacked(tensors.stream().map(Rows::of).toList()), shape);
        }
    }

    private static TensorSource blocks(String name, List<Tensor> experts, Shape shape) {
        return new TensorSource(name, DType.MXFP4, shape, sink -> {
            long rowBytes = DType.MXFP4.bytes(shape.columns());
            try (Arena arena = Arena.ofShared()) {
                for (Tensor expert : experts) {
                    MemorySegment all = arena.allocate(rowBytes);
                    for (long row = 0; row < expert.rows(); row++) {
                        Mxfp4Rows.toBlocks(expert, row, all, 0);
                        sink.write(all);
                    }
                }
            }
        });
    }

    /// Tables of ids are whole numbers of 32 bits in GGUF.
    private static TensorSource ids(String name, TensorEntry entry) {
        if (entry.typeName().equals("I32")) {
            return new TensorSource(name, StoredType.I32, entry.shape(), sink -> sink.write(entry.data()));
        }
        return new TensorSource(name, StoredType.I32, entry.shape(), sink -> {
            ValueLayout.OfLong wide = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
            ValueLayout.OfInt narrow = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
            long columns = entry.shape().columns();
            try (Arena arena = Arena.ofShared()) {
                MemorySegment row = arena.allocate(columns * Integer.BYTES);
                for (long i = 0; i < entry.shape().elements(); i++) {
                    long id = entry.data().get(wide, i * Long.BYTES);
                    row.set(narrow, i % columns * Integer.BYTES, Math.toIntExact(id));
                    if (i % columns == columns - 1) {
                        sink.write(row);
                    }
                }
            }
        });
    }

    private void addRopeFactors() {
        if (family == Family.LLAMA) {
            int columns = GgufMetadata.headColumns(config);
            RopeConversion.factors(config, columns)
                    .ifPresent(factors -> sources.put(
                            RopeConversion.FACTORS,
                            TensorSource.of(RopeConversion.FACTORS, Tensor.ofFloats(factors, factors.length))));
        }
    }
}
