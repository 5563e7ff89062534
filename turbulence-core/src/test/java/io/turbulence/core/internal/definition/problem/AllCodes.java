package io.turbulence.core.internal.definition.problem;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/// What [Codes] lists.
public final class AllCodes {

    private AllCodes() {}

    public static List<String> list() throws IllegalAccessException {
        List<String> codes = new ArrayList<>();
        for (Field field : Codes.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                codes.add((String) field.get(null));
            }
        }
        return codes;
    }
}
