package dev.baleen.conversion;

import dev.baleen.checkpoint.TensorSource;
import dev.baleen.dtype.DType;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which number format each tensor of a model gets in a [QuantizationMix], as in the files that people publish.
///
/// The rules are those of llama.cpp's `llama-quantize` (v0.5.0, `llama-quant.cpp`), found by perplexity there: the head
/// and the values of attention suffer most, then the way back from the feed-forward network, in the
/// first and last eighth of the layers and in every third between.
///
/// Vectors, norms and the gates of experts stay as they are. They are small, and a wrong choice of expert cannot be
/// made good. A row that does not fill whole blocks of 256 gets a format of blocks of 32, the next larger one; one
/// that does not fill these either, half precision.
public final class MixRules {
    private static final List<String> KEPT = List.of("_norm.weight", "ffn_gate_inp.weight", "ffn_gate_tid2eid.weight");
    /// The number of experts at which attention's share of a model is so small that it is given more bits.
    private static final int FEW_EXPERTS = 8;

    private final QuantizationMix mix;
    private final ModelFacts model;
    private final boolean importanceGiven;
    private final boolean tied;
    private final Map<String, Integer> valueOrder = new HashMap<>();

    private MixRules(QuantizationMix mix, ModelFacts model, boolean importanceGiven, Collection<TensorSource> tensors) {
        this.mix = mix;
        this.model = model;
        this.importanceGiven = importanceGiven;
        this.tied = tensors.stream().noneMatch(tensor -> TensorRole.of(tensor.name()) == TensorRole.OUTPUT);
        tensors.stream()
                .map(TensorSource::name)
                .filter(name -> TensorRole.of(name) == TensorRole.ATTENTION_VALUE)
                .sorted(Comparator.comparingInt(TensorRole::layer).thenComparing(Comparator.naturalOrder()))
                .forEach(name -> valueOrder.put(name, valueOrder.size()));
    }

    /// The formats by the tensors' names; none for a tensor that stays as it is.
    ///
    /// @param importanceGiven whether an importance matrix is used
    public static Map<String, DType> types(
            QuantizationMix mix, ModelFacts model, boolean importanceGiven, Collection<TensorSource> tensors) {
        MixRules rules = new MixRules(mix, model, importanceGiven, tensors);
        return collect(tensors, rules::type);
    }

    /// One format for all tensors that are quantized at all, where their rows allow it.
    public static Map<String, DType> pureTypes(DType type, Collection<TensorSource> tensors) {
        return collect(tensors, tensor -> fitting(type, tensor.shape().columns()));
    }

    private interface Rule {
        DType type(TensorSource tensor);
    }

    private static Map<String, DType> collect(Collection<TensorSource> tensors, Rule rule) {
        Map<String, DType> types = new HashMap<>();
        for (TensorSource tensor : tensors) {
            Optional<DType> now = tensor.type().type();
            if (now.isPresent() && isMatrixOfWeights(tensor)) {
                DType type = rule.type(tensor);
                if (type != now.get() && !isTrainedSmaller(now.get(), type)) {
                    types.put(tensor.name(), type);
                }
            }
        }
        return types;
    }

    private static boolean isMatrixOfWeights(TensorSource tensor) {
        long outer = tensor.shape().elements() / Math.max(1, tensor.shape().axis(-1));
        return outer > 1 && tensor.name().endsWith("weight") && KEPT.stream().noneMatch(tensor.name()::contains);
    }

    /// Experts that were trained in four-bit floats are not made larger to be made worse.
    private static boolean isTrainedSmaller(DType now, DType type) {
        boolean trained = now == DType.MXFP4 || now == DType.NVFP4;
        return trained && bitsOfBlocks(now) <= bitsOfBlocks(type);
    }

    private static double bitsOfBlocks(DType type) {
        return 8.0 * type.blockBytes() / type.blockElements();
    }

    private DType type(TensorSource tensor) {
        int columns = tensor.shape().columns();
        if (mix.main().isPlain()) {
            return mix.main();
        }
        return fitting(chosen(tensor.name(), columns), columns);
    }

