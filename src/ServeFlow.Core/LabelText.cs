namespace ServeFlow;

/// <summary>Holds every label, wherever it comes from, to what records and reports can show.</summary>
public static class LabelText
{
    /// <summary>A label is a word or a few; every record repeats it.</summary>
    public const int MaxLength = 255;

    /// <summary>Returns a label that can be used as it is.</summary>
    /// <param name="where">Where the label stands, for the message: a path, a path and a line, a field.</param>
    /// <param name="remedy">What to do about one that cannot be used.</param>
    /// <exception cref="InputException">It is empty, too long, or has control characters.</exception>
    public static string Check(string label, string where, string remedy) => FindProblem(label) is { } problem
        ? throw new InputException($"{where}: {problem}; {remedy}")
        : label;

    /// <summary>Finds why a label cannot be used; null where it can.</summary>
    public static string? FindProblem(string label) =>
        label.Length == 0 ? "a label is empty"
        : label.Length > MaxLength
            ? $"label '{InputException.Quote(label)}' has {label.Length} characters, at most {MaxLength} are allowed"
        : PrintableText.IsPrintable(label) ? null
        : $"label '{InputException.Quote(label)}' has control characters";
}
