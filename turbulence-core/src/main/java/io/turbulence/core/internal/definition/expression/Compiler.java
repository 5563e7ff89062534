package io.turbulence.core.internal.definition.expression;

import io.turbulence.core.internal.definition.expression.Functions.ElementCall;
import io.turbulence.core.internal.definition.expression.Operators.Calculation;
import io.turbulence.core.internal.definition.expression.Operators.Comparison;
import io.turbulence.core.internal.definition.expression.Operators.Conditional;
import io.turbulence.core.internal.definition.expression.Operators.Connective;
import io.turbulence.core.internal.definition.expression.Operators.Empty;
import io.turbulence.core.internal.definition.expression.Operators.Joined;
import io.turbulence.core.internal.definition.expression.Operators.ListOf;
import io.turbulence.core.internal.definition.expression.Operators.MapOf;
import io.turbulence.core.internal.definition.expression.Operators.Matching;
import io.turbulence.core.internal.definition.expression.Operators.Not;
import io.turbulence.core.internal.definition.expression.Operators.Otherwise;
import io.turbulence.core.internal.definition.expression.Operators.RangeOf;
import io.turbulence.core.internal.definition.expression.Operators.Sign;
import io.turbulence.core.internal.definition.expression.Reads.Constant;
import io.turbulence.core.internal.definition.expression.Reads.Element;
import io.turbulence.core.internal.definition.expression.Reads.Index;
import io.turbulence.core.internal.definition.expression.Reads.Member;
import io.turbulence.core.internal.definition.expression.Reads.Name;
import io.turbulence.core.internal.definition.expression.Segments.Segment;
import io.turbulence.core.internal.definition.expression.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;
import org.apache.commons.jexl3.parser.JexlNode;
import org.apache.commons.jexl3.parser.Parser;
import org.apache.commons.jexl3.parser.ParserTreeConstants;
import org.jspecify.annotations.Nullable;

/// Makes nodes of an expression: walks JEXL's syntax tree and takes each token as the tree comes to it. A kind of tree
/// node that is not named here is not part of the language.
final class Compiler implements ParserTreeConstants {

    private static final Map<String, String> ELSEWHERE = Map.of(
            "range", "Write a range as 0..9; both ends belong to it.",
            "str", "Write text(value).",
            "string", "Write text(value).",
            "float", "Write number(value).",
            "length", "Write len(value).",
            "matches", "Write value =~ 'pattern'.",
            "contains", "Write part in text, or text.contains(part).",
            "eval", "Nothing is evaluated at run time.");
    private static final Set<String> CONDITIONS = Set.of("any", "all", "sum", "filter", "map");

    private final String text;
    private final Limits limits;
    private final @Nullable Function<String, @Nullable String> environment;
    private final boolean onElement;
    private final IntUnaryOperator toOuter;
    private final IntUnaryOperator toWhole;
    private final Findings findings;
    private final AtomicReference<@Nullable Parser> spare;

    private List<Token> tokens = List.of();
    private int[] matches = {};
    private Map<Integer, String> dashHints = Map.of();
    private int at;

    private Compiler(
            String text,
            Limits limits,
            @Nullable Function<String, @Nullable String> environment,
            boolean onElement,
            IntUnaryOperator toOuter,
            IntUnaryOperator toWhole,
            Findings findings,
            AtomicReference<@Nullable Parser> spare) {
        this.text = text;
        this.limits = limits;
        this.environment = environment;
        this.onElement = onElement;
        this.toOuter = toOuter;
        this.toWhole = toWhole;
        this.findings = findings;
        this.spare = spare;
    }

    /// @param environment where `env.NAME` is taken from now; null leaves it to the scope
    /// @param spare a parser that nobody uses
    static Node compile(
            String text,
            Limits limits,
            @Nullable Function<String, @Nullable String> environment,
            Findings findings,
            AtomicReference<@Nullable Parser> spare) {
        if (text.length() > limits.length()) {
            throw new ExpressionSyntaxException(
                    "the expression has %d characters; the most is %d".formatted(text.length(), limits.length()),
                    limits.length(),
                    "Take a part of it into an extracted value.");
        }
        IntUnaryOperator same = IntUnaryOperator.identity();
        return new Compiler(text, limits, environment, false, same, same, findings, spare).compile();
    }

