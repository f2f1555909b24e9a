package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.EventTypePatternParser;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.FolderId;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Filter for events.
///
/// @param added only changes that a push subscription of a phone reports: received, created, copied or moved in
record EventFilter(Optional<MailboxId> mailbox, Optional<Pattern> type, Optional<String> folder, boolean added)
        implements Predicate<JournalEvent> {
    private static final String PREFIX = "dev.tidemark.";
    private static final Set<String> ADDED =
            Set.of("mailbox.message.received", "mailbox.item.created", "mailbox.item.copied", "mailbox.item.moved");

    /// Compiles type patterns, separated by commas, in which `*` matches any characters.
    ///
    /// @throws BadValueException if a pattern matches no type of event
    static Pattern checkedPattern(String globs) throws BadValueException {
        return pattern(EventTypePatternParser.checked(globs));
    }

    private static Pattern pattern(String globs) {
        var regex = Arrays.stream(globs.split(",", -1))
                .map(glob -> Pattern.quote(glob).replace("*", "\\E.*\\Q"))
                .collect(Collectors.joining("|"));
        return Pattern.compile(regex);
    }

    /// Returns the part of this filter that needs only the type of an event. Caches its results, because a journal
    /// has few types.
    Predicate<String> types() {
        var known = new ConcurrentHashMap<String, Boolean>();
        return name -> known.computeIfAbsent(name, this::acceptsType);
    }

    private boolean acceptsType(String name) {
        return (!added || ADDED.contains(name))
                && type.filter(glob -> !glob.matcher(PREFIX + name).matches()).isEmpty();
    }

    @Override
    public boolean test(JournalEvent event) {
        return acceptsType(event.type())
                && mailbox.filter(id -> !event.source().equals(new EventSource.OfMailbox(id)))
                        .isEmpty()
                && folder.filter(name -> !isIn(event.data(), name)).isEmpty();
    }

    private static boolean isIn(EventData data, String folder) {
        return switch (data) {
            case Change change ->
                change.parentFolder().filter(info -> isCalled(info, folder)).isPresent();
            case EventData.Lifecycle ignored -> false;
        };
    }

    private static boolean isCalled(FolderInfo info, String folder) {
        FolderId id = info.id();
        return id.id().equals(folder)
                || info.wellKnown().filter(folder::equals).isPresent()
                || info.name().filter(folder::equals).isPresent();
    }
}
