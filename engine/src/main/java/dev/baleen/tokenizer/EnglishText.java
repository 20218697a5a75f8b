package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Text with the look of English, made by rule: for measuring, where real text would have to be carried along.
///
/// What a tokenizer's speed depends on is the lengths of words and how often they come again. Words follow Zipf's
/// law (the r-th commonest comes 1/r times as often as the first): the commonest are real, the others built of
/// syllables and endings.
final class EnglishText {
    private static final int WORDS = 50_000;

    private static final String COMMON =
            "the of and to a in is that it was for on are as with his they at be this from have or by one had not but"
                    + " what all were when we there can an your which their said if do will each about how up out them"
                    + " then she many some so these would other into has more her two like him see time could no make"
                    + " than first been its who now people my made over did down only way find use may water long little"
                    + " very after words called just where most know get through back much before go good new write our"
                    + " used me man too any day same right look think also around another came come work three word must"
                    + " because does part even place well such here take why things help put years different away again"
                    + " off went old number great tell men say small every found still between name should home big give"
                    + " air line set own under read last never us left end along while might next sound below saw"
                    + " something thought both few those always looked show large often together asked house world"
                    + " going want school important until form food keep children feet land side without boy once"
                    + " animals life enough took sometimes four head above kind began almost live page got earth need far"
                    + " hand high year mother light parts country father let night following picture being study second"
                    + " eyes soon times story boys since white days ever paper hard near sentence better best across"
                    + " during today others however sure means knew try told young miles sun ways thing whole hear"
                    + " example heard several change answer room sea against top turned learn point city play toward five"
                    + " using himself usually";

    private static final String[] ONSETS =
            "b c ch cl cr d dr f fl fr g gl gr h j k l m n p ph pl pr qu r s sc sh sl sp st str t th tr v w".split(" ");
    private static final String[] VOWELS = "a e i o u ai ea ee ie oa oo ou y".split(" ");
    private static final String[] CODAS = ",b,ck,ct,d,f,g,ll,m,mp,n,nd,ng,nt,p,r,rd,rm,rn,rt,s,ss,st,t,th,x".split(",");
    private static final String[] ENDINGS =
            ",,,s,ed,ing,er,ly,ment,tion,able,ness,ity,al,ous,ive,ism,ize,ful,ence".split(",");

    private final SplittableRandom random;
    private final List<String> words;
    private final StringBuilder text = new StringBuilder();

    private EnglishText(long seed) {
        this.random = new SplittableRandom(seed);
        this.words = new ArrayList<>(List.of(COMMON.split(" ")));
        while (words.size() < WORDS) {
            words.add(rareWord());
        }
    }

    /// At least `characters` of text, all of them ASCII; the same for the same seed.
    static String of(int characters, long seed) {
        EnglishText english = new EnglishText(seed);
        while (english.text.length() < characters) {
            english.paragraph();
        }
        return english.text.toString();
    }

    private String rareWord() {
        StringBuilder word = new StringBuilder();
        for (int syllables = random.nextInt(1, 4); syllables > 0; syllables--) {
            word.append(pick(ONSETS)).append(pick(VOWELS)).append(pick(CODAS));
        }
        return word.append(pick(ENDINGS)).toString();
    }

    private String pick(String[] parts) {
        return parts[random.nextInt(parts.length)];
    }

    private void paragraph() {
        for (int sentences = random.nextInt(2, 9); sentences > 0; sentences--) {
            sentence();
            text.append(sentences > 1 ? " " : "\n\n");
        }
    }

    private void sentence() {
        boolean spoken = random.nextInt(12) == 0;
        text.append(spoken ? "\"" : "");
        int start = text.length();
        for (int left = random.nextInt(4, 28); left > 0; left--) {
            word();
            text.append(left == 1 ? "" : random.nextInt(12) == 0 ? ", " : " ");
        }
        text.setCharAt(start, Character.toUpperCase(text.charAt(start)));
        text.append(random.nextInt(10) == 0 ? '?' : '.').append(spoken ? "\"" : "");
    }

    private void word() {
        if (random.nextInt(60) == 0) {
            text.append(random.nextInt(2) == 0 ? random.nextInt(1500, 2030) : random.nextInt(100));
            return;
        }
        // Uniform on a logarithmic scale: rank r with a probability of about 1/r.
        String word = words.get((int) Math.exp(random.nextDouble() * Math.log(WORDS)) - 1);
        int start = text.length();
        text.append(word);
        if (random.nextInt(40) == 0) {
            text.setCharAt(start, Character.toUpperCase(word.charAt(0)));
            text.append(random.nextInt(3) == 0 ? "'s" : "");
        }
    }
}