    private Node compile() {
        try {
            tokens = Lexer.tokens(text);
            matches = Syntax.check(text, tokens, limits);
            dashHints = dashHints();
            return isPath() ? path() : node(Tree.of(tokens, matches, spare), false);
        } catch (ExpressionSyntaxException e) {
            throw new ExpressionSyntaxException(
                    String.valueOf(e.getMessage()), toOuter.applyAsInt(e.offset()), e.hint());
        } catch (StackOverflowError e) {
            throw new ExpressionSyntaxException("the expression is nested too deep", toOuter.applyAsInt(0), null);
        }
    }

    /// Whether it is one name with constant keys, as most are: there is nothing to parse then.
    private boolean isPath() {
        int token = 1;
        while (token < tokens.size()) {
            if (tokens.get(token).kind() == Kind.DOT) {
                token += 2;
            } else if (isConstantIndex(token)) {
                token += 3;
            } else {
                return false;
            }
        }
        return tokens.getFirst().kind() == Kind.NAME;
    }

    private boolean isConstantIndex(int token) {
        Token opening = tokens.get(token);
        return (opening.is("[") || opening.is("?["))
                && matches[token] == token + 2
                && isKey(tokens.get(token + 1).value());
    }

    private Node path() {
        int start = next().start();
        List<String> path = constantPath();
        Token first = take();
        Node node;
        if (isVariable(path)) {
            at += next().kind() == Kind.DOT ? 2 : 3;
            node = new Reads.Variable(source(start), environmentValue(path.get(1), null, start));
        } else {
            node = name(first, 0, path, false);
        }
        while (at < tokens.size()) {
            node = next().kind() == Kind.DOT ? member(node, start) : constantIndex(node, start);
        }
        return node;
    }

    private Node constantIndex(Node target, int start) {
        boolean safe = take().is("?[");
        Token key = take();
        take();
        return key.value() instanceof Quoted quoted
                ? new Member(source(start), target, quoted.value(), safe, null)
                : new Index(
                        source(start), target, new Constant(text.substring(key.start(), key.end()), key.value()), safe);
    }

    /// Compiles a text that stands in quotes inside this one.
    private Node inner(String inner, boolean element, IntUnaryOperator toHere) {
        return new Compiler(
                        inner,
                        limits,
                        environment,
                        element,
                        toHere,
                        offset -> toWhole.applyAsInt(toHere.applyAsInt(offset)),
                        findings,
                        spare)
                .compile();
    }

    /// @param lenient whether what is missing is no fault here
    private Node node(JexlNode tree, boolean lenient) {
        return switch (tree.getId()) {
            case JJTIDENTIFIER -> operand(lenient);
            case JJTREFERENCE -> chain(tree, lenient);
            case JJTREFERENCEEXPRESSION -> group(tree, lenient);
            case JJTFUNCTIONNODE -> call(tree);
            case JJTANDNODE -> connective(tree, true);
            case JJTORNODE -> connective(tree, false);
            case JJTNOTNODE -> not(tree);
            case JJTTERNARYNODE -> ternary(tree);
            case JJTNULLPNODE -> otherwise(tree, false);
            case JJTEQNODE, JJTNENODE, JJTLTNODE, JJTLENODE, JJTGTNODE, JJTGENODE -> binary(tree, Comparison::new);
            case JJTERNODE, JJTNRNODE, JJTSWNODE, JJTNSWNODE, JJTEWNODE, JJTNEWNODE -> matching(tree);
            case JJTADDNODE, JJTSUBNODE, JJTMULNODE, JJTDIVNODE, JJTMODNODE -> binary(tree, Calculation::new);
            case JJTBITWISEANDNODE, JJTBITWISEORNODE, JJTBITWISEXORNODE -> binary(tree, Calculation::new);
            case JJTSHIFTLEFTNODE, JJTSHIFTRIGHTNODE, JJTSHIFTRIGHTUNSIGNEDNODE -> binary(tree, Calculation::new);
            case JJTRANGENODE -> binary(tree, RangeOf::new);
            case JJTUNARYMINUSNODE, JJTUNARYPLUSNODE, JJTBITWISECOMPLNODE -> sign(tree);
            case JJTEMPTYFUNCTION -> empty(tree);
            case JJTSIZEFUNCTION -> size(tree);
            case JJTARRAYLITERAL -> list(tree);
            case JJTMAPLITERAL, JJTSETLITERAL -> map(tree);
            default -> throw foreign();
        };
    }

    private ExpressionSyntaxException foreign() {
        return new ExpressionSyntaxException(
                "this is not part of the language", tokens.get(at).start(), null);
    }

    private Token take() {
        return tokens.get(at++);
    }

    private Token next() {
        return tokens.get(at);
    }

