namespace ServeFlow.Models;

/// <summary>
/// LightGBM's text format, <c>model.txt</c>. What is read is validated completely before anything scores with it;
/// what is written LightGBM's own library loads. See docs/formats/model-text.md.
/// </summary>
public static class LightGbmText
{
    /// <param name="text">The whole file.</param>
    /// <param name="name">What errors call the model: its path.</param>
    /// <exception cref="InputException">The text is no model, a damaged one, or one that uses what is not
    /// supported (categorical splits, linear trees, other objectives). Names the tree and field.</exception>
    public static Forest Read(string text, string name)
    {
        var forest = new LightGbmReader(text, name).Read();
        ForestCheck.Verify(forest, name);
        return forest;
    }

    /// <summary>Writes a forest so that <see cref="Read"/> gives it back exactly and LightGBM's
    /// library predicts the same with it.</summary>
    /// <exception cref="InputException">The forest is no valid one.</exception>
    public static string Write(Forest forest)
    {
        ForestCheck.Verify(forest, "model to write");
        return LightGbmWriter.Write(forest);
    }
}
