package dev.tidemark.ews;

/// The operations of the service that Tidemark uses.
enum Operation {
    SUBSCRIBE("Subscribe"),
    UNSUBSCRIBE("Unsubscribe"),
    SYNC_FOLDER_ITEMS("SyncFolderItems"),
    GET_ITEM("GetItem"),
    GET_FOLDER("GetFolder");

    private final String requestName;

    Operation(String requestName) {
        this.requestName = requestName;
    }

    static Operation of(EwsRequest<?> request) {
        return switch (request) {
            case EwsRequest.SubscribePush ignored -> SUBSCRIBE;
            case EwsRequest.Unsubscribe ignored -> UNSUBSCRIBE;
            case EwsRequest.SyncFolderItems ignored -> SYNC_FOLDER_ITEMS;
            case EwsRequest.GetItem ignored -> GET_ITEM;
            case EwsRequest.GetFolder ignored -> GET_FOLDER;
        };
    }

    String requestName() {
        return requestName;
    }

    String responseName() {
        return requestName + "Response";
    }

    /// The SOAPAction header.
    String soapAction() {
        return Namespaces.MESSAGES + "/" + requestName;
    }
}
