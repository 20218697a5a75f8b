package dev.baleen.task;

/// Decimal digits of whole numbers, counted from the right.
final class Digits {

    private Digits() {}

    static int count(int number) {
        int count = 1;
        for (int rest = number / 10; rest > 0; rest /= 10) {
            count++;
        }
        return count;
    }

    /// The digit at a place: 0 for ones, 1 for tens. Zero left of the number's first digit.
    static int at(int number, int place) {
        int rest = number;
        for (int i = 0; i < place; i++) {
            rest /= 10;
        }
        return rest % 10;
    }

    /// The number with zeros before it up to the width.
    static String padded(int number, int width) {
        return "0".repeat(Math.max(0, width - count(number))) + number;
    }

    /// A number of exactly so many digits, each with the same chance.
    static int draw(Dice dice, int count) {
        int low = 1;
        for (int i = 1; i < count; i++) {
            low *= 10;
        }
        return count == 1 ? dice.below(10) : dice.between(low, low * 10 - 1);
    }

    /// How many columns of the sum carry.
    static int carries(int a, int b) {
        int carries = 0;
        int carry = 0;
        for (int x = a, y = b; x + y + carry > 9; x /= 10, y /= 10) {
            carry = x % 10 + y % 10 + carry > 9 ? 1 : 0;
            carries += carry;
        }
        return carries;
    }

    /// How many columns of larger - smaller borrow.
    static int borrows(int larger, int smaller) {
        int borrows = 0;
        int borrow = 0;
        for (int x = larger, y = smaller; x > 0; x /= 10, y /= 10) {
            borrow = x % 10 - y % 10 - borrow < 0 ? 1 : 0;
            borrows += borrow;
        }
        return borrows;
    }
}
