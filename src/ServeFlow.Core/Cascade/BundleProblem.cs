using System.Text.Json;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Features;

namespace ServeFlow.Cascade;

/// <summary>What can be wrong with a bundle, each as the one line that the user reads.</summary>
static class Throw
{
    /// <summary>Ends every message about a bundle whose bytes are not what training wrote.</summary>
    const string Remedy = "restore the bundle from its original, or train it again";

    public static InputException NoBundle(string path) =>
        new($"{path}: no bundle here: expected {BundleFolder.ManifestName}, or folders 1, 2, … that hold one; "
            + "give the folder that 'train -o' wrote");

    public static InputException Damaged(string manifest, JsonException e)
    {
        var place = e.LineNumber is { } line ? $"line {line + 1}" : "the end";
        var field = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $", field {InputException.Quote(e.Path[2..])}";
        var reason = e.Message.Split(" Path: ")[0].TrimEnd('.').ReplaceLineEndings(" ");
        return new($"{manifest}: {place}{field}: not a bundle's manifest ({reason}); {Remedy}", e);
    }

    public static InputException Field(string manifest, string field, string problem) =>
        new($"{manifest}: field {field}: {problem}; {Remedy}");

    public static InputException Missing(string file) =>
        new($"{file}: missing, although the bundle lists it; {Remedy}");

    public static InputException Changed(string file, string problem) =>
        new($"{file}: changed since the bundle was written ({problem}); {Remedy}");

    public static InputException Foreign(string file) =>
        new($"{file}: foreign file: the bundle does not list it; remove it, or {Remedy}");

    public static InputException Link(string file) =>
        new($"{file}: a symbolic link; a bundle holds plain files only: replace it by the file itself");

    public static InputException Unreadable(string file, Exception e) =>
        new($"{file}: cannot be read ({e.Message.ReplaceLineEndings(" ")}); check the path and its permissions", e);

    public static InputException Unwritable(string folder, Exception e) =>
        new($"{folder}: cannot be written ({e.Message.ReplaceLineEndings(" ")}); "
            + "check the path, its permissions and the space left", e);

    public static InputException NotABundleFolder(string folder, string entry) =>
        new($"{folder}: holds '{entry}', so it is no bundle's folder; give -o a new or an empty one");

    public static InputException IsFile(string folder) =>
        new($"{folder}: is a file, and a bundle is a folder; give -o a new or an empty one");

    public static InputException UnknownColumn(string model, string column, int depth, string set) =>
        new($"{model}: tests column '{InputException.Quote(column)}', which {set} does not have within {depth} packets "
            + "(masked, or of another feature set); use the feature set, mask and packets that it was trained on");

    public static InputException OtherColumns(string model, int found, int depth, FeatureSchema schema) =>
        new($"{model}: takes {found} columns without names, but {depth} packets of {schema.Set} with mask "
            + $"{schema.Mask} have {(long)depth * schema.ColumnsPerPacket}; use the feature set, mask and packets that "
            + "it was trained on");

    public static InputException OtherClasses(string model, int found, int expected) =>
        new($"{model}: a model of {found} classes, but the bundle has {expected} labels; {Remedy}");

    public static InputException UnknownFormat(string model, string format) =>
        new($"{model}: a model of format '{InputException.Quote(format)}', which this program was built without"
            + (format == "onnx" ? " (it needs the project ServeFlow.Onnx)" : "") + "; use one that has it");

    public static InputException NoGainModel(string model, int classes) =>
        new($"{model}: a model of {classes} classes, but one that foretells gains has {GainModel.Outcomes}; {Remedy}");

    public static InputException OtherFeatures(string manifest, string found, string expected) =>
        new($"{manifest}: field features.hash: {found}, but this program's schema of the same set and mask is "
            + $"{expected}; use the program version that trained the bundle, or train it again");
}
