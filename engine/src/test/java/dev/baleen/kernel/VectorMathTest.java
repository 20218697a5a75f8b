package dev.baleen.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorMathTest {
    private static final float[] EDGES = {
        0,
        -0f,
        Float.MIN_VALUE,
        1e-30f,
        87,
        88.36f,
        88.38f,
        1e30f,
        Float.POSITIVE_INFINITY,
        -87.32f,
        -87.34f,
        -1e30f,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    @Test
    void exponentialsAreRightToTwoTenMillionths() {
        for (float x = -87.3f; x < 88.3f; x += 0.00137f) {
            double expected = Math.exp(x);
            assertEquals(1, VectorMath.exp(x) / expected, 2e-7, "exp of " + x);
        }
    }

    @Test
    void exponentialsEndInZeroAndInfinity() {
        assertEquals(0, VectorMath.exp(Float.NEGATIVE_INFINITY));
        assertEquals(0, VectorMath.exp(-200));
        assertEquals(Float.POSITIVE_INFINITY, VectorMath.exp(89));
        assertEquals(1, VectorMath.exp(0));
        assertTrue(Float.isNaN(VectorMath.exp(Float.NaN)));
    }

    @Test
    void lanesHaveTheBitsOfSingleNumbers() {
        for (float x : EDGES) {
            assertLanes(x);
        }
        for (float x = -100; x < 100; x += 0.0371f) {
            assertLanes(x);
        }
    }

    private static void assertLanes(float x) {
        FloatVector vector = FloatVector.broadcast(Vectors.FLOATS, x);
        int last = Vectors.FLOATS.length() - 1;
        assertEquals(VectorMath.exp(x), VectorMath.exp(vector).lane(last), "exp of " + x);
        assertEquals(VectorMath.sigmoid(x), VectorMath.sigmoid(vector).lane(last), "sigmoid of " + x);
    }
}
