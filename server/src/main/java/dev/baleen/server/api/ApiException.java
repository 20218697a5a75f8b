package dev.baleen.server.api;

import java.util.Optional;

/// A request that cannot be served, in the terms of OpenAI's error object.
///
/// Types and codes follow what OpenAI's and DeepSeek's own clients tell apart.
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;
    private final String code;
    private final transient Optional<String> parameter;

    private ApiException(int status, String type, String code, Optional<String> parameter, String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.code = code;
        this.parameter = parameter;
    }

    /// 400: a field of the request has a wrong value; `parameter` is its path, such as `messages[2].role`.
    public static ApiException invalid(String parameter, String message) {
        return new ApiException(400, "invalid_request_error", "invalid_value", Optional.of(parameter), message);
    }

    /// 400: the body is no JSON object.
    static ApiException malformed(String message) {
        return new ApiException(400, "invalid_request_error", "invalid_json", Optional.empty(), message);
    }

    /// 400: the prompt does not fit.
    static ApiException tooLong(String message) {
        return new ApiException(
                400, "invalid_request_error", "context_length_exceeded", Optional.of("messages"), message);
    }

    /// The web server could not make sense of the bytes.
    static ApiException badHttp(int status, String message) {
        return new ApiException(status, "invalid_request_error", "bad_request", Optional.empty(), message);
    }

    /// 404: no such path.
    static ApiException notFound(String path) {
        return new ApiException(
                404,
                "not_found_error",
                "not_found",
                Optional.empty(),
                "There is nothing at " + Fields.brief(path)
                        + "; the API is at /v1/chat/completions, /v1/models and /health");
    }

    /// 404: no such model.
    static ApiException noModel(String id, String loaded) {
        return new ApiException(
                404,
                "not_found_error",
                "model_not_found",
                Optional.of("model"),
                "There is no model '" + Fields.brief(id) + "' here; the one that is loaded is '" + loaded + "'");
    }

    /// 405: the path is right, the method is not.
    static ApiException wrongMethod(String method, String path, String allowed) {
        return new ApiException(
                405,
                "invalid_request_error",
                "method_not_allowed",
                Optional.empty(),
                "%s does not answer %s but %s".formatted(path, method, allowed));
    }

    /// 403: the request comes from a page of another site.
    static ApiException forbidden(String message) {
        return new ApiException(403, "permission_error", "forbidden_origin", Optional.empty(), message);
    }

    /// 413: the body is larger than the server reads.
    static ApiException tooLarge() {
        return new ApiException(
                413,
                "invalid_request_error",
                "request_too_large",
                Optional.empty(),
                "The request is larger than the %,d bytes that this server reads; send less history"
                        .formatted(Json.BODY_BYTES_MAX));
    }

    /// 429: as many requests wait as may.
    static ApiException busy(String message) {
        return new ApiException(429, "rate_limit_error", "queue_full", Optional.empty(), message);
    }

    /// 500: a fault of ours.
    static ApiException internal(String message) {
        return new ApiException(500, "server_error", "internal", Optional.empty(), message);
    }

    /// 503: the model is not there yet, or could not be loaded.
    public static ApiException unavailable(String message) {
        return new ApiException(503, "unavailable_error", "model_not_ready", Optional.empty(), message);
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public String code() {
        return code;
    }

    /// The path of the offending field, if one is to blame.
    public Optional<String> parameter() {
        return parameter;
    }
}
