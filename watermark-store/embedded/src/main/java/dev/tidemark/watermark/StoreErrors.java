package dev.tidemark.watermark;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What goes wrong below the store, as sentences for the operator.
final class StoreErrors {
    private static final int NO_CODE = 0;
    private static final int LOCKED = 90020;
    private static final int WRONG_CREDENTIALS = 28000;
    private static final int RELATIVE_PATH = 90011;
    private static final int FULL = 90100;
    private static final int CORRUPT = 90030;
    /// of what was read: what is written has the type that it should have
    private static final int UNREADABLE = 22018;
    /// Every store has its tables, by the time that anybody asks for one.
    private static final Set<Integer> NO_TABLE = Set.of(42102, 42103, 42104);
    private static final String FAILED = "The store failed: ";
    private static final String CURE = " Restore a back-up of it, or move it and its .wal files away to begin anew;"
            + " docs/operations.md says what that means.";
    /// Errors of statements, in words.
    private static final String H2_SAYS = "org.h2.jdbc.";

    private static final String NO_ROOM = "The store cannot write because the disk is full; make room.";

    /// As Linux and Windows say it.
    private static final List<String> NO_ROOM_LEFT =
            List.of("No space left", "Disk quota exceeded", "not enough space on the disk");

    /// How H2's storage ends what it says: with its version and one of its own codes, here for a file that is
    /// damaged, or in which something is not where it should be.
    private static final Pattern DAMAGE = Pattern.compile("\\[[\\d.]+/(?:6|9|50)]$");

    /// No chain of causes is as long, unless it bites its tail.
    private static final int LONGEST_CHAIN = 32;

    private StoreErrors() {}

    static StoreException failed(Exception e) {
        return failed(NO_CODE, e);
    }

    /// @param code of H2
    static StoreException failed(int code, Exception e) {
        return new StoreException(sentence(code, e), e);
    }

    /// A row cannot be made sense of.
    static StoreException unreadable(RuntimeException e) {
        return new StoreException(
                "The store's file is damaged, a row of it cannot be read: " + firstLine(e.toString()) + CURE, e);
    }

    /// What kept a store from being opened. A file that H2 does not understand shows itself as anything that goes
    /// wrong in H2; what goes wrong elsewhere may be anybody's fault.
    static RuntimeException unopened(RuntimeException e) {
        if (e instanceof StoreException told
                && !String.valueOf(told.getMessage()).startsWith(FAILED)) {
            return told;
        }
        if (isOfH2(e)) {
            return new StoreException(damaged(e), e);
        }
        return e instanceof StoreException ? e : new UnforeseenException(firstLine(e.toString()), e);
    }

    /// Whether H2 has stumbled, rather than said what it does not like.
    private static boolean isOfH2(RuntimeException e) {
        return causes(e)
                .reduce((outer, inner) -> inner)
                .filter(first -> !first.getClass().getName().startsWith(H2_SAYS))
                .flatMap(first -> Stream.of(first.getStackTrace())
                        .map(StackTraceElement::getClassName)
                        .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
                        .findFirst())
                .filter(name -> name.startsWith("org.h2."))
                .isPresent();
    }

    private static String sentence(int code, Exception e) {
        return isDamage(code, e) ? damaged(e) : sentenceOf(code, e);
    }

    private static boolean isDamage(int code, Exception e) {
        return code == CORRUPT
                || code == UNREADABLE
                || NO_TABLE.contains(code)
                || causes(e)
                        .anyMatch(cause -> DAMAGE.matcher(String.valueOf(cause.getMessage()))
                                .find());
    }

    private static String damaged(Exception e) {
        var said = causes(e).reduce((outer, inner) -> inner).map(Throwable::getMessage);
        return "The store's file is damaged, H2 says: " + firstLine(said.orElse("nothing")) + CURE;
    }

    private static String sentenceOf(int code, Exception e) {
        return switch (code) {
            case LOCKED ->
                "The store is in use by another process; stop that one, or give this one a store.url of its own.";
            case WRONG_CREDENTIALS ->
                "The store refuses store.username or store.password; give the ones it was made with.";
            case RELATIVE_PATH -> "The path in store.url must be absolute or begin with ./ or ~/.";
            case FULL -> NO_ROOM;
            default ->
                ofSystem(e)
                        .map(StoreErrors::sentenceOfSystem)
                        .orElseGet(() ->
                                FAILED + firstLine(String.valueOf(e.getMessage())) + " Its disk and its log say more.");
        };
    }

    /// What the system said in the first place: H2 wraps it twice, in words of its own.
    private static Optional<IOException> ofSystem(Exception e) {
        return causes(e)
                .filter(IOException.class::isInstance)
                .map(IOException.class::cast)
                .reduce((outer, inner) -> inner);
    }

    private static Stream<Throwable> causes(Exception e) {
        return Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .limit(LONGEST_CHAIN);
    }

    private static String sentenceOfSystem(IOException e) {
        var reason = reason(e);
        return NO_ROOM_LEFT.stream().anyMatch(reason::contains)
                ? NO_ROOM
                : "The store cannot use its files: " + reason + "; put that right, or give it another store.url.";
    }

    /// The system's words for what went wrong, as a part of a sentence.
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException gone -> gone.getFile() + " is not there";
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
