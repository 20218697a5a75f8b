package dev.baleen.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Shares out a step's documents into micro-batches of nearly equal size; no document is ever cut.
///
/// The longest document goes first, each to the micro-batch that holds the fewest tokens (ties to the lower index), so
/// the fullest exceeds the mean by less than one document. Micro-batches have no fixed length and so no padding.
///
/// @param microBatches how many micro-batches a step has; more where they would exceed `tokensMax` otherwise
/// @param tokensMax the most tokens of a micro-batch, at least those of a document
/// @param mask which tokens are targets
public record Packer(int microBatches, int tokensMax, LossMask mask) {
    public Packer {
        if (microBatches < 1 || tokensMax < 1) {
            throw new IllegalArgumentException("A step needs at least 1 micro-batch of at least 1 token, not %d of %d"
                    .formatted(microBatches, tokensMax));
        }
    }

    /// The micro-batches of one step: a function of the documents and their order alone.
    public List<MicroBatch> pack(List<Document> documents) {
        if (documents.size() < microBatches) {
            throw new IllegalArgumentException("%d documents do not fill %d micro-batches: give a step more documents"
                    .formatted(documents.size(), microBatches));
        }
        List<Document> longestFirst = new ArrayList<>(documents);
        longestFirst.sort(Comparator.comparingInt(Document::length).reversed());
        if (longestFirst.getFirst().length() > tokensMax) {
            throw new IllegalArgumentException(
                    "A document of %d tokens does not fit a micro-batch of %d, and documents are never cut: raise the micro-batch"
                            .formatted(longestFirst.getFirst().length(), tokensMax));
        }
        List<List<Document>> bins = share(longestFirst, microBatches);
        for (int count = microBatches + 1; bins.stream().anyMatch(bin -> tokens(bin) > tokensMax); count++) {
            bins = share(longestFirst, count);
        }
        return bins.stream().map(bin -> MicroBatch.of(bin, mask)).toList();
    }

    private static List<List<Document>> share(List<Document> longestFirst, int count) {
        List<List<Document>> bins = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bins.add(new ArrayList<>());
        }
        int[] tokens = new int[count];
        for (Document document : longestFirst) {
            int emptiest = 0;
            for (int i = 1; i < count; i++) {
                if (tokens[i] < tokens[emptiest]) {
                    emptiest = i;
                }
            }
            bins.get(emptiest).add(document);
            tokens[emptiest] += document.length();
        }
        return bins;
    }

    private static int tokens(List<Document> documents) {
        return documents.stream().mapToInt(Document::length).sum();
    }
}
