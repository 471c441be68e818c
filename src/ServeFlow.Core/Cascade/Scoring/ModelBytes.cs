namespace ServeFlow.Cascade.Scoring;

/// <summary>Provides the bytes of a model that a user names.</summary>
static class ModelBytes
{
    /// <exception cref="InputException">There is no such file, or it cannot be read.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw Failure(path, e);
        }
    }

    static InputException Failure(string path, Exception e) => new(Directory.Exists(path)
        ? $"{path}: is a directory; give a model file"
        : $"{path}: cannot be read ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}); give a model file", e);

    /// <summary>Returns the first bytes, as many as tell what a file is.</summary>
    public static byte[] ReadStart(string path)
    {
        const int Enough = 64;
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[Enough];
            return bytes[..file.ReadAtLeast(bytes, Enough, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw Failure(path, e);
        }
    }
}
