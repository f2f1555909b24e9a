package dev.tidemark.ews;

/// What an EWS answer says of itself, as text, because codes appear that no schema lists (docs,
/// responsecode).
public record ResponseCode(String value) {
    /// The code of every answer that is not an error.
    public static final ResponseCode NO_ERROR = new ResponseCode("NoError");

    public ResponseCode {
        Texts.requireToken(value, "response code");
    }

    @Override
    public String toString() {
        return value;
    }
}
