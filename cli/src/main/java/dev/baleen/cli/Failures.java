package dev.baleen.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Tells a person what went wrong: a line on standard error, and where in the program only if asked to.
///
/// Wrong words on the command line end it with status 2, anything else with 1.
///
/// @param verbose whether to show the trace
record Failures(BooleanSupplier verbose) implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private static final int INTERRUPTED = 130;

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandLine line = wrong.getCommandLine();
        String command = line.getCommandSpec().qualifiedName(" ");
        line.getErr().printf("%s: %s%s (./%s --help tells more)%n", command, wrong.getMessage(), meant(wrong), command);
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        Throwable reason = reason(failure);
        if (verbose.getAsBoolean()) {
            failure.printStackTrace(err);
        }
        err.println("baleen: " + message(reason));
        err.flush();
        return reason instanceof InterruptedException ? INTERRUPTED : ExitCode.SOFTWARE;
    }

    private static String meant(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            return suggestions.isEmpty() ? "" : "; did you mean " + String.join(" or ", suggestions) + "?";
        }
        return "";
    }

    private static Throwable reason(Throwable failure) {
        boolean wrapped = failure instanceof CompletionException
                || failure instanceof ExecutionException
                || failure instanceof UncheckedIOException;
        Throwable cause = failure.getCause();
        return wrapped && cause != null ? reason(cause) : failure;
    }

    private static String message(Throwable reason) {
        return switch (reason) {
            case NoSuchFileException none -> "There is no file or folder " + none.getFile();
            case AccessDeniedException denied -> "No permission to use " + denied.getFile();
            case FileSystemException file when file.getReason() != null -> file.getFile() + ": " + file.getReason();
            case InterruptedException _ -> "Interrupted";
            case IllegalArgumentException wrong when wrong.getMessage() != null -> wrong.getMessage();
            case IllegalStateException wrong when wrong.getMessage() != null -> wrong.getMessage();
            case IOException failed when failed.getMessage() != null -> failed.getMessage();
            case RuntimeException told when isOurs(told) -> told.getMessage();
            default -> "A fault of the program: " + reason + "; --verbose shows where";
        };
    }

    /// Whether the message was written for people.
    private static boolean isOurs(RuntimeException told) {
        return told.getMessage() != null && told.getClass().getName().startsWith("dev.baleen.");
    }
}