    /// The text from an offset to the end of the token taken last.
    private String source(int start) {
        return text.substring(start, tokens.get(at - 1).end());
    }

    private Node group(JexlNode group, boolean lenient) {
        JexlNode inside = group.jjtGetChild(0);
        boolean added = inside.getId() == JJTRANGENODE || next().kind() != Kind.OPEN;
        if (added) {
            return node(inside, lenient);
        }
        take();
        Node node = node(inside, lenient);
        take();
        return node;
    }

    private interface Binary {
        Node of(String source, String operator, Node left, Node right);
    }

    private Node binary(JexlNode tree, Binary binary) {
        int start = next().start();
        Node left = node(tree.jjtGetChild(0), false);
        String operator = take().symbol();
        Node right = node(tree.jjtGetChild(1), false);
        return binary.of(source(start), operator, left, right);
    }

    private Node matching(JexlNode tree) {
        int start = next().start();
        Node left = node(tree.jjtGetChild(0), false);
        String operator = take().symbol();
        int rightStart = next().start();
        Node right = node(tree.jjtGetChild(1), false);
        boolean regular = operator.equals("=~") || operator.equals("!~");
        return new Matching(source(start), operator, left, right, regular ? pattern(right, rightStart) : null);
    }

    private @Nullable Pattern pattern(Node node, int start) {
        if (!(node instanceof Constant constant) || !(constant.constant() instanceof String expression)) {
            return null;
        }
        try {
            return TimedText.pattern(expression);
        } catch (EvaluationException e) {
            String message = String.valueOf(e.getMessage());
            throw new ExpressionSyntaxException(message.substring(0, message.length() - 1), start, null);
        }
    }

    private Node connective(JexlNode tree, boolean all) {
        int start = next().start();
        List<Node> operands = new ArrayList<>();
        for (int i = 0; i < tree.jjtGetNumChildren(); i++) {
            if (i > 0) {
                take();
            }
            operands.add(node(tree.jjtGetChild(i), false));
        }
        return new Connective(source(start), operands, all);
    }

    private Node not(JexlNode tree) {
        Token operator = take();
        // Behind the word stands the bracket that the tree was given for Python's precedence
        JexlNode inside = tree.jjtGetChild(0);
        Node operand = node(operator.is("not") ? inside.jjtGetChild(0) : inside, false);
        return new Not(source(operator.start()), operand);
    }

    private Node sign(JexlNode tree) {
        Token operator = take();
        Node operand = node(tree.jjtGetChild(0), false);
        String source = source(operator.start());
        if (operator.is("-") && operand instanceof Constant constant && constant.constant() instanceof Number number) {
            return new Constant(source, Numbers.negate(number));
        }
        return new Sign(source, operator.symbol().charAt(0), operand);
    }

    private Node ternary(JexlNode tree) {
        if (tree.jjtGetNumChildren() == 2) {
            return otherwise(tree, true);
        }
        int start = next().start();
        Node condition = node(tree.jjtGetChild(0), false);
        take();
        Node then = node(tree.jjtGetChild(1), false);
        take();
        Node otherwise = node(tree.jjtGetChild(2), false);
        return new Conditional(source(start), condition, then, otherwise);
    }

    private Node otherwise(JexlNode tree, boolean alsoEmpty) {
        int start = next().start();
        Node first = node(tree.jjtGetChild(0), true);
        take();
        Node second = node(tree.jjtGetChild(1), false);
        return new Otherwise(source(start), first, second, alsoEmpty);
    }

    private Node empty(JexlNode tree) {
        int start = take().start();
        Node operand = node(tree.jjtGetChild(0), true);
        return new Empty(source(start), operand);
    }

    private Node size(JexlNode tree) {
        int start = take().start();
        Node operand = node(tree.jjtGetChild(0), false);
        return new Functions.Call(source(start), Objects.requireNonNull(Functions.named("size")), List.of(operand));
    }

    private Node list(JexlNode tree) {
        int start = take().start();
        List<Node> members = new ArrayList<>();
        for (int i = 0; i < tree.jjtGetNumChildren(); i++) {
            if (i > 0) {
                take();
            }
            members.add(node(tree.jjtGetChild(i), false));
        }
        take();
        return new ListOf(source(start), members);
    }

