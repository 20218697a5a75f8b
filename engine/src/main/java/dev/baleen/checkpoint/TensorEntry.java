package dev.baleen.checkpoint;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/// A tensor as its file lists it, whether or not Baleen can decode its type.
///
/// @param name the name in the file
/// @param typeName what the file format calls the type of the numbers, such as `Q4_K` or `F8_E4M3`
/// @param type the same as a type that can be computed with; empty where there is none yet
/// @param shape outermost axis first; a scalar has the shape [1]
/// @param file the file that holds the bytes
/// @param offset of the first byte from the start of that file
/// @param bytes how many they are
/// @param data the bytes themselves, in the mapped file
public record TensorEntry(
        String name,
        String typeName,
        Optional<DType> type,
        Shape shape,
        Path file,
        long offset,
        long bytes,
        MemorySegment data) {}
