package dev.muster.coordinator.api;

import java.io.IOException;

/// One thing that can be asked for.
///
/// @param path in the form of Vert.x Web: `/v1/hosts/:id`
/// @param bodyBytesMax 0 for what has no body
record Endpoint(Method method, String path, Access access, int bodyBytesMax, Call call) {

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

    static Endpoint get(String path, Access access, Call call) {
        return new Endpoint(Method.GET, path, access, 0, call);
    }

    static Endpoint post(String path, Access access, int bodyBytesMax, Call call) {
        return new Endpoint(Method.POST, path, access, bodyBytesMax, call);
    }
}
