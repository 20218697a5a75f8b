package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.kernel.Span;
import dev.baleen.task.Dice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PackerTest {
    @Test
    void everyDocumentArrivesOnceAndWhole() {
        for (long seed = 0; seed < 20; seed++) {
            List<Document> documents = randomDocuments(seed);
            TreeSet<String> packed = new TreeSet<>();
            int rows = 0;
            for (MicroBatch microBatch : new Packer(4, 2000, LossMask.ALL).pack(documents)) {
                for (Span span : microBatch.batch().spans()) {
                    packed.add(Arrays.toString(Arrays.copyOfRange(
                            microBatch.batch().tokens(), span.firstRow(), span.firstRow() + span.rows())));
                    assertEquals(0, span.position(), "seed " + seed);
                    rows += span.rows();
                }
            }
            TreeSet<String> given = new TreeSet<>();
            documents.forEach(document -> given.add(Arrays.toString(document.tokens())));
            assertEquals(given, packed, "seed " + seed);
            assertEquals(documents.stream().mapToInt(Document::length).sum(), rows, "seed " + seed);
        }
    }

    @Test
    void noMicroBatchExceedsTheMeanByADocument() {
        for (long seed = 0; seed < 20; seed++) {
            List<Document> documents = randomDocuments(seed);
            int longest = documents.stream().mapToInt(Document::length).max().orElseThrow();
            double mean = documents.stream().mapToInt(Document::length).sum() / 4.0;
            for (MicroBatch microBatch : new Packer(4, 2000, LossMask.ALL).pack(documents)) {
                assertTrue(microBatch.tokens() < mean + longest, "seed " + seed);
            }
        }
    }

    @Test
    void whereTheyWouldBeTooLargeThereAreMoreMicroBatches() {
        for (long seed = 0; seed < 20; seed++) {
            List<Document> documents = randomDocuments(seed);
            List<MicroBatch> microBatches = new Packer(4, 100, LossMask.ALL).pack(documents);
            assertTrue(microBatches.size() > 4, "seed " + seed);
            int rows = 0;
            for (MicroBatch microBatch : microBatches) {
                assertTrue(microBatch.tokens() <= 100, "seed " + seed);
                rows += microBatch.tokens();
            }
            assertEquals(documents.stream().mapToInt(Document::length).sum(), rows, "seed " + seed);
        }
    }

    @Test
    void refusesADocumentThatFitsNoMicroBatch() {
        Document document = new Document(new int[50], 0);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new Packer(1, 40, LossMask.ALL).pack(List.of(document)))
                .getMessage();
        assertTrue(message.contains("50 tokens does not fit a micro-batch of 40"), message);
    }

    @Test
    void rowsPredictTheNextTokenAndTheOneAfterInsideTheirDocument() {
        MicroBatch microBatch = MicroBatch.of(
                List.of(new Document(new int[] {10, 11, 12, 13}, 0), new Document(new int[] {20, 21}, 0)),
                LossMask.ALL);
        assertArrayEquals(new int[] {10, 11, 12, 13, 20, 21}, microBatch.batch().tokens());
        assertArrayEquals(new int[] {0, 1, 2, 3, 0, 1}, microBatch.batch().positions());
        assertArrayEquals(new int[] {11, 12, 13, 0, 21, 0}, microBatch.targets()[0]);
        assertArrayEquals(new float[] {1, 1, 1, 0, 1, 0}, microBatch.counted()[0]);
        assertArrayEquals(new int[] {12, 13, 0, 0, 0, 0}, microBatch.targets()[1]);
        assertArrayEquals(new float[] {1, 1, 0, 0, 0, 0}, microBatch.counted()[1]);
        assertEquals(4, microBatch.counts(0));
        assertEquals(2, microBatch.counts(1));
    }

    @Test
    void onlyTheAssistantsTokensCountForFineTuning() {
        // Tokens 10 and 11 ask, 12 to 14 answer.
        MicroBatch microBatch =
                MicroBatch.of(List.of(new Document(new int[] {10, 11, 12, 13, 14}, 2)), LossMask.ASSISTANT);
        assertArrayEquals(new float[] {0, 1, 1, 1, 0}, microBatch.counted()[0]);
        assertArrayEquals(new float[] {1, 1, 1, 0, 0}, microBatch.counted()[1]);
    }

    @Test
    void refusesFewerDocumentsThanMicroBatches() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Packer(2, 100, LossMask.ALL).pack(List.of(new Document(new int[] {1, 2}, 0))));
    }

    private static List<Document> randomDocuments(long seed) {
        Dice dice = Dice.of(seed);
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            int[] tokens = new int[dice.between(2, 90)];
            Arrays.fill(tokens, i);
            documents.add(new Document(tokens, 0));
        }
        return documents;
    }
}
