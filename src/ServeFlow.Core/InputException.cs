namespace ServeFlow;

/// <summary>
/// Something that the user gave cannot be used. The message is the one line that they read: what is wrong, where
/// (file, line, field), and what to do about it.
/// </summary>
public sealed class InputException : Exception
{
    public InputException(string message) : base(message)
    {
    }

    public InputException(string message, Exception inner) : base(message, inner)
    {
    }

    public InputException() : this("bad input")
    {
    }

    /// <summary>Gets the settings that the message is about, for whoever shows it to spell as the user does.</summary>
    public IReadOnlyList<Setting> Settings { get; init; } = [];

    /// <summary>Gets whether only the request is mistaken: it asks for what there is not, or for what cannot be, and
    /// nothing that exists is at fault.</summary>
    public bool IsMistakenRequest { get; init; }

    /// <summary>Gets whether only a limit is reached: nothing is wrong, and the same may succeed later.</summary>
    public bool IsLimitReached { get; init; }

    /// <summary>Foreign text as a message may quote it: one short printable line.</summary>
    /// <param name="maxCharacters">How many characters are shown: more for what another program says is wrong.</param>
    public static string Quote(string text, int maxCharacters = 80)
    {
        var shown = text.Length > maxCharacters ? text[..maxCharacters] + "…" : text;
        return PrintableText.Escape(shown);
    }
}