    private Node map(JexlNode tree) {
        int start = take().start();
        Map<String, Node> entries = new LinkedHashMap<>();
        for (int i = 0; i < tree.jjtGetNumChildren(); i++) {
            if (i > 0) {
                take();
            }
            Token key = take();
            take();
            Node value = node(tree.jjtGetChild(i).jjtGetChild(1), false);
            if (entries.putIfAbsent(quoted(key).value(), value) != null) {
                throw new ExpressionSyntaxException(
                        "the key \"%s\" stands twice".formatted(quoted(key).value()), key.start(), null);
            }
        }
        take();
        return new MapOf(source(start), entries);
    }

    private static Quoted quoted(Token token) {
        return (Quoted) Objects.requireNonNull(token.value());
    }

    /// One token that is a value by itself.
    private Node operand(boolean lenient) {
        int index = at;
        Token token = take();
        String source = source(token.start());
        return switch (token.kind()) {
            case NAME -> name(token, index, List.of(token.symbol()), lenient);
            case TEXT -> text(token, source);
            case ENVIRONMENT ->
                variable((Segments.Variable) Objects.requireNonNull(token.value()), source, token.start());
            case LITERAL, REGEX -> new Constant(source, token.value());
            case KEY, OPERATOR, DOT, OPEN, CLOSE, COMMA, QUESTION, COLON ->
                throw new IllegalStateException("\"%s\" at %d is no operand".formatted(token.symbol(), token.start()));
        };
    }

    private Node name(Token token, int index, List<String> path, boolean lenient) {
        String name = token.symbol();
        if (onElement && name.equals("it")) {
            return new Element();
        }
        if (name.equals("uuid")) {
            findings.drawn();
            return new Functions.Call(name, Objects.requireNonNull(Functions.named(name)), List.of());
        }
        String hint = dashHints.get(index);
        Functions.Function function = Functions.named(name);
        if (hint == null && function != null) {
            hint = "%s is a function; write %s.".formatted(name, function.usage());
        }
        findings.reference(new Reference(path, toWhole.applyAsInt(token.start()), lenient, hint));
        return new Name(name, hint);
    }

    /// A text in quotes; `{{x}}` in it is the text of x.
    private Node text(Token token, String source) {
        Quoted quoted = quoted(token);
        List<Node> pieces = new ArrayList<>();
        for (Segment segment : segments(quoted)) {
            pieces.add(
                    switch (segment) {
                        case Segments.Literal literal -> new Constant(source, literal.text());
                        case Segments.Hole hole ->
                            inner(hole.expression(), onElement, offset -> quoted.origin(hole.start() + offset));
                        case Segments.Variable variable ->
                            variable(variable, variable.name(), quoted.origin(variable.start()));
                    });
        }
        if (pieces.isEmpty()) {
            return new Constant(source, "");
        }
        return pieces.size() == 1 && pieces.getFirst() instanceof Constant constant
                ? constant
                : new Joined(source, pieces);
    }

    private static List<Segment> segments(Quoted quoted) {
        try {
            return Segments.of(quoted.value());
        } catch (ExpressionSyntaxException e) {
            throw new ExpressionSyntaxException(String.valueOf(e.getMessage()), quoted.origin(e.offset()), e.hint());
        }
    }

    /// `{{env.NAME | default:text}}`.
    private Node variable(Segments.Variable variable, String source, int start) {
        if (environment != null) {
            return new Reads.Variable(source, environmentValue(variable.name(), variable.otherwise(), start));
        }
        findings.reference(new Reference(
                List.of("env", variable.name()), toWhole.applyAsInt(start), variable.otherwise() != null, null));
        Node member = new Member("env." + variable.name(), new Name("env", null), variable.name(), false, null);
        return variable.otherwise() == null
                ? member
                : new Otherwise(source, member, new Constant(source, variable.otherwise()), false);
    }

    private String environmentValue(String name, @Nullable String otherwise, int start) {
        String value = Objects.requireNonNull(environment).apply(name);
        if (value != null) {
            findings.environmentValue(value);
            return value;
        }
        if (otherwise != null) {
            return otherwise;
        }
        throw new ExpressionSyntaxException(
                "environment variable \"%s\" is not set and has no default".formatted(name),
                start,
                "Set it, or write {{env.%s | default:text}}.".formatted(name));
    }

