package dev.baleen.task;

/// Two whole numbers of up to four digits, drawn so that every count of digits and every count of carries is met often:
/// uniform numbers would nearly all be long and would nearly never carry all the way.
record Operands(int a, int b) {

    /// How a pair's difficulty is counted: its carries or its borrows.
    interface Difficulty {
        int of(int a, int b);
    }

    private static final int CARRY_TRIES = 12;

    static Operands draw(Dice dice, Difficulty difficulty) {
        int width = 1 + dice.weighted(8, 22, 40, 30);
        int other = dice.chance(60) ? width : dice.between(1, width);
        int wanted = dice.between(0, width);
        Operands drawn = draw(dice, width, other);
        for (int i = 0; i < CARRY_TRIES && difficulty.of(drawn.a, drawn.b) != wanted; i++) {
            drawn = draw(dice, width, other);
        }
        return drawn;
    }

    private static Operands draw(Dice dice, int width, int other) {
        int a = Digits.draw(dice, width);
        int b = Digits.draw(dice, other);
        return dice.chance(50) ? new Operands(a, b) : new Operands(b, a);
    }

    int width() {
        return Math.max(Digits.count(a), Digits.count(b));
    }
}
