package dev.tidemark.values;

/// Code of an EWS response, as text because codes appear that no schema lists (docs, responsecode).
public record ResponseCode(String value) {
    /// Code of every response that is not an error.
    public static final ResponseCode NO_ERROR = new ResponseCode("NoError");

    /// Tidemark's code for an object that was found and cannot be read. Another request gives the same result.
    public static final ResponseCode UNREADABLE = new ResponseCode("ResponseUnreadable");

    /// Tidemark's code for an object that the response does not mention. A request for it alone may help.
    public static final ResponseCode MISSING = new ResponseCode("ResponseMissing");

    public ResponseCode {
        TextValidator.requireToken(value, "response code");
    }

    @Override
    public String toString() {
        return value;
    }
}
