using System.Text;

namespace ServeFlow.Models;

/// <summary>
/// LightGBM's text format, <c>model.txt</c>. What is read is validated completely before anything scores with it;
/// what is written LightGBM's own library loads. See docs/formats/model-text.md.
/// </summary>
public static class LightGbmText
{
    /// <summary>
    /// A model beyond this is refused before it fills the memory; 500 trees of 31 leaves take 1.5 MB.
    /// </summary>
    const long MaxBytes = 1L << 29;

    /// <param name="stream">UTF-8; read to its end.</param>
    /// <param name="name">What errors call the model: its path.</param>
    /// <exception cref="InputException">The text is no model, a damaged one, or one that uses what is not
    /// supported (categorical splits, linear trees, other objectives). Names the tree and field.</exception>
    public static Forest Read(Stream stream, string name)
    {
        if (stream.CanSeek && stream.Length - stream.Position > MaxBytes)
        {
            throw new InputException($"{name}: {stream.Length} bytes are more than a model may have ({MaxBytes})");
        }

        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        return Read(reader.ReadToEnd(), name);
    }

    /// <inheritdoc cref="Read(Stream, string)"/>
    /// <param name="text">The whole file.</param>
    public static Forest Read(string text, string name)
    {
        var forest = new LightGbmReader(text, name).Read();
        ForestCheck.Verify(forest, name);
        return forest;
    }

    /// <summary>Writes a forest so that <see cref="Read(string, string)"/> gives it back exactly and LightGBM's
    /// library predicts the same with it.</summary>
    /// <exception cref="InputException">The forest is no valid one.</exception>
    public static string Write(Forest forest)
    {
        ForestCheck.Verify(forest, "model to write");
        return LightGbmWriter.Write(forest);
    }
}
