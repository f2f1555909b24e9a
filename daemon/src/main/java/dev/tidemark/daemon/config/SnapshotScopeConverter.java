package dev.tidemark.daemon.config;

import dev.tidemark.subscriber.config.SnapshotScope;

/// Converts snapshot scopes between configuration texts and values.
final class SnapshotScopeConverter {
    static final ValueConverter<SnapshotScope> CONVERTER =
            new ValueConverter<>(SnapshotScopeConverter::parse, SnapshotScopeConverter::show);

    private static final String SINCE = "since:";

    private SnapshotScopeConverter() {}

    private static SnapshotScope parse(String text) throws BadValueException {
        if (text.startsWith(SINCE)) {
            return new SnapshotScope.Since(ValueConverter.DURATION.parse(text.substring(SINCE.length())));
        }
        return switch (text) {
            case "none" -> new SnapshotScope.None();
            case "all" -> new SnapshotScope.All();
            default -> throw new BadValueException("'" + text + "' is not known; write none, since:7d or all");
        };
    }

    private static String show(SnapshotScope snapshot) {
        return switch (snapshot) {
            case SnapshotScope.None ignored -> "none";
            case SnapshotScope.Since since -> SINCE + QuantityFormat.format(since.age());
            case SnapshotScope.All ignored -> "all";
        };
    }
}
