package io.turbulence.core.internal.definition.jsonpath;

import io.turbulence.core.internal.definition.jsonpath.Instruction.Kind;
import io.turbulence.core.internal.definition.jsonpath.RegularExpressionParser.Node;
import java.util.ArrayList;
import java.util.List;

/// Writes the instructions for a parsed pattern. Counts are unrolled.
final class RegularExpressionProgram {
    private final List<Instruction> program = new ArrayList<>();

    private RegularExpressionProgram() {}

    static List<Instruction> of(Node node) {
        RegularExpressionProgram writer = new RegularExpressionProgram();
        writer.write(node);
        writer.program.add(Instruction.of(Kind.ACCEPT));
        return writer.program;
    }

    private void write(Node node) {
        switch (node) {
            case Node.One one -> program.add(Instruction.read(one.characters()));
            case Node.Start start -> program.add(Instruction.of(Kind.START));
            case Node.End end -> program.add(Instruction.of(Kind.END));
            case Node.Sequence sequence -> sequence.nodes().forEach(this::write);
            case Node.Choice choice -> writeChoice(choice.nodes());
            case Node.Repeat repeat -> writeRepeat(repeat);
        }
    }

    private void writeChoice(List<Node> branches) {
        List<Integer> jumps = new ArrayList<>();
        for (int i = 0; i < branches.size() - 1; i++) {
            int fork = reserve();
            write(branches.get(i));
            jumps.add(reserve());
            program.set(fork, Instruction.to(Kind.FORK, program.size()));
        }
        write(branches.getLast());
        for (int jump : jumps) {
            program.set(jump, Instruction.to(Kind.JUMP, program.size()));
        }
    }

    private void writeRepeat(Node.Repeat repeat) {
        for (int i = 0; i < repeat.least(); i++) {
            write(repeat.node());
        }
        if (repeat.most() == Node.Repeat.UNBOUNDED) {
            int fork = reserve();
            write(repeat.node());
            program.add(Instruction.to(Kind.JUMP, fork));
            program.set(fork, Instruction.to(Kind.FORK, program.size()));
            return;
        }
        List<Integer> forks = new ArrayList<>();
        for (int i = repeat.least(); i < repeat.most(); i++) {
            forks.add(reserve());
            write(repeat.node());
        }
        for (int fork : forks) {
            program.set(fork, Instruction.to(Kind.FORK, program.size()));
        }
    }

    /// Leaves a place for an instruction whose target is not known yet.
    private int reserve() {
        program.add(Instruction.of(Kind.ACCEPT));
        return program.size() - 1;
    }
}
