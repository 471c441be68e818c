using Microsoft.ML.OnnxRuntime;

namespace ServeFlow.Onnx;

/// <summary>
/// A classifier in ONNX's format, ready to run: one input of floats or signed bytes, [batch, columns] or as many
/// columns in several dimensions; one float output [batch, classes]. Shared by all workers; each has its own
/// <see cref="OnnxBatch"/>.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    readonly InferenceSession session;
    readonly RunOptions run = new();

    OnnxModel(InferenceSession session, OnnxInput input, string output, int classes)
    {
        this.session = session;
        (Input, Output, Classes) = ([input.Name], [output], classes);
        (RowShape, IsInt8) = (input.RowShape, input.IsInt8);
        Columns = RowShape.Aggregate(1, (product, d) => product * d);
    }

    /// <summary>Gets the number of values of a row.</summary>
    public int Columns { get; }

    /// <summary>Gets a row's dimensions: its columns, or packets and bits, or what the model likes.</summary>
    public IReadOnlyList<int> RowShape { get; }

    /// <summary>Gets whether rows are signed bytes instead of floats.</summary>
    public bool IsInt8 { get; }

    /// <summary>Gets the model's name for its output.</summary>
    public string OutputName => Output[0];

    public int Classes { get; }

    internal string[] Input { get; }

    internal string[] Output { get; }

    /// <summary>Loads a model file.</summary>
    /// <exception cref="InputException">It is a link, keeps data in other files, is no model, or none that
    /// classifies rows of floats.</exception>
    public static OnnxModel Open(string path) => Load(OnnxFile.Read(path), path);

    /// <param name="file">The whole model: one that points to further files is refused.</param>
    /// <param name="name">What errors call the model: its path.</param>
    /// <exception cref="InputException">It is no model, or none that classifies rows of floats.</exception>
    public static OnnxModel Load(byte[] file, string name) => Load(file, name, new(), profile: null);

    /// <inheritdoc cref="Load(byte[], string)"/>
    /// <param name="profile">The path that a profile of its runs begins with; null for no profile.</param>
    internal static OnnxModel Load(byte[] file, string name, OnnxOptions options, string? profile)
    {
        ExternalDataCheck.Verify(file, name);
        var session = OnnxSession.Open(file, name, options, profile);
        try
        {
            var input = OnnxSignature.Input(session, name);
            var (output, classes) = OnnxSignature.Probabilities(session, name);
            return new(session, input, output, classes);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        run.Dispose();
        session.Dispose();
    }

    internal void Run(OrtValue[] inputs, OrtValue[] outputs) => session.Run(run, Input, inputs, Output, outputs);

    /// <summary>Ends the profile; gives its path.</summary>
    internal string EndProfile() => session.EndProfiling();
}
