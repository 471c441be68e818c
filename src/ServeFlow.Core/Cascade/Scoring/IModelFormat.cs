using ServeFlow.Features;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// A format of model files. Core reads the tree formats itself; a program that serves others hands their
/// implementation to <see cref="ModelFormats"/>.
/// </summary>
public interface IModelFormat
{
    /// <summary>Gets the format's name in manifests: <c>lightgbm</c>, <c>xgboost</c>, <c>onnx</c>.</summary>
    string Name { get; }

    /// <summary>Gets the file name extension: <c>.txt</c>.</summary>
    string Extension { get; }

    /// <summary>Determines whether a file that begins with these bytes may be of this format.</summary>
    bool MatchesStart(ReadOnlySpan<byte> file);

    /// <summary>Takes a file that a user names.</summary>
    /// <exception cref="InputException">It cannot be read, or is one that the format refuses to follow.</exception>
    byte[] Open(string path) => ModelBytes.Read(path);

    /// <summary>Reads and validates a model.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What errors call it: its path.</param>
    /// <exception cref="InputException">It is no model of this format, or one that cannot be served.</exception>
    IModelFile Read(byte[] file, string name);
}

/// <summary>Represents a model that was read and validated but knows nothing of the features yet.</summary>
public interface IModelFile
{
    int Classes { get; }

    /// <summary>Gets the number of columns that it takes.</summary>
    int Columns { get; }

    /// <summary>Gets their names; empty where they are known by place alone.</summary>
    IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Gets facts about the model for people, as names and values: trees, leaves, inputs.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Facts { get; }

    /// <summary>Joins its columns to a schema's. What takes long may be left for <see cref="ITierModel.Prepare"/>.
    /// </summary>
    /// <param name="depth">Packets that the model waits for.</param>
    /// <exception cref="InputException">A column is not the schema's, or they are not as many.</exception>
    ITierModel Bind(FeatureSchema schema, int depth);
}
