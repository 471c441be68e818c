using System.Globalization;
using System.Text.RegularExpressions;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Imports;

/// <summary>
/// A model made elsewhere that is to be a candidate: read and validated, not yet joined to a data set.
/// </summary>
public sealed partial class ImportFile
{
    ImportFile(string path, IModelFormat format, byte[] bytes, ModelSidecar? sidecar)
    {
        (Path, Format, Bytes, Sidecar) = (path, format, bytes, sidecar);
        Model = format.Read(bytes, path);
    }

    public string Path { get; }

    /// <summary>Gets its name and the packets that it waits for.</summary>
    public ModelSpec Spec { get; private set; }

    public IModelFormat Format { get; }

    /// <summary>Gets the file, as the bundle will keep it.</summary>
    public byte[] Bytes { get; }

    public IModelFile Model { get; }

    /// <summary>Gets the sidecar file beside it; null where there is none.</summary>
    public ModelSidecar? Sidecar { get; }

    /// <summary>Opens a model.</summary>
    /// <param name="argument"><c>FILE</c> or <c>FILE@PACKETS</c>.</param>
    /// <param name="schema">What its columns must be.</param>
    /// <exception cref="InputException">It is no model, or one of other features.</exception>
    public static ImportFile Open(string argument, FeatureSchema schema, ModelFormats formats)
    {
        var (path, packets) = Split(argument);
        var format = formats.Detect(path);
        var file = new ImportFile(path, format, format.Open(path), ModelSidecar.Read(path));
        file.CheckFeatures(schema);
        file.Spec = new(file.Name(), packets ?? file.Sidecar?.Packets ?? file.FindDepth(schema));
        return file;
    }

    static (string Path, int? Packets) Split(string argument)
    {
        var at = argument.LastIndexOf('@');
        return at > 0
            && int.TryParse(argument.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n is >= 1 and <= BundleLimits.MaxPackets
                ? (argument[..at], n)
                : throw new InputException($"{argument}: {n} packets; give 1 to {BundleLimits.MaxPackets}")
                {
                    Settings = [Setting.Import],
                }
            : (argument, null);
    }

    /// <summary>Part of a file name in the bundle and of MODEL@PACKETS.</summary>
    string Name()
    {
        var name = Sidecar?.Name ?? System.IO.Path.GetFileNameWithoutExtension(Path);
        return PlainName().IsMatch(name)
            ? name
            : throw new InputException(
                $"{Path}: '{InputException.Quote(name)}' cannot name a model; rename the file, or "
                + $"give {Path}.json a name of letters, digits and . - _ +");
    }

    void CheckFeatures(FeatureSchema schema)
    {
        if (Sidecar is { Features: { } set } && FeatureSchema.Parse(set, Sidecar.Mask ?? schema.Mask) is var own
            && own.Hash != schema.Hash)
        {
            throw new InputException($"{Path}: was trained on {own.Set} with mask {own.Mask}, but asked for are "
                + $"{schema.Set} with mask {schema.Mask}; give the features {own.Set} and the mask {own.Mask}")
            {
                Settings = [Setting.Features, Setting.Mask],
            };
        }
    }

    /// <summary>Finds the depth by the names of its columns, or else by their number.</summary>
    int FindDepth(FeatureSchema schema)
    {
        var named = Model.ColumnNames.Select(name => ColumnPacket().Match(name)).Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            .DefaultIfEmpty(0).Max();
        if (named > 0)
        {
            return Math.Min(named, BundleLimits.MaxPackets);
        }

        var (packets, rest) = Math.DivRem(Model.Columns, schema.ColumnsPerPacket);
        return rest == 0 && packets is >= 1 and <= BundleLimits.MaxPackets
            ? packets
            : throw new InputException($"{Path}: takes {Model.Columns} columns, but a packet of {schema.Set} with mask "
                + $"{schema.Mask} has {schema.ColumnsPerPacket}; give the features and the mask that it was trained on")
            {
                Settings = [Setting.Features, Setting.Mask],
            };
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$")]
    private static partial Regex PlainName();

    [GeneratedRegex("^p([1-9][0-9]{0,3})_")]
    private static partial Regex ColumnPacket();
}
