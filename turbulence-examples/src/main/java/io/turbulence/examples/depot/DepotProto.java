package io.turbulence.examples.depot;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.TextFormat;

/// What a `.proto` file of the depot would say, so that the example needs no generated code.
final class DepotProto {

    private static final String TEXT = """
        name: "depot.proto"
        package: "depot"
        syntax: "proto3"
        message_type {
          name: "Order"
          field { name: "sku" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL json_name: "sku" }
          field { name: "count" number: 2 type: TYPE_INT32 label: LABEL_OPTIONAL json_name: "count" }
        }
        message_type {
          name: "Parcel"
          field { name: "id" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL json_name: "id" }
          field { name: "state" number: 2 type: TYPE_ENUM type_name: ".depot.State" label: LABEL_OPTIONAL json_name: "state" }
          field { name: "count" number: 3 type: TYPE_INT64 label: LABEL_OPTIONAL json_name: "count" }
        }
        enum_type {
          name: "State"
          value { name: "UNKNOWN" number: 0 }
          value { name: "TAKEN" number: 1 }
          value { name: "PACKED" number: 2 }
          value { name: "SENT" number: 3 }
        }
        service {
          name: "Depot"
          method { name: "Take" input_type: ".depot.Order" output_type: ".depot.Parcel" }
          method { name: "Follow" input_type: ".depot.Parcel" output_type: ".depot.Parcel" server_streaming: true }
          method { name: "Stock" input_type: ".depot.Order" output_type: ".depot.Parcel" client_streaming: true }
          method { name: "Talk" input_type: ".depot.Order" output_type: ".depot.Parcel" client_streaming: true server_streaming: true }
        }
        """;

    private DepotProto() {}

    static FileDescriptor file() {
        try {
            FileDescriptorProto file = TextFormat.parse(TEXT, FileDescriptorProto.class);
            return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
        } catch (TextFormat.ParseException | DescriptorValidationException e) {
            throw new IllegalStateException("the depot's messages are not well described: " + e.getMessage(), e);
        }
    }
}