    private DType chosen(String name, int columns) {
        return switch (TensorRole.of(name)) {
            case OUTPUT -> head(columns);
            case TOKEN_EMBEDDING -> tied ? head(columns) : mix.main();
            case ATTENTION_VALUE -> model.experts() == FEW_EXPERTS ? DType.Q8_0 : value(valueOrder.get(name));
            case ATTENTION_KEY -> model.experts() == FEW_EXPERTS ? DType.Q8_0 : mix.main();
            case ATTENTION_OUTPUT -> model.experts() == FEW_EXPERTS ? outputOfFewExperts() : attentionOutput();
            case FEED_FORWARD_DOWN -> down(TensorRole.layer(name));
            case OTHER -> mix.main();
        };
    }

    private DType head(int columns) {
        boolean fits = columns % mix.main().blockElements() == 0;
        return mix.main() == DType.Q8_0 || !fits ? DType.Q8_0 : DType.Q6_K;
    }

    /// @param index how many layers with values come before
    private DType value(int index) {
        DType type = switch (mix) {
            case Q4_K_M, Q5_K_M -> isExposed(index, valueOrder.size()) ? DType.Q6_K : mix.main();
            case Q4_K_S -> index < 4 ? DType.Q5_K : DType.Q4_K;
            case Q3_K_L -> DType.Q5_K;
            case Q3_K_M -> index < 2 ? DType.Q5_K : DType.Q4_K;
            case Q2_K -> model.headsPerGroup() >= 4 ? DType.Q4_K : DType.Q3_K;
            case F32, F16, BF16, Q8_0, Q6_K, Q5_K_S, Q5_1, Q5_0, Q4_1, Q4_0, Q3_K_S -> mix.main();
        };
        // Eight heads share these values, which makes them small and dear.
        boolean dear = model.isSeventyBillion() && (type == DType.Q4_K || type == DType.Q3_K);
        return dear ? DType.Q5_K : type;
    }

    private DType attentionOutput() {
        return switch (mix) {
            case Q3_K_L -> DType.Q5_K;
            case Q3_K_M -> DType.Q4_K;
            case Q2_K -> DType.Q3_K;
            case F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_K_M, Q4_K_S, Q4_1, Q4_0, Q3_K_S ->
                mix.main();
        };
    }

    private DType outputOfFewExperts() {
        return switch (mix) {
            case Q4_K_M, Q4_K_S, Q3_K_M, Q3_K_S, Q2_K -> DType.Q5_K;
            case F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_1, Q4_0, Q3_K_L -> mix.main();
        };
    }

    private DType down(int layer) {
        int layers = model.layers();
        return switch (mix) {
            case Q4_K_M, Q5_K_M -> isExposed(layer, layers) ? DType.Q6_K : mix.main();
            case Q4_K_S -> layer < layers / 8 ? DType.Q5_K : DType.Q4_K;
            // What importance there is tempts formats without a minimum into neglecting outliers here.
            case Q4_0 -> importanceGiven && layer < layers / 8 ? DType.Q4_1 : DType.Q4_0;
            case Q5_0 -> importanceGiven && layer < layers / 8 ? DType.Q5_1 : DType.Q5_0;
            case Q3_K_L -> DType.Q5_K;
            case Q3_K_M -> layer < layers / 16 ? DType.Q5_K : DType.Q4_K;
            case Q2_K -> DType.Q3_K;
            case F32, F16, BF16, Q8_0, Q6_K, Q5_K_S, Q5_1, Q4_1, Q3_K_S -> mix.main();
        };
    }

    /// The first and the last eighth of the layers, and every third between.
    private static boolean isExposed(int layer, int layers) {
        return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
    }

    /// The type, or where rows of so many columns do not fill its blocks, the nearest one whose blocks they fill.
    private static DType fitting(DType type, int columns) {
        if (columns % type.blockElements() == 0) {
            return type;
        }
        DType smaller = switch (type) {
            case Q2_K, Q3_K -> DType.Q4_0;
            case Q4_K -> DType.Q5_0;
            case Q5_K -> DType.Q5_1;
            case Q6_K -> DType.Q8_0;
            default -> type;
        };
        return columns % smaller.blockElements() == 0 ? smaller : DType.F16;
    }
}
