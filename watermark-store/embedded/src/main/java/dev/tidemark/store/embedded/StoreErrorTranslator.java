package dev.tidemark.store.embedded;

import dev.tidemark.log.LogException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.UnexpectedStoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Translates failures below the store into sentences for the operator. Thread-safe.
final class StoreErrorTranslator {
    /// H2's error code
    private static final String FULL = "[90100-";

    private static final String NO_ROOM = "The store cannot write because the disk is full; make room.";

    /// Messages of Linux and Windows.
    private static final List<String> NO_ROOM_LEFT =
            List.of("No space left", "Disk quota exceeded", "not enough space on the disk");

    /// Limit for the causes of an exception, in case they form a cycle.
    private static final int MAX_CAUSES = 32;

    private StoreErrorTranslator() {}

    /// Describes a failure of the index, or of the files around it.
    static StoreException failed(Exception e) {
        return new StoreException(
                sentenceOfDisk(e)
                        .orElseGet(() -> "The store failed: " + firstLine(String.valueOf(e.getMessage()))
                                + " Check its disk and the log."),
                e);
    }

    /// Describes a failure of the log. Uses the log's own words if files are damaged or in use, and those of the
    /// system if the disk fails.
    static StoreException ofLog(LogException e) {
        if (e.isInUse()) {
            return StoreException.ofUse(String.valueOf(e.getMessage()), e);
        }
        if (e.isDamage()) {
            return StoreException.permanent(String.valueOf(e.getMessage()), e);
        }
        return new StoreException(sentenceOfDisk(e).orElse(String.valueOf(e.getMessage())), e);
    }

    /// Describes the failure that kept a store from being opened.
    static RuntimeException unopened(RuntimeException e) {
        return e instanceof StoreException ? e : new UnexpectedStoreException(firstLine(e.toString()), e);
    }

    private static Optional<String> sentenceOfDisk(Exception e) {
        return causes(e).anyMatch(cause -> String.valueOf(cause.getMessage()).contains(FULL))
                ? Optional.of(NO_ROOM)
                : ofSystem(e).map(StoreErrorTranslator::sentenceOfSystem);
    }

    /// Returns the error of the system, which H2 wraps in two exceptions.
    private static Optional<IOException> ofSystem(Exception e) {
        return causes(e)
                .filter(IOException.class::isInstance)
                .map(IOException.class::cast)
                .reduce((outer, inner) -> inner);
    }

    private static Stream<Throwable> causes(Exception e) {
        return Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .limit(MAX_CAUSES);
    }

    private static String sentenceOfSystem(IOException e) {
        var reason = reason(e);
        return NO_ROOM_LEFT.stream().anyMatch(reason::contains)
                ? NO_ROOM
                : "The store cannot use its files: " + reason + "; fix the cause, or set a different store.url.";
    }

    /// Returns the cause in the words of the system, as a part of a sentence.
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException gone -> gone.getFile() + " does not exist";
            case AccessDeniedException denied -> "access to " + denied.getFile() + " is denied";
            default ->
                Optional.ofNullable(e.getMessage()).orElseGet(() -> e.getClass().getSimpleName());
        };
    }

    private static String firstLine(String text) {
        var line = text.replaceFirst("(?s); SQL statement:.*", "")
                .lines()
                .findFirst()
                .orElse("unknown error")
                .strip();
        return line.endsWith(".") ? line : line + ".";
    }
}
