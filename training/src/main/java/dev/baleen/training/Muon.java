package dev.baleen.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Kernels;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.lang.foreign.MemorySegment;

/// Momentum whose update is made nearly orthogonal: every direction of a matrix learns at the same speed.
///
/// For each hidden matrix, each expert's by itself (Keller Jordan, "Muon", 2024): `m = μm + g`, `u = g + μm`
/// (Nesterov), `o = NewtonSchulz(u)`, and `w = (1 − ηλ)w − η · 0.2 · √max(rows, columns) · o`; that scale gives updates
/// the size of AdamW's, so rates carry over (arXiv 2502.16982, eq. 4). Embeddings, head, router and norms go to `rest`.
///
/// Five Newton-Schulz steps `X = aX + (bA + cA²)X`, `A = XXᵀ`, with X scaled to norm 1, bring singular values to
/// between about 0.7 and 1.2: the coefficients trade exactness for a steep start.
///
/// @param momentum μ
/// @param weightDecay λ
/// @param rest what updates everything else
public record Muon(double momentum, double weightDecay, AdamW rest) implements Optimizer {
    private static final int ITERATIONS = 5;
    private static final float A = 3.4445f;
    private static final float B = -4.7750f;
    private static final float C = 2.0315f;
    private static final double NORM_MIN = 1e-7;
    private static final double SIZE_OF_ADAM = 0.2;

    public Muon {
        if (!(momentum >= 0 && momentum < 1 && weightDecay >= 0)) {
            throw new IllegalArgumentException(
                    "No Muon with momentum %s and weight decay %s".formatted(momentum, weightDecay));
        }
    }

    @Override
    public void update(Slot slot, Step step, Bench bench) {
        switch (slot.role()) {
            case HIDDEN_MATRIX -> orthogonal(slot, step, bench);
            case EMBEDDING, ROUTER, NORM, SELECTION_BIAS, TABLE -> rest.update(slot, step, bench);
        }
    }

    /// Bytes of scratch that a matrix of this shape takes.
    static long scratchBytes(Shape shape) {
        long small = Math.min(shape.rows(), shape.columns());
        return DType.F32.bytes(4 * shape.elements() + 2 * small * small) + 6 * 64;
    }

    private void orthogonal(Slot slot, Step step, Bench bench) {
        bench.scratch().reset();
        int rows = slot.shape().rows();
        int columns = slot.shape().columns();
        Tensor update = bench.scratch().allocate(DType.F32, Shape.of(rows, columns));
        nesterov(slot, (float) momentum, (float) step.gradientScale(), update.data());
        Tensor direction = orthogonalized(update, bench.kernels(), bench.scratch());
        float size = (float) (step.rate() * SIZE_OF_ADAM * Math.sqrt(Math.max(rows, columns)));
        float shrink = (float) (1 - step.rate() * weightDecay);
        MemorySegment value = slot.value();
        for (long i = 0; i < slot.shape().elements(); i++) {
            float w = value.getAtIndex(JAVA_FLOAT, i);
            value.setAtIndex(JAVA_FLOAT, i, w * shrink - size * direction.data().getAtIndex(JAVA_FLOAT, i));
        }
    }

    private static void nesterov(Slot slot, float momentum, float scale, MemorySegment update) {
        MemorySegment first = slot.first();
        for (long i = 0; i < slot.shape().elements(); i++) {
            float g = slot.gradient().getAtIndex(JAVA_FLOAT, i) * scale;
            float m = first.getAtIndex(JAVA_FLOAT, i) * momentum + g;
            first.setAtIndex(JAVA_FLOAT, i, m);
            update.setAtIndex(JAVA_FLOAT, i, g + momentum * m);
        }
    }

    /// The nearest matrix with equal singular values, roughly; zeros stay zeros. Takes from `scratch`, spoils `x`.
    static Tensor orthogonalized(Tensor x, Kernels kernels, Workspace scratch) {
        boolean tall = x.rows() > x.columns();
        Tensor wide = tall ? transposed(x, scratch) : x;
        float norm = (float) Math.max(NORM_MIN, Math.sqrt(GradientTree.squaredNorm(wide.data())));
        scale(wide.data(), 1 / norm);
        long rows = wide.rows();
        Tensor gram = scratch.allocate(DType.F32, Shape.of(rows, rows));
        Tensor square = scratch.allocate(DType.F32, Shape.of(rows, rows));
        Tensor product = scratch.allocate(DType.F32, wide.shape());
        for (int i = 0; i < ITERATIONS; i++) {
            kernels.matmul(wide, wide, gram);
            kernels.matmul(gram, gram, square); // The Gram matrix is its own transpose.
            mix(B, gram.data(), C, square.data());
            kernels.matmulTransposed(square, wide, product);
            mix(A, wide.data(), 1, product.data());
            Tensor next = product;
            product = wide;
            wide = next;
        }
        return tall ? transposed(wide, scratch) : wide;
    }

    /// y = a·x + b·y.
    private static void mix(float a, MemorySegment x, float b, MemorySegment y) {
        for (long i = 0; i < x.byteSize() / Float.BYTES; i++) {
            y.setAtIndex(JAVA_FLOAT, i, a * x.getAtIndex(JAVA_FLOAT, i) + b * y.getAtIndex(JAVA_FLOAT, i));
        }
    }

    private static void scale(MemorySegment x, float factor) {
        for (long i = 0; i < x.byteSize() / Float.BYTES; i++) {
            x.setAtIndex(JAVA_FLOAT, i, x.getAtIndex(JAVA_FLOAT, i) * factor);
        }
    }

    private static Tensor transposed(Tensor x, Workspace scratch) {
        int rows = x.rows();
        int columns = x.columns();
        Tensor out = scratch.allocate(DType.F32, Shape.of(columns, rows));
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out.data()
                        .setAtIndex(
                                JAVA_FLOAT,
                                (long) j * rows + i,
                                x.data().getAtIndex(JAVA_FLOAT, (long) i * columns + j));
            }
        }
        return out;
    }
}
