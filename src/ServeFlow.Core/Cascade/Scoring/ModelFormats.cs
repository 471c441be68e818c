namespace ServeFlow.Cascade.Scoring;

/// <summary>Represents the formats that a program can serve: those of Core, and those that its composition root
/// adds.</summary>
public sealed class ModelFormats
{
    /// <summary>Specifies the format of the trainers, which manifests leave unsaid.</summary>
    public const string LightGbm = "lightgbm";

    readonly IReadOnlyList<IModelFormat> formats;

    /// <param name="others">Formats beyond Core's own.</param>
    public ModelFormats(params IReadOnlyList<IModelFormat> others) =>
        formats = [new LightGbmFormat(), new XgboostFormat(), .. others];

    /// <summary>Gets the formats that Core reads by itself.</summary>
    public static ModelFormats BuiltIn { get; } = new();

    /// <summary>Detects a file's format from its first bytes.</summary>
    /// <exception cref="InputException">It cannot be read, or has none of these.</exception>
    public IModelFormat Detect(string path)
    {
        var begin = ModelBytes.ReadStart(path);
        return formats.FirstOrDefault(format => format.MatchesStart(begin))
            ?? throw new InputException($"{path}: is {ForeignModel.Name(begin)}none of "
                + $"{string.Join(", ", formats.Select(f => f.Name))}; {ForeignModel.Remedy}");
    }

    public IModelFormat? Find(string name) => formats.FirstOrDefault(format => format.Name == name);
}