    /// A value with keys, indexes and methods behind it.
    private Node chain(JexlNode tree, boolean lenient) {
        int index = at;
        Token first = next();
        int start = first.start();
        boolean plain = tree.jjtGetChild(0).getId() == JJTIDENTIFIER && first.kind() == Kind.NAME;
        List<String> path = plain ? constantPath() : List.of();
        Node node;
        int from = 1;
        if (plain && isVariable(path)) {
            String value = variableOf(path, lenient, start);
            String source = skip(tree.jjtGetChild(1), start);
            node = value == null ? new Constant(source, null) : new Reads.Variable(source, value);
            from = 2;
        } else if (plain) {
            take();
            node = name(first, index, path, lenient);
        } else {
            node = node(tree.jjtGetChild(0), lenient);
        }
        for (int i = from; i < tree.jjtGetNumChildren(); i++) {
            node = link(node, tree.jjtGetChild(i), start);
        }
        return node;
    }

    private boolean isVariable(List<String> path) {
        return environment != null && path.size() > 1 && path.getFirst().equals("env");
    }

    private @Nullable String variableOf(List<String> path, boolean lenient, int start) {
        String name = path.get(1);
        return lenient && Objects.requireNonNull(environment).apply(name) == null
                ? null
                : environmentValue(name, null, start);
    }

    /// Takes the tokens of `env.NAME` or `env['NAME']`.
    private String skip(JexlNode access, int start) {
        at += access.getId() == JJTARRAYACCESS ? 4 : 3;
        return source(start);
    }

    private Node link(Node target, JexlNode tree, int start) {
        return switch (tree.getId()) {
            case JJTIDENTIFIERACCESS, JJTIDENTIFIERACCESSSAFE -> member(target, start);
            case JJTARRAYACCESS -> indexes(target, tree, start);
            case JJTMETHODNODE -> method(target, tree, start);
            default -> throw foreign();
        };
    }

    private Node member(Node target, int start) {
        boolean safe = take().is("?.");
        int index = at;
        String key = key(take());
        return new Member(source(start), target, key, safe, dashHints.get(index));
    }

    private static String key(Token token) {
        return token.value() instanceof Quoted quoted ? quoted.value() : token.symbol();
    }

    private Node indexes(Node target, JexlNode tree, int start) {
        Node node = target;
        for (int i = 0; i < tree.jjtGetNumChildren(); i++) {
            boolean safe = take().is("?[");
            Node index = node(tree.jjtGetChild(i), false);
            take();
            node = index instanceof Constant constant && constant.constant() instanceof String key
                    ? new Member(source(start), node, key, safe, null)
                    : new Index(source(start), node, index, safe);
        }
        return node;
    }

    private Node method(Node target, JexlNode tree, int start) {
        boolean safe = take().is("?.");
        Token name = take();
        String key = key(name);
        Methods.Method method = Methods.named(key);
        if (method == null) {
            String near = NearNames.nearest(key, Methods.names());
            throw new ExpressionSyntaxException(
                    "there is no method \"%s\"".formatted(key),
                    name.start(),
                    near != null
                            ? "Did you mean \"%s\"?".formatted(near)
                            : "A field is read without parentheses. The methods are %s.".formatted(Methods.known()));
        }
        int argumentStart = at + 1 < tokens.size() ? tokens.get(at + 1).start() : name.start();
        List<Node> arguments = arguments(tree.jjtGetChild(1), false);
        if (arguments.size() < method.least() || arguments.size() > method.most()) {
            throw arity(key + "()", name, arguments.size(), method.least(), method.most(), null);
        }
        Pattern pattern = method == Methods.Method.MATCHES ? pattern(arguments.getFirst(), argumentStart) : null;
        return new Methods.Call(source(start), target, method, key, arguments, safe, pattern);
    }

    private static ExpressionSyntaxException arity(
            String name, Token token, int found, int least, int most, @Nullable String usage) {
        String expected = least == most ? String.valueOf(least) : "%d to %d".formatted(least, most);
        return new ExpressionSyntaxException(
                "%s takes %s %s; there %s %d"
                        .formatted(
                                name, expected, most == 1 ? "argument" : "arguments", found == 1 ? "is" : "are", found),
                token.start(),
                usage == null ? null : "Write %s.".formatted(usage));
    }

    private List<Node> arguments(JexlNode tree, boolean lenientFirst) {
        take();
        List<Node> arguments = new ArrayList<>();
        for (int i = 0; i < tree.jjtGetNumChildren(); i++) {
            if (i > 0) {
                take();
            }
            arguments.add(node(tree.jjtGetChild(i), lenientFirst && i == 0));
        }
        take();
        return arguments;
    }

