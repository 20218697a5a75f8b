package dev.baleen.hub;

/// A name that people know a model by, and what it stands for.
///
/// @param size about how much there is to fetch, such as `1.1 GB`
public record ShortName(String name, ModelReference model, String size) {}
