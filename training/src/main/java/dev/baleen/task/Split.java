package dev.baleen.task;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Where a problem belongs, decided by its key alone, so that no list of held-out problems has to exist:
/// the first 8 bytes (big endian, unsigned) of SHA-256("v1|task|key") mod 100 are 0–4 for test, 5–6 for validation,
/// 7–9 for reinforcement learning and 10–99 for training.
public enum Split {
    TRAIN,
    VALIDATION,
    TEST,
    RL;

    /// The version of the split; printed with every evaluation.
    public static final String VERSION = "v1";

    public static Split of(Problem problem) {
        return of(problem.task(), problem.key());
    }

    public static Split of(String task, String key) {
        int bucket = bucket(task, key);
        return bucket < 5 ? TEST : bucket < 7 ? VALIDATION : bucket < 10 ? RL : TRAIN;
    }

    static int bucket(String task, String key) {
        byte[] hash = sha256().digest((VERSION + "|" + task + "|" + key).getBytes(StandardCharsets.UTF_8));
        return (int) Long.remainderUnsigned(ByteBuffer.wrap(hash).getLong(), 100);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
