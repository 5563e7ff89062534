package io.turbulence.aws;

import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// An object's facts, and its content that is yet to be read.
record ObjectContent(GetObjectResponse response, AbortableInputStream stream) {

    /// Leaves the content to be read later. The SDK's own stream for that has a thread of its own, which never ends.
    static ResponseTransformer<GetObjectResponse, ObjectContent> unread() {
        return new ResponseTransformer<>() {
            @Override
            public ObjectContent transform(GetObjectResponse response, AbortableInputStream stream) {
                return new ObjectContent(response, stream);
            }

            @Override
            public boolean needsConnectionLeftOpen() {
                return true;
            }
        };
    }
}
