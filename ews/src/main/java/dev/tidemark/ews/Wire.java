package dev.tidemark.ews;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The answers as they are on the wire: each component has its element's or attribute's name, and is null
/// where that is missing. [AnswerMapping] turns them into values at once.
///
/// Where an element's name varies with its kind (Message, MeetingRequest, ...), or order across names counts,
/// a class collects the children.
final class Wire {
    private Wire() {}

    /// `SubscribeResponse` and its like.
    record Answer(@Nullable Messages responseMessages) {}

    static final class Messages {
        final List<Message> all = new ArrayList<>();

        void add(String name, @Nullable Message message) {
            if (message != null) {
                all.add(message);
            }
        }
    }

    /// A response message of any operation.
    record Message(
            @Nullable String responseClass,
            @Nullable String messageText,
            @Nullable String responseCode,
            @Nullable MessageXml messageXml,
            @Nullable String subscriptionId,
            @Nullable String watermark,
            @Nullable String syncState,
            @Nullable String includesLastItemInRange,
            @Nullable Changes changes,
            @Nullable Items items,
            @Nullable Folders folders,
            @Nullable String includesLastFolderInRange,
            @Nullable RootFolder rootFolder,
            @Nullable ResolutionSet resolutionSet) {}

    /// Named details of an error, in whichever namespace.
    record MessageXml(@Nullable List<Value> value) {}

    /// `text` is what stands between the tags.
    record Value(@Nullable String name, @Nullable String text) {}

    record Fault(
            @Nullable String faultcode,
            @Nullable String faultstring,
            @Nullable FaultDetail detail) {}

    record FaultDetail(
            @Nullable String responseCode,
            @Nullable String message,
            @Nullable MessageXml messageXml) {}

    /// Creations, updates and the rest in the order in which they came.
    static final class Changes {
        final List<NamedChange> all = new ArrayList<>();

        void add(String name, @Nullable Change change) {
            if (change != null) {
                all.add(new NamedChange(name, change));
            }
        }
    }

    record NamedChange(String name, Change change) {}

    static final class Change {
        @Nullable
        Id itemId;

        @Nullable
        Id folderId;

        @Nullable
        String isRead;

        @Nullable
        Item item;

        @Nullable
        Folder folder;

        @Nullable
        Folder calendarFolder;

        @Nullable
        Folder contactsFolder;

        @Nullable
        Folder searchFolder;

        @Nullable
        Folder tasksFolder;

        void add(String kind, @Nullable Item value) {
            item = value;
        }

        /// The folder of whatever kind (XSD, SyncFolderHierarchyCreateOrUpdateType).
        Optional<Folder> anyFolder() {
            return Stream.of(folder, calendarFolder, contactsFolder, searchFolder, tasksFolder)
                    .flatMap(Stream::ofNullable)
                    .findFirst();
        }
    }

    static final class Items {
        final List<Item> all = new ArrayList<>();

        void add(String kind, @Nullable Item item) {
            if (item != null) {
                all.add(item);
            }
        }
    }

    /// An item of any kind, as far as anybody asks for it.
    record Item(
            @Nullable Id itemId,
            @Nullable Id parentFolderId,
            @Nullable String itemClass,
            @Nullable String subject,
            @Nullable String sensitivity,
            @Nullable String dateTimeReceived,
            @Nullable String size,
            @Nullable Strings categories,
            @Nullable String importance,
            @Nullable String inReplyTo,
            @Nullable String isDraft,
            @Nullable String dateTimeSent,
            @Nullable String dateTimeCreated,
            @Nullable String lastModifiedTime,
            @Nullable String hasAttachments,
            @Nullable Id conversationId,
            @Nullable String preview,
            @Nullable String internetMessageId,
            @Nullable String isRead,
            @Nullable Recipients from,
            @Nullable Recipients toRecipients,
            @Nullable Recipients ccRecipients,
            @Nullable Recipients replyTo,
            @Nullable String start,
            @Nullable String end,
            @Nullable String isAllDayEvent,
            @Nullable Recipients organizer,
            @Nullable String location,
            @Nullable String uid,
            @Nullable String isCancelled) {}

    record Id(@Nullable String id, @Nullable String changeKey) {}

    record Strings(@Nullable List<String> string) {}

    record Recipients(@Nullable List<Mailbox> mailbox) {}

    record Mailbox(
            @Nullable String name,
            @Nullable String emailAddress,
            @Nullable String routingType,
            @Nullable String mailboxType) {}

    record RootFolder(
            @Nullable String totalItemsInView,
            @Nullable String includesLastItemInRange,
            @Nullable String indexedPagingOffset,
            @Nullable Folders folders) {}

    record ResolutionSet(
            @Nullable String includesLastItemInRange,
            @Nullable List<Resolution> resolution) {}

    record Resolution(@Nullable Mailbox mailbox) {}

    static final class Folders {
        final List<Folder> all = new ArrayList<>();

        void add(String kind, @Nullable Folder folder) {
            if (folder != null) {
                all.add(folder);
            }
        }
    }

    record Folder(
            @Nullable Id folderId,
            @Nullable Id parentFolderId,
            @Nullable String folderClass,
            @Nullable String displayName,
            @Nullable String totalCount,
            @Nullable String childFolderCount) {}
}
