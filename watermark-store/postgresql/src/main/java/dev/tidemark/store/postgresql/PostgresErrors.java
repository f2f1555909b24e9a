package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.sql.SqlErrorTranslator;
import java.sql.SQLException;
import java.util.Optional;

/// Translates errors of PostgreSQL into sentences for the operator, by their SQLSTATE. Thread-safe.
enum PostgresErrors implements SqlErrorTranslator {
    INSTANCE;

    private static final String CONNECTION = "08";
    private static final String LOCK_TIMEOUT = "55P03";
    private static final String NO_TABLE = "42P01";
    private static final String FULL_DISK = "53100";

    /// Cause and remedy of a full disk.
    static final String NO_SPACE = "PostgreSQL cannot write because its disk is full; free disk space.";

    @Override
    public StoreException translate(SQLException failure) {
        return NO_TABLE.equals(failure.getSQLState())
                ? absence(failure)
                : new StoreException(sentence(failure), failure);
    }

    private static StoreException absence(SQLException failure) {
        var absence = StoreException.ofAbsence("There is no store in this schema of PostgreSQL; check store.url.");
        absence.initCause(failure);
        return absence;
    }

    private static String sentence(SQLException failure) {
        var state = Optional.ofNullable(failure.getSQLState()).orElse("");
        return switch (state) {
            case "28P01", "28000" ->
                "PostgreSQL refuses the log-in (" + reason(failure)
                        + "); check store.username, store.password and pg_hba.conf.";
            case "3D000" -> "The database in store.url does not exist (" + reason(failure) + "); create it.";
            case "42501" ->
                "The user in store.username lacks a right (" + reason(failure)
                        + "); make it the owner of the schema, or grant it CREATE on the database.";
            case FULL_DISK -> NO_SPACE;
            case "53300" -> "PostgreSQL accepts no more connections; lower store.pool, or raise its max_connections.";
            case LOCK_TIMEOUT ->
                "The store waited too long for a lock in PostgreSQL; check for another Tidemark, or a session that"
                        + " holds locks on its tables.";
            case "25P03", "25P04" ->
                "PostgreSQL ended a transaction that took too long (" + reason(failure)
                        + "); check the network to it, its load, and that of this machine.";
            case "25006" ->
                "PostgreSQL is read-only here; name the primary in store.url, or add targetServerType=primary.";
            case "57P01", "57P02", "57P03" ->
                "PostgreSQL is starting or stopping (" + reason(failure) + "); the store continues when it is up.";
            default ->
                state.startsWith(CONNECTION)
                        ? unreachableSentence(failure)
                        : "PostgreSQL refused a statement (" + reason(failure) + "); check its log.";
        };
    }

    /// Returns the failure of a query for which the server gave no connection.
    static StoreException unreachable(SQLException failure) {
        return new StoreException(unreachableSentence(failure), failure);
    }

    private static String unreachableSentence(SQLException failure) {
        return "PostgreSQL cannot be reached (" + reason(failure)
                + "); check that it runs, and host and port in store.url.";
    }

    /// Returns whether a statement timed out waiting for a lock.
    static boolean isLockTimeout(SQLException failure) {
        return LOCK_TIMEOUT.equals(failure.getSQLState());
    }

    /// Returns whether a statement failed because the disk of the server is full.
    static boolean isDiskFull(SQLException failure) {
        return FULL_DISK.equals(failure.getSQLState());
    }

    /// Returns the first line of the server's or driver's message as a part of a sentence.
    static String reason(SQLException failure) {
        var line = Optional.ofNullable(failure.getMessage())
                .orElse("no reason given")
                .lines()
                .findFirst();
        return line.orElse("no reason given").strip().replaceFirst("\\.$", "");
    }
}
