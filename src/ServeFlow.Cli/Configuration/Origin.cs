namespace ServeFlow.Cli.Configuration;

/// <summary>Ranks the places that a value may come from: a higher one overrides a lower one.</summary>
enum Layer
{
    Default,
    File,
    Environment,
    Option,
}

/// <summary>Says where a value comes from.</summary>
/// <param name="Layer">The kind of place.</param>
/// <param name="Name">The file, the variable or the option.</param>
/// <param name="Line">The line of the file, from 1; 0 elsewhere.</param>
readonly record struct Origin(Layer Layer, string Name, int Line = 0)
{
    public static Origin Default { get; } = new(Layer.Default, "default");

    public override string ToString() => Line > 0 ? $"{Name}:{Line}" : Name;
}

/// <summary>Tells one thing that is wrong with a configuration, and where it stands.</summary>
/// <param name="Key">The key that it is about; empty where there is none.</param>
/// <param name="Message">What is wrong and what to do, the key included.</param>
sealed record ConfigurationError(Origin Origin, string Key, string Message)
{
    public override string ToString() => $"{Origin}: {Message}";
}
