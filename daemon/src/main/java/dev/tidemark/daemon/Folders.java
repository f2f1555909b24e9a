package dev.tidemark.daemon;

import dev.tidemark.ews.FolderRef;
import dev.tidemark.subscriber.FolderPath;
import dev.tidemark.subscriber.Watched;
import dev.tidemark.values.FolderId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Folders as configuration names them.
final class Folders {
    static final Kind<FolderWish> KIND = new Kind<>(Folders::parse, Folders::show);

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

    private static FolderWish parse(String text) throws BadValueException {
        if (text.equals("all")) {
            return new FolderWish.All();
        }
        if (text.startsWith(FolderPath.SCHEME)) {
            return path(text);
        }
        var name = text.toLowerCase(Locale.ROOT);
        if (DISTINGUISHED.contains(name)) {
            return new FolderWish.Named(new FolderRef.Distinguished(name));
        }
        if (text.length() < SHORTEST_ID) {
            throw new BadValueException("'" + text + "' is no folder that every mailbox has, and too short for an id;"
                    + " the nearest name is " + Nearest.to(text, DISTINGUISHED).orElse("inbox"));
        }
        return new FolderWish.Named(new FolderRef.ById(FolderId.of(text)));
    }

    private static FolderWish path(String text) throws BadValueException {
        try {
            return new FolderWish.At(FolderPath.parse(text));
        } catch (IllegalArgumentException wrong) {
            throw new BadValueException("'" + text + "' is no path; write path:/ and the names of folders from the top"
                    + " down, like path:/Inbox/Invoices");
        }
    }

    private static String show(FolderWish wish) {
        return switch (wish) {
            case FolderWish.All ignored -> "all";
            case FolderWish.At(var path) -> path.toString();
            case FolderWish.Named(FolderRef.Distinguished distinguished) -> distinguished.name();
            case FolderWish.Named(FolderRef.ById byId) -> byId.id().id();
        };
    }

    /// What a group watches; all folders and some of them together would mean nothing.
    static Watched watched(List<FolderWish> wishes) {
        if (wishes.stream().anyMatch(FolderWish.All.class::isInstance)) {
            return new Watched.All();
        }
        var folders = new ArrayList<FolderRef>();
        var paths = new ArrayList<FolderPath>();
        for (var wish : wishes) {
            switch (wish) {
                case FolderWish.Named named -> folders.add(named.folder());
                case FolderWish.At at -> paths.add(at.path());
                case FolderWish.All ignored -> throw new IllegalStateException("It has been answered already.");
            }
        }
        return new Watched.Some(folders, paths);
    }

    /// Whether the list says both.
    static boolean isContradiction(List<FolderWish> wishes) {
        return wishes.size() > 1 && wishes.stream().anyMatch(FolderWish.All.class::isInstance);
    }
}
