namespace ServeFlow.Onnx;

/// <summary>Reads a model file that a user names: a file of its own, no second name of another.</summary>
static class OnnxFile
{
    /// <summary>Protocol buffers end at 2 GiB; a model that scores flows takes megabytes.</summary>
    const long MaxBytes = 1L << 30;

    /// <exception cref="InputException">There is no such file, or it is a link, or too large.</exception>
    public static byte[] Read(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new InputException($"{path}: is a link, which is refused; name the file itself");
        }

        try
        {
            using var file = File.OpenHandle(path);
            return Read(file, path);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: cannot be read; give an ONNX model file", e);
        }
    }

    static byte[] Read(Microsoft.Win32.SafeHandles.SafeFileHandle file, string path)
    {
        if (FileLinks.Count(file) > 1)
        {
            throw new InputException($"{path}: has other names (hard links), which is refused; copy the file");
        }

        var length = RandomAccess.GetLength(file);
        if (length is 0 or > MaxBytes)
        {
            throw new InputException($"{path}: {length} bytes are no model (at most {MaxBytes})");
        }

        var bytes = new byte[length];
        return RandomAccess.Read(file, bytes, 0) == length
            ? bytes
            : throw new InputException($"{path}: became shorter while it was read");
    }
}
