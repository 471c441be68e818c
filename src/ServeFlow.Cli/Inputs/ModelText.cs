using System.Text;
using ServeFlow.Models;

namespace ServeFlow.Cli.Inputs;

/// <summary>Reads the model text that a user names.</summary>
static class ModelText
{
    /// <summary>Bounds a text before it fills the memory; 500 trees of 31 leaves take 1.5 MB.</summary>
    const int MaxCharacters = 1 << 29;

    /// <summary>Reads trees in either format that holds them.</summary>
    /// <exception cref="InputException">There is no such file, or it holds none.</exception>
    public static Forest ReadForest(string path)
    {
        var text = Read(path);
        return text.TrimStart().StartsWith('{')
            ? XgboostJson.Read(Encoding.UTF8.GetBytes(text), path)
            : LightGbmText.Read(text, path);
    }

    /// <exception cref="InputException">There is no such file, it cannot be read, or it is too long.</exception>
    public static string Read(string path)
    {
        try
        {
            return ReadToEnd(path) ?? throw new InputException($"{path}: has more than {MaxCharacters:N0} "
                + "characters, which no model has; give a model text, such as a tier of a bundle");
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: {(Directory.Exists(path) ? "is a directory" : "cannot be read")}; "
                + "give a model text, such as a tier of a bundle", e);
        }
    }

    /// <summary>Reads all that there is; null where it is too long. What is no file, such as a device, has no length
    /// and may have no end.</summary>
    static string? ReadToEnd(string path)
    {
        using var reader = new StreamReader(path);
        if (reader.BaseStream is { CanSeek: true, Length: > MaxCharacters })
        {
            return null;
        }

        var text = new StringBuilder();
        var buffer = new char[1 << 16];
        while (reader.Read(buffer) is > 0 and var count)
        {
            if (text.Length + count > MaxCharacters)
            {
                return null;
            }

            text.Append(buffer, 0, count);
        }

        return text.ToString();
    }
}
