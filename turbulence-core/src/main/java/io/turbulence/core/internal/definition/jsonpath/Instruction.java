package io.turbulence.core.internal.definition.jsonpath;

/// One instruction of a compiled pattern. The next one follows it unless said otherwise.
///
/// @param target the other instruction of [Kind#FORK] and [Kind#JUMP]
/// @param characters what [Kind#READ] accepts
record Instruction(Kind kind, int target, CharacterSet characters) {

    enum Kind {
        /// Goes on only if the next character is one of the set.
        READ,
        /// Goes on with the next instruction and with the target.
        FORK,
        /// Goes on with the target.
        JUMP,
        /// Goes on only at the start of the text.
        START,
        /// Goes on only at the end of the text.
        END,
        /// The pattern has matched.
        ACCEPT
    }

    static Instruction read(CharacterSet characters) {
        return new Instruction(Kind.READ, 0, characters);
    }

    static Instruction to(Kind kind, int target) {
        return new Instruction(kind, target, CharacterSet.ANY);
    }

    static Instruction of(Kind kind) {
        return to(kind, 0);
    }
}
