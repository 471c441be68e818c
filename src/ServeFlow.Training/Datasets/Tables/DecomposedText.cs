using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// Writes letters with accents as a letter and its marks, so that two spellings of one text are equal: macOS spells
/// file names so (NFD), most other programs with one character (NFC). <see cref="string.Normalize()"/> needs ICU, which
/// this program runs without.
/// </summary>
static class DecomposedText
{
    const string ResourceName = "ServeFlow.Training.Datasets.decompositions.txt";

    // Unicode, section 3.12: a Hangul syllable counts its letters.
    const int FirstSyllable = 0xac00, LastSyllable = 0xd7a3;
    const int FirstLeading = 0x1100, FirstVowel = 0x1161, LastBeforeTrailing = 0x11a7;
    const int Vowels = 21, Trailings = 28;

    static readonly Lazy<FrozenDictionary<int, string>> decompositions = new(Read);

    /// <summary>
    /// Decomposes a text. The marks of a letter are put in the order of their numbers, which is not Unicode's order but
    /// the same for all spellings.
    /// </summary>
    public static string From(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var decomposed = new List<Rune>();
        foreach (var rune in text.EnumerateRunes())
        {
            decomposed.AddRange(Decompose(rune));
        }

        SortMarks(decomposed);
        return string.Concat(decomposed);
    }

    static IEnumerable<Rune> Decompose(Rune rune) => rune.Value is >= FirstSyllable and <= LastSyllable
        ? Letters(rune.Value - FirstSyllable)
        : decompositions.Value.TryGetValue(rune.Value, out var parts) ? parts.EnumerateRunes() : [rune];

    static IEnumerable<Rune> Letters(int syllable)
    {
        yield return new(FirstLeading + (syllable / (Vowels * Trailings)));
        yield return new(FirstVowel + (syllable / Trailings % Vowels));
        if (syllable % Trailings is > 0 and var trailing)
        {
            yield return new(LastBeforeTrailing + trailing);
        }
    }

    static void SortMarks(List<Rune> runes)
    {
        for (var start = 0; start < runes.Count; start++)
        {
            var end = start;
            while (end < runes.Count && Rune.GetUnicodeCategory(runes[end]) == UnicodeCategory.NonSpacingMark)
            {
                end++;
            }

            runes.Sort(start, end - start, Comparer<Rune>.Default);
            start = Math.Max(start, end);
        }
    }

    static FrozenDictionary<int, string> Read()
    {
        using var reader = new StreamReader(
            typeof(DecomposedText).Assembly.GetManifestResourceStream(ResourceName)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(' ').Select(word => int.Parse(word, NumberStyles.HexNumber,
                CultureInfo.InvariantCulture)).ToArray())
            .ToFrozenDictionary(numbers => numbers[0],
                numbers => string.Concat(numbers.Skip(1).Select(number => new Rune(number))));
    }
}
