using System.Text.Json;
using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Cascade.Bundles;

/// <summary>Words what can be wrong with a bundle, each as the one line that the user reads.</summary>
static class BundleProblem
{
    /// <summary>Ends every message about a bundle whose bytes are not what training wrote.</summary>
    const string Remedy = "restore the bundle from its original, or train it again";

    public static string NoBundle(string path) =>
        $"{path}: no bundle here: " + (Path.Exists(path)
            ? $"expected {BundleFolder.ManifestName}, or folders 1, 2, … that hold one" : "there is no such folder")
            + "; give the folder that training wrote";

    public static string Damaged(string manifest, JsonException e)
    {
        var place = e.LineNumber is { } line ? $"line {line + 1}" : "the end";
        var field = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $", field {InputException.Quote(e.Path[2..])}";
        return $"{manifest}: {place}{field}: not a bundle's manifest ({e.Reason}); {Remedy}";
    }

    public static string Field(string manifest, string field, string problem) =>
        $"{manifest}: field {field}: {problem}; {Remedy}";

    public static string LongText(string manifest, long offset, int bytes) =>
        $"{manifest}: a text of {bytes} bytes at byte {offset}, at most {BundleLimits.MaxTextBytes} are allowed; "
            + Remedy;

    public static string LongManifest(string manifest, long bytes, long most) =>
        $"{manifest}: {bytes} bytes, 1 to {most} are allowed; {Remedy}";

    public static string Missing(string file) =>
        $"{file}: missing, although the bundle lists it; {Remedy}";

    public static string Changed(string file, string problem) =>
        $"{file}: changed since the bundle was written ({problem}); {Remedy}";

    public static string Foreign(string file) =>
        $"{file}: foreign file: the bundle does not list it; remove it, or {Remedy}";

    public static string Link(string file) =>
        $"{file}: a symbolic link; a bundle holds plain files only: replace it by the file itself";

    public static string NoModel(string file) =>
        $"{file}: no model's folder: a repository holds folders NAME/VERSION only: move it elsewhere";

    public static string NoVersion(string folder) =>
        $"{folder}: holds no version: a model's folder holds folders 1, 2, …; copy one there, or remove the folder";

    public static string NoVersionFolder(string entry) =>
        $"{entry}: no version's folder: a model's folder holds folders 1, 2, … only: move it elsewhere";

    public static string HalfCopied(string folder) =>
        $"{folder}: no {BundleFolder.ManifestName} here: copied in part? Copy the version under another name that "
            + "begins with '.', and rename it when it is whole";

    public static string Unreadable(string file, Exception e) =>
        $"{file}: cannot be read ({e.Message.ReplaceLineEndings(" ")}); check the path and its permissions";

    public static string Unwritable(string folder, Exception e) =>
        $"{folder}: cannot be written ({e.Message.ReplaceLineEndings(" ")}); "
            + "check the path, its permissions and the space left";

    public static string NotABundleFolder(string folder, string entry) =>
        $"{folder}: holds '{entry}', so it is no bundle's folder; give a new or an empty one";

    public static string IsFile(string folder) =>
        $"{folder}: is a file, and a bundle is a folder; give a new or an empty one";

    public static string BelowFile(string folder, string file) =>
        $"{folder}: cannot be made, because {file} is a file; give a new or an empty folder";

    public static string InsideVersion(string path, string version) =>
        $"{path}: lies in the bundle {version}, which holds nothing but what training wrote; give another place";

    public static string OtherClasses(string model, int found, int expected) =>
        $"{model}: a model of {found} classes, but the bundle has {expected} labels; {Remedy}";

    public static string UnknownFormat(string model, string format) =>
        $"{model}: a model of format '{InputException.Quote(format)}', which this program was built without"
            + (format == "onnx" ? " (it needs the project ServeFlow.Onnx)" : "") + "; use one that has it";

    public static string NoGainModel(string model, int classes) =>
        $"{model}: a model of {classes} classes, but one that predicts gains has {GainModel.Outcomes}; {Remedy}";

    public static string OtherFeatures(string manifest, string found, string expected) =>
        $"{manifest}: field features.hash: {found}, but this program's schema of the same set and mask is "
            + $"{expected}; use the program version that trained the bundle, or train it again";
}
