package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Prints a digest of all bits that the vector kernels compute; run in a JVM of its own for each vector width.
final class KernelDigest {
    private KernelDigest() {}

    public static void main(String[] arguments) {
        try (ComputePool pool = new ComputePool(2)) {
            System.out.println(Vectors.FLOATS.length() + " " + of(new VectorKernels(pool)));
        }
    }

    static String of(Kernels kernels) {
        MessageDigest digest = sha256();
        KernelCases.all().forEach((_, call) -> {
            for (Tensor written : call.run(kernels, new KernelCases.Source(7))) {
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
