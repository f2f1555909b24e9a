package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.EwsRequest.GetFolder;
import dev.tidemark.ews.message.EwsRequest.GetItem;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.FolderResult;
import dev.tidemark.ews.message.ItemResult;
import dev.tidemark.ews.message.ProtocolError;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.ResponseCode;
import java.util.List;
import java.util.Optional;

/// Converts the response messages of GetItem and GetFolder to one result for each requested object, in that
/// order. Not thread-safe; used for one response.
final class ObjectResults {
    private static final String NOT_READABLE = "The response's %s cannot be read.";
    private static final String NOT_MENTIONED = "The response does not mention this %s.";

    private final SkipTally skips;
    private final ItemMapper items;
    private final WireValueParser values;

    ObjectResults(SkipTally skips) {
        this.skips = skips;
        this.items = new ItemMapper(skips);
        this.values = new WireValueParser(skips);
    }

    List<ItemResult> items(GetItem asked, List<WireElement> messages) {
        var results = new ResultMatcher<ItemResult>(
                skips, messages.size() == asked.items().size());
        for (var message : messages) {
            var result = item(message);
            results.add(idOf(result), result);
        }
        return results.inOrder(
                asked.items().stream().map(id -> Optional.of(id.id())).toList(),
                new ItemResult.Refused(ResponseCode.MISSING, NOT_MENTIONED.formatted("item")));
    }

    List<FolderResult> folders(GetFolder asked, List<WireElement> messages) {
        var results = new ResultMatcher<FolderResult>(
                skips, messages.size() == asked.folders().size());
        for (var message : messages) {
            var result = folder(message);
            results.add(idOf(result), result);
        }
        return results.inOrder(
                asked.folders().stream().map(ObjectResults::idOf).toList(),
                new FolderResult.Refused(ResponseCode.MISSING, NOT_MENTIONED.formatted("folder")));
    }

    private ItemResult item(WireElement message) {
        var found = message.child("Items");
        if (found.children().isEmpty() || EwsResponseMapper.isError(message)) {
            var problem = ProtocolErrorExtractor.ofMessage(message);
            return new ItemResult.Refused(codeOf(problem, "ErrorItemNotFound"), problem.text());
        }
        return values.object(found, "ItemId")
                .flatMap(items::detail)
                .<ItemResult>map(ItemResult.Found::new)
                .orElseGet(() -> new ItemResult.Refused(ResponseCode.UNREADABLE, NOT_READABLE.formatted("item")));
    }

    private FolderResult folder(WireElement message) {
        var found = message.child("Folders");
        if (found.children().isEmpty() || EwsResponseMapper.isError(message)) {
            var problem = ProtocolErrorExtractor.ofMessage(message);
            return new FolderResult.Refused(codeOf(problem, "ErrorFolderNotFound"), problem.text());
        }
        return values.object(found, "FolderId")
                .flatMap(this::foundFolder)
                .orElseGet(() -> new FolderResult.Refused(ResponseCode.UNREADABLE, NOT_READABLE.formatted("folder")));
    }

    private Optional<FolderResult> foundFolder(WireElement folder) {
        return values.folderId(folder)
                .map(id -> new FolderResult.Found(
                        id, folder.textOf("DisplayName").orElse(""), values.count(folder.textOf("TotalCount"))));
    }

    /// Treats a success without the object as its absence.
    private static ResponseCode codeOf(ProtocolError problem, String otherwise) {
        var code = new ResponseCode(problem.code());
        return code.equals(ResponseCode.NO_ERROR) ? new ResponseCode(otherwise) : code;
    }

    private static Optional<String> idOf(ItemResult result) {
        return switch (result) {
            case ItemResult.Found found -> Optional.of(found.message().id().id());
            case ItemResult.Refused ignored -> Optional.empty();
        };
    }

    private static Optional<String> idOf(FolderResult result) {
        return switch (result) {
            case FolderResult.Found found -> Optional.of(found.id().id());
            case FolderResult.Refused ignored -> Optional.empty();
        };
    }

    private static Optional<String> idOf(FolderRef folder) {
        return switch (folder) {
            case FolderRef.ById(var id) -> Optional.of(id.id());
            case FolderRef.Distinguished ignored -> Optional.empty();
        };
    }
}
