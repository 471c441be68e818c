namespace ServeFlow.Cli;

/// <summary>Reads the model text that a user names.</summary>
static class ModelText
{
    /// <exception cref="InputException">There is no such file, or it cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read; give a model text, such as a tier of a bundle", e);
        }
    }
}
