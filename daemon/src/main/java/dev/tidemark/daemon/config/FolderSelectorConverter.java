package dev.tidemark.daemon.config;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.subscriber.config.FolderPath;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.values.FolderId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Converts folders between configuration texts and values.
final class FolderSelectorConverter {
    /// Folder in the configuration.
    sealed interface FolderSelector {
        /// All folders.
        record All() implements FolderSelector {}

        record Named(FolderRef folder) implements FolderSelector {}

        record At(FolderPath path) implements FolderSelector {}
    }

    static final ValueConverter<FolderSelector> CONVERTER =
            new ValueConverter<>(FolderSelectorConverter::parse, FolderSelectorConverter::show);

    /// XSD, DistinguishedFolderIdNameType, without public folders and archives, which cannot be subscribed
    /// here.
    private static final List<String> DISTINGUISHED = List.of(
            "calendar",
            "contacts",
            "deleteditems",
            "drafts",
            "inbox",
            "journal",
            "notes",
            "outbox",
            "sentitems",
            "tasks",
            "msgfolderroot",
            "root",
            "junkemail",
            "searchfolders",
            "voicemail",
            "recoverableitemsroot",
            "recoverableitemsdeletions",
            "recoverableitemsversions",
            "recoverableitemspurges",
            "syncissues",
            "conflicts",
            "localfailures",
            "serverfailures",
            "recipientcache",
            "quickcontacts");

    /// Lower limit for the length of an id. Exchange creates no shorter ids.
    private static final int MIN_ID_LENGTH = 40;

    private FolderSelectorConverter() {}

    private static FolderSelector parse(String text) throws BadValueException {
        if (text.equals("all")) {
            return new FolderSelector.All();
        }
        if (text.startsWith(FolderPath.SCHEME)) {
            return path(text);
        }
        var name = text.toLowerCase(Locale.ROOT);
        if (DISTINGUISHED.contains(name)) {
            return new FolderSelector.Named(new FolderRef.Distinguished(name));
        }
        if (text.length() < MIN_ID_LENGTH) {
            throw new BadValueException("'" + text + "' is not a distinguished folder and too short for an id;"
                    + " the nearest name is "
                    + NameSuggester.nearest(text, DISTINGUISHED).orElse("inbox"));
        }
        return new FolderSelector.Named(new FolderRef.ById(FolderId.of(text)));
    }

    private static FolderSelector path(String text) throws BadValueException {
        try {
            return new FolderSelector.At(FolderPath.parse(text));
        } catch (IllegalArgumentException wrong) {
            throw new BadValueException(
                    "'" + text + "' is not a path; write path:/ and the names of folders from the top"
                            + " down, like path:/Inbox/Invoices");
        }
    }

    private static String show(FolderSelector selector) {
        return switch (selector) {
            case FolderSelector.All ignored -> "all";
            case FolderSelector.At(var path) -> path.toString();
            case FolderSelector.Named(FolderRef.Distinguished distinguished) -> distinguished.name();
            case FolderSelector.Named(FolderRef.ById byId) -> byId.id().id();
        };
    }

    /// Returns the folders that a group watches. All folders cannot be combined with single ones.
    static WatchedFolders watched(List<FolderSelector> selectors) {
        if (selectors.stream().anyMatch(FolderSelector.All.class::isInstance)) {
            return new WatchedFolders.All();
        }
        var folders = new ArrayList<FolderRef>();
        var paths = new ArrayList<FolderPath>();
        for (var selector : selectors) {
            switch (selector) {
                case FolderSelector.Named named -> folders.add(named.folder());
                case FolderSelector.At at -> paths.add(at.path());
                case FolderSelector.All ignored -> throw new IllegalStateException("The caller handles this selector.");
            }
        }
        return new WatchedFolders.Some(folders, paths);
    }

    /// Returns true if the list combines all folders with single ones.
    static boolean isContradiction(List<FolderSelector> selectors) {
        return selectors.size() > 1 && selectors.stream().anyMatch(FolderSelector.All.class::isInstance);
    }
}
