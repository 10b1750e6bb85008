package dev.muster.coordinator.api;

import java.io.IOException;

/// One thing that can be asked for.
///
/// @param path in the form of Vert.x Web: `/v1/hosts/:id`
/// @param bodyBytesMax 0 for what has no body
/// @param waits whether an answer may wait for something to happen
record Endpoint(Method method, String path, Access access, int bodyBytesMax, boolean waits, Call call) {

    enum Method {
        GET,
        POST,
        PUT,
        DELETE
    }

    /// Runs on a virtual thread and may block.
    interface Call {
        Answer answer(Ask ask) throws IOException, InterruptedException;
    }

    /// The same, answered otherwise.
    Endpoint with(Call other) {
        return new Endpoint(method, path, access, bodyBytesMax, waits, other);
    }

    static Endpoint get(String path, Access access, Call call) {
        return new Endpoint(Method.GET, path, access, 0, false, call);
    }

    /// As [#get], for what is answered when it is another than before.
    static Endpoint poll(String path, Access access, Call call) {
        return new Endpoint(Method.GET, path, access, 0, true, call);
    }

    static Endpoint post(String path, Access access, int bodyBytesMax, Call call) {
        return new Endpoint(Method.POST, path, access, bodyBytesMax, false, call);
    }

    static Endpoint put(String path, Access access, int bodyBytesMax, Call call) {
        return new Endpoint(Method.PUT, path, access, bodyBytesMax, false, call);
    }

    static Endpoint delete(String path, Access access, Call call) {
        return new Endpoint(Method.DELETE, path, access, 0, false, call);
    }
}
