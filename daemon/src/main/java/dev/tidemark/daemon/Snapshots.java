package dev.tidemark.daemon;

import dev.tidemark.subscriber.Snapshot;

/// Snapshots as configuration names them.
final class Snapshots {
    static final Kind<Snapshot> KIND = new Kind<>(Snapshots::parse, Snapshots::show);

    private static final String SINCE = "since:";

    private Snapshots() {}

    private static Snapshot parse(String text) throws BadValueException {
        if (text.startsWith(SINCE)) {
            return new Snapshot.Since(Kind.DURATION.parse(text.substring(SINCE.length())));
        }
        return switch (text) {
            case "none" -> new Snapshot.None();
            case "all" -> new Snapshot.All();
            default -> throw new BadValueException("'" + text + "' is not known; write none, since:7d or all");
        };
    }

    private static String show(Snapshot snapshot) {
        return switch (snapshot) {
            case Snapshot.None ignored -> "none";
            case Snapshot.Since since -> SINCE + Amounts.show(since.age());
            case Snapshot.All ignored -> "all";
        };
    }
}
