package io.turbulence.grpc;

import org.jspecify.annotations.Nullable;

/// A place in a message: `message.items[0].sku`. It is put into words only when something is wrong there.
///
/// @param outer null for the message itself
/// @param index -1 for a field
record Place(@Nullable Place outer, String name, int index) {

    static Place of(String name) {
        return new Place(null, name, -1);
    }

    Place field(String field) {
        return new Place(this, field, -1);
    }

    Place item(int number) {
        return new Place(this, "", number);
    }

    @Override
    public String toString() {
        if (outer == null) {
            return name;
        }
        return index < 0 ? outer + "." + name : outer + "[" + index + "]";
    }
}