    private Node call(JexlNode tree) {
        Token name = take();
        JexlNode arguments = tree.jjtGetChild(1);
        Functions.Function function = Functions.named(name.symbol());
        if (function == null) {
            throw unknown(name);
        }
        int count = arguments.jjtGetNumChildren();
        if (count < function.least() || count > function.most()) {
            throw arity(name.symbol(), name, count, function.least(), function.most(), function.usage());
        }
        if (function.drawn()) {
            findings.drawn();
        }
        if (function.onElements() && count == 2) {
            return onElements(name, function, arguments);
        }
        boolean lenient = function.name().equals("has") || function.name().equals("empty");
        List<Node> values = arguments(arguments, lenient);
        return new Functions.Call(source(name.start()), function, values);
    }

    private Node onElements(Token name, Functions.Function function, JexlNode arguments) {
        take();
        Node list = node(arguments.jjtGetChild(0), false);
        take();
        Token condition = next();
        boolean quoted =
                condition.kind() == Kind.TEXT && arguments.jjtGetChild(1).getId() == JJTIDENTIFIER;
        if (quoted && !(list instanceof Constant)) {
            take();
            Quoted inside = quoted(condition);
            Node element = inner(inside.value(), true, inside::origin);
            take();
            return new ElementCall(source(name.start()), function, list, element);
        }
        if (CONDITIONS.contains(function.name())) {
            throw new ExpressionSyntaxException(
                    "the second argument of %s is an expression in quotes".formatted(function.name()),
                    condition.start(),
                    "Write %s.".formatted(function.usage()));
        }
        Node second = node(arguments.jjtGetChild(1), false);
        take();
        return new Functions.Call(source(name.start()), function, List.of(list, second));
    }

    private static ExpressionSyntaxException unknown(Token name) {
        String advice = ELSEWHERE.get(name.symbol());
        String near = NearNames.nearest(name.symbol(), Functions.names());
        if (advice == null) {
            advice = near != null
                    ? "Did you mean \"%s\"?".formatted(near)
                    : "The functions are %s."
                            .formatted(String.join(
                                    ", ", Functions.names().stream().sorted().toList()));
        }
        return new ExpressionSyntaxException(
                "there is no function \"%s\"".formatted(name.symbol()), name.start(), advice);
    }

    /// The root name and the constant keys behind it.
    private List<String> constantPath() {
        List<String> path = new ArrayList<>();
        path.add(next().symbol());
        int token = at + 1;
        while (token < tokens.size()) {
            Token link = tokens.get(token);
            boolean dotted = link.kind() == Kind.DOT
                    && !(token + 2 < tokens.size() && tokens.get(token + 2).is("("));
            if (dotted) {
                path.add(key(tokens.get(token + 1)));
                token += 2;
            } else if (isConstantIndex(token)) {
                Object key = tokens.get(token + 1).value();
                path.add(key instanceof Quoted quoted ? quoted.value() : Values.text(key));
                token += 3;
            } else {
                break;
            }
        }
        return path;
    }

    private static boolean isKey(@Nullable Object value) {
        return value instanceof Number
                || (value instanceof Quoted quoted && !quoted.value().contains("{{"));
    }

    /// `payload.content-type` is read as a subtraction; whoever misses `content` or `type` is told of the brackets.
    private Map<Integer, String> dashHints() {
        Map<Integer, String> hints = new HashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).kind() == Kind.KEY) {
                int last = dashed(i);
                if (last > i) {
                    int start = chainStart(i);
                    String hint = "Write %s['%s']."
                            .formatted(
                                    text.substring(
                                            tokens.get(start).start(),
                                            tokens.get(i - 1).start()),
                                    text.substring(
                                            tokens.get(i).start(),
                                            tokens.get(last).end()));
                    for (int j = i; j <= last; j += 2) {
                        hints.put(j, hint);
                    }
                }
            }
        }
        return hints;
    }

    private int dashed(int key) {
        int last = key;
        while (last + 2 < tokens.size()
                && tokens.get(last + 1).is("-")
                && tokens.get(last + 1).start() == tokens.get(last).end()
                && tokens.get(last + 2).start() == tokens.get(last + 1).end()
                && tokens.get(last + 2).kind() == Kind.NAME) {
            last += 2;
        }
        return last;
    }

    private int chainStart(int key) {
        int i = key;
        while (i > 0) {
            Token before = tokens.get(i - 1);
            boolean linked = tokens.get(i).kind() == Kind.KEY
                    || tokens.get(i).kind() == Kind.DOT
                    || tokens.get(i).kind() == Kind.OPEN;
            if (!linked || (!before.endsValue() && before.kind() != Kind.DOT)) {
                break;
            }
            i = before.kind() == Kind.CLOSE ? matches[i - 1] : i - 1;
        }
        return i;
    }
}
