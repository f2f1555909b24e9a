package dev.tidemark.ews.message;

/// Operations of Exchange Web Services that Tidemark uses.
public enum EwsOperation {
    SUBSCRIBE("Subscribe"),
    UNSUBSCRIBE("Unsubscribe"),
    SYNC_FOLDER_ITEMS("SyncFolderItems"),
    GET_ITEM("GetItem"),
    GET_FOLDER("GetFolder"),
    GET_EVENTS("GetEvents"),
    GET_STREAMING_EVENTS("GetStreamingEvents"),
    SYNC_FOLDER_HIERARCHY("SyncFolderHierarchy"),
    FIND_FOLDER("FindFolder"),
    RESOLVE_NAMES("ResolveNames"),
    EXPAND_GROUP("ExpandDL"),
    CREATE_ITEM("CreateItem"),
    DELETE_ITEM("DeleteItem");

    private final String requestName;

    EwsOperation(String requestName) {
        this.requestName = requestName;
    }

    public static EwsOperation of(EwsCall<?> call) {
        return switch (call) {
            case EwsRequest.SubscribePush ignored -> SUBSCRIBE;
            case EwsCall.SubscribePull ignored -> SUBSCRIBE;
            case EwsCall.SubscribeStreaming ignored -> SUBSCRIBE;
            case EwsCall.GetEvents ignored -> GET_EVENTS;
            case EwsCall.SyncFolderHierarchy ignored -> SYNC_FOLDER_HIERARCHY;
            case EwsCall.FindFolder ignored -> FIND_FOLDER;
            case EwsCall.ResolveNames ignored -> RESOLVE_NAMES;
            case EwsCall.ExpandGroup ignored -> EXPAND_GROUP;
            case EwsCall.CreateMessage ignored -> CREATE_ITEM;
            case EwsCall.DeleteItem ignored -> DELETE_ITEM;
            case EwsRequest.Unsubscribe ignored -> UNSUBSCRIBE;
            case EwsRequest.SyncFolderItems ignored -> SYNC_FOLDER_ITEMS;
            case EwsRequest.GetItem ignored -> GET_ITEM;
            case EwsRequest.GetFolder ignored -> GET_FOLDER;
        };
    }

    public String requestName() {
        return requestName;
    }

    public String responseName() {
        return requestName + "Response";
    }

    /// Returns the value of the SOAPAction header.
    public String soapAction() {
        return EwsNamespaces.MESSAGES + "/" + requestName;
    }
}
