namespace ServeFlow.Training.Reports.Pages;

/// <summary>Represents one line on what went right or wrong; its sign says which, not its colour alone.</summary>
/// <param name="Style">Class of <see cref="PageStyle"/>.</param>
sealed record Verdict(string Style, string Sign, string Text)
{
    public static Verdict Good(string text) => new("good", "✓", text);

    public static Verdict Bad(string text) => new("bad", "✗", text);

    public static Verdict Warning(string text) => new("bad", "!", text);

    public static Verdict Neutral(string text) => new("note", "–", text);

    public static Verdict From(bool isGood, string text) => isGood ? Good(text) : Bad(text);
}
