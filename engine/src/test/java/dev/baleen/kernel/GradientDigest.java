package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Prints a digest of all bits that the vector kernels compute; run in a JVM of its own for each vector width.
final class GradientDigest {
    private GradientDigest() {}

    public static void main(String[] arguments) {
        System.out.println(Vectors.FLOATS.length() + " " + digest());
    }

    static String digest() {
        MessageDigest digest = sha256();
        GradientKernels kernels = new VectorGradientKernels();
        GradientCases.all().forEach((_, call) -> {
            for (Tensor written : call.run(kernels, new GradientCases.Source(7, DType.F32))) {
                digest.update(written.data().asByteBuffer());
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has SHA-256", e);
        }
    }
}
