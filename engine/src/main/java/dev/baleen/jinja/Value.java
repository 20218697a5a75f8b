package dev.baleen.jinja;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.SequencedMap;

/// What a template can hold. All of it is immutable but [Namespace], [Loop] and the place that a [Stream] has reached.
///
/// Scalars are equal as Python has them, so that `1`, `1.0` and `true` are one key. Containers are compared by
/// [Comparison], which counts the cost: a list may hold the same list twice, and so on, and be endless to look through.
sealed interface Value permits Value.Scalar, Value.Container, Callable, Namespace {
    /// What may be a key. Comparable, so that a table of keys whose hashes were made to collide stays quick.
    sealed interface Scalar extends Value {}

    sealed interface Container extends Value {
        /// Levels of containers inside each other, this one included.
        int depth();
    }

    /// What there is not.
    ///
    /// @param why what to tell whoever uses it
    record Undefined(String why) implements Scalar {
        @Override
        public boolean equals(Object other) {
            return other instanceof Undefined;
        }

        @Override
        public int hashCode() {
            return 1;
        }

        Fault fault() {
            return Fault.of("%s", why);
        }
    }

    enum None implements Scalar {
        NONE
    }

    record Bool(boolean value) implements Scalar {
        static final Bool TRUE = new Bool(true);
        static final Bool FALSE = new Bool(false);

        @Override
        public boolean equals(Object other) {
            return other instanceof Scalar scalar && Numbers.equal(this, scalar);
        }

        @Override
        public int hashCode() {
            return Numbers.hash(this);
        }
    }

    record Int(BigInteger value) implements Scalar, Comparable<Int> {
        @Override
        public int compareTo(Int other) {
            return value.compareTo(other.value);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Scalar scalar && Numbers.equal(this, scalar);
        }

        @Override
        public int hashCode() {
            return Numbers.hash(this);
        }
    }

    record Real(double value) implements Scalar, Comparable<Real> {
        @Override
        public int compareTo(Real other) {
            return Double.compare(value + 0.0, other.value + 0.0);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Scalar scalar && Numbers.equal(this, scalar);
        }

        @Override
        public int hashCode() {
            return Numbers.hash(this);
        }
    }

    record Text(String value) implements Scalar, Comparable<Text> {
        @Override
        public int compareTo(Text other) {
            return value.compareTo(other.value);
        }
    }

    /// Python's list.
    record Array(List<Value> items, int depth) implements Container {}

    record Tuple(List<Value> items, int depth) implements Container {}

    record Dict(SequencedMap<Value, Value> entries, int depth) implements Container {}

    /// What `keys()`, `values()` and `items()` give.
    record DictView(Kind kind, Dict dict) implements Container {
        enum Kind {
            KEYS,
            VALUES,
            ITEMS
        }

        @Override
        public int depth() {
            return dict.depth() + 1;
        }
    }

    /// @param stop as it was asked for; the last element may lie short of it
    record Range(BigInteger start, BigInteger stop, BigInteger step, int length) implements Container {
        @Override
        public int depth() {
            return 1;
        }
    }

    /// Values that come one at a time, and once: what `map` and its like give. Always true, without a length.
    record Stream(Iterator<Value> values, int depth) implements Container {}

    static Value of(boolean value) {
        return value ? Bool.TRUE : Bool.FALSE;
    }

    static Value of(long value) {
        return new Int(BigInteger.valueOf(value));
    }

    static Value of(double value) {
        return new Real(value);
    }

    static Value of(String value) {
        return new Text(value);
    }

    static Array array(List<Value> items) {
        return new Array(items, Nesting.around(items));
    }

    static Tuple tuple(List<Value> items) {
        return new Tuple(items, Nesting.around(items));
    }

    static Tuple tuple(Value... items) {
        return tuple(List.of(items));
    }

    static Dict dict(SequencedMap<Value, Value> entries) {
        return new Dict(entries, Nesting.around(entries.values()));
    }

    /// @param source what the values are made of
    static Stream stream(Iterator<Value> values, Value source) {
        return new Stream(values, Nesting.around(List.of(source)));
    }

    /// What Python calls the type.
    default String typeName() {
        return switch (this) {
            case Undefined _ -> "Undefined";
            case None _ -> "NoneType";
            case Bool _ -> "bool";
            case Int _ -> "int";
            case Real _ -> "float";
            case Text _ -> "str";
            case Array _ -> "list";
            case Tuple _ -> "tuple";
            case Dict _ -> "dict";
            case DictView view ->
                switch (view.kind()) {
                    case KEYS -> "dict_keys";
                    case VALUES -> "dict_values";
                    case ITEMS -> "dict_items";
                };
            case Range _ -> "range";
            case Stream _ -> "generator";
            case Namespace _ -> "Namespace";
            case Loop _ -> "LoopContext";
            case Macro _ -> "Macro";
            case Function _ -> "function";
        };
    }
}
