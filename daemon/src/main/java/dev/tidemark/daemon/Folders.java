package dev.tidemark.daemon;

import dev.tidemark.ews.FolderId;
import dev.tidemark.ews.FolderRef;
import java.util.List;
import java.util.Locale;

/// Folders as configuration names them.
final class Folders {
    static final Kind<FolderRef> KIND = new Kind<>(Folders::parse, Folders::show);

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

    /// No id that Exchange makes is shorter.
    private static final int SHORTEST_ID = 40;

    private Folders() {}

    private static FolderRef parse(String text) throws BadValueException {
        if (text.equals("all") || text.startsWith("path:")) {
            throw new BadValueException("'" + text + "' is not available in this version; name folders such as inbox");
        }
        var name = text.toLowerCase(Locale.ROOT);
        if (DISTINGUISHED.contains(name)) {
            return new FolderRef.Distinguished(name);
        }
        if (text.length() < SHORTEST_ID) {
            throw new BadValueException("'" + text + "' is no folder that every mailbox has, and too short for an id;"
                    + " the nearest name is " + Nearest.to(text, DISTINGUISHED).orElse("inbox"));
        }
        return new FolderRef.ById(FolderId.of(text));
    }

    private static String show(FolderRef folder) {
        return switch (folder) {
            case FolderRef.Distinguished distinguished -> distinguished.name();
            case FolderRef.ById byId -> byId.id().id();
        };
    }
}
