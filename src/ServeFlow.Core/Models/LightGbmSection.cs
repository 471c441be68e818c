using System.Globalization;

namespace ServeFlow.Models;

/// <summary>Represents the <c>key=value</c> lines of a model's header or of one tree, and their typed values.</summary>
/// <param name="where">How errors begin: the model's name and the tree's number.</param>
sealed class LightGbmSection(string where)
{
    delegate bool TryParse<T>(ReadOnlySpan<char> text, out T value);

    readonly Dictionary<string, string> fields = [];

    /// <summary>
    /// Takes a line; one without '=' is a flag. LightGBM's own reader lets the last of two win; we refuse.
    /// </summary>
    public void Add(string line)
    {
        var equals = line.IndexOf('=');
        var key = equals < 0 ? line : line[..equals];
        if (!fields.TryAdd(key, equals < 0 ? "" : line[(equals + 1)..]))
        {
            throw new InputException($"{where}: {InputException.Quote(key)} occurs twice");
        }
    }

    public bool Has(string field) => fields.ContainsKey(field);

    public string Text(string field) =>
        fields.TryGetValue(field, out var text) ? text : throw new InputException($"{where}: {field} is missing");

    public int Integer(string field) =>
        int.TryParse(Text(field), out var value)
            ? value
            : throw new InputException(BadField(field, Text(field), "a whole number"));

    public int Integer(string field, int otherwise) => Has(field) ? Integer(field) : otherwise;

    public int[] Integers(string field, int count) =>
        Numbers<int>(field, count, int.TryParse, "a whole number");

    public double[] Doubles(string field, int count) =>
        Numbers<double>(field, count, TryParseDouble, "a number");

    /// <summary>Exactly <paramref name="count"/> numbers separated by spaces.</summary>
    T[] Numbers<T>(string field, int count, TryParse<T> tryParse, string kind)
    {
        var text = Text(field).AsSpan().Trim();
        // Each number takes a digit and a space at least: a claimed count beyond that is never allocated.
        if (count > (text.Length + 1) / 2)
        {
            throw new InputException($"{where}: {field} has fewer than the {count} values that num_leaves asks for");
        }

        var numbers = new T[count];
        var next = 0;
        foreach (var range in text.Split(' '))
        {
            if (next == count && !text[range].IsEmpty)
            {
                throw new InputException($"{where}: {field} has more than the {count} values that num_leaves asks for");
            }

            if (next < count && !tryParse(text[range], out numbers[next]))
            {
                throw new InputException(BadField($"{field}[{next}]", text[range].ToString(), kind));
            }

            next++;
        }

        return next >= count
            ? numbers
            : throw new InputException($"{where}: {field} has {next} values, expected {count}");
    }

    /// <summary>Reads a number with a decimal point: with a comma, as some versions wrote it under some locales, 0,5
    /// would be 5 otherwise. LightGBM writes infinity as C++ does.</summary>
    public static bool TryParseDouble(ReadOnlySpan<char> text, out double value)
    {
        value = text is "inf" ? double.PositiveInfinity : double.NegativeInfinity;
        return text is "inf" or "-inf"
            || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    string BadField(string field, string found, string expected) =>
        $"{where}: {field} is '{InputException.Quote(found)}', expected {expected}";
}
