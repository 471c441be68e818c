using System.Text;
using ServeFlow.Models;

namespace ServeFlow.Cli.Inputs;

/// <summary>Reads the model text that a user names.</summary>
static class ModelText
{
    /// <summary>Trees in either format that holds them.</summary>
    /// <exception cref="InputException">There is no such file, or it holds none.</exception>
    public static Forest ReadForest(string path)
    {
        var text = Read(path);
        return text.TrimStart().StartsWith('{')
            ? XgboostJson.Read(Encoding.UTF8.GetBytes(text), path)
            : LightGbmText.Read(text, path);
    }

    /// <exception cref="InputException">There is no such file, or it cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: {(Directory.Exists(path) ? "is a directory" : "cannot be read")}; "
                + "give a model text, such as a tier of a bundle", e);
        }
    }
}
