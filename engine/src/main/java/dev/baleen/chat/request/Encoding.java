package dev.baleen.chat.request;

import dev.baleen.chat.ChatTemplate;
import dev.baleen.chat.DeepSeekV32Template;
import dev.baleen.chat.DeepSeekV4Template;
import dev.baleen.chat.DeepSeekV4Template.Version;
import java.util.Optional;
import java.util.stream.Stream;

/// The layouts that are code, by the name that people call them by.
public enum Encoding {
    V3_2("deepseek-v3.2", new DeepSeekV32Template(), Version.V4),
    V4("deepseek-v4", new DeepSeekV4Template(Version.V4), Version.V4),
    V4_1("deepseek-v4.1", new DeepSeekV4Template(Version.V4_1), Version.V4_1);

    private final String label;
    private final ChatTemplate template;
    private final Version rules;

    Encoding(String label, ChatTemplate template, Version rules) {
        this.label = label;
        this.template = template;
        this.rules = rules;
    }

    public static Optional<Encoding> of(String label) {
        return Stream.of(values())
                .filter(encoding -> encoding.label.equals(label))
                .findFirst();
    }

    /// By which rules requests are converted for a layout, whether it is built in or not.
    public static ConversionOptions options(ChatTemplate template) {
        return template instanceof DeepSeekV4Template v4 ? ConversionOptions.of(v4.version()) : V3_2.options();
    }

    public ChatTemplate template() {
        return template;
    }

    /// By which rules requests are converted; any name of a model will do.
    public ConversionOptions options() {
        ConversionOptions options = ConversionOptions.of(rules);
        return this == V3_2 ? options.withDevelopers() : options;
    }

    @Override
    public String toString() {
        return label;
    }
}
